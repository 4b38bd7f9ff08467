// A server of its own on loopback, with the demonstration record. READOUT_BINARY is the program.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const binary = resolve(process.env.READOUT_BINARY ?? 'build/readout');

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
        run: (...command) => new Promise((done, failed) => {
            execFile(binary, [...command, '--database', database], (error, text) => error ? failed(error) : done(text));
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
