// The claims of the record on Bun and bun:sqlite, as one would write them there.
//
//     bun server.js DATABASE
import { Database } from "bun:sqlite";

const db = new Database(process.argv[2]);
db.run("PRAGMA journal_mode = WAL");
db.run("PRAGMA synchronous = FULL");
db.run("PRAGMA foreign_keys = ON");
db.run("PRAGMA cache_size = -16000");
db.run("PRAGMA mmap_size = 1073741824");

const columns = `
  id, version, external_id, text, speaker_id, on_behalf_of_id, addressee_id, stance,
  (SELECT group_concat(slug) FROM claim_topic JOIN topic ON topic.id = topic_id WHERE claim_id = claim.id) AS topics,
  said_on, occasion_id, attribution, status, report_count, outlet_count, origin_count, merged_into_id, created_at, updated_at`;
const byId = db.query(`SELECT ${columns} FROM claim WHERE id = ?`);
const page = db.query(`SELECT ${columns} FROM claim WHERE id > ? ORDER BY id LIMIT ?`);
const actor = db.query("SELECT id FROM actor WHERE external_id = ?");
const meeting = db.query("SELECT id FROM meeting WHERE external_id = ?");
const addClaim = db.query(`
  INSERT INTO claim (version, text, speaker_id, stance, said_on, occasion_id, attribution, status, report_count, outlet_count,
                     origin_count, created_at, updated_at)
  VALUES (1, ?, ?, ?, ?, ?, 'named', 'confirmed', 0, 0, 0, ?, ?)`);
const addTopic = db.query(
  "INSERT INTO claim_topic (claim_id, position, topic_id) VALUES (?, ?, (SELECT id FROM topic WHERE slug = ?))");

class Refused extends Error {}

function document(row) {
  row.topics = row.topics ? row.topics.split(",") : [];
  return row;
}

function refer(statement, value, name) {
  if (value === undefined || value === null || typeof value === "number") return value ?? null;
  const row = statement.get(value);
  if (!row) throw new Refused(`${name}: there is no ${value}`);
  return row.id;
}

const create = db.transaction((body) => {
  const now = new Date().toISOString();
  const speaker = refer(actor, body.speaker_id, "speaker_id");
  const occasion = refer(meeting, body.occasion_id, "occasion_id");
  const { lastInsertRowid } = addClaim.run(body.text, speaker, body.stance ?? null, body.said_on ?? null, occasion, now, now);
  (body.topics ?? []).forEach((slug, position) => addTopic.run(lastInsertRowid, position, slug));
  return document(byId.get(lastInsertRowid));
});

function list(request) {
  const { searchParams } = new URL(request.url);
  const limit = Math.min(Number(searchParams.get("limit") ?? 50), 500);
  const cursor = searchParams.get("cursor");
  const rows = page.all(cursor ? Number(atob(cursor)) : 0, limit + 1);
  const more = rows.length > limit;
  if (more) rows.pop();
  const items = rows.map(document);
  return Response.json({ items, next_cursor: more ? btoa(String(items.at(-1).id)) : null, limit });
}

function read(request) {
  const row = byId.get(Number(request.params.id));
  return row ? Response.json(document(row)) : Response.json({ error: "there is no such claim" }, { status: 404 });
}

async function add(request) {
  const body = await request.json();
  if (typeof body.text !== "string") return Response.json({ error: "text must be a string" }, { status: 400 });
  try {
    const made = create.immediate(body);
    return Response.json(made, { status: 201, headers: { Location: `/v1/claims/${made.id}` } });
  } catch (error) {
    if (error instanceof Refused) return Response.json({ error: error.message }, { status: 400 });
    throw error;
  }
}

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  routes: { "/v1/claims": { GET: list, POST: add }, "/v1/claims/:id": { GET: read } },
});
process.on("SIGTERM", async () => {
  await server.stop(true);
  db.close();
  process.exit(0);
});
console.log(`bun is listening on http://127.0.0.1:${server.port}`);
