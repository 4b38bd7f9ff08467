// Debian's Chromium, and a server of its own (server.mjs), for the tests of the pages.
//
// READOUT_WEB_TOOLS is the folder with node_modules and for pictures, CHROMIUM the browser.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { after, before } from 'node:test';
import { startServer } from './server.mjs';

export { startServer };

const tools = resolve(process.env.READOUT_WEB_TOOLS ?? 'build/web');
const require = createRequire(join(tools, 'package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// ---- the browser ----------------------------------------------------------------------------------------------------------

export const startBrowser = () => chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync'],
});

// Of the file whose tests call stage(): both are there from its first test to its last.
export let server, browser;

export const stage = () => {
    before(async () => { [server, browser] = await Promise.all([startServer(), startBrowser()]); });
    after(async () => { await browser?.close(); await server?.stop(); });
};

// Whatever a page does that it must not: errors, blocked content, requests to other hosts.
const watch = (page, url) => {
    const complaints = [];
    page.on('pageerror', error => complaints.push(`error: ${error.message}`));
    page.on('console', message => {
        if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(`console: ${message.text()}`);
    });
    page.on('request', request => {
        if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) complaints.push(`elsewhere: ${request.url()}`);
    });
    return complaints;
};

const VIEW = 'main:not([aria-busy]) h1';

// Opens an address of the server, and waits until the view is drawn, or whatever else `shows`. `theme` is light or dark, `width` in CSS pixels.
export const open = async (browser, server, address, { theme = 'light', width = 1280, height = 900, javaScript = true, shows = VIEW } = {}) => {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, javaScriptEnabled: javaScript });
    const page = await context.newPage();
    page.complaints = watch(page, server.url);
    await page.goto(server.url + address);
    if (javaScript) await page.waitForSelector(shows);
    return page;
};

// Until the desk's view stands.
export const drawn = page => page.waitForSelector(VIEW);

// Its address without the origin, as the page itself has it now.
export const addressOf = page => page.evaluate(() => location.href.slice(location.origin.length));

export const close = async page => {
    assert.deepEqual(page.complaints, []);
    await page.context().close();
};

const WCAG = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };

// No finding of axe-core by the rules of WCAG 2.2 A and AA, or by some of them alone: { runOnly: ['color-contrast'] }.
export const expectAccessible = async (page, which = WCAG) => {
    if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
    const { violations } = await page.evaluate(options => window.axe.run(document, options),
        { ...which, resultTypes: ['violations'], preload: false });
    const shown = violations.map(({ id, nodes }) => `${id}, ${nodes.length} times, first ${nodes[0].target}: ${nodes[0].failureSummary}`);
    assert.equal(shown.length, 0, shown.join('\n'));
};

// Nothing sticks out of the page's side.
export const expectNoSideways = async page => {
    const [content, window_] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(content <= window_, `the page is ${content} pixels wide in a window of ${window_}`);
};

// A picture of the whole page under build/web/pictures, to be looked at.
export const picture = async (page, name, options = { fullPage: true }) => {
    mkdirSync(join(tools, 'pictures'), { recursive: true });
    await page.screenshot({ path: join(tools, 'pictures', `${name}.png`), ...options });
};
