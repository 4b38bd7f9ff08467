// Today: what happened since you last looked, and what happens while you look.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
    addressOf, browser, close, drawn, expectAccessible,
    expectNoSideways, open, picture, server, stage,
} from './harness.mjs';

stage();

const live = page => page.waitForSelector('#live[data-state=live]');
const told = (page, words) => page.waitForFunction(text => document.querySelector('.told')?.textContent === text, words);
const patch = async (path, body) => {
    const answer = await fetch(server.url + path,
        { method: 'PATCH', body: JSON.stringify(body), headers: { 'Content-Type': 'application/merge-patch+json' } });
    assert.ok(answer.ok, await answer.text());
};
const see = async page => {
    await page.click('text=I have seen this');
    await told(page, 'Marked as seen.');
};

test('a first visit shows the latest changes, by what they are about', async () => {
    const page = await open(browser, server, '/');
    assert.match(await page.textContent('.lead'), /These are the latest 50 of 95 changes/);
    assert.equal(await page.textContent('[data-group=claims] h2'), '23 new claims');
    assert.equal(await page.textContent('[data-group=discrepancies] h2'), '7 discrepancies noticed');
    assert.equal(await page.textContent('[data-group=meetings] h2'), '6 new meetings');
    assert.equal(await page.textContent('[data-group=articles] h2'), '8 new articles');
    assert.match(await page.textContent('[data-entry="claim/1"]'), /4 outlets, 2 origins/);
    const beside = await page.textContent('main aside');
    for (const words of [/None lies ahead/, /Thursday 13 January 2022, Vienna/, /Open discrepancies 3/,
        /Who leads the American delegation/, /4 outlets, 2 origins/, /23 claims/]) assert.match(beside, words);
    await picture(page, 'today', {});
    await close(page);
});

test('what was seen is not shown again, and what comes later is', async () => {
    const page = await open(browser, server, '/');
    await see(page);
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');
    await page.reload();
    await drawn(page);
    assert.match(await page.textContent('main .empty'), /Nothing new/);
    await server.post('/v1/claims', { text: 'The talks go on after lunch.', speaker_id: 12, stance: 'expects', said_on: '2022-01-10' });
    await page.reload();
    await drawn(page);
    assert.match(await page.textContent('.lead'), /^1 change since /);
    assert.equal(await page.textContent('[data-group=claims] h2'), '1 new claim');
    await see(page);
    await page.click('text=Look back');
    await page.waitForSelector('[data-group=claims]');
    assert.match(await addressOf(page), /^\/\?since=\d+$/);
    await close(page);
});

test('what is written meanwhile comes in above, and takes away neither the focus nor the place', async () => {
    const page = await open(browser, server, '/');
    await live(page);
    await page.focus('[data-entry="claim/1"] h3 a');
    await page.evaluate(() => scrollTo(0, 300));
    const place = () => page.evaluate(() => Math.round(document.querySelector('[data-entry="claim/1"]').getBoundingClientRect().top));
    const before = await place();
    const claim = await server.post('/v1/claims', { text: 'Lunch was good.', speaker_id: 13, said_on: '2022-01-10' });
    await told(page, '1 new change');
    assert.match(await page.textContent(`.fresh [data-entry="claim/${claim.id}"]`), /Lunch was good\.Sergei Ryabkov.*new/);
    assert.equal(await page.getAttribute('.told', 'role'), 'status');
    assert.ok(await page.evaluate(() => document.activeElement.matches('[data-entry="claim/1"] h3 a')));
    assert.ok(Math.abs(await place() - before) <= 1, `moved from ${before} to ${await place()}`);
    assert.match(await page.title(), /^\(1\) Today/);
    await server.post('/v1/articles',
        { title: 'Lunch in Geneva', outlet_id: 27, text: 'They had lunch.', published_at: '2022-01-10T13:00:00Z' });
    await told(page, '2 new changes');
    assert.match(await page.textContent('.fresh .item'), /Lunch in GenevaDemo Wire Geneva/);
    await picture(page, 'today-live', {});
    await page.click('.up');
    assert.equal(await page.evaluate(() => scrollY), 0);
    await see(page);
    assert.equal(await page.locator('.fresh').isVisible(), false);
    assert.equal(await page.title(), 'Today · Readout');
    await close(page);
});

test('several changes of one resource are one entry, which says what became of it', async () => {
    const page = await open(browser, server, '/');
    await live(page);
    await see(page);
    await patch('/v1/meetings/5', { starts_on: '2022-01-14' });
    await patch('/v1/meetings/5', { status: 'postponed' });
    const claim = await server.post('/v1/claims', { text: 'Nobody said this.', speaker_id: 13, said_on: '2022-01-10' });
    await fetch(`${server.url}/v1/claims/${claim.id}`, { method: 'DELETE' });
    await server.post('/v1/claims/22/merge', { from_ids: [23] });
    await page.waitForSelector('.fresh [data-entry="claim/23"]');
    await page.reload();
    await drawn(page);
    assert.equal(await page.locator('[data-entry="meeting/5"]').count(), 1);
    const meeting = await page.textContent('[data-entry="meeting/5"] .happened');
    assert.match(meeting, /moved to Friday 14 January 2022, was Wednesday 12 January 2022; now postponed/);
    assert.match(await page.textContent(`[data-entry="claim/${claim.id}"]`), /Nobody said this\..*was deleted/);
    assert.match(await page.textContent('[data-entry="claim/23"]'), /was merged into another/);
    assert.match(await page.textContent('[data-entry="claim/22"] .happened'), /1 new report, 2 in all/);
    await picture(page, 'today-changed');
    await expectAccessible(page);
    await close(page);
});

test('what is written while the connection is lost comes in when it is back', async () => {
    const page = await open(browser, server, '/');
    await page.route('**/v1/events*', route => route.abort());
    await page.reload();
    await page.waitForSelector('#live[data-state=lost]');
    await server.post('/v1/claims', { text: 'Said in the dark.', speaker_id: 13, said_on: '2022-01-10' });
    await page.unroute('**/v1/events*');
    await page.waitForSelector('.fresh >> text=Said in the dark.');
    page.complaints = page.complaints.filter(words => !/ERR_FAILED/.test(words));
    await close(page);
});

test('hostile words and a mark from another record do no harm', async () => {
    const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>';
    const page = await open(browser, server, '/');
    page.on('dialog', () => page.complaints.push('something ran'));
    await live(page);
    await server.post('/v1/claims', { text: evil, speaker_id: 13, said_on: '2022-01-10' });
    await server.post('/v1/meetings', { name: evil, kind: 'call', city: evil });
    await page.waitForSelector('.fresh [data-entry^=meeting]');
    assert.match(await page.textContent('.fresh'), /<img src=x/);
    for (const mark of ['{"seq":999999,"at":"x"}', 'nonsense', '{"seq":"1"}']) {
        await page.evaluate(text => localStorage.setItem('readout-seen', text), mark);
        await page.reload();
        await drawn(page);
        assert.match(await page.textContent('.lead'), /This browser has not looked before/);
    }
    assert.equal(await page.locator('main img, main script').count(), 0);
    await close(page);
});

for (const theme of ['light', 'dark']) {
    test(`accessible in ${theme} colours, wide and narrow`, async () => {
        for (const width of [1280, 360]) {
            const page = await open(browser, server, '/', { theme, width });
            await expectAccessible(page);
            await expectNoSideways(page);
            await picture(page, `today-${theme}-${width}`);
            await close(page);
        }
    });
}
