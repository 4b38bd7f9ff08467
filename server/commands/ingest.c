/* Files into the record: NDJSON a line at a time, texts and pages of HTML as articles. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "readout/clock.h"
#include "readout/commands.h"

enum form { FORM_UNKNOWN, FORM_LINES, FORM_TEXT, FORM_PAGE };

/* What a name's ending says; in a folder, files with any other are passed over. */
static const struct {
    const char *ending;
    enum form form;
} endings[] = {{".ndjson", FORM_LINES}, {".jsonl", FORM_LINES}, {".txt", FORM_TEXT}, {".text", FORM_TEXT},
               {".md", FORM_TEXT},      {".html", FORM_PAGE},   {".htm", FORM_PAGE}, {".xhtml", FORM_PAGE}};

struct taking {
    struct loading *loading;
    struct arena arena;
    bool shown; /* progress: on a terminal, not in a pipe */
    long long files;
    int64_t begun, last;
};

/* ---- progress --------------------------------------------------------------------------------------------- */

static void show(struct taking *taking, bool end)
{
    int64_t now = clock_nanoseconds();
    if (!taking->shown || (!end && now - taking->last < 100000000))
        return;
    taking->last = now;
    struct loaded loaded = loading_so_far(taking->loading);
    double seconds = (double)(now - taking->begun) / 1e9;
    fprintf(stderr, "\r%lld files, %lld done, %.0f a second; %lld mentions, %lld claims, %lld meetings  %s", taking->files,
            loaded.lines, seconds > 0 ? (double)loaded.lines / seconds : 0.0, loaded.mentions, loaded.claims, loaded.meetings,
            end ? "\n" : "");
}

/* A file that is no article is told of and passed over: the others are not to blame. */
static void tell(void *to, const char *why)
{
    const struct taking *taking = to;
    fprintf(stderr, "%sreadout: %s\n", taking->shown ? "\n" : "", why);
}

/* ---- one file --------------------------------------------------------------------------------------------- */

static enum form form_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (slice_ends(slice_of(name), endings[i].ending))
            return endings[i].form;
    }
    return FORM_UNKNOWN;
}

static int first_letter(FILE *file)
{
    int letter = getc(file);
    while (letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r')
        letter = getc(file);
    return letter;
}

static bool take_lines(struct taking *taking, struct slice first, FILE *file, const char *name, struct error *error)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    struct error inner;
    struct arena arena = {0};
    bool good = true;
    while (good && (length = getline(&line, &size, file)) >= 0) {
        struct buffer whole = buffer_in(&arena, first.length + (size_t)length);
        buffer_add_slice(&whole, first);
        buffer_add(&whole, line, (size_t)length);
        first = NO_SLICE;
        good = load_lines(taking->loading, buffer_slice(&whole), &inner);
        arena_reset(&arena);
        show(taking, false);
    }
    free(line);
    arena_release(&arena);
    return good || fail(error, inner.kind, "%s: %s", name, inner.message);
}

static bool take_whole(struct taking *taking, struct slice first, FILE *file, bool is_page, const char *name, struct error *error)
{
    enum { PIECE = 65536, MOST = 64 << 20 };
    struct arena arena = {0};
    struct buffer whole = buffer_in(&arena, PIECE);
    char *piece = arena_alloc(&arena, PIECE);
    buffer_add_slice(&whole, first);
    for (size_t got; whole.length <= MOST && (got = fread(piece, 1, PIECE, file)) > 0;)
        buffer_add(&whole, piece, got);
    bool good = whole.length <= MOST ? loading_text(taking->loading, buffer_slice(&whole), is_page, name, error)
                                     : fail(error, ERROR_INVALID, "%s: this is too long for an article", name);
    arena_release(&arena);
    show(taking, false);
    return good;
}

/* Where the name says nothing, the first letter does: { begins JSON, < a page. */
static bool take_file(struct taking *taking, FILE *file, enum form form, const char *name, struct error *error)
{
    char letter[1];
    struct slice first = NO_SLICE;
    if (form == FORM_UNKNOWN) {
        int found = first_letter(file);
        if (found != EOF) {
            letter[0] = (char)found;
            first = (struct slice){letter, 1};
        }
        form = found == '{' ? FORM_LINES : found == '<' ? FORM_PAGE : FORM_TEXT;
    }
    taking->files++;
    if (form == FORM_LINES)
        return take_lines(taking, first, file, name, error);
    return take_whole(taking, first, file, form == FORM_PAGE, name, error);
}

static bool take_path(struct taking *taking, const char *path, struct error *error)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return fail(error, ERROR_NOT_FOUND, "cannot read %s", path);
    bool good = take_file(taking, file, form_by_name(path), path, error);
    fclose(file);
    return good;
}

/* ---- folders ---------------------------------------------------------------------------------------------- */

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool take_folder(struct taking *taking, const char *path, struct error *error);

static bool take_entry(struct taking *taking, const char *path, struct error *error)
{
    struct stat about;
    if (lstat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return take_folder(taking, path, error);
    if (form_by_name(path) == FORM_UNKNOWN || stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return true;
    return take_path(taking, path, error);
}

/* In the order of names, folders among the files. */
static bool take_folder(struct taking *taking, const char *path, struct error *error)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_visible, alphasort);
    if (count < 0)
        return fail(error, ERROR_NOT_FOUND, "cannot read %s", path);
    bool good = true;
    for (int i = 0; i < count; i++) {
        good = good && take_entry(taking, arena_print(&taking->arena, "%s/%s", path, entries[i]->d_name), error);
        free(entries[i]);
    }
    free(entries);
    return good;
}

static bool take(struct taking *taking, const char *path, struct error *error)
{
    struct stat about;
    if (strcmp(path, "-") == 0)
        return take_file(taking, stdin, FORM_UNKNOWN, "standard input", error);
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return take_folder(taking, path, error) &&
               (taking->files ||
                fail(error, ERROR_NOT_FOUND, "%s has no file that ends in .ndjson, .jsonl, .txt or .html", path));
    return take_path(taking, path, error);
}

/* ---- the command ------------------------------------------------------------------------------------------ */

int command_ingest(struct settings *settings, char **arguments, int count)
{
    struct error error, last;
    struct house house;
    struct loaded loaded;
    if (count != 1) {
        fprintf(stderr, "readout: usage: readout ingest FILE|DIR|-\n");
        return 2;
    }
    if (!house_open(&house, settings, ENGINE_CREATE, &error))
        return complain(&error);
    struct taking taking = {
        .loading = loading_begin(house.app, true), .shown = isatty(STDERR_FILENO), .begun = clock_nanoseconds()};
    loading_pass_over(taking.loading, tell, &taking);
    bool good = take(&taking, arguments[0], &error);
    show(&taking, true);
    if (!loading_end(taking.loading, &loaded, &last) && good) {
        good = false;
        error = last;
    }
    arena_release(&taking.arena);
    house_close(&house);
    printf("%lld taken: %lld created, %lld known already; %lld articles read: %lld mentions, %lld claims, %lld meetings\n",
           loaded.lines, loaded.created, loaded.known, loaded.read, loaded.mentions, loaded.claims, loaded.meetings);
    if (!good)
        return complain(&error);
    if (loaded.failed)
        fprintf(stderr, "readout: %lld of %lld files were passed over\n", loaded.failed, taking.files);
    return loaded.failed ? 1 : 0;
}
