// Positions: who stands where on what, by which claims, and how that moved.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
    addressOf, browser, close, drawn, expectAccessible,
    expectNoSideways, open, picture, server, stage,
} from './harness.mjs';

stage();

// Every cell by its id: the words of its button.
const cellsOf = page => page.$$eval('.cell', cells => Object.fromEntries(cells.map(cell => [cell.id, cell.textContent])));
const idOf = ({ actor, topic }) => `${actor.id}-${topic}`;

const expectSame = async (page, path) => {
    const { items } = await server.get(path), cells = await cellsOf(page);
    assert.deepEqual(Object.keys(cells).sort(), items.map(idOf).sort());
    for (const position of items) {
        assert.ok(cells[idOf(position)].includes(position.stance), `${cells[idOf(position)]} is ${position.stance}`);
        const others = position.stances.length - 1;
        assert.equal(/other stance/.test(cells[idOf(position)]), others > 0);
    }
};

test('each cell of the table is what the interface answers', async () => {
    const page = await open(browser, server, '/desk/positions');
    await expectSame(page, '/v1/positions?limit=500');
    assert.equal(await page.textContent('.matrix tbody th[scope=row]'), 'United Statesstate');
    assert.deepEqual(await page.$$eval('thead th', heads => [...new Set(heads.map(head => head.scope))]), ['col']);
    assert.match(await page.textContent('#view'), /17 positions of 3 sides on 11 topics/);
    await picture(page, 'positions');
    await close(page);
});

test('another day shows how it stood then, and is part of the address', async () => {
    const page = await open(browser, server, '/desk/positions');
    await page.click('.days a:has-text("8 Jan 2022")');
    await page.waitForURL('**/desk/positions?as_of=2022-01-08');
    await drawn(page);
    await expectSame(page, '/v1/positions?limit=500&as_of=2022-01-08');
    assert.match(await page.textContent('[id="1-troops"]'), /rejects/);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'day-2022-01-08');
    await page.click('#day-after');
    await page.waitForURL('**/desk/positions?as_of=2022-01-09');
    await drawn(page);
    assert.match(await page.textContent('[id="1-troops"]'), /accusesfrom this daybefore: rejects/);
    await page.fill('input[type=date]', '2021-12-31');
    await page.click('.asking button');
    await page.waitForURL('**as_of=2021-12-31');
    await drawn(page);
    assert.deepEqual(await cellsOf(page), {});
    assert.equal(await page.locator('tbody tr').count(), 3, 'the table keeps its shape');
    await page.goBack();
    await drawn(page);
    assert.equal(await page.inputValue('input[type=date]'), '2022-01-09');
    await close(page);
});

test('a cell opens the claims behind it, and how it moved', async () => {
    const page = await open(browser, server, '/desk/positions');
    await page.click('[id="1-talks"]');
    assert.equal(await page.getAttribute('[id="1-talks"]', 'aria-expanded'), 'true');
    const panel = page.locator('[id="claims-1-talks"]'), { items: [position] } = await server.get('/v1/positions?actor=1&topic=talks');
    assert.deepEqual(await panel.locator('.voice h3 .signed').evaluateAll(signs => signs.map(sign => sign.lastChild.textContent)),
        position.stances.map(group => group.stance));
    const claims = position.stances.flatMap(group => group.claims);
    assert.deepEqual(await panel.locator('.item h4').allTextContents(), claims.map(claim => claim.text));
    const [{ outlet_count: outlets, origin_count: origins }] = claims;
    assert.match(await panel.locator('.item').first().textContent(), new RegExp(`${outlets} outlets?, ${origins} origin`));
    assert.deepEqual(await panel.locator('.moves li').allTextContents(), ['·expects 8 Jan 2022', '+offers 9 Jan 2022']);
    await picture(page, 'positions-open');
    // A window that is narrow for a moment is drawn twice.
    await page.setViewportSize({ width: 360, height: 900 });
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.waitForSelector('[id="1-talks"][aria-expanded=true]');
    await expectAccessible(page);
    // The open cell is part of the address, and stays open on another day.
    assert.equal(await addressOf(page), '/desk/positions#1-talks');
    await page.click('#day-2022-01-08');
    await page.waitForSelector('[id="1-talks"][aria-expanded=true]:has-text("expects")');
    await page.click('[id="1-talks"]');
    assert.equal(await page.locator('.voices').count(), 0);
    await close(page);
});

test('topic and side narrow it down, and go to the interface as they are', async () => {
    const page = await open(browser, server, '/desk/positions?topic=missiles,troops&actor=united-states');
    await expectSame(page, '/v1/positions?topic=missiles,troops&actor=united-states');
    assert.equal(await page.getAttribute('a:text-is("CSV")', 'href'), '/v1/positions.csv?topic=missiles,troops&actor=united-states');
    await page.click('.filter:has-text("side")');
    await page.waitForURL('**/desk/positions?topic=missiles,troops');
    await page.waitForSelector('[id="4-troops"]');
    await expectSame(page, '/v1/positions?topic=missiles,troops');
    await page.click('thead a:has-text("Troops")');
    await page.waitForURL('**/desk/positions?topic=troops');
    await close(page);
});

test('the table can be walked and opened by the keyboard alone', async () => {
    const page = await open(browser, server, '/desk/positions');
    const focused = () => page.evaluate(() => document.activeElement.id);
    await page.focus('[id="1-missiles"]');
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(), '1-exercises');
    await page.focus('[id="1-nato-enlargement"]');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), '4-nato-enlargement');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    assert.equal(await page.getAttribute('[id="1-nato-enlargement"]', 'aria-expanded'), 'true');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), '4-nato-enlargement', 'what is open does not stand in the way');
    await page.keyboard.press('ArrowUp');
    await page.focus('.voices a');
    await page.keyboard.press('Escape');
    assert.equal(await focused(), '1-nato-enlargement');
    assert.equal(await page.locator('.voices').count(), 0);
    await close(page);
});

test('a change from outside is told, and shown when asked for; hostile text is text', async () => {
    const page = await open(browser, server, '/desk/positions');
    await page.waitForSelector('#live[data-state=live]');
    const hostile = '<img src=x onerror="document.title=1"> & <script>alert(1)</script>';
    const actor = await server.post('/v1/actors', { name: hostile, kind: 'state' });
    await server.post('/v1/claims',
        { text: `${hostile} claim`, speaker_id: actor.id, stance: 'supports', topics: ['media'], said_on: '2022-01-10' });
    await page.click('.changes button');
    const cell = page.locator(`[id="${actor.id}-media"]`);
    await cell.click();
    assert.equal(await page.textContent(`[id="claims-${actor.id}-media"] h4`), `${hostile} claim`);
    assert.equal(await page.textContent(`tr:has([id="${actor.id}-media"]) th a`), hostile);
    assert.equal(await page.locator('#view img, #view script').count(), 0);
    await close(page);
});

for (const theme of ['light', 'dark']) {
    test(`it is accessible in ${theme} colours, wide and narrow`, async () => {
        for (const width of [1280, 360]) {
            const page = await open(browser, server, '/desk/positions?as_of=2022-01-09#1-troops', { theme, width });
            await page.waitForSelector('.voices');
            await expectAccessible(page);
            await expectNoSideways(page);
            await picture(page, `positions-${theme}-${width}`);
            await close(page);
        }
    });
}
