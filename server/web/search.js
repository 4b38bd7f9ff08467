// Search: everything in the record that has these words, with the words marked where they stand.

import { get, Problem } from './api.js';
import { between, make } from './dom.js';
import { actorLink, codePoints, count, cut, hrefOf, link, plain, spread, stance, statusMark, topics, when, withQuery } from './parts.js';

export const title = 'Search';

// Of the interface: the word for one, the word for many, the view where the same words can be narrowed down, and by what.
const NOUNS = {
    claim: ['Claim', 'Claims', 'claims', 'topic, stance, speaker or outlet'],
    article: ['Article', 'Articles', 'articles', 'outlet or language'],
    actor: ['Actor', 'Actors', 'actors', 'kind or country'],
    meeting: ['Meeting', 'Meetings', 'meetings', 'city, kind or topic'],
};
const MOST = 1000; // what the server counts of one noun
const MOST_PLACES = 24; // that it marks

// ---- marks ----------------------------------------------------------------------------------------------------------------

// A text with the places marked that the server found in it.
const marked = (text, places = []) => {
    const points = codePoints(text), parts = [];
    let at = 0;
    for (const { start, end } of [...places].sort((one, other) => one.start - other.start)) {
        if (start < at) continue;
        parts.push(cut(points, at, start), make('mark', cut(points, start, end)));
        at = end;
    }
    return [...parts, cut(points, at)];
};

const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
const plainText = html => html.replace(/&(?:amp|lt|gt|quot|#39);/g, entity => ENTITIES[entity]).replace(/\n+/g, '\n');

// The passage comes as HTML in which all but <mark> is escaped. It is taken apart rather than believed: a <mark> that the article
// has itself arrives as &lt;mark&gt; and is shown as it was written.
const passage = snippet => make('p.passage',
    snippet.split(/<\/?mark>/).map((part, index) => index % 2 ? make('mark', plainText(part)) : plainText(part)));

// Many texts begin with their title, which stands above the passage already.
const belowTitle = (snippet, name) => {
    const [first, ...rest] = snippet.split('\n\n');
    const words = plainText(first.replace(/<\/?mark>/g, '')).replace(/^… /, '');
    return rest.length && name?.endsWith(words) ? rest.join('\n\n') : snippet;
};

// ---- hits -----------------------------------------------------------------------------------------------------------------

const places = ({ text = [] }) => text.length > 0 &&
    `${count(text.length, 'place')}${text.length === MOST_PLACES ? ' or more' : ''} in the text`;

const claimHit = (claim, { highlights }, names) => ({
    name: marked(claim.text, highlights.text),
    facts: [actorLink(names.get(claim.speaker_id)), stance(claim.stance), when(claim.said_on), spread(claim), statusMark(claim.status),
        topics(claim.topics)],
});

const articleHit = (article, { highlights, snippet }, names) => ({
    name: marked(article.title ?? `Article ${article.id}`, highlights.title),
    words: passage(belowTitle(snippet, article.title)),
    facts: [actorLink(names.get(article.outlet_id)), when(article.published_at), places(highlights),
        article.near_duplicate_of && link(hrefOf('articles', article.near_duplicate_of), 'repeats another article')],
});

const actorHit = (actor, { highlights }) => {
    const aliases = highlights.aliases ?? [];
    const others = [...new Set(aliases.map(({ index }) => index))].map(index =>
        marked(actor.aliases[index].text, aliases.filter(place => place.index === index)));
    return {
        name: marked(actor.name, highlights.name),
        facts: [plain(actor.kind), actor.title && make('span', marked(actor.title, highlights.title)), actor.country,
            others.length > 0 && make('span', 'also ', between(others, ', ')),
            statusMark(actor.status)],
    };
};

const meetingHit = (meeting, { highlights }) => ({
    name: marked(meeting.name, highlights.name),
    facts: [when(meeting.starts_on),
        ...['city', 'venue'].map(name => meeting[name] && make('span', marked(meeting[name], highlights[name]))),
        plain(meeting.status), statusMark(meeting.review), topics(meeting.topics)],
});

const HITS = { claim: claimHit, article: articleHit, actor: actorHit, meeting: meetingHit };

const hitItem = (hit, names) => {
    const [noun, , view] = NOUNS[hit.noun], { name, words, facts } = HITS[hit.noun](hit.document, hit, names);
    return make('article.item.hit',
        make('p.noun', noun),
        make('div', make('h2', link(hrefOf(view, hit.id), name)), words,
            make('p.facts', between(facts.filter(Boolean), ' '))));
};

// Who said or printed it: hits have ids alone. The map goes from an id to the actor.
const namesIn = async (hits, signal) => {
    const ids = new Set(hits.flatMap(({ document: found }) => [found.speaker_id, found.outlet_id]).filter(Boolean));
    const actors = await Promise.all([...ids].map(id => get(`/v1/actors/${id}`, { fields: 'id,name' }, signal).catch(() => null)));
    return new Map(actors.filter(Boolean).map(actor => [actor.id, actor]));
};

// ---- around them ----------------------------------------------------------------------------------------------------------

const searchFor = q => link(`/desk/search?q=${encodeURIComponent(q)}`, q);

const language = () => make('p.soft.how', 'Words in any order and any of their forms; ', make('code', '"exact words"'), ' side by side; ',
    make('code', '-without'), ' this one; ', make('code', 'this OR that'), '; ', make('code', 'begin*'), ' for all that begins so.');

const number = value => `${value.toLocaleString('en')}${value >= MOST ? '+' : ''}`;

const option = (at, parameter, value, text) => make('li', make('a', { href: withQuery(at, { [parameter]: value }),
    'aria-current': at.query.get(parameter) === value && 'true' }, text));

const choices = (at, counts) => make('nav.choices', { 'aria-label': 'What to show' },
    make('ul', option(at, 'noun', null, 'All'), Object.keys(NOUNS).map(noun =>
        option(at, 'noun', noun, [NOUNS[noun][1], ' ', make('span.soft', number(counts[noun] ?? 0))]))),
    make('ul', option(at, 'sort', null, 'Best first'), option(at, 'sort', 'newest', 'Newest first')));

const narrower = (at, q) => {
    const [, many, view, ways] = NOUNS[at.query.get('noun')] ?? [];
    return many && make('p.soft', link(`/desk/${view}?q=${encodeURIComponent(q)}`, `The same words in ${many}`),
        `, to narrow them down by ${ways}.`);
};

const pages = (at, page) => (page.next_cursor || at.query.has('cursor')) && make('nav.pager', { 'aria-label': 'Pages' },
    at.query.has('cursor') && link(withQuery(at, {}), '← From the start'),
    page.next_cursor && link(withQuery(at, { cursor: page.next_cursor }), 'After →'));

const found = page => {
    const { noun } = page.facets, kinds = Object.keys(NOUNS).filter(name => noun[name]);
    return make('p', make('strong', `${page.total_exact ? '' : 'More than '}${page.total.toLocaleString('en')} found`),
        kinds.length > 0 && `: ${kinds.map(name => count(noun[name], name)).join(', ')}`, '.');
};

const instead = (q, page) => page.did_you_mean &&
    make('p', 'Nothing has ', make('q', q), '. These have ', searchFor(page.did_you_mean), '.');

// ---- nothing found --------------------------------------------------------------------------------------------------------

// Other ways to put the question.
const wider = q => {
    const words = q.match(/[\p{L}\p{N}]+/gu) ?? [], isPlain = !/["()*-]|\b(?:OR|AND|NOT)\b/.test(q);
    return [
        words.length > 1 && isPlain && ['any of the words: ', searchFor(words.join(' OR '))],
        words.length > 1 && q.includes('"') && ['the words apart from each other: ', searchFor(words.join(' '))],
        words.length > 0 && isPlain && ['what begins so: ', searchFor(`${q}*`)],
    ].filter(Boolean);
};

const nothing = async (at, q) => {
    const { items } = await at.get('/v1/actors/suggest', { q: q.slice(0, 200), limit: 5 }).catch(() => ({ items: [] }));
    return [make('p.empty', 'Nothing in the record has ', make('q', q), '.'),
        make('p', 'What may help:'),
        make('ul',
            items.length > 0 && make('li', 'actors of such a name: ', between(items.map(actorLink), ', ')),
            at.query.has('noun') && make('li', link(withQuery(at, { noun: null }), 'everything, not only this kind')),
            wider(q).map(way => make('li', way)),
            make('li', 'fewer words, or a name in any script: Latin and Cyrillic letters find each other'))];
};

// ---- the view -------------------------------------------------------------------------------------------------------------

const keepInField = q => {
    const field = document.getElementById('words');
    if (field && field !== document.activeElement) field.value = q;
};

// All that matches by noun: the counts of one noun alone say nothing of the others.
const countsOf = async (at, q, page) => (at.query.has('noun') ? await at.get('/v1/search', { q, limit: 1 }) : page).facets.noun;

const results = async (at, q) => {
    const page = await at.get('/v1/search', at.query);
    const [counts, names] = await Promise.all([countsOf(at, q, page), namesIn(page.items, at.signal)]);
    return [
        page.items.length > 0 && [instead(q, page), found(page)],
        (page.items.length > 0 || at.query.has('noun')) && choices(at, counts),
        page.items.length > 0 ? [narrower(at, page.did_you_mean ?? q), page.items.map(hit => hitItem(hit, names))] : await nothing(at, q),
        pages(at, page),
    ];
};

const notUnderstood = error => {
    if (!(error instanceof Problem && error.status === 400)) throw error;
    return make('p', { role: 'alert' }, `${error.message.replace(/; q .*/, '')}.`.replace(/^the/, 'The'));
};

export default async at => {
    const q = at.query.get('q')?.trim() ?? '';
    keepInField(q);
    if (!q) {
        return [make('h1', 'Search'), make('p', 'The field at the top of the page searches articles, claims, actors and meetings.'),
            language()];
    }
    at.title(`${q} · Search`);
    return [make('h1', 'Search: ', make('q', q)), language(), await results(at, q).catch(notUnderstood)];
};
