// Claims: the list, one claim with its origins and its words, and what an editor decides about it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { close, drawn, expectAccessible, expectNoSideways, open, picture, startBrowser, startServer } from './harness.mjs';

let server, guarded, browser;
before(async () => { [server, guarded, browser] = await Promise.all([startServer(), startServer('--public-read'), startBrowser()]); });
after(async () => { await browser?.close(); await server?.stop(); await guarded?.stop(); });

const said = page => page.locator('.editing .said');
const press = (page, name) => page.getByRole('button', { name }).click();
const saysInTheBar = (page, words) => page.waitForFunction(text => document.querySelector('.editing .said')?.textContent.includes(text), words);

// ---- the list -------------------------------------------------------------------------------------------------------------

test('the list says how many outlets and how many origins are behind each claim', async () => {
    const page = await open(browser, server, '/desk/claims');
    assert.match(await page.textContent('.item:has(a[href="/desk/claims/1"])'), /4 outlets, 2 origins/);
    await picture(page, 'claims');
    await close(page);
});

test('every filter of the interface is passed on, is seen, and can be taken away', async () => {
    const filter = 'speaker_id=17&topic=missiles&said_on__gte=2022-01-01&article_id=1&min_outlets=2';
    const page = await open(browser, server, `/desk/claims?${filter}`);
    const { items } = await server.get(`/v1/claims?${filter}&sort=-said_on`);
    assert.deepEqual(await page.locator('.item h2 a').evaluateAll(links => links.map(link => link.getAttribute('href'))),
        items.map(({ id }) => `/desk/claims/${id}`));
    const filters = await page.locator('.filters').textContent();
    for (const words of ['Said by Senior US official', 'About missiles', 'Said from 1 Jan 2022', 'In the article Washington names two', 'Outlets at least 2'])
        assert.ok(filters.includes(words), `${words} in ${filters}`);
    await page.getByRole('link', { name: 'Without the filter: About missiles' }).click();
    await page.waitForURL(url => !url.search.includes('topic') && url.search.includes('article_id=1'));
    await close(page);
});

test('the period, the origins and the order are chosen by keyboard, and the other filters stay', async () => {
    const page = await open(browser, server, '/desk/claims?topic=missiles');
    await page.focus('#with-words');
    await page.keyboard.type('missiles');
    await page.focus('#origins');
    await page.keyboard.press('ArrowDown');
    await page.focus('#with-words');
    await page.keyboard.press('Enter');
    await page.waitForURL(url => url.searchParams.get('min_origins') === '2' && url.searchParams.get('q') === 'missiles'
        && url.searchParams.get('topic') === 'missiles');
    await drawn(page);
    const { total } = await server.get('/v1/claims?q=missiles&topic=missiles&min_origins=2');
    await page.waitForFunction(number => document.querySelectorAll('.item').length === number, total);
    assert.match(await page.getAttribute('.feeds a[href*=csv]', 'href'), /topic=missiles&q=missiles&min_origins=2/);
    for (const link of await page.locator('.feeds a').evaluateAll(links => links.map(({ href }) => href)))
        assert.equal((await fetch(link)).status, 200, link);
    await close(page);
});

test('a claim in the list unfolds to the words in its articles', async () => {
    const page = await open(browser, server, '/desk/claims');
    await page.click('.item:has(a[href="/desk/claims/1"]) summary');
    await page.waitForSelector('.item .reports mark.content');
    assert.equal(await page.locator('.item .reports > li').count(), 4);
    assert.match(await page.textContent('.item .reports'), /through Demo Wire Geneva/);
    await expectAccessible(page);
    await picture(page, 'claims-unfolded', {});
    await close(page);
});

test('a list that nothing fits says so', async () => {
    const page = await open(browser, server, '/desk/claims?min_outlets=99');
    assert.match(await page.textContent('.empty'), /Take a filter away/);
    await close(page);
});

// ---- one claim ------------------------------------------------------------------------------------------------------------

test('the words marked are exactly those of each report', async () => {
    const page = await open(browser, server, '/desk/claims/1');
    const { items } = await server.get('/v1/claims/1/reports');
    const marked = (id, kind) => page.locator(`[data-report="${id}"] blockquote mark.${kind}`).evaluateAll(marks => marks.map(mark => mark.textContent).join(''));
    for (const report of items) {
        assert.equal(await marked(report.id, 'content'), report.content.map(({ text }) => text).join(''));
        assert.equal(await marked(report.id, 'source'), report.source?.text ?? '');
        assert.equal(await marked(report.id, 'cue'), report.cue?.text ?? '');
    }
    await close(page);
});

test('the whole article unfolds, with the same words marked', async () => {
    const page = await open(browser, server, '/desk/claims/1');
    await page.click('[data-report="1"] summary');
    const { text } = await server.get('/v1/articles/1');
    assert.equal(await page.locator('[data-report="1"] .whole').textContent(), text);
    await close(page);
});

test('the origins are those that the interface tells, each report with its reason', async () => {
    const page = await open(browser, server, '/desk/claims/1');
    const { items } = await server.get('/v1/claims/1/origins');
    const shown = await page.locator('.origin').evaluateAll(groups => groups.map(group => ({ heading: group.querySelector('h3').textContent,
        reports: [...group.querySelectorAll('[data-report]')].map(one => Number(one.dataset.report)), words: group.textContent })));
    assert.deepEqual(shown.map(({ reports }) => reports), items.map(({ reports }) => reports.map(({ id }) => id)));
    for (const [index, origin] of items.entries()) {
        assert.ok(shown[index].heading.includes(origin.speaker_name));
        for (const { explanation, outlet_name: outlet } of origin.reports)
            assert.ok(shown[index].words.includes(explanation) && shown[index].words.includes(outlet));
    }
    await close(page);
});

test('the graph has the nodes and the edges of the chain, and leads on', async () => {
    const page = await open(browser, server, '/desk/claims/1');
    const chain = await server.get('/v1/claims/1/chain');
    const nodes = await page.locator('.chain [data-node]').evaluateAll(all => all.map(node => node.dataset.node));
    assert.deepEqual(nodes.sort(), chain.nodes.map(({ id }) => id).sort());
    assert.deepEqual((await page.locator('.chain .edge').evaluateAll(all => all.map(edge => edge.dataset.kind))).sort(),
        chain.edges.map(({ kind }) => kind).sort());
    const left = id => page.locator(`[data-node="${id}"] rect`).evaluate(box => Number(box.getAttribute('x')));
    for (const { from, to } of chain.edges) assert.ok(await left(from) < await left(to), `${from} is left of ${to}`);
    await page.click('summary:has-text("The same in words")');
    for (const { label } of chain.nodes) assert.ok((await page.textContent('.inwords')).includes(label), label);
    await page.focus('[data-node="occasion-2"] a');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/desk/meetings/2');
    await close(page);
});

// ---- deciding -------------------------------------------------------------------------------------------------------------

test('a claim is rejected after a question, and confirmed again, and its history says so', async () => {
    const page = await open(browser, server, '/desk/claims/9');
    await press(page, 'Reject this claim …');
    await picture(page, 'claim-reject', {});
    await expectAccessible(page);
    await press(page, 'Cancel');
    assert.equal((await server.get('/v1/claims/9')).status, 'confirmed');
    await press(page, 'Reject this claim …');
    await press(page, 'Reject it');
    await saysInTheBar(page, 'This claim is rejected.');
    assert.equal((await server.get('/v1/claims/9')).status, 'rejected');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'editing');
    await press(page, 'Confirm this claim');
    await saysInTheBar(page, 'This claim is confirmed.');
    assert.equal((await server.get('/v1/claims/9')).status, 'confirmed');
    assert.match(await page.textContent('.history'), /status: rejected → confirmed/);
    await close(page);
});

test('who was faster is not written over', async () => {
    const page = await open(browser, server, '/desk/claims/10');
    await fetch(`${server.url}/v1/claims/10`, { method: 'PATCH', body: '{"stance":"demands"}', headers: { 'Content-Type': 'application/json' } });
    await page.waitForSelector('.told p');
    await press(page, 'Reject this claim …');
    await press(page, 'Reject it');
    await saysInTheBar(page, 'somebody else has changed this meanwhile');
    assert.equal((await server.get('/v1/claims/10')).status, 'confirmed');
    await page.click('.editing .said button');
    await saysInTheBar(page, 'This is how it stands now.');
    assert.match(await page.textContent('.claim-facts'), /demands/);
    await close(page);
});

test('claims are merged, and taken apart again', async () => {
    const page = await open(browser, server, '/desk/claims/6');
    await press(page, 'Merge others into this claim …');
    await page.waitForSelector('.choices input');
    await press(page, 'Merge those ticked');
    assert.match(await page.textContent('dialog .said'), /Tick at least one/);
    await page.fill('#merge-words', '7');
    await page.check('.choices input[value="7"]');
    await picture(page, 'claim-merge', {});
    await expectAccessible(page);
    await press(page, 'Merge those ticked');
    await saysInTheBar(page, '1 claim merged into this one: claim 7');
    assert.equal((await server.get('/v1/claims/7')).merged_into_id, 6);
    await said(page).getByRole('link').click();
    await press(page, 'Take this claim out again');
    await saysInTheBar(page, 'This claim stands on its own again.');
    assert.equal((await server.get('/v1/claims/7')).merged_into_id, null);
    await close(page);
});

test('reports that say something else are split off', async () => {
    const page = await open(browser, server, '/desk/claims/2');
    await press(page, 'Split off some reports …');
    await page.locator('.choices input').first().check();
    await press(page, 'Make them a claim of their own');
    await saysInTheBar(page, '1 report split off into claim');
    assert.equal((await server.get('/v1/claims/2')).report_count, 4);
    await close(page);
});

test('where a key is needed it is asked for, and then it works', async () => {
    const [key] = (await guarded.run('keys', 'create', 'Desk', 'scope=write')).match(/readout_\S+/);
    const page = await open(browser, guarded, '/desk/claims/3');
    const reject = async () => { await press(page, 'Reject this claim …'); await press(page, 'Reject it'); };
    await reject();
    await page.waitForSelector('dialog #key');
    assert.equal((await guarded.get('/v1/claims/3')).status, 'confirmed');
    await page.fill('#key', key);
    await press(page, 'Use this key');
    await saysInTheBar(page, 'writing needs a key');
    await reject();
    await saysInTheBar(page, 'This claim is rejected.');
    assert.equal((await guarded.get('/v1/claims/3')).status, 'rejected');
    assert.match(await page.textContent('.history'), /with the key “Desk”/);
    await close(page);
});

// ---- hostile texts, and everybody's eyes and hands ------------------------------------------------------------------------

test('a hostile text is text', async () => {
    const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>';
    const actor = await server.post('/v1/actors', { name: evil, kind: 'person' });
    const article = await server.post('/v1/articles', { title: evil, text: `${evil} he said.`, published_at: '2022-01-11T10:00:00Z' });
    const claim = await server.post('/v1/claims', { text: evil, speaker_id: actor.id, said_on: '2022-01-11', status: 'confirmed',
        reports: [{ article_id: article.id, kind: 'indirect', content: [{ start: 0, end: evil.length, text: evil }] }] });
    const page = await open(browser, server, `/desk/claims/${claim.id}`);
    page.on('dialog', () => page.complaints.push('something ran'));
    assert.equal(await page.textContent('h1'), evil);
    assert.equal(await page.textContent('.words mark.content'), evil);
    assert.match(await page.textContent('.chain'), /<img/);
    await page.goto(`${server.url}/desk/claims?said_on__gte=2022-01-11`);
    await drawn(page);
    await page.click('.item summary');
    await page.waitForSelector('.item mark.content');
    assert.equal(await page.locator('main img, main script').count(), 0);
    await close(page);
});

for (const theme of ['light', 'dark']) {
    for (const [name, address] of [['claims', '/desk/claims?stance=offers&min_origins=1'], ['claim', '/desk/claims/1']]) {
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
