// A server of its own on loopback and Debian's Chromium, for the tests of the pages.
//
// READOUT_BINARY is the program, READOUT_WEB_TOOLS the folder with node_modules and for pictures. CHROMIUM is the browser.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const binary = resolve(process.env.READOUT_BINARY ?? 'build/readout');
const tools = resolve(process.env.READOUT_WEB_TOOLS ?? 'build/web');
const require = createRequire(join(tools, 'package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// ---- the server -----------------------------------------------------------------------------------------------------------

const lineWith = (stream, pattern) => new Promise((found, lost) => {
    let text = '';
    stream.on('data', piece => {
        text += piece;
        const match = text.match(pattern);
        if (match) found(match);
    });
    stream.on('end', () => lost(new Error(`the server ended, having said: ${text}`)));
});

// Starts `readout serve --demo` on a free port with those arguments more: { url, post, stop, database, run }. `run(...)` runs another
// command of the program on the same store and gives what it printed.
export const startServer = async (...more) => {
    const folder = mkdtempSync(join(tmpdir(), 'readout-web-'));
    const database = join(folder, 'readout.db');
    const server = spawn(binary, ['serve', '--demo', '--listen', '127.0.0.1:0', '--database', database, '--log', 'off', ...more],
        { stdio: ['ignore', 'pipe', 'inherit'] });
    const [, url] = await lineWith(server.stdout, /listening on (http:\S+)/);
    const ended = new Promise(done => server.on('exit', done));
    return {
        url, database,
        run: (...command) => new Promise(done => {
            const program = spawn(binary, [...command, '--database', database], { stdio: ['ignore', 'pipe', 'inherit'] });
            let text = '';
            program.stdout.on('data', piece => { text += piece; });
            program.on('exit', () => done(text));
        }),
        // Writes from outside the browser; the answer's JSON.
        post: async (path, body, headers = {}) => {
            const answer = await fetch(url + path, { method: 'POST', body: JSON.stringify(body),
                headers: { 'Content-Type': 'application/json', ...headers } });
            assert.ok(answer.ok, `POST ${path}: ${answer.status} ${await answer.clone().text()}`);
            return answer.json();
        },
        get: async path => (await fetch(url + path)).json(),
        stop: async () => {
            server.kill('SIGTERM');
            await ended;
            rmSync(folder, { recursive: true, force: true });
        },
    };
};

// ---- the browser ----------------------------------------------------------------------------------------------------------

export const startBrowser = () => chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync'],
});

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

// Opens an address of the server, and waits until the view is drawn. `theme` is light or dark, `width` in CSS pixels.
export const open = async (browser, server, address, { theme = 'light', width = 1280, height = 900, javaScript = true } = {}) => {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, javaScriptEnabled: javaScript });
    const page = await context.newPage();
    page.complaints = watch(page, server.url);
    await page.goto(server.url + address);
    if (javaScript) await drawn(page);
    return page;
};

// Until the desk's view stands.
export const drawn = page => page.waitForSelector('main:not([aria-busy]) h1');

export const close = async page => {
    assert.deepEqual(page.complaints, []);
    await page.context().close();
};

// No finding of axe-core by the rules of WCAG 2.2 A and AA.
export const expectAccessible = async page => {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document,
        { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => `${node.target} ${node.failureSummary}`).join('; ')}`), []);
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
