// Positions: where each side stands on each topic, since when, by which claims, and how that moved from day to day.
//
// A table where there is room, sides down and topics across; on a narrow screen a list of sides, each with its topics. Rows and
// columns are those of the whole record, so that going from day to day moves the stances and leaves the table in its place. The
// cell that is open stands behind the # of the address.

import { make, replace } from './dom.js';
import { actorLink, claimItem, count, empty, filters, formats, link, plain, tellChanges, when, withQuery } from './parts.js';
import { pathOf } from './api.js';

export const title = 'Positions';

// ---- reading --------------------------------------------------------------------------------------------------------------

const PAGE = 500, PAGES = 4;

// Pages of positions, up to a bound: { items, more }.
const gather = async (at, query) => {
    const items = [];
    let cursor = null;
    for (let page = 0; page < PAGES; page++) {
        const read = await at.get('/v1/positions', new URLSearchParams([...query, ['limit', PAGE], ['cursor', cursor ?? '']]));
        items.push(...read.items);
        cursor = read.next_cursor;
        if (!cursor) break;
    }
    return { items, more: cursor !== null };
};

const without = (query, ...names) => new URLSearchParams([...query].filter(([name]) => !names.includes(name)));

const keyOf = position => `${position.actor.id}-${position.topic}`;

// What the view is drawn from. `all` is the record as it is now, `shown` as it stood on the day asked for.
const read = async at => {
    const query = without(at.query, 'limit', 'cursor'), day = at.query.get('as_of');
    const [all, shown, topics] = await Promise.all([gather(at, without(query, 'as_of')), day ? gather(at, query) : null,
        at.get('/v1/topics', { limit: PAGE, fields: 'slug,name' })]);
    const names = new Map(topics.items.map(topic => [topic.slug, topic.name]));
    const rows = new Map();
    for (const { actor, claim_count: claims } of all.items) {
        const row = rows.get(actor.id) ?? { actor, topics: 0, claims: 0 };
        rows.set(actor.id, { actor, topics: row.topics + 1, claims: row.claims + claims });
    }
    return {
        day, all: all.items, shown: (shown ?? all).items, more: all.more,
        cells: new Map((shown ?? all).items.map(position => [keyOf(position), position])),
        // Those who spoke of most come first.
        actors: [...rows.values()].sort((one, other) => other.topics - one.topics || other.claims - one.claims).map(row => row.actor),
        columns: [...new Set(all.items.map(position => position.topic))],
        nameOf: slug => names.get(slug) ?? plain(slug),
    };
};

// ---- a stance -------------------------------------------------------------------------------------------------------------

// What a stance does, as a sign and a colour.
const TONES = {
    agrees: { sign: '+', words: 'offers or agrees', stances: ['offers', 'promises', 'supports'] },
    refuses: { sign: '−', words: 'refuses or accuses', stances: ['rejects', 'denies', 'accuses', 'threatens'] },
    presses: { sign: '!', words: 'asks or sets terms', stances: ['demands', 'conditions', 'warns'] },
    states: { sign: '·', words: 'states', stances: [] },
};

const toneOf = stance => Object.keys(TONES).find(tone => TONES[tone].stances.includes(stance)) ?? 'states';

const signed = stance => make('span.signed', { 'data-tone': toneOf(stance) },
    make('span.sign', { 'aria-hidden': 'true' }, TONES[toneOf(stance)].sign), plain(stance));

const legend = () => make('p.soft.tones', Object.entries(TONES).map(([tone, { sign, words }]) =>
    make('span.signed', { 'data-tone': tone }, make('span.sign', sign), words)));

const others = position => position.stances.length - 1;

// ---- the claims behind a cell ---------------------------------------------------------------------------------------------

const moves = ({ moves: all }) => all.length > 1 && [
    make('p', `It moved ${all.length === 2 ? 'once' : `${all.length - 1} times`}:`),
    make('ol.moves', all.map(({ stance, on }) => make('li', signed(stance), ' ', when(on))))];

const daysOf = ({ first_on: first, last_on: last }) =>
    first && (first === last ? when(first) : make('span', when(first), ' to ', when(last)));

const claimsOf = (group, topic) => make('section.voice',
    make('h3', signed(group.stance), ' ', make('span.soft', count(group.claim_count, 'claim'), group.first_on && ', ', daysOf(group))),
    group.claims.map(claim => claimItem(claim, 'h4')),
    group.claim_count > group.claims.length && make('p', link(pathOf('/desk/claims', { topic, stance: group.stance }),
        `These are the newest ${group.claims.length} of ${group.claim_count}. Go through all claims like this`)));

const behind = (position, nameOf, titled) => make('div.voices', { id: `claims-${keyOf(position)}` },
    titled && make('h2', `${position.actor.name}: ${nameOf(position.topic)}`),
    make('p', signed(position.stance), position.since && [' since ', when(position.since)], ', by ',
        position.claim_count_exact ? '' : 'more than ', count(position.claim_count, 'claim'), '. ',
        others(position) > 0 && 'Its claims differ in stance: of those on its newest day, the stance that most of them have counts.'),
    moves(position),
    position.stances.map(group => claimsOf(group, position.topic)));

// ---- a cell ---------------------------------------------------------------------------------------------------------------

// One cell is open at a time; `place(panel, button)` puts what it shows into the page.
const opener = place => {
    let open = null;
    const close = () => {
        open?.button.setAttribute('aria-expanded', 'false');
        open?.panel.remove();
        open = null;
    };
    // Going to another day keeps it open.
    const remember = hash => {
        history.replaceState(history.state, '', location.pathname + location.search + hash);
        for (const day of document.querySelectorAll('.days a')) day.hash = hash;
    };
    return {
        toggle: (button, makePanel) => {
            const wasOpen = open?.button === button;
            close();
            if (!wasOpen) {
                open = { button, panel: place(makePanel(), button) };
                button.setAttribute('aria-expanded', 'true');
            }
            remember(wasOpen ? '' : `#${button.id}`);
        },
        leave: () => {
            const button = open?.button;
            close();
            remember('');
            button?.focus();
        },
    };
};

const since = (position, day) =>
    position.since && (position.since === day ? make('strong', 'from this day') : ['since ', when(position.since)]);

const cell = (position, record, cells, { named = '', titled }) => make('button.cell', {
    type: 'button', id: keyOf(position), 'aria-expanded': 'false', 'aria-controls': `claims-${keyOf(position)}`,
    'data-tone': toneOf(position.stance),
    click: ({ currentTarget }) => cells.toggle(currentTarget, () => behind(position, record.nameOf, titled)),
},
named, signed(position.stance), make('span.since', since(position, record.day)),
position.moves.length > 1 && make('span.since', `before: ${plain(position.moves.at(-2).stance)}`),
others(position) > 0 && make('span.mixed', make('span', { 'aria-hidden': 'true' }, '≠ '), count(others(position), 'other stance')));

// ---- the table ------------------------------------------------------------------------------------------------------------

// To the next cell with a stance in the direction of the arrow key.
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

const walk = (event, rows) => {
    const step = STEPS[event.key], from = event.target.closest('td');
    if (!step || !from || !event.target.matches('.cell')) return;
    let row = rows.indexOf(from.parentElement), column = from.cellIndex;
    for (row += step[0], column += step[1]; rows[row]?.cells[column]; row += step[0], column += step[1]) {
        const button = rows[row].cells[column].querySelector('.cell');
        if (button) {
            event.preventDefault();
            button.focus();
            return;
        }
    }
};

const narrowTo = (at, parameter, value, name) => link(withQuery(at, { [parameter]: value }), name);

const table = (at, record) => {
    const cells = opener((panel, button) => {
        const row = make('tr.opened', make('td', { colspan: record.columns.length + 1 }, panel));
        button.closest('tr').after(row);
        return row;
    });
    const rows = record.actors.map(actor => make('tr',
        make('th', { scope: 'row' }, actorLink(actor), make('span.since', plain(actor.kind))),
        record.columns.map(topic => {
            const position = record.cells.get(`${actor.id}-${topic}`);
            return make('td', position ? cell(position, record, cells, { titled: true,
                named: make('span.unseen', `${actor.name}, ${record.nameOf(topic)}: `) })
                : make('span.none', { role: 'img', 'aria-label': 'nothing said' }, '–'));
        })));
    return make('div.wide.matrix', { tabindex: '0', role: 'region', 'aria-label': 'Positions, sides by topics',
        'data-tall': record.actors.length > 10, keydown: event => event.key === 'Escape' ? cells.leave() : walk(event, rows) },
    make('table', make('caption', 'Each cell opens the claims behind it. The arrow keys go from cell to cell.'),
        make('thead', make('tr', make('th', { scope: 'col' }, 'Side'),
            record.columns.map(topic => make('th', { scope: 'col' }, narrowTo(at, 'topic', topic, record.nameOf(topic)))))),
        make('tbody', rows)));
};

// ---- the list, on a narrow screen -----------------------------------------------------------------------------------------

const list = (at, record) => {
    const cells = opener((panel, button) => { button.after(panel); return panel; });
    return make('div', { keydown: event => event.key === 'Escape' && cells.leave() }, record.actors.map(actor => {
        const positions = record.columns.map(topic => record.cells.get(`${actor.id}-${topic}`)).filter(Boolean);
        return make('section.side', make('h2', actorLink(actor)),
            positions.length === 0 ? make('p.soft', 'Nothing said by then.') : make('ul.plain', positions.map(position =>
                make('li', cell(position, record, cells, { named: make('span.topic', record.nameOf(position.topic), ' ') })))));
    }));
};

// ---- the days -------------------------------------------------------------------------------------------------------------

const AROUND = 4;

// The days on which something moved, with how many positions did: those around the day that is shown.
const days = (at, { all, day }) => {
    const moved = new Map();
    for (const position of all) for (const { on } of position.moves) moved.set(on, (moved.get(on) ?? 0) + 1);
    const known = [...moved.keys()].sort(), here = day ? known.filter(on => on < day).length : known.length;
    if (known.length === 0) return null;
    const go = event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
        event.preventDefault();
        const { id, href } = event.currentTarget;
        at.go(href).then(() => (document.getElementById(id) ?? document.querySelector('.days [aria-current]'))?.focus());
    };
    const to = (on, id, ...content) => make('a', { href: withQuery(at, { as_of: on }) + location.hash, id, click: go,
        'aria-current': (id !== 'day-before' && id !== 'day-after' && on === day) && 'date' }, content);
    const earlier = known[here - 1], later = known[known.includes(day) ? here + 1 : here] ?? null;
    return [make('p.soft', { id: 'days' }, 'Days on which positions were taken or moved, and how many'),
        make('nav.days', { 'aria-labelledby': 'days' }, earlier && to(earlier, 'day-before', '← Earlier'),
            known.slice(Math.max(0, here - AROUND), here + AROUND + 1).map(on => to(on, `day-${on}`, when(on), ' ',
                make('span.soft', moved.get(on)))),
            to(null, 'day-now', 'Now'),
            day && to(later, 'day-after', 'Later →'))];
};

const options = (chosen, all, pairs) => [make('option', { value: '' }, all), pairs.map(([value, name]) =>
    make('option', { value, selected: value === chosen }, name))];

const form = (at, record) => {
    const topic = at.query.get('topic'), actor = at.query.get('actor');
    const known = record.columns.map(slug => [slug, record.nameOf(slug)]), people = record.actors.map(({ id, name }) => [String(id), name]);
    if (topic && !known.some(([slug]) => slug === topic)) known.push([topic, topic]);
    if (actor && !people.some(([id]) => id === actor)) people.push([actor, actor]);
    return make('form.row.asking', { action: '/desk/positions', method: 'get' },
        make('label', 'As of the end of ', make('input', { type: 'date', name: 'as_of', value: record.day })),
        make('label', 'Topic ', make('select', { name: 'topic' }, options(topic, 'all', known))),
        make('label', 'Side ', make('select', { name: 'actor' }, options(actor, 'all', people))),
        make('button', { type: 'submit' }, 'Show'));
};

// ---- the view -------------------------------------------------------------------------------------------------------------

const CONCERNED = ['claim', 'report', 'actor', 'topic'];

const distinct = (positions, of) => new Set(positions.map(of)).size;

const summary = ({ shown, day, more }) => make('p.soft',
    day ? ['As it stood at the end of ', when(day), ': '] : 'As it stands now: ', more && 'the first ',
    `${count(shown.length, 'position')} of ${count(distinct(shown, ({ actor }) => actor.id), 'side')} on `,
    count(distinct(shown, ({ topic }) => topic), 'topic'), '. ',
    more && 'There are more: choose a topic or a side to see all of them.');

const openNamed = () => {
    const cell = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (cell?.getAttribute('aria-expanded') === 'false') cell.click();
};

export default async at => {
    const record = await read(at), narrow = matchMedia('(max-width: 52rem)');
    const place = make('div');
    const put = () => {
        replace(place, record.all.length === 0 ? empty(at.query.size ? 'Nobody took a position like this.'
            : 'No positions yet. They come from claims that have a topic.') : (narrow.matches ? list : table)(at, record));
        // The cell that the address names is opened once all stands in the page; a window may change its width twice before that.
        if (location.hash) setTimeout(openNamed);
    };
    put();
    narrow.addEventListener('change', put, { signal: at.signal });
    return [make('h1', title), make('p', 'Where each side stands on each topic. What people say counts for the side that they belong to.'),
        form(at, record), days(at, record),
        filters(at, { as_of: 'as of', actor: 'side' }, {
            as_of: record.day && { [record.day]: when(record.day).textContent },
            topic: Object.fromEntries(record.columns.map(slug => [slug, record.nameOf(slug)])),
            actor: Object.fromEntries(record.actors.map(({ id, name }) => [id, name])),
        }),
        tellChanges(at, ({ noun }) => CONCERNED.includes(noun)), summary(record), place,
        record.all.length > 0 && legend(), formats(at, '/v1/positions', { csv: 'CSV' })];
};
