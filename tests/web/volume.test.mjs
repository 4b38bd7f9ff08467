// Volume: the plots, and the same figures in words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, close, drawn, expectAccessible, expectNoSideways, open, picture, server, stage } from './harness.mjs';

stage();

const plots = page => page.waitForFunction(() => {
    const places = [...document.querySelectorAll('.plot')];
    return places.length && places.every(place => place.querySelector('canvas'));
});
const volume = async (query = '', options) => {
    const page = await open(browser, server, `/desk/volume${query}`, options);
    await plots(page);
    return page;
};
const figuresOf = async query => {
    const days = new Map();
    for (const { time, series, value } of (await server.get(`/v1/stats/timeline?${query}`)).items) {
        days.set(time.slice(0, 10), { ...days.get(time.slice(0, 10)), [series]: value });
    }
    return days;
};
const january = 'from=2022-01-08&to=2022-01-14';

// The colour that a canvas has most of, besides nothing.
const colourOf = page => page.$eval('.plot canvas', canvas => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height), seen = new Map();
    for (let i = 0; i < data.length; i += 4) {
        const name = `${data[i]},${data[i + 1]},${data[i + 2]}`;
        if (data[i + 3] === 255) seen.set(name, (seen.get(name) ?? 0) + 1);
    }
    return [...seen].sort((one, other) => other[1] - one[1])[0][0];
});

// Until the plots have another colour than that, or that one; the plot draws a little later than it hears of the theme.
const recoloured = async (page, isIt) => {
    for (let end = Date.now() + 5000; ; await page.waitForTimeout(10)) {
        const colour = await colourOf(page);
        if (isIt(colour)) return;
        assert.ok(Date.now() < end, `the plots stay ${colour}`);
    }
};

// The table of figures is made when it is opened.
const unfold = async page => {
    await page.click('main summary');
    await page.waitForSelector('.figures tbody tr');
};

test('it opens where the record is, and says in words what the plots show', async () => {
    const page = await volume();
    assert.match(await page.textContent('main'), /8 January 2022 to 13 January 2022, by the day, UTC/);
    assert.deepEqual(await page.$$eval('.strip', list => list.map(strip => strip.querySelector('h2').textContent + ': ' +
        strip.querySelector('p').textContent)), ['Articles: 8 articles in 3 days, most on 9 January 2022: 5.',
        'Claims: 17 claims in 2 days, most on 8 January 2022: 16.', 'Meetings: 5 meetings in 5 days.']);
    assert.match(await page.getAttribute('.strip:nth-of-type(2) .plot', 'aria-label'), /^Claims: 17 claims in 2 days/);
    await close(page);
});

test('the plots have the figures of the interface', async () => {
    const page = await volume(`?${january}`), days = [...(await figuresOf(january)).values()];
    const box = await (await page.$('.plot .u-over')).boundingBox();
    for (const [index, { articles, claims, meetings }] of days.entries()) {
        await page.mouse.move(box.x + box.width * (index + 0.5) / days.length, box.y + box.height / 2);
        const text = await page.textContent('.pointed');
        assert.match(text, new RegExp(`^${8 + index} January 2022: ${articles} articles?, ${claims} claims?, ${meetings} meetings?$`));
    }
    await close(page);
});

test('bars are as high as their figures', async () => {
    const page = await volume(`?${january}&series=claims`);
    const heights = await page.$eval('.plot canvas', (canvas, count) => {
        const over = canvas.parentNode.querySelector('.u-over'), scale = canvas.width / canvas.clientWidth;
        const context = canvas.getContext('2d');
        const [left, top, width, height] = [over.offsetLeft, over.offsetTop, over.clientWidth, over.clientHeight]
            .map(size => Math.round(size * scale));
        return Array.from({ length: count }, (_, index) => {
            const { data } = context.getImageData(Math.round(left + width * (index + 0.5) / count), top, 1, height);
            const column = Array.from({ length: height }, (_, row) => data.slice(row * 4, row * 4 + 4).join());
            const bar = column.at(-2);
            return bar.endsWith(',255') ? column.filter(pixel => pixel === bar).length / height : 0;
        });
    }, 6);
    const claims = [...(await figuresOf(`${january}&series=claims`)).values()].map(day => day.claims);
    const most = Math.max(...claims);
    claims.forEach((value, index) => assert.ok(Math.abs(heights[index] - value / most / 1.05) < 0.06,
        `the bar of ${value} claims is ${heights[index]} of the height`));
    await close(page);
});

test('the table has the same figures, and each leads to what it counts', async () => {
    const page = await volume(`?${january}`), days = await figuresOf(january);
    await unfold(page);
    const rows = await page.$$eval('.figures tbody tr', list =>
        list.map(row => [...row.querySelectorAll('td')].map(cell => Number(cell.textContent))));
    assert.deepEqual(rows, [...days.values()].map(({ articles, claims, meetings }) => [articles, claims, meetings]));
    for (const [index, view] of ['articles', 'claims', 'meetings'].entries()) {
        const link = await page.$(`.figures tbody tr:first-child td:nth-of-type(${index + 1}) a`);
        const href = await link.getAttribute('href');
        assert.ok(href.startsWith(`/desk/${view}?`));
        assert.equal((await server.get(href.replace('/desk', '/v1'))).total, rows[0][index]);
    }
    await expectAccessible(page);
    await close(page);
});

test('a day in another zone leads to the articles of that day there', async () => {
    const query = 'tz=Asia%2FTokyo&series=articles';
    const page = await volume(`?${query}`);
    await unfold(page);
    for (const link of await page.$$('.figures td a')) {
        const list = await server.get((await link.getAttribute('href')).replace('/desk', '/v1'));
        assert.equal(list.total, Number(await link.textContent()));
    }
    await close(page);
});

test('a click on a bar leads to the claims of that day', async () => {
    const page = await volume(`?${january}&series=claims`);
    const box = await (await page.$('.plot .u-over')).boundingBox();
    await page.mouse.click(box.x + box.width / 12, box.y + box.height / 2);
    await page.waitForURL('**/desk/claims?said_on__gte=2022-01-08&said_on__lt=2022-01-09');
    await drawn(page);
    await close(page);
});

test('a form chooses what is counted, and the address keeps it', async () => {
    const page = await volume();
    await page.selectOption('#series', 'stance');
    await page.selectOption('#interval', 'month');
    await page.click('main form button');
    await page.waitForURL('**/desk/volume?series=stance&interval=month&tz=UTC');
    await page.waitForSelector('.strip h2:has-text("offers")');
    assert.equal(await page.inputValue('#series'), 'stance');
    const { items } = await server.get('/v1/stats/timeline?series=stance&interval=month');
    const offers = items.filter(({ series }) => series === 'stance:offers').reduce((total, { value }) => total + value, 0);
    assert.match(await page.textContent('.strip:has(h2:text-is("offers"))'), new RegExp(`${offers} claims in 1 month`));
    await close(page);
});

test('what cannot be counted says why, and leaves the form', async () => {
    const page = await open(browser, server, '/desk/volume?interval=hour&series=claims');
    assert.match(await page.textContent('main [role=alert]'), /only articles have an hour/);
    assert.ok(await page.$('#interval'));
    await page.goto(`${server.url}/desk/volume?from=2030-01-01`);
    await drawn(page);
    assert.match(await page.textContent('.empty'), /nothing in this time/);
    await close(page);
});

test('another theme recolours the plots in place, and another width draws them anew', async () => {
    const page = await volume();
    const light = await colourOf(page), wide = await page.$eval('.plot canvas', canvas => canvas.width);
    await page.emulateMedia({ colorScheme: 'dark' });
    await recoloured(page, colour => colour !== light);
    await page.click('#tools button:has-text("Theme")');
    await recoloured(page, colour => colour === light);
    await page.setViewportSize({ width: 360, height: 800 });
    await page.waitForFunction(before => document.querySelector('.plot canvas').width < before / 2, wide);
    await recoloured(page, colour => colour === light);
    await expectNoSideways(page);
    await close(page);
});

for (const theme of ['light', 'dark']) {
    test(`it is accessible in ${theme} colours, wide and narrow`, async () => {
        for (const width of [1280, 360]) {
            const page = await volume('', { theme, width });
            await unfold(page);
            await expectAccessible(page);
            await expectNoSideways(page);
            await page.evaluate(() => scrollTo(0, 0));
            await picture(page, `volume-${theme}-${width}`);
            await close(page);
        }
    });
}
