// The list of claims: who said what, with how many outlets and how many independent origins behind it.

import { get, pathOf } from './api.js';
import { make, replace } from './dom.js';
import { legend, namesIn, reportHead, reportWords, unfolding } from './claim.js';
import { claimItem, count, empty, facetLists, link, pager, plain, when, withQuery } from './parts.js';

export const title = 'Claims';

const FACETS = {
    stance: 'Stance',
    speaker: { title: 'Speaker', parameter: 'speaker_id' },
    topic: 'Topic',
    outlet: { title: 'Outlet', parameter: 'outlet_id' },
    status: 'Status',
    attribution: 'Speaker named',
};

const ORDERS = {
    '-said_on': 'Newest first',
    said_on: 'Oldest first',
    '-report_count': 'Most reports first',
    '-updated_at': 'Changed last first',
    id: 'As entered',
};

const LEAST = [['', 'Any number'], ['2', 'At least 2'], ['3', 'At least 3'], ['5', 'At least 5']];

// What says how the list is shown, not what is in it.
const MANNERS = ['cursor', 'limit', 'sort', 'expand', 'facets', 'fields', 'count', 'token'];
const filtersOf = query => [...query].filter(([name, value]) => !MANNERS.includes(name) && value !== '');

// ---- the filters in force -------------------------------------------------------------------------------------------------

// How a filter reads; with `view`, what its number names is asked for.
const FILTERS = {
    q: 'With the words',
    speaker: 'Said by',
    speaker_id: { label: 'Said by', view: 'actors', name: 'name' },
    on_behalf_of_id: { label: 'On behalf of', view: 'actors', name: 'name' },
    addressee_id: { label: 'Said to', view: 'actors', name: 'name' },
    topic: 'About',
    stance: 'Stance',
    said_on: 'Said',
    occasion_id: { label: 'On the occasion', view: 'meetings', name: 'name' },
    attribution: 'Speaker',
    status: 'Status',
    report_count: 'Reports',
    outlet_count: 'Outlets',
    origin_count: 'Origins',
    min_outlets: 'Outlets at least',
    min_origins: 'Origins at least',
    article_id: { label: 'In the article', view: 'articles', name: 'title' },
    outlet_id: { label: 'Printed by', view: 'actors', name: 'name' },
    via_id: { label: 'Having come through', view: 'actors', name: 'name' },
    external_id: 'Known elsewhere as',
};

const OPERATORS = { ne: 'not', gt: 'more than', gte: 'at least', lt: 'less than', lte: 'at most', in: 'one of', isnull: 'unknown:' };
const DAY_OPERATORS = { ...OPERATORS, gt: 'after', gte: 'from', lt: 'before', lte: 'until' };

const valueOf = async (at, { view, name }, value) => {
    if (!view || !/^\d+$/.test(value)) return /^\d{4}-\d\d-\d\d$/.test(value) ? when(value) : plain(value);
    return get(`/v1/${view}/${value}`, { fields: name }, at.signal).then(found => found[name], () => value);
};

const inForce = async (at, [parameter, value]) => {
    const [base, operator] = parameter.split('__'), filter = FILTERS[base] ?? plain(base);
    const label = filter.label ?? filter, word = operator && (base === 'said_on' ? DAY_OPERATORS : OPERATORS)[operator];
    const said = [label, word && ` ${word}`, ' ',
        make('strong', base === 'q' || base === 'speaker' ? value : await valueOf(at, filter, value))];
    return make('li', make('a.filter', { href: withQuery(at, { [parameter]: null }) }, make('span.unseen', 'Without the filter: '), said,
        make('span', { 'aria-hidden': 'true' }, ' ✕')));
};

const filterBar = async (at, filters) => filters.length > 0 && make('div.filters', { role: 'group', 'aria-label': 'Filters in force' },
    make('ul', await Promise.all(filters.map(filter => inForce(at, filter))),
        filters.length > 1 && make('li', link('/desk/claims', 'Without any filter'))));

// ---- choosing -------------------------------------------------------------------------------------------------------------

const field = (id, label, control) => make('div', make('label', { for: id }, label), control);
const options = (values, chosen) => values.map(([value, text]) => make('option', { value, selected: value === chosen }, text));

// A form that is an address; the filters that it has no field for go along.
const chooser = (at, sort) => {
    const { query } = at, own = ['q', 'said_on__gte', 'said_on__lte', 'min_origins', 'sort'];
    const input = (id, name, type) => make('input', { id, name, type, value: query.get(name) });
    return make('form.chooser', { method: 'get', action: '/desk/claims', role: 'search', 'aria-label': 'Which claims' },
        filtersOf(query).filter(([name]) => !own.includes(name)).map(([name, value]) => make('input', { type: 'hidden', name, value })),
        field('with-words', 'Words', input('with-words', 'q', 'search')),
        field('from', 'Said from', input('from', 'said_on__gte', 'date')),
        field('until', 'Until', input('until', 'said_on__lte', 'date')),
        field('origins', 'Origins', make('select', { id: 'origins', name: 'min_origins' },
            options(LEAST, query.get('min_origins') ?? ''))),
        field('order', 'Order', make('select', { id: 'order', name: 'sort' },
            options(Object.entries({ ...ORDERS, [sort]: ORDERS[sort] ?? sort }), sort))),
        make('button', { type: 'submit' }, 'Show'));
};

const feeds = (at, sort) => {
    const query = new URLSearchParams(filtersOf(at.query)), ordered = new URLSearchParams([...query, ['sort', sort]]);
    return make('p.feeds.soft', 'This list as ', link(pathOf('/v1/claims.csv', ordered), 'CSV'), ', ',
        link(pathOf('/v1/claims.atom', new URLSearchParams([...query, ['sort', '-updated_at']])), 'Atom feed'), ', ',
        link(pathOf('/v1/claims.json', ordered), 'JSON'));
};

// ---- the list -------------------------------------------------------------------------------------------------------------

const wordsOf = async (at, claim) => {
    try {
        const path = `/v1/claims/${claim.id}`, [page, chain] = await Promise.all([
            at.get(`${path}/reports`, { expand: 'article.outlet,article.text', limit: 50 }), at.get(`${path}/chain`)]);
        const names = namesIn(chain);
        return [legend(), make('ol.reports', page.items.map(report => make('li', reportHead(report, names), reportWords(report)))),
            page.next && make('p.soft', 'These are the first 50; ', link(`/desk/claims/${claim.id}`, 'the claim'), ' has more.')];
    } catch (error) {
        return at.signal.aborted ? [] : make('p.problem', { role: 'alert' }, error.message);
    }
};

const row = (at, claim) => {
    const item = claimItem(claim);
    if (claim.report_count) item.append(unfolding(`The words in ${count(claim.report_count, 'article')}`, () => wordsOf(at, claim)));
    return item;
};

// What has come in since the list was drawn is told, and shown when it is asked for: nothing moves under the reader's eyes.
const tellChanges = at => {
    const told = make('div.told', { role: 'status' }), changed = new Set();
    document.addEventListener('change-of-record', ({ detail }) => {
        if (detail.noun !== 'claim') return;
        changed.add(detail.id);
        replace(told, make('p', `${count(changed.size, 'claim')} came in or changed just now. `,
            make('button', { type: 'button', click: () => document.dispatchEvent(new Event('redraw')) }, 'Show')));
    }, { signal: at.signal });
    return told;
};

export default async at => {
    const sort = at.query.get('sort') ?? '-said_on', filters = filtersOf(at.query);
    const defaults = Object.entries({ expand: 'speaker', sort, facets: Object.keys(FACETS).join(), limit: '20' });
    const [page, bar] = await Promise.all([
        at.get('/v1/claims', new URLSearchParams([...defaults.filter(([name]) => !at.query.has(name)),
            ...[...at.query].filter(([, value]) => value !== '')])),
        filterBar(at, filters)]);
    return [make('h1', title), chooser(at, sort), bar, make('div.with-side',
        make('div', make('p.soft', page.total !== null && count(page.total, 'claim'), filters.length > 0 && ' with these filters'),
            tellChanges(at),
            page.items.length ? page.items.map(claim => row(at, claim))
                : empty(filters.length ? 'No claim is like this. Take a filter away to see more.'
                    : 'There is no claim yet. They come from articles that are read, or from POST /v1/claims.'),
            pager(at, page), feeds(at, sort)),
        make('aside', { 'aria-label': 'Narrow down' }, facetLists(at, page.facets, FACETS)))];
};
