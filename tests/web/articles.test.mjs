// Articles: the list, one article with what was found in it, and a text that is read without being kept.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, close, drawn, expectAccessible, expectNoSideways, open, picture, server, stage } from './harness.mjs';

stage();

// First of all, so that the pictures show the demonstration record and nothing of what the other tests write.
test('articles are accessible in light and dark colours, wide and narrow', async () => {
    for (const [address, name] of [['/desk/articles', 'articles'], ['/desk/articles/5', 'article']]) {
        const page = await open(browser, server, address);
        for (const theme of ['light', 'dark']) {
            for (const width of [1280, 360]) {
                await page.emulateMedia({ colorScheme: theme });
                await page.setViewportSize({ width, height: 900 });
                await expectAccessible(page);
                await expectNoSideways(page);
                await picture(page, `${name}-${theme}-${width}`);
            }
        }
        await close(page);
    }
});

const textOf = page => page.$eval('.reading .text', text => text.textContent);

// The words that are marked as those of the claim with that number, in the order of the text.
const wordsOf = (page, number, kind = 'content') =>
    page.$$eval(`.text .${kind}[data-claims~="${number}"]`, found => found.map(piece => piece.textContent).join(''));

test('the list is the newest first, with outlets, marks, facets and other formats', async () => {
    const page = await open(browser, server, '/desk/articles');
    const headlines = await page.$$eval('.item h2', found => found.map(heading => heading.textContent));
    assert.equal(headlines.length, 8);
    assert.equal(headlines[0], 'One telephone call, a weekend of headlines');
    assert.match(await page.textContent('.item:has(a[href="/desk/articles/5"])'), /Demo Translation Desk.*machine translation/);
    assert.equal(await page.getAttribute('.item:has(a[href="/desk/articles/2"]) .status a', 'href'), '/desk/articles/1');
    assert.match(await page.getAttribute('a:text("Atom feed")', 'href'), /^\/v1\/articles\.atom/);
    await page.click('.facet a:text("Demo Mirror")');
    await page.waitForSelector('.filter');
    assert.match(await page.textContent('.filters'), /outlet Demo Mirror/);
    assert.equal(await page.$$eval('.item', found => found.length), 1);
    await page.click('.filter');
    await page.waitForSelector('.filters', { state: 'detached' });
    assert.equal(await page.$$eval('.item', found => found.length), 8);
    await page.goto(`${server.url}/desk/articles?limit=3`);
    await page.click('.pager a:text("After")');
    await page.waitForFunction(() => location.search.includes('cursor') && !document.querySelector('main[aria-busy]'));
    assert.equal(await page.textContent('.item h2'), 'America is prepared of speech about rockets and maneuvers');
    assert.match(await page.textContent('.pager'), /Before.*8 in all.*After/);
    assert.match(await page.textContent('.facet'), /Demo Wire Geneva 1/);
    await close(page);
});

test('the pieces of a text put together are the text, and the marked words are those of the reports', async () => {
    const page = await open(browser, server, '/desk/articles/1');
    for (let id = 1; id <= 8; id++) {
        await page.goto(`${server.url}/desk/articles/${id}`);
        await drawn(page);
        const { text } = await server.get(`/v1/articles/${id}`), { items } = await server.get(`/v1/articles/${id}/reports?limit=500`);
        assert.equal(await textOf(page), text);
        items.sort((one, other) => one.content[0].start - other.content[0].start);
        for (const [index, report] of items.entries()) {
            assert.equal(await wordsOf(page, index + 1), report.content.map(span => span.text).join(''));
            assert.equal(await wordsOf(page, index + 1, 'source'), report.source?.text ?? '');
            assert.equal(await wordsOf(page, index + 1, 'cue'), report.cue?.text ?? '');
        }
    }
    await close(page);
});

test('what is new in an article, what is in dispute, and who repeats it stand beside its text', async () => {
    const page = await open(browser, server, '/desk/articles/5');
    assert.match(await page.textContent('main'), /Of its 5 claims, 1 new, 4 known in other words when it was published/);
    assert.match(await page.textContent('#claim-3'), /American forces.*Senior US official.*rejects.*new/s);
    assert.match(await page.textContent('#claim-1'), /known since 8 Jan 2022 from 3 outlets/);
    assert.match(await page.textContent('main'), /Title of Wendy Sherman.*Here: Deputy Foreign Minister/s);
    assert.equal(await page.getAttribute('a:text("demo.readout.example")', 'rel'), 'noreferrer');
    await page.goto(`${server.url}/desk/articles/1`);
    await drawn(page);
    assert.match(await page.textContent('main'), /Most of it is repeated by Demo Mirror/);
    await close(page);
});

test('words and claims show each other, by pointer and by keyboard', async () => {
    const page = await open(browser, server, '/desk/articles/5');
    await page.hover('#claim-4');
    assert.equal(await page.$$eval('.text .content.lit', found => found.map(piece => piece.textContent).join('')), 'to bring no rockets into Ukraine');
    await page.hover('.text .content[data-claims="2"]');
    assert.deepEqual(await page.$$eval('.in-text li.lit', found => found.map(item => item.id)), ['claim-2']);
    await page.click('.text a.content[data-claims="2"]');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'claim-2');
    await page.focus('.text a.content[data-claims="5"]');
    assert.deepEqual(await page.$$eval('.in-text li.lit', found => found.map(item => item.id)), ['claim-5']);
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'claim-5');
    await page.focus('#claim-3 button');
    await page.keyboard.press('Enter');
    assert.match(await page.evaluate(() => document.activeElement.textContent), /^It does not enter in discussion/);
    assert.equal(await page.evaluate(() => location.hash), '');
    await close(page);
});

test('kinds are switched off and speakers chosen by keyboard', async () => {
    const page = await open(browser, server, '/desk/articles/5');
    await page.focus('.legend input[name=actor]');
    await page.keyboard.press('Space');
    assert.equal(await page.$$eval('.text .actor', found => found.length), 0);
    assert.equal(await page.evaluate(() => document.activeElement.name), 'actor');
    await page.keyboard.press('Space');
    assert.notEqual(await page.$$eval('.text .actor', found => found.length), 0);
    await page.focus('.speakers button:has-text("Joe Biden")');
    await page.keyboard.press('Enter');
    assert.equal(await page.$$eval('.text .content:not(.dim)', found => found.map(piece => piece.textContent).join('')), 'to bring no rockets into Ukraine');
    assert.equal(await page.getAttribute('.speakers button:has-text("Joe Biden")', 'aria-pressed'), 'true');
    assert.deepEqual(await page.$$eval('.in-text li:not(.dim)', found => found.map(item => item.id)), ['claim-4']);
    await picture(page, 'article-speaker');
    await page.keyboard.press('Enter');
    assert.equal(await page.$$eval('.dim', found => found.length), 0);
    await close(page);
});

const lead = '😀😀 Рябков приехал в Женеву 🇨🇭.\n\n';
const body = 'Deputy Foreign Minister Sergei Ryabkov said on Sunday that Russia will make no concessions under pressure at the talks in Geneva. '
    + '“We will not give way on anything”, he told reporters.';

test('spans count characters as people do: emoji and Cyrillic before them move nothing', async () => {
    const article = await server.post('/v1/articles?extract=true', { title: 'Рябков 😀', outlet: 'Outlet of the test', published_at: '2022-01-09', text: lead + body });
    const page = await open(browser, server, `/desk/articles/${article.id}`);
    assert.equal(await textOf(page), lead + body);
    assert.equal(await wordsOf(page, 1), 'Russia will make no concessions under pressure at the talks in Geneva');
    assert.equal(await wordsOf(page, 2), 'We will not give way on anything');
    await close(page);
});

test('spans that overlap and nest are all drawn', async () => {
    const text = 'Alpha said that Beta had told Gamma to go.', at = words => ({ start: text.indexOf(words), end: text.indexOf(words) + words.length });
    const [alpha, beta] = [await server.post('/v1/actors', { name: 'Alpha Tester', kind: 'person' }), await server.post('/v1/actors', { name: 'Beta Tester', kind: 'person' })];
    const article = await server.post('/v1/articles', { title: 'Nested', text, mentions: [{ actor_id: beta.id, ...at('Beta') }] });
    for (const [speaker, words, content] of [[alpha, 'Beta told Gamma to go.', 'Beta had told Gamma to go'], [beta, 'Gamma is to go.', 'Gamma to go.']]) {
        await server.post('/v1/claims', { text: words, speaker_id: speaker.id, reports: [{ article_id: article.id, kind: 'indirect', content: [at(content)] }] });
    }
    const page = await open(browser, server, `/desk/articles/${article.id}`);
    assert.equal(await textOf(page), text);
    assert.equal(await wordsOf(page, 1), 'Beta had told Gamma to go');
    assert.equal(await wordsOf(page, 2), 'Gamma to go.');
    assert.deepEqual(await page.$$eval('.text .piece', found => found.map(piece => [piece.textContent, piece.dataset.claims, piece.classList.contains('actor')])),
        [['Beta', '1', true], [' had told ', '1', false], ['Gamma to go', '1 2', false], ['.', '2', false]]);
    await close(page);
});

test('a text that was changed shows which quotations vanished and changed', async () => {
    const url = 'https://example.org/changed';
    const first = '“We will sign the treaty in Geneva on Friday”, Sergei Ryabkov said. “There is no time for games”, Wendy Sherman said.';
    const { id } = await server.post('/v1/articles?extract=true', { title: 'First', url, text: first });
    const page = await open(browser, server, `/desk/articles/${id}`);
    await page.waitForSelector('#live[data-state=live]');
    await server.post('/v1/articles?extract=true', { title: 'Second', url, text: '“We may sign the treaty in Geneva on Friday”, Sergei Ryabkov said.' });
    await page.click('.changes button');
    await page.waitForSelector('h1:text("Second")');
    const changes = await page.textContent('section:has(> h2:text("Changed: 2 texts"))');
    assert.match(changes, /vanished: There is no time for games/);
    assert.match(changes, /changed: {1,2}We will may sign the treaty/);
    assert.equal(await page.textContent('section h2:text("Changed") ~ ol del:text("will") + ins'), 'may');
    await close(page);
});

const evil = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>';

test('a hostile article is shown as text: nothing of it runs, and no link goes to a script', async () => {
    const text = `${evil} Russia will make no concessions under pressure, Sergei Ryabkov said on Sunday.`;
    const article = await server.post('/v1/articles?extract=true', { title: evil, byline: evil, dateline: evil, outlet: evil, url: 'javascript:window.ran=1', text,
        published_at: '2022-01-09' });
    const page = await open(browser, server, `/desk/articles/${article.id}`);
    assert.equal(await page.textContent('h1'), evil);
    assert.equal(await textOf(page), text);
    assert.match(await page.textContent('main .facts'), /Original: javascript:window\.ran=1/);
    for (const address of [`/desk/articles/${article.id}`, '/desk/articles', `/desk/actors/${article.outlet_id}`]) {
        await page.goto(server.url + address);
        await drawn(page);
        assert.equal(await page.$$eval('main img, main script', found => found.length), 0);
        assert.equal(await page.evaluate(() => window.ran), undefined);
        assert.deepEqual(await page.$$eval('a[href]', found => found.map(link => link.protocol).filter(name => !/^https?:$/.test(name))), []);
    }
    await close(page);
});

test('a text is read without being kept', async () => {
    const page = await open(browser, server, '/desk/articles');
    const { total } = await server.get('/v1/articles?count=exact');
    await page.click('summary:text("Read a text")');
    await page.fill('#paste', lead + body);
    await page.fill('#paste-day', '2022-01-09');
    await page.click('button:text("Read it")');
    await page.waitForSelector('.paste .text');
    assert.equal(await textOf(page), lead + body);
    assert.equal(await wordsOf(page, 1), 'Russia will make no concessions under pressure at the talks in Geneva');
    assert.match(await page.textContent('#claim-1'), /Sergei Ryabkov.*rejects.*9 Jan 2022/s);
    assert.equal((await server.get('/v1/articles?count=exact')).total, total);
    await expectAccessible(page);
    await picture(page, 'articles-read');
    await close(page);
});

test('an article that comes in while somebody looks at the list is announced, and shown when asked for', async () => {
    const page = await open(browser, server, '/desk/articles');
    await page.waitForSelector('#live[data-state=live]');
    await server.post('/v1/articles?extract=false', { title: 'Just in', text: 'Nothing has happened yet.', published_at: '2032-01-01' });
    await page.click('.changes button');
    await page.waitForSelector('.item h2:has-text("Just in")');
    await close(page);
});
