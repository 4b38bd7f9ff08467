/* What the formats share among each other. */
#ifndef READOUT_FORMATS_PRIVATE_H
#define READOUT_FORMATS_PRIVATE_H

#include "readout/formats.h"

/* ---- documents (documents.c) ------------------------------------------------------------------------------ */

struct slice text_in(const json_t *document, const char *name); /* NO_SLICE where it is no string */
int64_t int_in(const json_t *document, const char *name);       /* 0 where it is no integer */

/* "2022-01-09T18:00:00Z", not merely a day. */
bool is_instant(struct slice text);
/* Its absolute URL: "https://readout.example/v1/claims/17". */
struct slice resource_url(const struct rendering *rendering, enum noun noun, int64_t id);
/* An id for life, as a tag: URI (RFC 4151): "tag:readout.example,2022:claim-17". */
struct slice resource_tag(const struct rendering *rendering, int64_t id);
/* What a person would call a list: "Claims". */
const char *list_title(enum noun noun);
/* What a person would call the document: its name, title, text or number. */
struct slice title_of(const struct rendering *rendering, const json_t *document);
/* Who speaks or publishes, by name; NO_SLICE where that is not known. */
struct slice author_of(const struct rendering *rendering, const json_t *document);
/* What there is to say beside the title, on one line. */
struct slice content_of(const struct rendering *rendering, const json_t *document);

/* As compact JSON. */
void add_json_value(struct buffer *out, const json_t *value);

/* ---- the formats ------------------------------------------------------------------------------------------ */

void lines_add(struct rendering *rendering, struct slice document, struct buffer *out);

void table_begin(struct rendering *rendering, struct buffer *out);
void table_add(struct rendering *rendering, const json_t *document, struct buffer *out);

void calendar_begin(struct rendering *rendering, struct buffer *out);
void calendar_add(struct rendering *rendering, const json_t *document, struct buffer *out);
void calendar_end(struct rendering *rendering, struct buffer *out);

void atom_begin(struct rendering *rendering, struct buffer *out);
void atom_add(struct rendering *rendering, const json_t *document, struct buffer *out);
void atom_end(struct rendering *rendering, struct buffer *out);

void feed_begin(struct rendering *rendering, struct buffer *out);
void feed_add(struct rendering *rendering, const json_t *document, struct buffer *out);
void feed_end(struct rendering *rendering, struct buffer *out);

void linked_begin(struct rendering *rendering, struct buffer *out);
void linked_add(struct rendering *rendering, const json_t *document, struct buffer *out);
void linked_end(struct rendering *rendering, struct buffer *out);

#endif
