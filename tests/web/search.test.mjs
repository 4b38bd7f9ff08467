// The field in the header with its suggestions, and what a search finds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, close, drawn, expectAccessible, expectNoSideways, open, picture, server, stage } from './harness.mjs';

stage();

const field = '#words', offered = '#suggestions li';
const suggestionsAsked = page => {
    const asked = [];
    page.on('request', request => {
        if (request.url().includes('/suggest?')) asked.push(decodeURIComponent(request.url().split('q=')[1]));
    });
    return asked;
};
const attributes = page => page.$eval(field, element => ({ open: element.getAttribute('aria-expanded'),
    active: document.getElementById(element.getAttribute('aria-activedescendant'))?.textContent ?? null,
    list: document.getElementById(element.getAttribute('aria-controls'))?.getAttribute('role') }));

test('the way to an actor is a shortcut, a few letters, an arrow and Enter', async () => {
    const page = await open(browser, server, '/desk/search');
    await page.keyboard.press('Control+k');
    await page.keyboard.insertText('rya');
    await page.waitForSelector(offered);
    assert.deepEqual(await attributes(page), { open: 'true', active: null, list: 'listbox' });
    assert.match(await page.textContent('.finder [role=status]'), /^1 actor offered/);
    await page.keyboard.press('ArrowDown');
    assert.match((await attributes(page)).active, /Sergei Ryabkov.*Deputy Foreign Minister/);
    assert.equal(await page.getAttribute(`${offered}[aria-selected=true]`, 'id'), await page.getAttribute(field, 'aria-activedescendant'));
    await page.keyboard.press('Enter');
    await page.waitForURL('**/desk/actors/13');
    assert.equal(await page.isVisible('#suggestions'), false);
    await close(page);
});

test('a storm of keystrokes is one request, and Enter without a choice searches', async () => {
    const page = await open(browser, server, '/desk/search'), asked = suggestionsAsked(page);
    await page.focus(field);
    await page.$eval(field, element => {
        for (const letter of 'sergei') {
            element.value += letter;
            element.dispatchEvent(new InputEvent('input', { bubbles: true, data: letter }));
        }
    });
    await page.waitForSelector(offered);
    assert.deepEqual(asked, ['sergei&limit=8']);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/desk/search?q=sergei');
    await drawn(page);
    assert.equal(await page.inputValue(field), 'sergei');
    assert.equal((await attributes(page)).open, 'false');
    await close(page);
});

test('the arrows go round, Home leaves the list, Escape closes it, and a second one empties the field', async () => {
    const page = await open(browser, server, '/desk/search');
    await page.focus(field);
    await page.keyboard.insertText('demo');
    await page.waitForSelector(offered);
    const names = await page.$$eval(offered, list => list.map(item => item.textContent));
    assert.ok(names.length > 2);
    await page.keyboard.press('ArrowUp');
    assert.equal((await attributes(page)).active, names.at(-1));
    await page.keyboard.press('ArrowDown');
    assert.equal((await attributes(page)).active, null);
    await page.keyboard.press('ArrowDown');
    assert.equal((await attributes(page)).active, names[0]);
    await page.keyboard.press('Home');
    assert.equal((await attributes(page)).active, null);
    await picture(page, 'search-suggestions', {});
    await page.keyboard.press('Escape');
    assert.deepEqual(await attributes(page), { open: 'false', active: null, list: 'listbox' });
    assert.equal(await page.inputValue(field), 'demo');
    await page.keyboard.press('Escape');
    assert.equal(await page.inputValue(field), '');
    await close(page);
});

test('an offered name can be clicked, and leaving the field closes the list', async () => {
    const page = await open(browser, server, '/desk/search');
    await page.focus(field);
    await page.keyboard.insertText('biden');
    await page.waitForSelector(offered);
    await page.keyboard.press('Tab');
    assert.equal(await page.isVisible('#suggestions'), false);
    await page.focus(field);
    await page.keyboard.press('ArrowDown');
    await page.click(`${offered}:has-text("Joe Biden")`);
    await page.waitForURL('**/desk/actors/10');
    await close(page);
});

test('a name in another script finds its actor, and says by which names', async () => {
    const page = await open(browser, server, `/desk/search?q=${encodeURIComponent('Рябков')}`);
    const hit = '.hit:has(a[href="/desk/actors/13"])';
    assert.equal(await page.textContent(`${hit} h2 mark`), 'Ryabkov');
    assert.ok((await page.$$eval(`${hit} .facts mark`, marks => marks.map(mark => mark.textContent))).includes('Рябков'));
    assert.equal(await page.inputValue(field), 'Рябков');
    await close(page);
});

test('exactly those words are marked that the server found', async () => {
    const page = await open(browser, server, '/desk/search?q=missile+talks');
    const { items } = await server.get('/v1/search?q=missile+talks');
    for (const { noun, document, highlights, snippet } of items) {
        const hit = `.hit:has(h2 a[href="/desk/${noun}s/${document.id}"])`;
        const marks = await page.$$eval(`${hit} mark`, list => list.map(mark => mark.textContent));
        const inSnippet = [...snippet.matchAll(/<mark>(.*?)<\/mark>/g)].map(([, word]) => word);
        const words = noun === 'claim' ? highlights.text.map(({ text }) => text)
            : [...(highlights.title ?? []).map(({ text }) => text), ...inSnippet];
        assert.deepEqual(marks, words);
    }
    assert.match(await page.textContent('.hit:has(a[href="/desk/claims/1"]) .facts'), /Senior US official.*offers.*4 outlets, 2 origins/);
    assert.match(await page.textContent('main'), /5 found: 1 claim, 4 articles\./);
    await close(page);
});

test('every hit says who said or printed it, however many are by the same', async () => {
    const page = await open(browser, server, '/desk/search?q=missiles');
    const { items } = await server.get('/v1/search?q=missiles');
    const { items: actors } = await server.get('/v1/actors?limit=100');
    for (const { noun, document } of items) {
        const { name } = actors.find(({ id }) => id === (document.speaker_id ?? document.outlet_id));
        assert.ok((await page.textContent(`.hit:has(h2 a[href="/desk/${noun}s/${document.id}"]) .facts`)).includes(name), name);
    }
    await close(page);
});

test('one kind alone leads to the list that narrows it down, and the other counts stay', async () => {
    const page = await open(browser, server, '/desk/search?q=missiles');
    const counts = await page.textContent('.choices');
    await page.click('.choices a:has-text("Claims")');
    await page.waitForURL('**/desk/search?q=missiles&noun=claim');
    await page.waitForSelector('.choices a[aria-current]:has-text("Claims")');
    assert.equal(await page.textContent('.choices'), counts);
    assert.deepEqual([...new Set(await page.$$eval('.hit .noun', list => list.map(item => item.textContent)))], ['Claim']);
    assert.equal(await page.getAttribute('main p a:has-text("same words")', 'href'), '/desk/claims?q=missiles');
    await close(page);
});

test('many hits come in pages', async () => {
    const page = await open(browser, server, '/desk/search?q=the&limit=10');
    const first = await page.textContent('.hit h2');
    await page.click('.pager a:has-text("After")');
    await page.waitForSelector('.pager a:has-text("From the start")');
    assert.notEqual(await page.textContent('.hit h2'), first);
    await page.click('.pager a:has-text("From the start")');
    await page.waitForFunction(text => document.querySelector('.hit h2')?.textContent === text, first);
    await close(page);
});

test('what is hostile in an article is shown as it was written', async () => {
    const text = 'A zebrafinch said <mark>all is well</mark> & <img src=x onerror="window.broken = 1"> &lt;b&gt; the zebrafinch.';
    const { id } = await server.post('/v1/articles', { title: '<b>Zebrafinch</b> <script>window.broken = 1</script>', text,
        url: 'https://demo.readout.example/zebrafinch', language: 'en' });
    const page = await open(browser, server, '/desk/search?q=zebrafinch');
    const hit = `.hit:has(a[href="/desk/articles/${id}"])`;
    assert.equal(await page.textContent(`${hit} .passage`), text);
    assert.equal(await page.textContent(`${hit} h2`), '<b>Zebrafinch</b> <script>window.broken = 1</script>');
    assert.deepEqual(await page.$$eval(`${hit} mark`, marks => marks.map(mark => mark.textContent)),
        ['Zebrafinch', 'zebrafinch', 'zebrafinch']);
    assert.equal(await page.$(`${hit} :is(img, b, script)`), null);
    assert.equal(await page.evaluate(() => window.broken), undefined);
    await close(page);
});

test('where nothing is found, it says what may help', async () => {
    const page = await open(browser, server, '/desk/search?q=rya+nuclear');
    assert.match(await page.textContent('.empty'), /Nothing in the record has .*rya nuclear/);
    assert.equal(await page.getAttribute('main a:has-text("rya OR nuclear")', 'href'), '/desk/search?q=rya%20OR%20nuclear');
    await page.goto(`${server.url}/desk/search?q=rya`);
    await drawn(page);
    assert.equal(await page.getAttribute('main li a:has-text("Sergei Ryabkov")', 'href'), '/desk/actors/13');
    await picture(page, 'search-nothing');
    await close(page);
});

test('a word that is one letter off is put right, and says so', async () => {
    const page = await open(browser, server, '/desk/search?q=misisles');
    assert.match(await page.textContent('main'), /Nothing has misisles. These have missiles\./);
    assert.ok(await page.$('.hit'));
    await close(page);
});

test('a search that is not understood says why', async () => {
    const page = await open(browser, server, '/desk/search?q=%22missile');
    assert.match(await page.textContent('main [role=alert]'), /a quotation mark is not closed/);
    await expectAccessible(page);
    await close(page);
});

for (const theme of ['light', 'dark']) {
    test(`it is accessible in ${theme} colours, wide and narrow, with the list open`, async () => {
        for (const width of [1280, 360]) {
            const page = await open(browser, server, '/desk/search?q=geneva', { theme, width });
            await picture(page, `search-${theme}-${width}`);
            await page.fill(field, 's');
            await page.waitForSelector(offered);
            await page.keyboard.press('ArrowDown');
            await expectAccessible(page);
            await expectNoSideways(page);
            await picture(page, `search-suggestions-${theme}-${width}`, {});
            await close(page);
        }
    });
}
