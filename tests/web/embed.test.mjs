// What the README offers for other pages works as it stands there.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { browser, server, stage } from './harness.mjs';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

stage();

test('the snippet shows claims on a page of another origin', async () => {
    const snippet = readme.match(/```html\n([\s\S]*?)```/)[1].replaceAll('http://127.0.0.1:8080', server.url);
    const host = createServer((request, answer) => {
        answer.setHeader('Content-Type', 'text/html; charset=utf-8');
        answer.end(`<!DOCTYPE html><title>Another newsroom</title>${snippet}`);
    });
    await new Promise(done => host.listen(0, '127.0.0.1', done));
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${host.address().port}/`);
    const lines = page.locator('#readout p');
    await lines.first().waitFor();
    const { items } = await server.get('/v1/claims?topic=missiles&min_origins=2&expand=speaker&sort=-said_on&limit=5');
    assert.equal(await lines.count(), items.length);
    assert.ok((await lines.first().textContent()).includes(items[0].text));
    await page.close();
    host.close();
});
