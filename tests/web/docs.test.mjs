// The documentation and the pages of problems: swagger-ui on the contract, in the desk's clothes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { close, expectAccessible, expectNoSideways, open, picture, startBrowser, startServer } from './harness.mjs';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

let server, browser, page, count;
before(async () => {
    [server, browser] = await Promise.all([startServer(), startBrowser()]);
    const { paths } = await server.get('/openapi.json');
    // An operation stands under each of its tags.
    count = Object.values(paths).flatMap(item => METHODS.filter(method => item[method]).flatMap(method => item[method].tags)).length;
    page = await openDocs();
});
after(async () => { await browser?.close(); await server?.stop(); });

// Drawing it takes a second, so that most tests go on where the one before ended.
const openDocs = (options, address = '/docs') => open(browser, server, address, { ...options, shows: '.opblock' });

const unfold = async name => {
    const block = page.locator(`.opblock[id$="-${name}"]`);
    await block.locator('.opblock-summary-control').click();
    await block.locator('.responses-table').first().waitFor();
    return block;
};

const execute = async block => {
    await block.locator('.try-out__btn').click();
    await block.locator('.execute').click();
    await block.locator('.live-responses-table').waitFor();
    return {
        status: parseInt(await block.locator('.live-responses-table tbody .response-col_status').textContent(), 10),
        body: await block.locator('.live-responses-table .highlight-code pre').textContent(),
        address: await block.locator('.request-url pre').textContent(),
    };
};

// axe draws a style of its own to look at the page, which the page's policy refuses.
const expectAccessibleHere = async there => {
    const complaints = [...there.complaints];
    await expectAccessible(there);
    there.complaints.splice(0, Infinity, ...complaints);
};

test('every operation of the contract is there, and how it all works', async () => {
    assert.equal(await page.locator('.opblock').count(), count);
    assert.match(await page.textContent('.info'), /A span counts Unicode code points/);
    assert.equal(await page.locator('.info h2').count(), await page.locator('#contents ul:last-child li').count());
    await picture(page, 'docs', { fullPage: false });
});

test('an operation opens without an error, be it of many parameters, with a body, or with a reply that holds itself', async () => {
    for (const name of ['listClaims', 'updateClaim', 'createArticles', 'getClaimChain']) {
        const block = await unfold(name);
        await block.locator('.opblock-summary-control').click();
    }
    assert.equal(await page.locator('.errors-wrapper').count(), 0);
});

test('a list is tried as it is, without the examples of its filters', async () => {
    const block = await unfold('listClaims');
    const { status, body, address } = await execute(block);
    assert.equal(status, 200);
    assert.doesNotMatch(address, /speaker/);
    assert.ok(JSON.parse(body).items.length > 10);
    await block.locator('.live-responses-table').evaluate(table => table.scrollIntoView());
    await picture(page, 'docs-tried', { fullPage: false });
    await block.locator('.opblock-summary-control').click();
});

test('a text is read by a POST, and a topic changed by a PATCH', async () => {
    const read = await execute(await unfold('extract'));
    assert.equal(read.status, 200);
    assert.ok(JSON.parse(read.body).claims.length > 0);
    const block = await unfold('updateTopic');
    await block.locator('.try-out__btn').click();
    await block.locator('tr[data-param-name=id] input').fill('1');
    await block.locator('textarea').fill('{"description": "Changed from the documentation."}');
    await block.locator('.execute').click();
    await block.locator('.live-responses-table').waitFor();
    assert.equal((await server.get('/v1/topics/1')).description, 'Changed from the documentation.');
});

test('the stream of changes is shown as far as it came in some seconds', async () => {
    const { status } = await execute(await unfold('streamEvents'));
    assert.equal(status, 200);
});

test('words find operations', async () => {
    await page.fill('.operation-filter-input', 'merge actor');
    await page.waitForFunction(() => document.querySelectorAll('.opblock').length === 2);
    assert.deepEqual(await page.locator('.opblock-summary-path').allTextContents(), ['/v1/actors/{id}/merge', '/v1/actors/{id}/unmerge']);
    await page.fill('.operation-filter-input', '');
    await page.waitForFunction(all => document.querySelectorAll('.opblock').length === all, count);
});

test('a key is sent with what is tried, kept for the desk, and taken from there', async () => {
    await page.reload(); // with all operations folded again
    await page.click('.btn.authorize');
    await expectAccessibleHere(page);
    await picture(page, 'docs-key', { fullPage: false });
    await page.fill('.auth-container input', 'readout_nonsense');
    await page.click('.auth-btn-wrapper .authorize');
    await page.click('.close-modal');
    const sent = page.waitForRequest(/\/v1\/topics/);
    const { status } = await execute(await unfold('listTopics'));
    assert.equal((await sent).headers().authorization, 'Bearer readout_nonsense');
    assert.equal(status, 401);
    assert.equal(await page.evaluate(() => sessionStorage.getItem('readout-key')), 'readout_nonsense');
    await page.reload();
    await page.waitForSelector('.btn.authorize.locked');
});

test('the theme is the one chosen on the desk', async () => {
    for (const theme of ['light', 'dark']) {
        await page.click('#tools button');
        assert.equal(await page.evaluate(() => localStorage.getItem('readout-theme')), theme);
        assert.equal(await page.evaluate(() => document.documentElement.classList.contains('dark-mode')), theme === 'dark');
    }
    await close(page);
});

for (const theme of ['light', 'dark']) {
    test(`an address leads to its operation, and it is accessible in ${theme} colours, wide and narrow`, async () => {
        page = await openDocs({ theme }, '/docs#/claims/updateClaim');
        await page.locator('.opblock.is-open .try-out__btn').click();
        assert.equal(await page.locator('.opblock.is-open tr[data-param-name=id] input').count(), 1);
        for (const width of [1280, 360]) {
            await page.setViewportSize({ width, height: 900 });
            await expectAccessibleHere(page);
            await expectNoSideways(page);
            await page.locator('.opblock.is-open').evaluate(block => block.scrollIntoView());
            await picture(page, `docs-${theme}-${width}`, { fullPage: false });
        }
        await close(page);
    });
}

test('without JavaScript it is a page of links', async () => {
    page = await open(browser, server, '/docs', { javaScript: false });
    for (const address of ['/openapi.yaml', '/openapi.json', '/problems', '/llms.txt'])
        assert.equal(await page.locator(`main a[href="${address}"]`).count(), 1);
    await picture(page, 'docs-without-javascript');
    await close(page);
});

for (const theme of ['light', 'dark']) {
    test(`a problem is a page in ${theme} colours`, async () => {
        for (const width of [1280, 360]) {
            for (const address of ['/problems/not-found', '/problems']) {
                page = await open(browser, server, address, { theme, width });
                await expectAccessibleHere(page);
                await expectNoSideways(page);
                await picture(page, `${address.split('/').filter(Boolean).join('-')}-${theme}-${width}`);
                assert.equal(await page.locator('script').count(), 0);
                await close(page);
            }
        }
    });
}
