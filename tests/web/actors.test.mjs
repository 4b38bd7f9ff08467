// Actors: the list, and one actor.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
    addressOf, browser, close, drawn, expectAccessible,
    expectNoSideways, open, picture, server, stage,
} from './harness.mjs';

stage();

// First of all, so that the pictures show the demonstration record and nothing of what the other tests write.
test('actors are accessible in light and dark colours, wide and narrow', async () => {
    for (const [address, name] of [['/desk/actors', 'actors'], ['/desk/actors/12', 'actor']]) {
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

const names = page => page.$$eval('.item h2', found => found.map(heading => heading.textContent));

test('the list narrows down by kind and by how a name begins', async () => {
    const page = await open(browser, server, '/desk/actors');
    assert.equal((await names(page)).length, 34);
    assert.match(await page.textContent('.item:has(a[href="/desk/actors/13"])'), /person.*Deputy Foreign Minister.*Government of Russia.*Russia/);
    await page.click('.facet a:text-is("person")');
    await page.waitForSelector('.filter');
    assert.equal((await names(page)).length, 7);
    await page.fill('#prefix', 'серг');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.filter:has-text("серг")');
    assert.deepEqual(await names(page), ['Sergei Ryabkov']);
    assert.match(await addressOf(page), /kind=person/);
    await page.goto(`${server.url}/desk/actors?limit=30`);
    await page.click('.pager a:text("After")');
    await page.waitForSelector('h2:has-text("Wendy Sherman")');
    assert.match(await page.textContent('.facet'), /person 7/);
    await close(page);
});

test('an actor page shows that articles disagree on the title of Wendy Sherman', async () => {
    const page = await open(browser, server, '/desk/actors/12');
    const titles = await page.textContent('section:has(> h2:text("Titles that articles give"))');
    assert.match(titles, /Articles disagree: 3 different titles/);
    assert.match(titles, /Deputy Secretary of State \(on record\)Demonstration Daily, Demo Radio Lakeside2/);
    assert.match(titles, /Deputy Foreign MinisterDemo Translation Desk1/);
    assert.match(titles, /Title of Wendy Sherman.*explained/);
    assert.match(await page.textContent('table:has(th:text("Script"))'), /Уэнди ШерманCyrillic/);
    await close(page);
});

test('an actor page shows where the actor stands, what it said, whom it met and what names it', async () => {
    const page = await open(browser, server, '/desk/actors/13');
    const text = await page.textContent('main');
    assert.match(text, /Where it stands.*talks.*rejects.*9 Jan 2022/s);
    assert.match(text, /1 claim.*Russia will make no concessions.*2 meetings.*First conversation.*as head.*Named in 5 articles/s);
    await page.goto(`${server.url}/desk/actors/4`);
    await drawn(page);
    assert.equal(await page.getAttribute('a:has-text("Wikidata Q159")', 'href'), 'https://www.wikidata.org/wiki/Q159');
    await close(page);
});

test('an outlet has what it published, and what an actor never said is said to be missing', async () => {
    const page = await open(browser, server, '/desk/actors/28');
    assert.match(await page.textContent('main'), /No article in the record has Demo Mirror say anything.*Published 1 article.*US sees two subjects for Geneva/s);
    await close(page);
});

test('two actors are merged through the page, and taken apart again', async () => {
    const [one, other] = [await server.post('/v1/actors', { name: 'Zenobia Quill', kind: 'person' }), await server.post('/v1/actors', { name: 'Zenobia Quille', kind: 'person' })];
    const page = await open(browser, server, `/desk/actors/${one.id}`);
    await page.click('.editing button:text("Merge others")');
    await page.locator('dialog input[type=search], dialog input[type=text], dialog input:not([type])').first().fill('Zenobia');
    await page.locator('dialog label', { hasText: 'Zenobia Quille' }).locator('input').check();
    await page.click('dialog button.chief');
    await page.waitForSelector('.editing [role=status]:has-text("merged into this one")');
    assert.equal((await server.get(`/v1/actors/${other.id}`)).merged_into_id, one.id);
    await page.click(`.editing [role=status] a[href="/desk/actors/${other.id}"]`);
    await page.waitForSelector('h1:text-is("Zenobia Quille")');
    await page.click('.editing button:text("Take this actor out")');
    await page.waitForSelector('.editing [role=status]:has-text("stands on its own again")');
    assert.equal((await server.get(`/v1/actors/${other.id}`)).merged_into_id, null);
    await close(page);
});

test('an actor with hostile names is shown as text', async () => {
    const name = '<img src=x onerror="window.ran=1">';
    const actor = await server.post('/v1/actors', { name, kind: 'person', title: name, aliases: [{ text: `${name} too`, script: 'Latn', form: 'alias' }] });
    const page = await open(browser, server, `/desk/actors/${actor.id}`);
    assert.equal(await page.textContent('h1'), name);
    assert.equal(await page.$$eval('main img', found => found.length), 0);
    assert.equal(await page.evaluate(() => window.ran), undefined);
    await close(page);
});
