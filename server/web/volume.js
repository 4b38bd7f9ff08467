// Volume: how much there is, over time. Each series is drawn in a strip of its own below one another, so that none hides another
// and no colour has to be told from another; what the strips show is said in a sentence and stands in a table, too.

import { pathOf, Problem } from './api.js';
import { between, make, replace } from './dom.js';
import { count, empty, plain } from './parts.js';
import uPlot from './uPlot.esm.js';

export const title = 'Volume';

// How long a row is, and the days before and after the newest article that are shown unless told otherwise.
const INTERVALS = {
    hour: { text: 'Hour', before: 3, after: 1 },
    day: { text: 'Day', before: 62, after: 31 },
    week: { text: 'Week', before: 366, after: 92 },
    month: { text: 'Month' },
};
const SERIES = {
    '': 'Articles, claims and meetings',
    claims: 'Claims',
    articles: 'Articles',
    meetings: 'Meetings',
    stance: 'Claims by stance',
    topic: 'Claims by topic',
};
const ONE = { articles: 'article', claims: 'claim', meetings: 'meeting' };

const wordsFor = (series, value) => count(value, ONE[series] ?? 'claim');
const partOf = series => series.split(':')[1];
const nameOf = series => partOf(series) ? plain(partOf(series)) : SERIES[series];

// ---- time -----------------------------------------------------------------------------------------------------------------
// Rows begin at instants; what people read and what lists are asked for are days in the zone.

const DAY = 864e5;
const later = (day, days) => new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

const clock = (tz, interval) => {
    const say = options => {
        const format = new Intl.DateTimeFormat('en-GB', { timeZone: tz, ...options });
        return time => format.format(new Date(time));
    };
    const iso = new Intl.DateTimeFormat('sv', { timeZone: tz });
    const full = say({ day: 'numeric', month: 'long', year: 'numeric' });
    const month = say({ month: 'long', year: 'numeric' });
    const hour = say({ day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' });
    const brief = { hour: say({ hour: '2-digit', minute: '2-digit' }), month: say({ month: 'short' }) }[interval]
        ?? say({ day: 'numeric', month: 'short' });
    return {
        day: time => iso.format(new Date(time)),
        name: { hour, month, week: time => `the week of ${full(time)}`, day: full }[interval],
        tick: brief,
        // What stands below the first tick, and below those where it changes.
        around: interval === 'hour' ? say({ day: 'numeric', month: 'short' }) : say({ year: 'numeric' }),
    };
};

// The day after the last that the row beginning on that day stands for.
const endOf = (day, interval) => {
    if (interval !== 'month') return later(day, interval === 'week' ? 7 : 1);
    const [year, month] = day.split('-').map(Number);
    return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
};

// ---- figures --------------------------------------------------------------------------------------------------------------

// The flat rows as { times, series: Map of name to values in the order of times }.
const figuresIn = items => {
    const times = [...new Set(items.map(row => row.time))], place = new Map(times.map((time, index) => [time, index])), series = new Map();
    for (const row of items) {
        if (!series.has(row.series)) series.set(row.series, times.map(() => 0));
        series.get(row.series)[place.get(row.time)] = row.value;
    }
    return { times, series };
};

// Without the times at either end that have nothing, where nobody asked for those.
const trimmed = ({ times, series }, query) => {
    const has = times.map((_, index) => [...series.values()].some(values => values[index] > 0));
    const first = query.has('from') ? 0 : Math.max(0, has.indexOf(true)), end = query.has('to') ? times.length : has.lastIndexOf(true) + 1;
    return { times: times.slice(first, end), series: new Map([...series].map(([name, values]) => [name, values.slice(first, end)])) };
};

const sum = values => values.reduce((total, value) => total + value, 0);

// Articles, claims, meetings; parts of the claims by how many they are.
const ranked = series => [...series].sort(([one, ones], [other, others]) =>
    partOf(one) ? sum(others) - sum(ones) || one.localeCompare(other) : Object.keys(ONE).indexOf(one) - Object.keys(ONE).indexOf(other));

// The list behind a figure.
const hrefAt = (shown, series, index) => {
    const { times, clock: { day }, interval, tz } = shown, time = times[index];
    const from = day(time), to = endOf(from, interval), range = (name, first, last) => ({ [`${name}__gte`]: first, [`${name}__lt`]: last });
    const length = interval === 'hour' ? 36e5 : Date.parse(to) - Date.parse(from);
    const next = times[index + 1] ?? new Date(Date.parse(time) + length).toISOString();
    if (series === 'articles') {
        const isDays = tz === 'UTC' && interval !== 'hour';
        return pathOf('/desk/articles', isDays ? range('published_at', from, to) : range('published_at', time, next));
    }
    if (series === 'meetings') return pathOf('/desk/meetings', range('starts_on', from, to));
    const [kind, value] = series.split(':');
    return pathOf('/desk/claims', { ...(value && { [kind]: value }), ...range('said_on', from, to) });
};

// ---- in words -------------------------------------------------------------------------------------------------------------

const sentence = (shown, name, values) => {
    const having = values.filter(value => value > 0).length, most = Math.max(...values);
    if (!having) return 'none in this time';
    const { interval, times, clock: { name: say } } = shown;
    const at = say(times[values.indexOf(most)]), where = interval === 'day' ? `on ${at}` : `in ${at}`.replace(/^in (?=.*:)/, 'from ');
    const peak = most > 1 ? `, most ${where}: ${most}` : '';
    return `${wordsFor(name, sum(values))} in ${count(having, interval)}${having > 1 ? peak : `: ${at}`}`;
};

const allAt = ({ times, clock: { name: say }, series }, index) => `${say(times[index])}: ${
    series.filter(([name, values]) => !partOf(name) || values[index]).map(([name, values]) =>
        partOf(name) ? `${nameOf(name)} ${values[index]}` : wordsFor(name, values[index])).join(', ') || 'no claims'}`;

const table = shown => make('table.figures',
    make('caption.unseen', 'The figures of the plots'),
    make('thead', make('tr', make('th', { scope: 'col' }, INTERVALS[shown.interval].text),
        shown.series.map(([name]) => make('th', { scope: 'col' }, nameOf(name))))),
    make('tbody', shown.times.map((time, index) => make('tr', make('th', { scope: 'row' }, shown.clock.name(time)),
        shown.series.map(([name, values]) => make('td', values[index]
            ? make('a', { href: hrefAt(shown, name, index),
                'aria-label': `${wordsFor(name, values[index])}, ${nameOf(name)}, ${shown.clock.name(time)}` },
            values[index].toLocaleString('en')) : '0'))))));

// Made when it is opened: there may be thousands of rows.
const figures = shown => {
    const body = make('div.wide', { tabindex: '0', role: 'region', 'aria-label': 'The figures of the plots' });
    const details = make('details', { toggle: () => { if (details.open && !body.firstChild) replace(body, table(shown)); } },
        make('summary', `The figures as a table: ${count(shown.times.length, 'row')}`), body);
    return details;
};

// ---- the plot -------------------------------------------------------------------------------------------------------------

const styled = new Promise((done, lost) => {
    const sheet = make('link', { rel: 'stylesheet', href: new URL('./uPlot.min.css', import.meta.url).pathname, load: done, error: lost });
    document.head.append(sheet);
});

// The canvas knows no variables: they are read off an element that is coloured by them.
const colourOf = variable => {
    const probe = make('i');
    probe.style.setProperty('color', `var(${variable})`);
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
};
const colours = {};
const readColours = () => { for (const name of ['link', 'soft', 'line']) colours[name] = colourOf(`--${name}`); };

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6];
const INDEX_STEPS = [1, 2, 3, 4, 6, 7, 12, 14, 24, 28, 48, 56, 84, 168, 365, 730, 1e3, 2e3, 5e3, 1e4, 2e4];
const BARS = 400; // more than this many are steps

const ticks = ({ times, clock: { tick, around } }) => (_, splits) => {
    let last = null;
    return splits.map(index => {
        if (!times[index]) return '';
        const context = around(times[index]), text = tick(times[index]) + (context === last ? '' : `\n${context}`);
        last = context;
        return text;
    });
};

const axis = options => ({ stroke: () => colours.soft, font: '12px system-ui, "DejaVu Sans", sans-serif',
    grid: { stroke: () => colours.line, width: 1 }, ticks: { show: false }, ...options });

const optionsFor = (shown, top, size) => ({
    ...size,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { setScale: false, x: false, y: false }, sync: { key: 'volume' } },
    scales: { x: { time: false, range: [-0.5, shown.times.length - 0.5] }, y: { range: [0, top] } },
    axes: [
        axis({ incrs: INDEX_STEPS, space: 64, size: 40, grid: { show: false }, values: ticks(shown) }),
        axis({ incrs: STEPS, space: 20, size: 44, gap: 6 }),
    ],
    series: [{}, { stroke: () => colours.link, fill: () => colours.link, width: shown.times.length > BARS ? 1 : 0, points: { show: false },
        paths: shown.times.length > BARS ? uPlot.paths.stepped({ align: 1 }) : uPlot.paths.bars({ size: [0.75, 48] }) }],
    hooks: { setCursor: [plot => { if (plot.cursor.idx !== null && plot.cursor.event) shown.point(plot.cursor.idx); }] },
});

// One plot in its place, drawn once it has a width and anew when that changes or the colours do.
const plotIn = (at, shown, name, values, top) => {
    const place = make('div.plot', { role: 'img', 'aria-label': `${nameOf(name)}: ${sentence(shown, name, values)}.` });
    let plot = null;
    const watch = new ResizeObserver(() => {
        const size = { width: place.clientWidth, height: place.clientHeight };
        if (!size.width) return;
        if (plot) return plot.setSize(size);
        plot = new uPlot(optionsFor(shown, top, size), [shown.times.map((_, index) => index), values], place);
        plot.over.addEventListener('click', event => {
            const index = plot.posToIdx(event.offsetX);
            if (values[index]) at.go(hrefAt(shown, name, index));
        });
    });
    watch.observe(place);
    document.addEventListener('theme', () => { readColours(); plot?.redraw(); }, { signal: at.signal });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { readColours(); plot?.redraw(); }, { signal: at.signal });
    at.signal.addEventListener('abort', () => { watch.disconnect(); plot?.destroy(); });
    return place;
};

const strips = (at, shown) => {
    const highest = ([, values]) => Math.max(1, ...values);
    // Parts of one whole are measured by one scale.
    const common = Math.max(...shown.series.map(highest));
    return shown.series.map(([name, values]) => make('section.strip', make('h2', nameOf(name)),
        make('p.soft', `${sentence(shown, name, values)}.`),
        plotIn(at, shown, name, values, (partOf(name) ? common : highest([name, values])) * 1.05)));
};

// ---- the view -------------------------------------------------------------------------------------------------------------

const choice = (id, label, options, chosen) => make('div', make('label', { for: id }, label),
    make('select', { id, name: id }, Object.entries(options).map(([value, text]) =>
        make('option', { value, selected: value === chosen }, text))));

const day = (at, id, label) => make('div', make('label', { for: id }, label),
    make('input', { id, name: id, type: 'date', value: at.query.get(id) }));

const chooser = (at, interval) => {
    const series = at.query.get('series') ?? '', tz = at.query.get('tz') ?? 'UTC';
    const zones = ['UTC', Intl.DateTimeFormat().resolvedOptions().timeZone, tz];
    return make('form.period', { action: '/desk/volume', method: 'get', 'aria-label': 'What to count' },
        choice('series', 'Count', { ...SERIES, ...(!(series in SERIES) && { [series]: series }) }, series),
        choice('interval', 'By', Object.fromEntries(Object.entries(INTERVALS).map(([name, { text }]) => [name, text])), interval),
        day(at, 'from', 'From'), day(at, 'to', 'Before'),
        choice('tz', 'Days as in', Object.fromEntries(zones.map(zone => [zone, zone])), tz),
        make('button.chief', { type: 'submit' }, 'Draw'));
};

// The newest article is where the record is; failing that, the newest claim.
const newestDay = async at => {
    for (const [list, name] of [['articles', 'published_at'], ['claims', 'said_on']]) {
        const { items: [newest] } = await at.get(`/v1/${list}`, { sort: `-${name}`, limit: 1, fields: name, count: 'none' });
        if (newest?.[name]) return newest[name].slice(0, 10);
    }
    return null;
};

const periodOf = async (at, { before, after }) => {
    if (!before || at.query.has('from') || at.query.has('to')) return {};
    const newest = await newestDay(at);
    return newest ? { from: later(newest, -before), to: later(newest, after) } : {};
};

const drawing = async (at, interval) => {
    const period = await periodOf(at, INTERVALS[interval]);
    const answer = await at.get('/v1/stats/timeline', { ...period, ...Object.fromEntries(at.query) });
    const { times, series } = trimmed(figuresIn(answer.items), at.query);
    if (!times.length) return empty('There is nothing in this time. An earlier or a longer one may have something.');
    await styled;
    readColours();
    const pointed = make('p.pointed.soft',
        'Point at a bar for its figures; a click leads to what it counts. The table below has the same as links.');
    const shown = { times, series: ranked(series), interval, tz: answer.tz, clock: clock(answer.tz, interval) };
    shown.point = index => { pointed.textContent = allAt(shown, index); };
    const [first, last] = [times[0], times.at(-1)].map(shown.clock.name);
    return [make('p', between([make('strong', first), first !== last && make('strong', last)].filter(Boolean), ' to '),
        `, by the ${interval}, ${answer.tz}.`),
        pointed, strips(at, shown), make('p'), figures(shown)];
};

const notCounted = error => {
    if (!(error instanceof Problem && error.status === 400)) throw error;
    return make('p', { role: 'alert' }, `Not counted: ${error.message.replace(/^the query is not as \S+ takes it; /, '')}.`);
};

export default async at => {
    const interval = at.query.get('interval') in INTERVALS ? at.query.get('interval') : 'day';
    return [make('h1', 'Volume'),
        make('p', 'Articles count when they were published, claims on the day they were said, meetings on the day they start. ',
            'What has no such day is not counted.'),
        chooser(at, interval), await drawing(at, interval).catch(notCounted)];
};
