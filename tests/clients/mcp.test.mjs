// The official MCP client against POST /mcp: the operations that read, as tools.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fromTools } from './tools.mjs';
import { startServer } from '../web/server.mjs';

const { Client } = await fromTools('@modelcontextprotocol/sdk/client/index.js');
const { StreamableHTTPClientTransport } = await fromTools('@modelcontextprotocol/sdk/client/streamableHttp.js');

let server;
const clients = [];
before(async () => { server = await startServer(); });
after(async () => {
    for (const client of clients) await client.close();
    await server?.stop();
});

const connect = async (url, key) => {
    const client = new Client({ name: 'readout-tests', version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url),
        { requestInit: { headers: key ? { Authorization: `Bearer ${key}` } : {} } }));
    clients.push(client);
    return client;
};

const textOf = result => {
    assert.equal(result.content.length, 1);
    assert.equal(result.content[0].type, 'text');
    return result.content[0].text;
};

test('it says who it is, and offers the operations that read', async () => {
    const client = await connect(server.url);
    assert.match(client.getServerVersion().name, /readout/i);
    assert.ok(client.getServerCapabilities().tools);
    const { tools } = await client.listTools();
    const names = tools.map(tool => tool.name);
    for (const name of ['listClaims', 'getClaim', 'listArticles', 'listMeetings', 'listDiscrepancies', 'search', 'listPositions']) {
        assert.ok(names.includes(name), `${name} is no tool`);
    }
    assert.ok(!names.some(name => /^(create|update|delete|replace|merge|split|restore)/.test(name)), `${names}`);
    assert.equal(new Set(names).size, names.length);
    for (const tool of tools) {
        assert.ok(tool.description, tool.name);
        assert.equal(tool.inputSchema.type, 'object', tool.name);
        assert.equal(tool.annotations?.readOnlyHint, true, tool.name);
    }
    assert.deepEqual(tools.find(tool => tool.name === 'getClaim').inputSchema.required, ['id']);
    await client.ping();
});

test('a tool answers what the operation answers', async () => {
    const client = await connect(server.url);
    const asked = { topic: ['missiles'], said_on__gte: '2022-01-08', expand: ['speaker'], limit: 5 };
    const result = await client.callTool({ name: 'listClaims', arguments: asked });
    assert.ok(!result.isError);
    const byTool = JSON.parse(textOf(result));
    const byUrl = await server.get('/v1/claims?topic=missiles&said_on__gte=2022-01-08&expand=speaker&limit=5');
    assert.ok(byUrl.items.length > 0);
    assert.deepEqual(byTool.items, byUrl.items);
    assert.equal(byTool.total, byUrl.total);

    const one = await client.callTool({ name: 'getClaim', arguments: { id: 1, expand: ['reports.article'] } });
    assert.deepEqual(JSON.parse(textOf(one)), await server.get('/v1/claims/1?expand=reports.article'));
});

test('a question with a body is a tool, too', async () => {
    const client = await connect(server.url);
    const result = await client.callTool({ name: 'verifyQuote',
        arguments: { quote: 'We will not accept any concessions', speaker: 'Sergei Ryabkov' } });
    assert.ok(!result.isError);
    assert.ok(JSON.parse(textOf(result)).matches.length > 0);
});

test('what is wrong with the arguments is said, as an error of the tool', async () => {
    const client = await connect(server.url);
    for (const [name, given, said] of [
        ['listClaims', { limit: 100000 }, /limit/],
        ['listClaims', { speakr_id: 7 }, /speaker_id/],
        ['getClaim', { id: 999999 }, /999999|no such|not-found/],
        ['getClaim', {}, /id/],
    ]) {
        const result = await client.callTool({ name, arguments: given });
        assert.equal(result.isError, true, `${name} ${JSON.stringify(given)}`);
        assert.match(textOf(result), said);
    }
    await assert.rejects(client.callTool({ name: 'deleteClaim', arguments: { id: 1 } }), /deleteClaim|tool/);
});

test('where a key is needed, the key counts', async () => {
    const closed = await startServer();
    try {
        const key = (await closed.run('keys', 'create', 'MCP')).trim();
        const client = await connect(closed.url, key);
        assert.ok(!(await client.callTool({ name: 'listClaims', arguments: { limit: 1 } })).isError);
        await assert.rejects(async () => {
            const stranger = await connect(closed.url);
            const result = await stranger.callTool({ name: 'listClaims', arguments: { limit: 1 } });
            if (result.isError) throw new Error(textOf(result));
        }, /401|key/i);
    } finally {
        await Promise.all(clients.splice(1).map(client => client.close()));
        await closed.stop();
    }
});
