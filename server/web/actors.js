// The list of actors: who is on record, by kind, country and name.

import { make } from './dom.js';
import { actorLink, asked, empty, facetLists, filters, formats, hrefOf, link, pager, plain, readPage, statusMark,
    tellChanges } from './parts.js';

export const title = 'Actors';

const FACETS = { kind: 'Kind', country: 'Country', status: 'Status' };

const countries = new Intl.DisplayNames('en', { type: 'region' });

const actorItem = actor => make('article.item',
    make('h2', link(hrefOf('actors', actor.id), actor.name)),
    make('p.facts', make('span', plain(actor.kind)), actor.title && make('span', actor.title), actorLink(actor.affiliation),
        actor.country && make('span', countries.of(actor.country)), statusMark(actor.status)));

// Keeps the filters in force, and begins at the first page.
const nameForm = at => make('form.row.by-name', { action: '/desk/actors' },
    [...at.query].filter(([name]) => !['name__prefix', 'cursor'].includes(name))
        .map(([name, value]) => make('input', { type: 'hidden', name, value })),
    make('label', { for: 'prefix' }, 'Name begins with'),
    make('input', { id: 'prefix', name: 'name__prefix', value: at.query.get('name__prefix'), autocomplete: 'off', spellcheck: 'false' }),
    make('button', { type: 'submit' }, 'Show'));

const named = facets => ({
    ...facets, country: facets?.country?.map(facet => ({ ...facet, name: countries.of(facet.value) })),
});

// The names that the values of filters stand for.
const labelsOf = (facets, actors) => ({
    country: Object.fromEntries((facets.country ?? []).map(({ value, name }) => [value, name])),
    affiliation_id: Object.fromEntries(actors.map(({ affiliation }) => [affiliation?.id, affiliation?.name])),
});

export default async at => {
    const page = await readPage(at, '/v1/actors',
        asked(at, { expand: 'affiliation', sort: 'name', facets: Object.keys(FACETS).join(), limit: 40 }));
    const facets = named(page.facets);
    return [
        make('h1', title),
        nameForm(at),
        tellChanges(at, ({ noun }) => noun === 'actor'),
        make('div.with-side',
            make('div',
                filters(at, { affiliation_id: 'belonging to' }, labelsOf(facets, page.items)),
                page.items.length ? make('div.abreast', page.items.map(actorItem))
                    : empty('Nobody is like this. Actors come in with the articles that name them, or by POST /v1/actors.'),
                pager(at, page), formats(at, '/v1/actors', { csv: 'CSV', ndjson: 'NDJSON' })),
            make('aside', { 'aria-label': 'Narrow down' }, facetLists(at, facets, FACETS))),
    ];
};
