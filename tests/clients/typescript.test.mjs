// The TypeScript client, as it is packed, against the server. What its types let pass is tried by the compiler (types.ts).

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fromTools } from './tools.mjs';
import { startServer } from '../web/server.mjs';

const { createReadoutClient, pages, ProblemError } = await fromTools('readout-client');

let server, readout, key;
before(async () => {
    server = await startServer();
    key = (await server.run('keys', 'create', 'Client', 'scope=write')).trim();
    readout = createReadoutClient(server.url, { key });
});
after(async () => { await server?.stop(); });

test('a list comes as it is asked for, filters with operators and lists of values included', async () => {
    const query = { topic: ['missiles', 'exercises'], said_on__gte: '2022-01-08', stance__ne: 'denies', expand: ['speaker', 'reports.article'] };
    const { data, error } = await readout.GET('/v1/claims', { params: { query } });
    assert.equal(error, undefined);
    assert.ok(data.items.length > 2);
    for (const claim of data.items) {
        assert.ok(claim.topics.includes('missiles') || claim.topics.includes('exercises'));
        assert.notEqual(claim.stance, 'denies');
        assert.equal(claim.speaker.id, claim.speaker_id);
        assert.ok(claim.reports[0].article.title);
    }
});

test('paging goes to the end, and meets everything once', async () => {
    const ids = [];
    let total;
    for await (const page of pages(cursor => readout.GET('/v1/claims', { params: { query: { limit: 5, count: 'exact', cursor } } }))) {
        assert.ok(page.items.length <= 5);
        ids.push(...page.items.map(claim => claim.id));
        total = page.total;
    }
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(ids.length, total);
});

test('what is created is there, is changed in its version only, and is gone when it is deleted', async () => {
    const made = await readout.POST('/v1/claims', { body: { text: 'The talks go on.', topics: ['talks'] },
        params: { header: { 'Idempotency-Key': 'typescript-1' } } });
    assert.equal(made.response.status, 201);
    const id = made.data.id, etag = made.response.headers.get('ETag');
    const path = { id };
    const changed = await readout.PATCH('/v1/claims/{id}', { params: { path, header: { 'If-Match': etag } }, body: { stance: 'expects' } });
    assert.deepEqual([changed.data.stance, changed.data.version, changed.data.topics], ['expects', 2, ['talks']]);
    const late = await readout.PATCH('/v1/claims/{id}', { params: { path, header: { 'If-Match': etag } }, body: { stance: 'warns' } });
    assert.deepEqual([late.error.status, late.error.code], [412, 'precondition-failed']);
    assert.equal((await readout.DELETE('/v1/claims/{id}', { params: { path } })).response.status, 204);
    assert.equal((await readout.GET('/v1/claims/{id}', { params: { path } })).error.code, 'gone');
});

test('what is wrong comes as a problem, with its parameter', async () => {
    const { data, error, response } = await readout.GET('/v1/claims', { params: { query: { limit: 100000 } } });
    assert.equal(data, undefined);
    assert.deepEqual([response.status, error.code, error.errors[0].parameter], [400, 'invalid-parameter', 'limit']);
    const asking = pages(cursor => readout.GET('/v1/claims', { params: { query: { limit: 0, cursor } } }));
    await assert.rejects(asking.next(), thrown => thrown instanceof ProblemError && thrown.problem.code === 'invalid-parameter');
});

test('without a key nothing is given away, and with a wrong one neither', async () => {
    for (const settings of [{}, { key: 'readout_wrong' }]) {
        const { error } = await createReadoutClient(server.url, settings).GET('/v1/claims');
        assert.equal(error.status, 401);
    }
});
