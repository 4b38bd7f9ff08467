// Many tabs, one stream: a browser opens no more than six connections to a server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, server, stage } from './harness.mjs';

stage();

const tab = async context => {
    const page = await context.newPage();
    await page.goto(`${server.url}/desk/claims`);
    await page.waitForSelector('#live[data-state=live]');
    await page.evaluate(() => {
        window.heard = [];
        document.addEventListener('change-of-record', event => window.heard.push(event.detail.document.slug));
    });
    return page;
};

const addTopic = slug => server.post('/v1/topics', { slug, name: slug, keywords: [slug] });
const expectHeard = (pages, slugs) => Promise.all(pages.map(page =>
    page.waitForFunction(wanted => window.heard.join() === wanted, slugs.join(), { timeout: 10000 })));

test('eight tabs hear of every change by one stream, which the next takes over when its tab is closed', async () => {
    const context = await browser.newContext();
    const streams = [];
    context.on('request', request => { if (request.url().endsWith('/v1/events')) streams.push(request); });
    const pages = [];
    for (let i = 0; i < 8; i++) pages.push(await tab(context));
    assert.equal(streams.length, 1);
    await addTopic('harbours');
    await expectHeard(pages, ['harbours']);
    await pages[0].close();
    await addTopic('ferries');
    await expectHeard(pages.slice(1), ['harbours', 'ferries']);
    assert.equal(streams.length, 2);
    await context.close();
});

test('what is written between the first view and its stream is heard, too', async () => {
    const context = await browser.newContext();
    let written = false;
    await context.route('**/v1/events', async route => {
        if (!written) await addTopic('canals');
        written = true;
        await route.continue();
    });
    const page = await context.newPage();
    await page.addInitScript(() => {
        window.heard = [];
        document.addEventListener('change-of-record', event => window.heard.push(event.detail.document.slug));
    });
    await page.goto(`${server.url}/desk/claims`);
    await expectHeard([page], ['canals']);
    await context.close();
});
