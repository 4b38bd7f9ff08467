// What several views show in the same way.

import { between, make } from './dom.js';
import { pathOf } from './api.js';

// ---- links ----------------------------------------------------------------------------------------------------------------

export const hrefOf = (view, id) => `/desk/${view}${id ? `/${id}` : ''}`;
export const link = (href, ...content) => make('a', { href }, content);
export const actorLink = actor => actor && link(hrefOf('actors', actor.id), actor.name);

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

// Below a list: how many there are, and the pages before and after.
export const pager = (at, page) => make('nav.pager', { 'aria-label': 'Pages' },
    page.prev_cursor && link(withQuery(at, { cursor: page.prev_cursor }), '← Before'),
    page.total !== undefined && make('span.soft', `${page.total_exact === false ? 'More than ' : ''}${page.total.toLocaleString('en')} in all`),
    page.next_cursor && link(withQuery(at, { cursor: page.next_cursor }), 'After →'));

export const empty = text => make('p.empty', text);

// ---- words in their article -----------------------------------------------------------------------------------------------
// Spans count code points, JavaScript's strings count UTF-16: the text is taken apart by code points first.

export const codePoints = text => Array.from(text);
export const cut = (points, start, end) => points.slice(start, end).join('');

// The words of a span in their place, with up to `around` characters before and after; marked with the class of `kind`.
export const inContext = (points, span, around = 120, kind = 'content') => {
    const start = Math.max(0, span.start - around), end = Math.min(points.length, span.end + around);
    return make('q.context', start > 0 && '… ', cut(points, start, span.start), make(`mark.${kind}`, cut(points, span.start, span.end)),
        cut(points, span.end, end), end < points.length && ' …');
};

// ---- what went wrong ------------------------------------------------------------------------------------------------------

export const problemBox = error => make('div.problem', { role: 'alert' },
    make('h1', error.status === 404 || error.status === 410 ? 'There is nothing here' : error.title ?? 'This view could not be drawn'),
    make('p', error.message),
    make('p', (error.status === 401 || error.status === 403) && [make('button.chief', { type: 'button',
        click: () => document.dispatchEvent(new Event('ask-for-key')) }, 'Show a key'), ' '],
    error.code && link(`/problems/${error.code}`, 'What this means')));
