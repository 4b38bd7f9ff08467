// The claims of the record on fastify and better-sqlite3, as one would write them there.
//
//     node server.js DATABASE
import Database from "better-sqlite3";
import Fastify from "fastify";

const db = new Database(process.argv[2]);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.pragma("foreign_keys = ON");
db.pragma("cache_size = -16000");
db.pragma("mmap_size = 1073741824");

const columns = `
  id, version, external_id, text, speaker_id, on_behalf_of_id, addressee_id, stance,
  (SELECT group_concat(slug) FROM claim_topic JOIN topic ON topic.id = topic_id WHERE claim_id = claim.id) AS topics,
  said_on, occasion_id, attribution, status, report_count, outlet_count, origin_count, merged_into_id, created_at, updated_at`;
const byId = db.prepare(`SELECT ${columns} FROM claim WHERE id = ?`);
const page = db.prepare(`SELECT ${columns} FROM claim WHERE id > ? ORDER BY id LIMIT ?`);
const actor = db.prepare("SELECT id FROM actor WHERE external_id = ?");
const meeting = db.prepare("SELECT id FROM meeting WHERE external_id = ?");
const addClaim = db.prepare(`
  INSERT INTO claim (version, text, speaker_id, stance, said_on, occasion_id, attribution, status, report_count, outlet_count,
                     origin_count, created_at, updated_at)
  VALUES (1, ?, ?, ?, ?, ?, 'named', 'confirmed', 0, 0, 0, ?, ?)`);
const addTopic = db.prepare(
  "INSERT INTO claim_topic (claim_id, position, topic_id) VALUES (?, ?, (SELECT id FROM topic WHERE slug = ?))");

// Response schemas: fastify writes JSON faster with them than without.
const id = { type: "integer" };
const text = { type: "string" };
const mayBe = (type) => ({ type: [type, "null"] });
const claim = {
  type: "object",
  properties: {
    id, version: id, external_id: mayBe("string"), text, speaker_id: mayBe("integer"), on_behalf_of_id: mayBe("integer"),
    addressee_id: mayBe("integer"), stance: mayBe("string"), topics: { type: "array", items: text }, said_on: mayBe("string"),
    occasion_id: mayBe("integer"), attribution: text, status: text, report_count: id, outlet_count: id, origin_count: id,
    merged_into_id: mayBe("integer"), created_at: text, updated_at: text,
  },
};
const problem = { type: "object", properties: { error: text } };
const claims = {
  type: "object",
  properties: { items: { type: "array", items: claim }, next_cursor: mayBe("string"), limit: id },
};
const query = {
  type: "object",
  properties: { limit: { type: "integer", minimum: 1, maximum: 500, default: 50 }, cursor: text },
};
const reference = { type: ["integer", "string", "null"] };
const claimSent = {
  type: "object",
  required: ["text"],
  properties: {
    text, speaker_id: reference, stance: mayBe("string"), topics: { type: "array", items: text }, said_on: mayBe("string"),
    occasion_id: reference,
  },
};

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

const app = Fastify({ ajv: { customOptions: { allowUnionTypes: true } } });

app.get("/v1/claims", { schema: { querystring: query, response: { 200: claims } } }, (request, reply) => {
  const { limit, cursor } = request.query;
  const rows = page.all(cursor ? Number(atob(cursor)) : 0, limit + 1);
  const more = rows.length > limit;
  if (more) rows.pop();
  const items = rows.map(document);
  reply.send({ items, next_cursor: more ? btoa(String(items.at(-1).id)) : null, limit });
});

app.get("/v1/claims/:id", { schema: { response: { 200: claim, 404: problem } } }, (request, reply) => {
  const row = byId.get(Number(request.params.id));
  if (row) reply.send(document(row));
  else reply.code(404).send({ error: "there is no such claim" });
});

app.post("/v1/claims", { schema: { body: claimSent, response: { 201: claim, 400: problem } } }, (request, reply) => {
  try {
    const made = create.immediate(request.body);
    reply.code(201).header("Location", `/v1/claims/${made.id}`).send(made);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    reply.code(400).send({ error: error.message });
  }
});

process.on("SIGTERM", async () => {
  app.server.closeAllConnections();
  await app.close();
  db.close();
  process.exit(0);
});
await app.listen({ host: "127.0.0.1", port: 0 });
console.log(`fastify is listening on http://127.0.0.1:${app.server.address().port}`);
