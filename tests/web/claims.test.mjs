// Claims: the list, and one claim.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { close, expectAccessible, expectNoSideways, open, picture, startBrowser, startServer } from './harness.mjs';

let server, browser;
before(async () => { [server, browser] = await Promise.all([startServer(), startBrowser()]); });
after(async () => { await browser?.close(); await server?.stop(); });

test('the list says how many outlets and how many origins are behind each claim', async () => {
    const page = await open(browser, server, '/desk/claims');
    assert.match(await page.textContent('.item:has(a[href="/desk/claims/1"])'), /4 outlets, 2 origins/);
    await picture(page, 'claims');
    await close(page);
});

for (const theme of ['light', 'dark']) {
    test(`the list is accessible in ${theme} colours, wide and narrow`, async () => {
        for (const width of [1280, 360]) {
            const page = await open(browser, server, '/desk/claims', { theme, width });
            await expectAccessible(page);
            await expectNoSideways(page);
            await picture(page, `claims-${theme}-${width}`);
            await close(page);
        }
    });
}
