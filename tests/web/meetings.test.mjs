// Meetings: the calendar, and one meeting.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
    addressOf, browser, close, drawn, expectAccessible,
    expectNoSideways, open, picture, server, stage,
} from './harness.mjs';

stage();

const cell = (page, day) => page.textContent(`.month td:has(> time[datetime="${day}"])`);

test('the meetings stand in the days of their month, a week beginning on Monday', async () => {
    const page = await open(browser, server, '/desk/meetings');
    assert.equal(await page.textContent('.month caption'), 'January 2022: 5 meetings');
    assert.deepEqual(await page.locator('.month th').allTextContents(),
        ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']);
    assert.match(await cell(page, '2022-01-09'), /First conversation.*evening · Geneva.*planned/);
    assert.match(await cell(page, '2022-01-08'), /Background press call.*held.*1 open discrepancy/);
    assert.match(await cell(page, '2022-01-10'), /main session.*2 open discrepancies/);
    assert.equal(await cell(page, '2022-01-11'), '11');
    assert.equal(await page.locator('.month tbody tr').first().locator('td.beyond').count(), 5);
    assert.match(await page.textContent('.agenda'), /Sunday 9 January 2022First conversation/);
    await picture(page, 'meetings');
    await close(page);
});

test('the keyboard goes from month to month, and the address keeps the month and the filters', async () => {
    const page = await open(browser, server, '/desk/meetings?city=Geneva');
    assert.equal(await page.textContent('.month caption'), 'January 2022: 2 meetings');
    await page.focus('#month-before');
    for (const month of ['December 2021', 'November 2021']) {
        await page.keyboard.press('Enter');
        await page.waitForSelector(`caption:has-text("${month}")`);
        await page.waitForFunction(() => document.activeElement.id === 'month-before');
    }
    assert.match(await addressOf(page), /city=Geneva&month=2021-11/);
    await page.goBack();
    await page.waitForSelector('caption:has-text("December 2021: 0 meetings")');
    assert.match(await page.textContent('.agenda .empty'), /No meeting of this month/);
    await page.goto(`${server.url}/desk/meetings?month=2021-06`);
    await drawn(page);
    assert.match(await cell(page, '2021-06-16'), /Summit of Presidents/);
    await page.click('aside >> text=Vienna');
    await page.waitForSelector('caption:has-text("June 2021: 0 meetings")');
    assert.match(await addressOf(page), /month=2021-06/);
    assert.match(await page.textContent('.subscribe .line'), /\/v1\/meetings\.ics\?city=Vienna$/);
    const calendar = await fetch(await page.getAttribute('.subscribe a', 'href').then(path => server.url + path));
    assert.match(await calendar.text(), /BEGIN:VCALENDAR[^]*Session of the OSCE/);
    await close(page);
});

test('days in the address name the month, and whom a filter stands for is said by name', async () => {
    const page = await open(browser, server, '/desk/meetings?starts_on__gte=2022-01-09&starts_on__lt=2022-01-11&actor_id=12');
    assert.equal(await page.textContent('.month caption'), 'January 2022: 2 meetings');
    assert.match(await page.textContent('.filters'), /with Wendy Sherman/);
    await close(page);
});

test('what has no day stands apart, and an hour says in what time', async () => {
    const made = await server.post('/v1/meetings', [
        { name: 'Call at a known minute', kind: 'call', starts_at: '2021-03-10T14:30:00Z' },
        { name: 'Talks in spring', kind: 'talks', starts_on: '2021-03-01', precision: 'month', status: 'cancelled' },
        { name: 'Talks one day', kind: 'talks' }]);
    assert.equal(made.created, 3);
    const page = await open(browser, server, '/desk/meetings?month=2021-03');
    assert.match(await cell(page, '2021-03-10'), /Call at a known minute14:30 UTC/);
    assert.equal(await cell(page, '2021-03-01'), '1');
    const undated = await page.textContent('#undated');
    assert.match(undated, /2 meetings without a day.*Talks in springSome day in March 2021cancelled.*Talks one dayDay not known/);
    await picture(page, 'meetings-undated');
    await close(page);
});

test('a narrow window shows the list alone', async () => {
    const page = await open(browser, server, '/desk/meetings?month=2022-01', { width: 360 });
    assert.equal(await page.locator('.month').isVisible(), false);
    assert.equal(await page.locator('.agenda .item').count(), 5);
    assert.ok(await page.locator('.agenda >> text=NATO-Russia Council').isVisible());
    await close(page);
});

test('a meeting tells when, where, who, what is contested, and in which words articles speak of it', async () => {
    const page = await open(browser, server, '/desk/meetings/4');
    const facts = await page.textContent('.facts-of');
    assert.match(facts, /Monday 10 January 2022.*No article tells the hour\..*Geneva, Switzerland.*planned/);
    assert.match(await page.textContent('.roles'),
        /Lead a delegation.*Wendy Sherman.*Deputy Secretary of State, United States Department of State/);
    const contested = page.locator('article.discrepancy:has-text("Who leads the American delegation")');
    assert.match(await contested.textContent(), /open/);
    assert.equal(await contested.locator('.value').count(), 3);
    assert.match(await contested.textContent(), /Sherman and Ryabkov together lead the American delegation/);
    assert.ok((await page.locator('mark.meeting').allTextContents()).includes('main session'));
    await page.waitForSelector('.value >> text=The Demo Courier');
    await picture(page, 'meeting');
    await page.goto(`${server.url}/desk/meetings/2`);
    await drawn(page);
    assert.match(await page.textContent('main'), /Said there: 16 claims/);
    await close(page);
});

test('hostile names are shown as text', async () => {
    const evil = '<img src=x onerror=alert(1)>';
    const actor = await server.post('/v1/actors', { name: evil, kind: 'person', title: evil });
    const meeting = await server.post('/v1/meetings', { name: evil, kind: 'call', starts_on: '2020-02-29', city: evil, venue: evil,
        participants: [{ actor_id: actor.id, role: 'head' }] });
    for (const address of ['/desk/meetings?month=2020-02', `/desk/meetings/${meeting.id}`]) {
        const page = await open(browser, server, address);
        page.on('dialog', () => page.complaints.push('something ran'));
        assert.match(await page.textContent('main'), /<img src=x/);
        assert.equal(await page.locator('main img').count(), 0);
        await close(page);
    }
});

for (const theme of ['light', 'dark']) {
    for (const [name, address] of [['meetings', '/desk/meetings?month=2022-01'], ['meeting', '/desk/meetings/4']]) {
        test(`${name}: accessible in ${theme} colours, wide and narrow`, async () => {
            for (const width of [1280, 360]) {
                const page = await open(browser, server, address, { theme, width });
                await expectAccessible(page);
                await expectNoSideways(page);
                await picture(page, `${name}-${theme}-${width}`);
                await close(page);
            }
        });
    }
}
