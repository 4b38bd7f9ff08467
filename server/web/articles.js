// The list of articles, newest first; and a form that reads a text without keeping it.

import { send } from './api.js';
import { make, replace } from './dom.js';
import { articleItem, asked, count, empty, facetLists, filters, formats, hrefOf, languageName, pager, plain, problemBox,
    readPage, stance, tellChanges, when } from './parts.js';
import { reading } from './reading.js';

export const title = 'Articles';

const FACETS = {
    outlet: { title: 'Outlet', parameter: 'outlet_id' },
    language: 'Language',
    machine_translated: 'Translated by a machine',
};

// ---- reading a text without keeping it ------------------------------------------------------------------------------------

// What /v1/extract answers, as reading.js draws it.
const foundIn = (text, answer) => {
    const actors = new Map(answer.actors.map(actor => [actor.ref, actor]));
    const hrefOfActor = actor => actor?.actor_id && hrefOf('actors', actor.actor_id);
    return {
        text: answer.article.text ?? text, language: answer.article.language, boilerplate: answer.article.boilerplate_spans,
        mentions: answer.actors.flatMap(actor =>
            actor.mentions.map(span => ({ ...span, href: hrefOfActor(actor), note: actor.name }))),
        meetings: answer.meetings.flatMap(meeting => meeting.mentions.map(span => ({ ...span, note: meeting.name }))),
        claims: answer.claims.map(claim => ({
            text: claim.content.map(span => span.text).join(' … '), content: claim.content, source: claim.source, cue: claim.cue,
            speaker: { key: claim.speaker ?? 'none', name: actors.get(claim.speaker)?.name ?? 'Nobody in particular',
                href: hrefOfActor(actors.get(claim.speaker)) },
            facts: [stance(claim.stance), when(claim.said_on), claim.topics.map(plain).join(', ')],
        })),
    };
};

const readingForm = () => {
    const result = make('div', { 'aria-live': 'polite' });
    const read = async event => {
        event.preventDefault();
        const { text, published_on: day } = Object.fromEntries(new FormData(event.target));
        replace(result, make('p.soft', 'Reading …'));
        try {
            const answer = await send('POST', '/v1/extract', { text, ...(day && { published_on: day }) });
            const found = ['actor', 'claim', 'meeting'].map(noun => count(answer[`${noun}s`].length, noun)).join(', ');
            replace(result, make('h2', 'What it says'), make('p.soft', `Found: ${found}. Nothing of it was kept.`),
                reading(foundIn(text, answer)));
        } catch (error) {
            replace(result, problemBox(error, 'h2'));
        }
    };
    return make('details.panel.paste', make('summary', 'Read a text without keeping it'),
        make('form', { submit: read },
            make('label', { for: 'paste' }, 'Text of an article'),
            make('textarea', { id: 'paste', name: 'text', rows: '8', required: true }),
            make('div.row',
                make('label', { for: 'paste-day' }, 'Published on'), make('input', { id: 'paste-day', name: 'published_on', type: 'date' }),
                make('button.chief', { type: 'submit' }, 'Read it'))),
        result);
};

// ---- the list -------------------------------------------------------------------------------------------------------------

// The facets with names for a person, and the same names for the filters.
const named = facets => ({
    outlet: facets?.outlet,
    language: facets?.language?.map(facet => ({ ...facet, name: languageName(facet.value) })),
    machine_translated: facets?.machine_translated?.map(facet => ({ ...facet, name: facet.value ? 'Yes' : 'No' })),
});
const labelsOf = facets => Object.fromEntries(Object.entries(facets).map(([name, values]) =>
    [FACETS[name].parameter ?? name, Object.fromEntries((values ?? []).map(facet => [facet.value, facet.name]))]));

export default async at => {
    const page = await readPage(at, '/v1/articles',
        asked(at, { expand: 'outlet', sort: '-published_at', facets: Object.keys(FACETS).join(), limit: 20 }));
    const facets = named(page.facets);
    return [
        make('h1', title),
        readingForm(),
        tellChanges(at, ({ noun }) => noun === 'article'),
        make('div.with-side',
            make('div',
                filters(at, {}, labelsOf(facets)),
                page.items.length ? page.items.map(article => articleItem(article))
                    : empty('No article is like this. Articles come in by POST /v1/articles, or from the shell by readout ingest.'),
                pager(at, page), formats(at, '/v1/articles', { csv: 'CSV', atom: 'Atom feed', jsonfeed: 'JSON Feed' })),
            make('aside', { 'aria-label': 'Narrow down' }, facetLists(at, facets, FACETS))),
    ];
};
