"""Looks into a store's file without the server: a copy of it is opened by SQLite itself, as it would be after the fault."""
import sqlite3

import ground

LIVE = "merged_into_id IS NULL AND"
NOUNS = {"actor": LIVE, "article": "", "claim": LIVE, "meeting": "", "topic": "", "discrepancy": ""}

# Each must find nothing.
RULES = {
    "the change log has gaps": "SELECT max(seq), count(*) FROM change HAVING max(seq) <> count(*) OR min(seq) <> 1",
    "the tally is ahead of the change log":
        "SELECT noun, seq FROM tally WHERE seq > (SELECT max(seq) FROM change)",
}
PER_NOUN = {
    "versions and changes differ":
        "SELECT id, version, (SELECT count(*) FROM change WHERE noun = '{noun}' AND change.id = {noun}.id) AS changes "
        "FROM {noun} WHERE changes <> version",
    "older versions are missing":
        "SELECT id, version, (SELECT count(*) FROM revision WHERE noun = '{noun}' AND revision.id = {noun}.id) AS kept "
        "FROM {noun} WHERE kept < version - 1",
    "the document is of another version":
        "SELECT id, version FROM {noun} WHERE NOT json_valid(document) OR json_extract(document, '$.version') <> version",
    "a change is of nothing":
        "SELECT seq FROM change WHERE noun = '{noun}' AND NOT EXISTS (SELECT 1 FROM {noun} WHERE {noun}.id = change.id)",
    "the tally is not the count":
        "SELECT tally.live, (SELECT count(*) FROM {noun} WHERE {live} deleted_at IS NULL) AS there FROM tally "
        "WHERE noun = '{noun}' AND tally.live <> there",
}
ARTICLE_RULES = {
    "an article has no text":
        "SELECT id FROM article WHERE NOT EXISTS (SELECT 1 FROM article_text WHERE article_id = article.id)",
}


def inspect(trial, database, copy, whole=True):
    """Copies the store and looks: sound as a file, no loose ends, the log without gaps, nothing half-written."""
    ground.copy_store(database, copy)
    connection = sqlite3.connect(copy)
    try:
        if whole:
            check = connection.execute("PRAGMA integrity_check").fetchall()
            trial.expect(check == [("ok",)], f"integrity_check: {check[:5]}")
        loose = connection.execute("PRAGMA foreign_key_check").fetchall()
        trial.expect(not loose, f"foreign_key_check: {loose[:5]}")
        rules = {**RULES, **ARTICLE_RULES}
        for noun, live in NOUNS.items():
            rules.update({f"{noun}: {name}": sql.format(noun=noun, live=live) for name, sql in PER_NOUN.items()})
        for name, sql in rules.items():
            found = connection.execute(sql).fetchmany(5)
            trial.expect(not found, f"{name}: {found}")
    except sqlite3.Error as problem:
        trial.wrong(f"the store cannot be looked into: {problem}")
    finally:
        connection.close()
        ground.remove_store(copy)
