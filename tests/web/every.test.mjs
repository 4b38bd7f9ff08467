// Every view on the demonstration record: accessible in both themes, wide and narrow; one heading, a title, no errors; small. The table
// at the end says what each view costs when it is opened for the first time. Times are printed, never judged.
//
// With PICTURES=1 it also writes tests/web/pictures/desk.png, which the README shows, and a picture of each view under build/web/pictures.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { close, drawn, expectAccessible, expectNoSideways, open, picture, startBrowser, startServer } from './harness.mjs';
import { smaller } from './png.mjs';

const VIEWS = {
    today: '/',
    claims: '/desk/claims',
    'claims-narrowed': '/desk/claims?topic=missiles&min_origins=2',
    'claims-none': '/desk/claims?q=nothing-of-the-sort',
    claim: '/desk/claims/1',
    articles: '/desk/articles',
    article: '/desk/articles/1',
    actors: '/desk/actors',
    actor: '/desk/actors/13',
    meetings: '/desk/meetings',
    meeting: '/desk/meetings/2',
    positions: '/desk/positions',
    discrepancies: '/desk/discrepancies',
    discrepancy: '/desk/discrepancies/1',
    search: '/desk/search?q=missiles',
    'search-none': '/desk/search?q=nothing-of-the-sort',
    volume: '/desk/volume',
    'not-there': '/desk/claims/999999',
};

const REQUESTS_MOST = 25, DESK_MOST = 150 * 1024;

let server, browser;
before(async () => { [server, browser] = await Promise.all([startServer(), startBrowser()]); });
after(async () => {
    await browser?.close();
    await server?.stop();
    table();
});

// ---- what each view is --------------------------------------------------------------------------------------------------------

const lookAtOne = async (page, name, theme, width) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
    // The layout is the same in both themes.
    await expectAccessible(page, theme === 'dark' ? { runOnly: ['color-contrast'] } : undefined);
    await expectNoSideways(page);
    if (process.env.PICTURES) await picture(page, `every-${name}-${theme}-${width}`);
};

const moving = page => page.evaluate(() => [...document.querySelectorAll('*')].filter(element => {
    const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
    return (animationName !== 'none' && parseFloat(animationDuration) > 0.01) || parseFloat(transitionDuration) > 0.01;
}).map(element => element.outerHTML.slice(0, 80)));

describe('every view', { concurrency: 2, timeout: 300_000 }, () => {
    for (const [name, address] of Object.entries(VIEWS)) {
        test(`${name} is for everybody, light and dark, wide and narrow`, async () => {
            const page = await open(browser, server, address);
            for (const theme of ['light', 'dark']) for (const width of [1280, 360]) await lookAtOne(page, name, theme, width);
            assert.deepEqual(await moving(page), [], 'who asks for less motion gets none');
            assert.equal(await page.locator('h1').count(), 1);
            assert.match(await page.title(), /^.+ · Readout$/);
            assert.equal(await page.locator('main').count(), 1);
            await close(page);
        });
    }
});

// ---- what each view costs -----------------------------------------------------------------------------------------------------

const figures = [];

// Opens an address in the browser of somebody who was never here, or who was (`context`), and counts.
const measure = async (address, context) => {
    const page = await context.newPage(), network = await context.newCDPSession(page);
    const kept = new Set(), paths = new Map();
    let bytes = 0;
    await network.send('Network.enable');
    network.on('Network.requestWillBeSent', ({ requestId, request }) => paths.set(requestId, request.url.slice(server.url.length)));
    network.on('Network.requestServedFromCache', ({ requestId }) => kept.add(requestId));
    network.on('Network.responseReceived', ({ requestId, response }) => { if (response.fromDiskCache) kept.add(requestId); });
    network.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
    await page.goto(server.url + address);
    await drawn(page);
    await page.waitForTimeout(100); // what is painted last is told a little later
    const times = await page.evaluate(() => new Promise(done => {
        const first = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN;
        const elements = document.querySelectorAll('*').length;
        setTimeout(() => done({ first, largest: NaN, elements }), 2000);
        new PerformanceObserver(list => done({ first, largest: list.getEntries().at(-1).startTime, elements }))
            .observe({ type: 'largest-contentful-paint', buffered: true });
    }));
    const asked = [...paths].filter(([id]) => !kept.has(id)).map(([, path]) => path);
    await page.close();
    return { requests: asked.length, bytes, asked, ...times };
};

test('a view asks for little, and for its files once', async () => {
    for (const [name, address] of Object.entries(VIEWS)) {
        const context = await browser.newContext({ viewport: { width: 1280, height: 850 } });
        const cold = await measure(address, context), warm = await measure(address, context);
        await context.close();
        figures.push({ name, cold, warm });
        assert.deepEqual(warm.asked.filter(path => path.startsWith('/web/')), [], `${name} asks for files again`);
    }
    const greedy = figures.filter(({ cold }) => cold.requests > REQUESTS_MOST);
    assert.equal(greedy.length, 0, greedy.map(({ name, cold }) => `${name}: ${cold.requests}: ${cold.asked.join(' ')}`).join('\n'));
});

const table = () => {
    if (!figures.length) return;
    const row = cells => console.log(cells.map((cell, i) => i ? String(cell).padStart(11) : String(cell).padEnd(16)).join(''));
    row(['', 'requests', 'KB', 'FCP ms', 'LCP ms', 'elements', 'again: req', 'KB', 'LCP ms']);
    for (const { name, cold, warm } of figures) {
        row([name, cold.requests, (cold.bytes / 1024).toFixed(1), cold.first.toFixed(), cold.largest.toFixed(), cold.elements,
            warm.requests, (warm.bytes / 1024).toFixed(1), warm.largest.toFixed()]);
    }
};

// ---- what the desk weighs -----------------------------------------------------------------------------------------------------

// The length of what comes over the wire, as a browser would ask for it.
const weigh = path => new Promise((done, failed) => http.get(server.url + path,
    { headers: { 'Accept-Encoding': 'gzip', Accept: path === '/' ? 'text/html' : '*/*' } }, answer => {
        assert.equal(answer.statusCode, 200, path);
        let length = 0;
        answer.on('data', piece => { length += piece.length; });
        answer.on('end', () => done(length));
    }).on('error', failed));

test('all of the desk is under 150 KB as it is sent', async () => {
    const here = fileURLToPath(new URL('../../server/web', import.meta.url));
    const ours = readdirSync(here).filter(name => /\.(js|css|svg)$/.test(name) && !name.startsWith('docs.'));
    let own = await weigh('/');
    for (const name of ours) own += await weigh(`/web/0/${name}`);
    let all = own;
    for (const name of ['uPlot.esm.js', 'uPlot.min.css']) all += await weigh(`/web/0/${name}`);
    const kilobytes = bytes => (bytes / 1024).toFixed(1);
    console.log(`the desk: ${kilobytes(all)} KB compressed, of that ours ${kilobytes(own)} KB in ${ours.length + 1} files`);
    assert.ok(all <= DESK_MOST, `${all} bytes`);
});

test('the picture for the README', { skip: !process.env.PICTURES }, async () => {
    const page = await open(browser, server, '/', { width: 1280, height: 800 });
    await page.waitForSelector('#live[data-state=live]');
    await page.waitForFunction(() => !document.querySelector('[aria-busy]'));
    const png = smaller(await page.screenshot());
    mkdirSync(new URL('pictures', import.meta.url), { recursive: true });
    writeFileSync(new URL('pictures/desk.png', import.meta.url), png);
    assert.ok(png.length < 200 * 1024, `${png.length} bytes`);
    await close(page);
});
