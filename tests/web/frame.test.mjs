// The frame around every view: the way by keyboard, the theme, the key, going back, what lies behind a view, and what stands without
// a script.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { addressOf, browser, close, drawn, open, picture, server, stage, startServer } from './harness.mjs';

stage();

// Whatever waits for something that never comes is a failure, too.
const trial = (name, run) => test(name, { timeout: 60_000 }, run);

const heading = page => page.textContent('main h1');
const focused = page => page.evaluate(() => {
    const element = document.activeElement, box = element.getBoundingClientRect();
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return {
        id: element.id,
        text: (element.textContent || element.placeholder || '').trim(),
        outline: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth),
        seen: box.width > 0 && box.right > 0 && box.bottom > 0 && box.top < innerHeight,
    };
});

// Presses Tab until what says `text` has the focus; gives what had it on the way. Each has to be seen, with its outline.
const tabTo = async (page, text) => {
    const way = [];
    for (let presses = 0; presses < 30; presses++) {
        await page.keyboard.press('Tab');
        const at = await focused(page);
        assert.ok(at.seen && at.outline >= 2, `the focus on “${at.text}” is not seen`);
        way.push(at.text);
        if (at.text === text) return way;
    }
    return assert.fail(`${text} is not on the way: ${way}`);
};

// The next Tab starts before everything.
const toTheTop = page => page.evaluate(() => {
    const start = document.createElement('span');
    start.tabIndex = -1;
    document.body.prepend(start);
    start.focus();
    start.remove();
});

trial('the first Tab offers to skip the header, and skips it', async () => {
    const page = await open(browser, server, '/desk/claims');
    assert.deepEqual(await tabTo(page, 'Skip to the view'), ['Skip to the view']);
    await picture(page, 'frame-skip', { clip: { x: 0, y: 0, width: 1280, height: 200 } });
    await page.keyboard.press('Enter');
    assert.equal((await focused(page)).id, 'view');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.closest('main') !== null), true);
    await close(page);
});

trial('from view to view by keyboard alone, each with its address, title and mark in the header', async () => {
    const page = await open(browser, server, '/');
    for (const [name, path] of [['Claims', '/desk/claims'], ['Meetings', '/desk/meetings'], ['Today', '/']]) {
        await toTheTop(page);
        await tabTo(page, name);
        await page.keyboard.press('Enter');
        await page.waitForURL(server.url + path);
        await drawn(page);
        assert.equal(await page.textContent('.views [aria-current=page]'), name);
        assert.equal(await page.locator('.views [aria-current]').count(), 1);
        assert.match(await page.title(), /^.+ · Readout$/);
        assert.equal((await focused(page)).id, 'view', 'the focus goes to the new view');
    }
    await close(page);
});

trial('a part of a list is marked as its view, too', async () => {
    const page = await open(browser, server, '/desk/claims/1');
    assert.equal(await page.textContent('.views [aria-current]'), 'Claims');
    await close(page);
});

trial('the theme goes round, is applied, and is remembered', async () => {
    const page = await open(browser, server, '/desk/claims');
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const button = page.locator('#tools button', { hasText: 'Theme' });
    const light = await paper();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await paper();
    assert.notEqual(light, dark, 'auto follows the system');
    const seen = [];
    for (let i = 0; i < 3; i++) {
        await button.click();
        seen.push([await button.textContent(), await paper()]);
    }
    assert.deepEqual(seen, [['Theme: light', light], ['Theme: dark', dark], ['Theme: auto', dark]]);
    await button.click();
    await page.reload();
    await drawn(page);
    assert.deepEqual([await button.textContent(), await paper()], ['Theme: light', light]);
    await close(page);
});

trial('back and forward go through the views', async () => {
    const page = await open(browser, server, '/desk/claims');
    const list = await heading(page);
    const link = page.locator('.item a[href^="/desk/claims/"]').first(), text = await link.textContent();
    await link.click();
    await page.waitForURL(/\/desk\/claims\/\d+$/);
    await drawn(page);
    assert.equal(await heading(page), text);
    await page.goBack();
    await page.waitForFunction(title => document.querySelector('main h1')?.textContent === title, list);
    assert.equal(await addressOf(page), '/desk/claims');
    await page.goForward();
    await page.waitForFunction(title => document.querySelector('main h1')?.textContent === title, text);
    await close(page);
});

trial('what is not there is said, with a link to what it means', async () => {
    for (const view of ['claims', 'articles', 'actors', 'meetings']) {
        const page = await open(browser, server, `/desk/${view}/999999`);
        assert.equal(await page.locator('main [role=alert] h1').count(), 1, view);
        assert.match(await heading(page), /nothing here/);
        const means = await page.getAttribute('main .problem a[href^="/problems/"]', 'href');
        assert.equal(means, '/problems/not-found');
        assert.equal((await fetch(server.url + means, { headers: { Accept: 'text/html' } })).status, 200);
        await page.context().close();
    }
    assert.equal((await fetch(`${server.url}/desk/nonsense`)).status, 400, 'the contract lists the views');
});

trial('the key is asked for in a dialog that Escape closes, and the focus returns', async () => {
    const page = await open(browser, server, '/desk/claims');
    await page.focus('#key-button');
    await page.keyboard.press('Enter');
    assert.equal((await focused(page)).id, 'key');
    await picture(page, 'frame-key', {});
    for (let i = 0; i < 12; i++) {
        await page.keyboard.press('Tab');
        const inside = await page.evaluate(() => document.activeElement === document.body || !!document.activeElement.closest('dialog'));
        assert.ok(inside, 'the focus stays in the dialog');
    }
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    assert.equal((await focused(page)).id, 'key-button');
    assert.equal(await page.evaluate(() => sessionStorage.length + localStorage.length), 0);
    await close(page);
});

trial('a closed record is opened with a key, which stays in this tab', async () => {
    const closed = await startServer();
    try {
        const key = (await closed.run('keys', 'create', 'Editor')).trim();
        const page = await open(browser, closed, '/desk/claims');
        await page.click('main .problem button');
        await page.fill('#key', key);
        await page.keyboard.press('Enter');
        await page.waitForSelector('.item');
        assert.equal(await page.textContent('#key-button'), 'Key: set');
        assert.deepEqual(await page.evaluate(() => [sessionStorage.length, localStorage.length]), [1, 0]);
        await page.click('#behind summary');
        assert.match(await page.textContent('#behind code'), /\$READOUT_KEY/, 'the key itself is not shown');
        await page.click('#key-button');
        await page.click('text=Use none');
        await page.waitForSelector('main .problem');
        assert.equal(await page.evaluate(() => sessionStorage.length), 0);
        await page.context().close();
    } finally {
        await closed.stop();
    }
});

trial('behind a view stand its requests, with curl lines that work and can be copied', async () => {
    const page = await open(browser, server, '/desk/claims?topic=missiles');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    await page.click('#behind summary');
    const lines = await page.locator('#behind code').allTextContents();
    assert.match(await page.textContent('#behind summary'), lines.length === 1 ? /one request/ : new RegExp(`${lines.length} requests`));
    for (const line of lines) assert.ok(JSON.parse(execFileSync('sh', ['-c', line], { encoding: 'utf8' })).items.length > 0, line);
    await page.click('#behind .line button');
    await page.waitForSelector('#behind button:has-text("Copied")');
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), lines[0]);
    assert.match(await page.locator('#behind li > a').first().getAttribute('href'), /[?&]topic=missiles/);
    await close(page);
});

trial('the header says whether the page is live; changes from outside arrive', async () => {
    const page = await open(browser, server, '/desk/volume');
    await page.waitForSelector('#live[data-state=live]');
    await page.evaluate(() => document.addEventListener('change-of-record', event => { document.body.dataset.heard = event.detail.noun; }));
    await server.post('/v1/topics', { slug: 'heard', name: 'Heard' });
    await page.waitForSelector('body[data-heard=topic]');
    await close(page);
});

trial('when the server goes away, the header says so', async () => {
    const short = await startServer();
    const page = await open(browser, short, '/desk/claims');
    await page.waitForSelector('#live[data-state=live]');
    await short.stop();
    await page.waitForSelector('#live[data-state=lost]');
    assert.match(await page.textContent('#live'), /Reconnecting/);
    await page.context().close();
});

trial('without a script there is a page of links, and all of them answer', async () => {
    const page = await open(browser, server, '/', { javaScript: false });
    assert.equal(await heading(page), 'Readout');
    const links = await page.evaluate(() => [...document.querySelectorAll('body a[href^="/"]')].map(link => link.getAttribute('href')));
    assert.ok(links.length > 20);
    for (const link of new Set(links)) assert.equal((await fetch(server.url + link)).status, 200, link);
    await picture(page, 'frame-no-script', {});
    await close(page);
});

trial('files of the version that the page names are kept for good, those of another are not', async () => {
    const text = await (await fetch(server.url, { headers: { Accept: 'text/html' } })).text();
    const [now] = text.match(/\/web\/[0-9a-f]{16}\/desk\.css/);
    const kept = await fetch(server.url + now);
    assert.match(kept.headers.get('Cache-Control'), /immutable/);
    const old = await fetch(server.url + now.replace(/[0-9a-f]{16}/, '0123456789abcdef'));
    assert.equal(old.status, 200, 'a page from before an update still finds its files');
    assert.doesNotMatch(old.headers.get('Cache-Control') ?? '', /immutable/);
    assert.equal(await old.text(), await kept.text());
    assert.equal((await fetch(server.url + now.replace('desk.css', 'nonsense.js'))).status, 404);
});

trial('on paper there is the view alone', async () => {
    const page = await open(browser, server, '/desk/claims');
    await page.emulateMedia({ media: 'print' });
    for (const part of ['.bar', '#behind']) assert.equal(await page.isVisible(part), false, part);
    assert.equal(await page.isVisible('main h1'), true);
    await picture(page, 'frame-paper', {});
    await close(page);
});
