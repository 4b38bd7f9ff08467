// Discrepancies: what each outlet printed, side by side, and what a person makes of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, close, drawn, expectAccessible, expectNoSideways, open, picture, server, stage } from './harness.mjs';

stage();

// Until every printed word stands in its article.
const printed = page => page.waitForFunction(() => [...document.querySelectorAll('.printed')].every(item => item.querySelector('.facts')));

// What stands under a place of the page: each value with its words, and whose they are.
const valuesIn = place => place.locator('.value').evaluateAll(values => values.map(value => ({
    value: value.querySelector('h3').textContent,
    counts: value.querySelector('p.soft').textContent,
    evidence: [...value.querySelectorAll('.printed')].map(item => ({
        text: item.querySelector('.context mark').textContent,
        context: item.querySelector('.context').textContent.replaceAll(/^… | …$/g, ''),
        outlet: item.querySelector('.facts a').textContent,
        article: Number(item.dataset.article),
    })),
})));

const articleOf = async id => server.get(`/v1/articles/${id}?expand=outlet`);

const expectPrinted = async (place, discrepancy) => {
    const shown = await valuesIn(place);
    assert.deepEqual(shown.map(({ value }) => value), discrepancy.values.map(({ value }) => value));
    for (const [index, { article_count: articles, origin_count: origins, evidence }] of discrepancy.values.entries()) {
        assert.equal(shown[index].counts, `${articles} article${articles === 1 ? '' : 's'}, ${origins} origin${origins === 1 ? '' : 's'}`);
        assert.deepEqual(shown[index].evidence.map(({ text, article }) => [article, text]),
            evidence.map(({ text, article_id: id }) => [id, text]));
        for (const { article: id, outlet, context } of shown[index].evidence) {
            const article = await articleOf(id);
            assert.equal(outlet, article.outlet.name);
            assert.ok(article.text.includes(context), `“${context}” stands in article ${id}`);
        }
    }
};

test('the words of each value are those that its articles printed, under the name of their outlet', async () => {
    const page = await open(browser, server, '/desk/discrepancies'), { items } = await server.get('/v1/discrepancies');
    await printed(page);
    assert.equal(await page.locator('article.discrepancy').count(), items.length);
    for (const discrepancy of items) {
        await expectPrinted(page.locator(`article.discrepancy:has(h2 a[href="/desk/discrepancies/${discrepancy.id}"])`), discrepancy);
    }
    assert.deepEqual(await page.locator('article:has-text("Title of Wendy Sherman") h3 mark').allTextContents(),
        ['Under', 'Foreign Minister']);
    assert.equal(await page.textContent('article:has-text("Spelling of the surname") h3 mark'), 'a');
    assert.deepEqual(await page.locator('article:has-text("How many officials spoke") h3 mark').allTextContents(), ['one', 'several']);
    assert.equal(await page.textContent('article:has-text("Title of Wendy Sherman") .facts a'), 'Wendy Sherman');
    await picture(page, 'discrepancies');
    await close(page);
});

test('kind and status narrow the list down, and can be let go', async () => {
    const page = await open(browser, server, '/desk/discrepancies');
    await page.click('.facet a:has-text("open")');
    await page.waitForURL('**/desk/discrepancies?status=open');
    await page.waitForSelector('.filter');
    assert.equal(await page.locator('article.discrepancy').count(), 3);
    await page.click('.facet a:has-text("date")');
    await page.waitForURL('**status=open&kind=date');
    await page.waitForFunction(() => document.querySelectorAll('article.discrepancy').length === 1);
    await page.click('.filter:has-text("open")');
    await page.waitForURL('**/desk/discrepancies?kind=date');
    await close(page);
    const ofActor = await open(browser, server, '/desk/discrepancies?actor_id=13');
    assert.match(await ofActor.textContent('.filter'), /actor Sergei Ryabkov/);
    assert.equal(await ofActor.locator('article.discrepancy').count(), 2);
    await close(ofActor);
});

test('what a person finds out is written with a note, and stands in the record', async () => {
    const page = await open(browser, server, '/desk/discrepancies/5');
    await printed(page);
    await expectPrinted(page.locator('#view'), await server.get('/v1/discrepancies/5'));
    assert.match(await page.title(), /^When the Geneva talks start/);
    await picture(page, 'discrepancy');
    await page.click('.editing button:has-text("Explain")');
    await page.fill('dialog textarea', 'Dinner on Sunday, the session on Monday.');
    await page.click('dialog button.chief');
    await page.waitForSelector('.facts .status[data-status=explained]');
    const { status, note } = await server.get('/v1/discrepancies/5');
    assert.deepEqual([status, note], ['explained', 'Dinner on Sunday, the session on Monday.']);
    assert.match(await page.textContent('.note'), /Dinner on Sunday/);
    assert.match(await page.textContent('.history'), /status: open → explained/);
    await page.click('.editing button:has-text("Dismiss")');
    await page.click('dialog button[value=do]');
    await page.waitForSelector('.facts .status[data-status=dismissed]');
    await page.click('.editing button:has-text("Open again")');
    await page.waitForSelector('.facts .status[data-status=open]');
    assert.equal((await server.get('/v1/discrepancies/5')).status, 'open');
    await close(page);
});

test('texts from anywhere are texts; older words of an article are shown as they were; a change is told', async () => {
    const hostile = '<img src=x onerror="document.title=1"> & 𝕏 </mark><script>alert(1)</script>';
    const article = await server.post('/v1/articles?extract=false', { title: hostile, outlet: 'Demo <b>Outlet</b>',
        url: 'https://demo.readout.example/hostile', text: `They call it ${hostile} in this place.` });
    const words = Array.from(article.text ?? `They call it ${hostile} in this place.`).length, start = 13;
    const span = (from, to) => [{ article_id: article.id, start: from, end: to }];
    const discrepancy = await server.post('/v1/discrepancies', { kind: 'term', about: hostile, actor_id: 1, status: 'open', note: hostile,
        values: [{ value: hostile, evidence: span(start, start + Array.from(hostile).length) },
            { value: 'something else', evidence: span(words - 11, words - 1) }] });
    const page = await open(browser, server, `/desk/discrepancies/${discrepancy.id}`);
    await printed(page);
    assert.equal(await page.textContent('h1'), hostile);
    await expectPrinted(page.locator('#view'), await server.get(`/v1/discrepancies/${discrepancy.id}`));
    assert.equal(await page.locator('#view img, #view script, #view b').count(), 0);

    await page.waitForSelector('#live[data-state=live]');
    const changed = await fetch(`${server.url}/v1/discrepancies/${discrepancy.id}`, { method: 'PATCH', body: '{"note":"read anew"}',
        headers: { 'Content-Type': 'application/merge-patch+json' } });
    assert.equal(changed.status, 200);
    await server.post('/v1/articles?extract=false', { title: 'Rewritten', outlet: 'Demo <b>Outlet</b>',
        url: 'https://demo.readout.example/hostile', text: 'Nothing of that is left.' });
    await page.click('.changes button');
    await page.waitForSelector('.note:has-text("read anew")');
    await printed(page);
    assert.match(await page.locator('.printed .facts').first().textContent(), /text 1, since replaced/);
    assert.equal(await page.locator('.printed mark').first().textContent(), hostile);
    await close(page);
});

test('of very many values the first are shown, and the others when they are asked for', async () => {
    const evidence = [{ article_id: 1, start: 799, end: 813 }];
    const { id } = await server.post('/v1/discrepancies', { kind: 'number', about: 'How many', meeting_id: 4,
        values: Array.from({ length: 14 }, (_, number) => ({ value: `${number} of them`, evidence })) });
    const page = await open(browser, server, `/desk/discrepancies/${id}`);
    assert.equal(await page.locator('.value').count(), 12);
    await page.click('button:text-is("2 more values")');
    await printed(page);
    assert.equal(await page.locator('.value').count(), 14);
    assert.match(await page.evaluate(() => document.activeElement.textContent), /^12 of them/);
    await close(page);
});

for (const theme of ['light', 'dark']) {
    test(`it is accessible in ${theme} colours, wide and narrow`, async () => {
        for (const width of [1280, 360]) {
            const page = await open(browser, server, '/desk/discrepancies', { theme, width });
            // One of them alone in half of the cases: it is drawn by the same.
            const alone = (theme === 'light') === (width === 360);
            for (const address of ['/desk/discrepancies?limit=3', ...alone ? ['/desk/discrepancies/4'] : []]) {
                await page.goto(server.url + address);
                await drawn(page);
                await printed(page);
                await expectAccessible(page);
                await expectNoSideways(page);
                await picture(page, `discrepanc${address.endsWith('4') ? 'y' : 'ies'}-${theme}-${width}`);
            }
            await close(page);
        }
    });
}
