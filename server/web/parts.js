// What several views show in the same way.

import { between, make } from './dom.js';
import { pathOf } from './api.js';

// ---- links ----------------------------------------------------------------------------------------------------------------

export const hrefOf = (view, id) => `/desk/${view}${id ? `/${id}` : ''}`;
export const link = (href, ...content) => make('a', { href }, content);
export const actorLink = actor => actor && link(hrefOf('actors', actor.id), actor.name);

// The address that an article came with, which may be anything: a link where a browser may follow it, else its text.
export const outside = url => {
    if (!url) return null;
    const to = URL.canParse(url) ? new URL(url) : null;
    return ['http:', 'https:'].includes(to?.protocol) ? make('a', { href: to.href, rel: 'noreferrer', target: '_blank' }, to.host, ' ↗')
        : make('code', url);
};

// The address of the view with other parameters; null takes one away. A change starts at the first page again.
export const withQuery = (at, changes) => {
    const query = new URLSearchParams(at.query);
    for (const [name, value] of Object.entries({ cursor: null, ...changes })) {
        if (value === null) query.delete(name);
        else query.set(name, value);
    }
    return pathOf(location.pathname, query);
};

// ---- words ----------------------------------------------------------------------------------------------------------------

export const count = (number, one, many = `${one}s`) => `${Number(number).toLocaleString('en')} ${number === 1 ? one : many}`;

// "near-duplicate", "nato_enlargement" as a person writes them.
export const plain = word => String(word).replace(/[-_]/g, ' ');

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const INSTANT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit',
    timeZone: 'UTC' });

// A day, or an instant in UTC; nothing for null.
export const when = value => value && make('time', { datetime: value },
    value.length === 10 ? DAY.format(new Date(value)) : `${INSTANT.format(new Date(value))} UTC`);

// ---- marks ----------------------------------------------------------------------------------------------------------------

export const stance = word => word && make('span.stance', { 'data-stance': word }, plain(word));

// What a person has not decided yet says so; what is confirmed needs no mark.
export const statusMark = word => word && word !== 'confirmed' && make('span.status', { 'data-status': word }, plain(word));

// "5 outlets, 1 origin": how many report it, and how many of those are independent.
export const spread = claim => make('span.spread', count(claim.outlet_count, 'outlet'), ', ',
    make(claim.origin_count > 1 ? 'strong' : 'span', count(claim.origin_count, 'origin')));

export const topics = slugs => slugs?.length > 0 && make('span.topics',
    between(slugs.map(slug => link(pathOf('/desk/claims', { topic: slug }), plain(slug))), ' '));

// ---- one claim in a list --------------------------------------------------------------------------------------------------

// A claim read with expand=speaker; `heading` is the level that fits below what stands above.
export const claimItem = (claim, heading = 'h2') => make('article.item',
    make(heading, link(hrefOf('claims', claim.id), claim.text)),
    make('p.facts', between([actorLink(claim.speaker), stance(claim.stance), when(claim.said_on), spread(claim), statusMark(claim.status),
        topics(claim.topics)].filter(Boolean), ' ')));

// ---- one article in a list ------------------------------------------------------------------------------------------------

export const headline = article => article.title ?? `Article ${article.id}, without a headline`;

export const languageName = tag => {
    try {
        return new Intl.DisplayNames('en', { type: 'language' }).of(tag);
    } catch {
        return tag;
    }
};

// The language that it is in, and whether a machine put it into that; nothing for plain English.
export const languageMark = article => {
    const name = article.language && article.language !== 'en' && languageName(article.language);
    const words = name ? `${name}, machine translation` : 'machine translation';
    return article.machine_translated ? make('span.status', { 'data-status': 'extracted' }, words) : name && make('span', name);
};

// An article read with expand=outlet.
export const articleItem = (article, heading = 'h2') => make('article.item',
    make(heading, { lang: article.language }, link(hrefOf('articles', article.id), headline(article))),
    make('p.facts', actorLink(article.outlet), article.byline && make('span', article.byline),
        when(article.published_at) ?? make('span', 'no date'), languageMark(article),
        article.near_duplicate_of && make('span.status', link(hrefOf('articles', article.near_duplicate_of), 'repeats another'))));

// ---- lists ----------------------------------------------------------------------------------------------------------------

// Ways to narrow a list down: for each facet its values with how many there are, the chosen one to be let go.
export const facetLists = (at, facets, names) => Object.entries(names).filter(([name]) => facets?.[name]?.length > 0).map(([name, facet]) => {
    const { title, parameter = name } = typeof facet === 'string' ? { title: facet } : facet;
    const chosen = at.query.get(parameter);
    return make('section.facet', make('h2', title), make('ul', facets[name].map(({ value, name: label, count: number }) => {
        const current = chosen === String(value);
        return make('li', make('a', { href: withQuery(at, { [parameter]: current ? null : value }), 'aria-current': current && 'true' },
            label ?? plain(value)), ' ', make('span.soft', number.toLocaleString('en')));
    })));
});

// What the address asks for, and where it says nothing, the view's own choice.
export const asked = (at, defaults) => {
    const query = new URLSearchParams(at.query);
    for (const [name, value] of Object.entries(defaults)) if (!query.has(name)) query.set(name, value);
    return query;
};

// A page of a list. Those after the first come without facets and without a total, which are asked for beside them.
export const readPage = async (at, path, query) => {
    if (!query.has('cursor')) return at.get(path, query);
    const whole = new URLSearchParams(query);
    whole.delete('cursor');
    whole.set('limit', '1');
    const [page, { facets, total, total_exact }] = await Promise.all([at.get(path, query), at.get(path, whole)]);
    return { ...page, facets, total, total_exact };
};

// What shapes a page, and does not say which items there are.
const SHAPING = ['sort', 'limit', 'cursor', 'expand', 'facets', 'fields', 'count', 'month'];

// "said_on__gte" as a person says it: "said on from".
const OPERATORS = { gte: 'from', gt: 'after', lt: 'before', lte: 'until', ne: 'not', in: '', prefix: 'beginning with', isnull: 'missing' };
const parameterName = name => {
    const [field, operator = 'in'] = name.split('__');
    return `${plain(field.replace(/_(id|at)$/, ''))} ${OPERATORS[operator] ?? operator}`.trim();
};

// The filters in force, each a link that lets it go. `names` says how a person calls a parameter, `labels` what a value of it stands
// for (of an id: whose), where the value itself does not tell: { speaker_id: { 13: 'Sergei Ryabkov' } }.
export const filters = (at, names = {}, labels = {}) => {
    const inForce = [...at.query].filter(([name]) => !SHAPING.includes(name));
    return inForce.length > 0 && make('p.filters', inForce.map(([name, value]) => make('a.filter', { href: withQuery(at, { [name]: null }),
        'aria-label': `Remove the filter ${names[name] ?? parameterName(name)}: ${labels[name]?.[value] ?? plain(value)}` },
    make('span.soft', names[name] ?? parameterName(name)), ' ', labels[name]?.[value] ?? plain(value), ' ×')));
};

// The same list in other formats: formats(at, '/v1/claims', { csv: 'CSV', atom: 'Atom feed' }).
export const formats = (at, path, names) => make('p.soft', 'The same as ', between(Object.entries(names).map(([suffix, name]) => {
    const query = new URLSearchParams([...at.query].filter(([parameter]) => parameter === 'sort' || !SHAPING.includes(parameter)));
    return make('a', { href: pathOf(`${path}.${suffix}`, query), download: suffix === 'csv' }, name);
}), ', '));

// Below a list: how many there are, and the pages before and after.
export const pager = (at, page) => make('nav.pager', { 'aria-label': 'Pages' },
    page.prev_cursor && link(withQuery(at, { cursor: page.prev_cursor }), '← Before'),
    Number.isInteger(page.total) && make('span.soft', `${page.total_exact === false ? 'More than ' : ''}${page.total.toLocaleString('en')} in all`),
    page.next_cursor && link(withQuery(at, { cursor: page.next_cursor }), 'After →'));

export const empty = text => make('p.empty', text);

// ---- words in their article -----------------------------------------------------------------------------------------------
// Spans count code points, JavaScript's strings count UTF-16: the text is taken apart by code points first.

export const codePoints = text => Array.from(text);
export const cut = (points, start, end) => points.slice(start, end).join('');

// The words of a span in their place, with up to `around` characters before and after; marked with the class of `kind`.
export const inContext = (points, span, around = 120, kind = 'content') => {
    let start = Math.max(0, span.start - around), end = Math.min(points.length, span.end + around);
    // Words are not cut, where the language has spaces between them.
    for (let steps = 20; steps > 0 && start > 0 && start < span.start && points[start - 1].trim(); steps--) start++;
    for (let steps = 20; steps > 0 && end < points.length && end > span.end && points[end].trim(); steps--) end--;
    return make('q.context', start > 0 && '… ', cut(points, start, span.start), make(`mark.${kind}`, cut(points, span.start, span.end)),
        cut(points, span.end, end), end < points.length && ' …');
};

// The characters from `start` to `end`, with the spans ({ start, end, kind }) in them marked with the class of their kind.
export const marked = (points, start, end, spans) => {
    const inside = spans.filter(span => span.end > start && span.start < end);
    const edges = [...new Set([start, end, ...inside.flatMap(span => [Math.max(start, span.start), Math.min(end, span.end)])])].sort((a, b) => a - b);
    return edges.slice(1).map((edge, index) => {
        const from = edges[index], kinds = inside.filter(span => span.start <= from && span.end >= edge).map(span => span.kind);
        return kinds.length ? make(['mark', ...new Set(kinds)].join('.'), cut(points, from, edge)) : cut(points, from, edge);
    });
};

const paragraphAround = (points, { start, end }, most) => {
    const before = points.lastIndexOf('\n', start) + 1, after = points.indexOf('\n', end);
    return { start: Math.max(before, start - most), end: Math.min(after < 0 ? points.length : after, end + most) };
};

// The paragraphs of a text that hold the spans, marked, with at most so many characters on either side; null where the text does
// not have the words of the spans, as it was changed since.
export const paragraphsWith = (points, spans, most = 400) => {
    if (spans.length === 0 || spans.some(span => cut(points, span.start, span.end) !== span.text)) return null;
    const ranges = [];
    for (const range of spans.map(span => paragraphAround(points, span, most)).sort((a, b) => a.start - b.start)) {
        const last = ranges.at(-1);
        if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
        else ranges.push(range);
    }
    const cutOff = (index, edge) => index >= 0 && index < points.length && points[index] !== '\n' && edge;
    return ranges.map(({ start, end }) => make('p', cutOff(start - 1, '… '), marked(points, start, end, spans), cutOff(end, ' …')));
};

// ---- what has changed -----------------------------------------------------------------------------------------------------

// Says that something that `concerns` the view was changed while it was read; what is being read is not taken away.
export const tellChanges = (at, concerns) => {
    const told = make('p.changes', { role: 'status' });
    document.addEventListener('change-of-record', ({ detail }) => {
        if (told.hasChildNodes() || !concerns(detail)) return;
        told.append('The record has changed since this was drawn. ', make('button', { type: 'button', click: () => {
            document.getElementById('view').focus({ preventScroll: true });
            document.dispatchEvent(new Event('redraw'));
        } }, 'Show it as it is now'));
    }, { signal: at.signal });
    return told;
};

// ---- history --------------------------------------------------------------------------------------------------------------

const UNTOLD = ['version', 'updated_at', 'created_at', 'report_count', 'outlet_count', 'origin_count'];
const shown = value => value === null || value === undefined || value === '' ? 'none'
    : Array.isArray(value) ? value.every(part => typeof part === 'object') ? String(value.length) : value.join(', ') : String(value);

// What a version has otherwise than the one before.
const changes = (now, before) => !before ? [] : Object.keys(now)
    .filter(name => !UNTOLD.includes(name) && JSON.stringify(now[name]) !== JSON.stringify(before[name]))
    .map(name => `${plain(name)}: ${shown(before[name])} → ${shown(now[name])}`);

export const history = versions => [make('h2', 'History'), make('ol.history', { reversed: true }, versions.map((version, index) => make('li',
    make('p.facts', make('strong', `Version ${version.version}`), plain(version.action), when(version.at),
        version.by ? `with the key “${version.by}”` : 'without a key'),
    make('ul', changes(version.document, versions[index + 1]?.document).map(text => make('li', text))))))];

// ---- what went wrong ------------------------------------------------------------------------------------------------------

export const problemBox = (error, heading = 'h1') => make('div.problem', { role: 'alert' },
    make(heading, error.status === 404 || error.status === 410 ? 'There is nothing here' : error.title ?? 'This view could not be drawn'),
    make('p', `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`),
    make('p', (error.status === 401 || error.status === 403) && [make('button.chief', { type: 'button',
        click: () => document.dispatchEvent(new Event('ask-for-key')) }, 'Show a key'), ' '],
    error.code && link(`/problems/${error.code}`, 'What this means')));
