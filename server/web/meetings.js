// The calendar of meetings: a month as a table, the same as a list, and how to subscribe to it.
//
// /desk/meetings?month=2022-01 is January 2022; without a month it is that of the next meeting, or of the latest one. Whatever else
// stands in the address narrows the meetings down, as /v1/meetings has it.

import { between, make } from './dom.js';
import { pathOf } from './api.js';
import { actorLink, asked, count, empty, facetLists, filters, hrefOf, link, plain, topics, withQuery } from './parts.js';

export const title = 'Meetings';

// ---- days, in words -------------------------------------------------------------------------------------------------------

const format = parts => {
    const written = new Intl.DateTimeFormat('en-GB', { ...parts, timeZone: 'UTC' });
    return day => written.format(new Date(day));
};
const asDay = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const asMonth = format({ month: 'long', year: 'numeric' });
const asYear = format({ year: 'numeric' });
const asTime = format({ hour: '2-digit', minute: '2-digit' });

export const today = () => new Date().toISOString().slice(0, 10);

// The day that a meeting begins, where the very day is known: what begins in UTC on the 10th stands on the 10th.
export const dayOf = ({ starts_on: day, starts_at: instant, precision }) =>
    precision === 'month' || precision === 'year' ? null : day ?? instant?.slice(0, 10) ?? null;

// "Monday 10 January 2022", "some day in January 2022": no more than is known.
export const dayInWords = meeting => {
    const day = dayOf(meeting);
    if (day) return make('time', { datetime: day }, asDay(day).replace(',', ''));
    if (!meeting.starts_on) return 'Day not known';
    return meeting.precision === 'month' ? `Some day in ${asMonth(meeting.starts_on)}` : `Some day in ${asYear(meeting.starts_on)}`;
};

// "10:00 UTC", "evening"; nothing where only the day is known.
export const timeInWords = meeting => meeting.starts_at ? make('time', { datetime: meeting.starts_at }, `${asTime(meeting.starts_at)} UTC`)
    : meeting.part_of_day;

export const statusOf = meeting => make('span.status', { 'data-status': meeting.status }, meeting.status);

// That articles cannot all be right about it, as long as nobody has explained how.
const disputed = meeting => {
    const open = (meeting.discrepancies ?? []).filter(({ status }) => status === 'open').length;
    return open > 0 && make('a.disputed', { href: `${hrefOf('meetings', meeting.id)}#discrepancies` },
        `≠ ${count(open, 'open discrepancy', 'open discrepancies')}`);
};

// ---- the month ------------------------------------------------------------------------------------------------------------

// How an address may name days rather than a month.
const DAYS = ['starts_on', 'starts_on__gte', 'starts_on__gt', 'starts_on__lt', 'starts_on__lte'];
const isMonth = text => /^\d{4}-(0[1-9]|1[0-2])$/.test(text ?? '');
const monthAfter = (month, steps) => {
    const [year, number] = month.split('-').map(Number);
    return new Date(Date.UTC(year, number - 1 + steps, 1)).toISOString().slice(0, 7);
};

// The weeks of a month, each seven days beginning with Monday; null for the days of the months around it.
const weeksOf = month => {
    const first = new Date(`${month}-01`), length = new Date(`${monthAfter(month, 1)}-01`) - first;
    const days = [...Array((first.getUTCDay() + 6) % 7).fill(null),
        ...Array.from({ length: length / 86400000 }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`)];
    while (days.length % 7) days.push(null);
    return Array.from({ length: days.length / 7 }, (_, week) => days.slice(7 * week, 7 * week + 7));
};

// The month that the address names, by itself or by its days, else that of the next meeting, else that of the latest.
const chosenMonth = async (at, only) => {
    const named = at.query.get('month') ?? DAYS.map(name => at.query.get(name)).find(Boolean)?.slice(0, 7);
    if (isMonth(named)) return named;
    const ask = parameters => at.get('/v1/meetings',
        new URLSearchParams({ ...Object.fromEntries(only), limit: 1, fields: 'id,starts_on', ...parameters }));
    const next = await ask({ sort: 'starts_on', starts_on__gte: today() });
    const [meeting] = next.items.length ? next.items : (await ask({ sort: '-starts_on', starts_on__isnull: false })).items;
    return (meeting?.starts_on ?? today()).slice(0, 7);
};

// ---- the table ------------------------------------------------------------------------------------------------------------

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const inCell = meeting => make('li', { 'data-status': meeting.status },
    link(hrefOf('meetings', meeting.id), meeting.name),
    make('span.facts', between([timeInWords(meeting), meeting.city].filter(Boolean), ' · ')),
    make('span.facts', statusOf(meeting)), disputed(meeting));

const cell = (day, meetings) => day ? make('td', { 'aria-current': day === today() && 'date' },
    make('time', { datetime: day }, Number(day.slice(8))), day === today() && make('span.soft', ' today'),
    meetings.length > 0 && make('ul', meetings.map(inCell))) : make('td.beyond');

const table = (month, byDay, number) => make('div.wide.month',
    make('table', make('caption', `${asMonth(month)}: ${count(number, 'meeting')}`),
        make('thead', make('tr', WEEKDAYS.map(name => make('th', { scope: 'col' }, name)))),
        make('tbody', weeksOf(month).map(week => make('tr', week.map(day => cell(day, byDay.get(day) ?? [])))))));

// ---- the list -------------------------------------------------------------------------------------------------------------

const heads = meeting => {
    const roles = new Map(meeting.participants.map(({ actor_id: id, role }) => [id, role]));
    const leading = (meeting.actors ?? []).filter(({ id }) => roles.get(id) === 'head');
    return leading.length > 0 && make('span', 'led by ', between(leading.map(actorLink), ', '));
};

// A meeting read with expand=actors,discrepancies; `heading` is the level that fits below what stands above.
export const meetingItem = (meeting, heading = 'h3', facts = [timeInWords(meeting)]) => make('article.item',
    { 'data-status': meeting.status },
    make(heading, link(hrefOf('meetings', meeting.id), meeting.name)),
    make('p.facts', [...facts, meeting.city, statusOf(meeting), disputed(meeting)].filter(Boolean).map(fact => make('span', fact)),
        heads(meeting), topics(meeting.topics)));

const agenda = (month, byDay) => make('section.agenda', make('h2', `Day by day, ${asMonth(month)}`),
    byDay.size ? [...byDay].map(([day, meetings]) => make('div.day', make('h3', dayInWords({ starts_on: day })),
        make('div', meetings.map(meeting => meetingItem(meeting, 'h4')))))
        : empty('No meeting of this month is in the record, or none like this. One comes from an article that speaks of it.'));

const undated = meetings => meetings.length > 0 && make('section', { id: 'undated' },
    make('h2', `${count(meetings.length, 'meeting')} without a day`),
    make('p.soft', 'No article says on which day.'),
    meetings.map(meeting => meetingItem(meeting, 'h3', [dayInWords(meeting)])));

// ---- from month to month --------------------------------------------------------------------------------------------------

// What was pressed last: the focus goes to the same link of the month that is drawn next, to be pressed again.
let pressed = null;

const NO_DAYS = Object.fromEntries(DAYS.map(name => [name, null]));

const step = (at, id, month, ...words) => make('a.step',
    { id, href: withQuery(at, { ...NO_DAYS, month }), click: () => { pressed = id; } }, words);

const months = (at, month) => {
    const nav = make('nav.row.months', { 'aria-label': 'Months' },
        step(at, 'month-before', monthAfter(month, -1), '← ', asMonth(monthAfter(month, -1))),
        step(at, 'month-today', today().slice(0, 7), 'Today'),
        step(at, 'month-after', monthAfter(month, 1), asMonth(monthAfter(month, 1)), ' →'));
    const again = pressed && nav.querySelector(`#${pressed}`);
    pressed = null;
    if (again) setTimeout(() => again.focus({ preventScroll: true }));
    return nav;
};

// ---- beside it ------------------------------------------------------------------------------------------------------------

// Who takes part in the meetings shown, the busiest first: a facet that the interface does not count.
const participants = meetings => {
    const seen = new Map();
    for (const actor of meetings.flatMap(meeting => meeting.actors ?? [])) {
        const entry = seen.get(actor.id) ?? { value: actor.id, name: actor.name, count: 0 };
        entry.count++;
        seen.set(actor.id, entry);
    }
    return [...seen.values()].sort((one, other) => other.count - one.count).slice(0, 10);
};

const FACETS = { status: 'Status', city: 'City', topic: 'Topic', with: { title: 'With', parameter: 'actor_id' } };

const subscribe = only => {
    const path = pathOf('/v1/meetings.ics', only);
    return make('section.subscribe', make('h2', 'Subscribe'),
        make('p', link(path, 'These meetings as a calendar'), only.size > 0 && ', with the filters chosen here'),
        make('p.soft', 'Give this address to your calendar program as a subscription. It follows the record, cancelled meetings included:'),
        make('p.line', make('code', location.origin + path)),
        make('p.soft', 'Where reading needs a key, add ', make('code', `${only.size ? '&' : '?'}token=`), ' and a key with the scope ',
            make('code', 'feed'), '.'));
};

// Whose name a filter by number stands for.
const namesOf = async (at, meetings) => {
    const id = at.query.get('actor_id');
    if (!/^\d+$/.test(id ?? '')) return {};
    const known = meetings.flatMap(meeting => meeting.actors ?? []).find(actor => String(actor.id) === id);
    return { actor_id: { [id]: (known ?? await at.get(`/v1/actors/${id}`, { fields: 'name' }).catch(() => null))?.name ?? id } };
};

// ---- all of it ------------------------------------------------------------------------------------------------------------

export default async at => {
    const only = new URLSearchParams([...at.query].filter(([name]) => name !== 'month'));
    const query = (parameters, from = only) => asked({ query: from }, { expand: 'actors,discrepancies', limit: 500, ...parameters });
    const month = await chosenMonth(at, only);
    const [ofMonth, without, all] = await Promise.all([
        at.get('/v1/meetings', query({ sort: 'starts_on,id', starts_on__gte: `${month}-01`, starts_on__lt: `${monthAfter(month, 1)}-01` })),
        at.get('/v1/meetings', query({ starts_on__isnull: true, limit: 100 })),
        at.get('/v1/meetings', query({ facets: 'status,city,topic', limit: 1, fields: 'id', expand: '' })),
    ]);
    // One whose instant alone is known has its day by that.
    const inMonth = [...ofMonth.items, ...without.items].filter(meeting => dayOf(meeting)?.startsWith(month));
    const byDay = Map.groupBy(inMonth.sort((one, other) => dayOf(one).localeCompare(dayOf(other))), dayOf);
    const names = await namesOf(at, inMonth);
    at.title(`${asMonth(month)} · Meetings`);
    return make('div.with-side',
        make('div', make('h1', 'Meetings'), months(at, month),
            filters(at, { actor_id: 'with' }, names),
            table(month, byDay, inMonth.length), agenda(month, byDay),
            undated([...ofMonth.items, ...without.items].filter(meeting => !dayOf(meeting)))),
        make('aside', { 'aria-label': 'Narrow down, and subscribe' },
            make('p.soft', `${count(all.total, 'meeting')} in all, in every month`),
            facetLists(at, { ...all.facets, with: participants(inMonth) }, FACETS), subscribe(only)));
};
