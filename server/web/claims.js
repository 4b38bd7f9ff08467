// The list of claims: who said what, with how many outlets and how many independent origins behind it.

import { make } from './dom.js';
import { claimItem, empty, facetLists, pager } from './parts.js';

export const title = 'Claims';

const FACETS = {
    stance: 'Stance',
    speaker: { title: 'Speaker', parameter: 'speaker_id' },
    topic: 'Topic',
};

export default async at => {
    const page = await at.get('/v1/claims', new URLSearchParams([['expand', 'speaker'], ['sort', '-said_on'], ['facets', Object.keys(FACETS).join()],
        ['limit', '20'], ...at.query]));
    return make('div.with-side',
        make('div', make('h1', title), page.items.length ? page.items.map(claim => claimItem(claim)) : empty('No claim is like this.'), pager(at, page)),
        make('aside', { 'aria-label': 'Narrow down' }, facetLists(at, page.facets, FACETS)));
};
