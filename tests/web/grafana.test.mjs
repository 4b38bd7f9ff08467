// The dashboard for Grafana (docker/grafana.json) asks for what is there: every panel's request is made as the Infinity data source
// would make it, and every column that it shows is in the rows that come back.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { startServer } from './harness.mjs';

const board = JSON.parse(readFileSync(new URL('../../docker/grafana.json', import.meta.url)));
const VALUES = { '${__from:date:YYYY-MM-DD}': '2022-01-05', '${__to:date:YYYY-MM-DD}': '2022-01-15', '${tz}': 'Europe/Zurich', '${interval}': 'day' };
const filled = query => Object.entries(VALUES).reduce((text, [name, value]) => text.replaceAll(name, value), query);
const at = (row, selector) => selector.split('.').reduce((value, name) => value?.[name], row);
const TYPES = { string: 'string', number: 'number', timestamp: 'string' };

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

for (const panel of board.panels) {
    for (const target of panel.targets) {
        test(`the panel "${panel.title}" gets its rows and columns`, async () => {
            const query = filled((target.url_options.params ?? []).map(({ key, value }) => `${key}=${value}`).join('&'));
            assert.doesNotMatch(query, /\$\{/, 'a variable is not known');
            const answer = await fetch(`${server.url}${target.url}?${query}`);
            assert.equal(answer.status, 200, await answer.clone().text());
            const body = await answer.json();
            const rows = target.root_selector ? at(body, target.root_selector) : [body];
            assert.ok(rows.length > 0, 'the demonstration record has no rows for it');
            for (const { selector, type } of target.columns) {
                assert.ok(rows.every(row => at(row, selector) !== undefined), `a row lacks ${selector}`);
                const value = rows.map(row => at(row, selector)).find(value => value !== null);
                assert.equal(typeof value, TYPES[type], selector);
                if (type === 'timestamp') assert.ok(!Number.isNaN(Date.parse(value)), selector);
            }
        });
    }
}
