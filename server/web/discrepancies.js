// Discrepancies: where the articles cannot all be right. What each of them printed stands side by side, in its words; the list and
// one of them alone are drawn in the same way.

import { make, replace } from './dom.js';
import { actorLink, asked, codePoints, count, cut, empty, facetLists, filters, formats, headline, history, hrefOf, inContext,
    languageMark, link, pager, plain, tellChanges, when } from './parts.js';
import { editBar } from './edit.js';

export const title = 'Discrepancies';

// ---- what differs ---------------------------------------------------------------------------------------------------------

// Values are compared word by word; names of one word, whose spelling is what differs, letter by letter.
const pieces = (values, kind) => kind === 'name-spelling' && values.every(value => !/\s/.test(value))
    ? values.map(codePoints) : values.map(value => value.split(/(\s+)/));

// Which pieces of `one` stand in `other` too, in the same order (the longest common subsequence).
const kept = (one, other) => {
    const lengths = Array.from({ length: one.length + 1 }, () => new Uint32Array(other.length + 1)), same = new Set();
    for (let i = one.length - 1; i >= 0; i--) {
        for (let j = other.length - 1; j >= 0; j--) {
            lengths[i][j] = one[i] === other[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
        }
    }
    for (let i = 0, j = 0; i < one.length && j < other.length;) {
        if (one[i] === other[j]) {
            same.add(i++);
            j++;
        } else if (lengths[i + 1][j] >= lengths[i][j + 1]) i++;
        else j++;
    }
    return same;
};

const COMPARED = 200;

// Each value as text, with marks where fewer than half of the others have the same.
const marked = (values, kind) => {
    const all = pieces(values, kind);
    if (all.length > SHOWN_VALUES || all.some(list => list.length > COMPARED)) return values.map(value => [value]);
    return all.map((own, index) => {
        const common = all.filter((_, other) => other !== index).map(other => kept(own, other)), parts = [];
        const isOwn = place => common.filter(same => same.has(place)).length * 2 < common.length;
        own.forEach((piece, place) => {
            // White space is marked between words that are.
            const differs = piece.trim() ? isOwn(place) : isOwn(place - 1) && isOwn(place + 1), last = parts.at(-1);
            if (last?.differs === differs) last.text += piece;
            else parts.push({ differs, text: piece });
        });
        return parts.map(({ differs, text }) => differs ? make('mark', text) : text);
    });
};

// ---- what was printed -----------------------------------------------------------------------------------------------------

const SHOWN_VALUES = 12, SHOWN_WORDS = 6;

// Reads each address once for the view.
const once = at => {
    const known = new Map();
    return (path, parameters) => {
        if (!known.has(path)) known.set(path, at.get(path, parameters).catch(() => null));
        return known.get(path);
    };
};

// An article with its outlet; where the words stand in an older text of it, with that text.
const articleOf = async (fetch, { article_id: id, revision }) => {
    const article = await fetch(`/v1/articles/${id}`, { expand: 'outlet' });
    return article && revision ? { ...article, ...await fetch(`/v1/articles/${id}/revisions/${revision}`), id, older: revision } : article;
};

// The words as the article has them; where it cannot be read, as the record has them.
const words = (article, evidence) => {
    const points = codePoints(article?.text ?? '');
    return cut(points, evidence.start, evidence.end) === evidence.text ? inContext(points, evidence, 90)
        : make('q.context', make('mark.content', evidence.text));
};

const whose = article => make('p.facts', article ? [make('strong', actorLink(article.outlet) ?? 'No outlet'), when(article.published_at),
    languageMark(article), article.older && make('span', `text ${article.older}, since replaced`)] : 'This article cannot be read.');

const printed = (fetch, evidence) => {
    const item = make('li.printed', { 'data-article': evidence.article_id }, words(null, evidence));
    articleOf(fetch, evidence).then(article => replace(item, whose(article),
        make('div', { lang: article?.language }, words(article, evidence)),
        make('p.soft', { lang: article?.language }, link(hrefOf('articles', evidence.article_id),
            article ? headline(article) : `Article ${evidence.article_id}`))));
    return item;
};

// A list of which the first are shown; the rest is drawn when it is asked for.
const shortened = (all, shown, show, noun) => {
    const button = make('button', { type: 'button', click: () => {
        const rest = all.slice(shown).map(show);
        button.parentElement.replaceWith(...rest);
        rest[0].setAttribute('tabindex', '-1');
        rest[0].focus();
    } }, count(all.length - shown, `more ${noun}`));
    return [all.slice(0, shown).map(show), all.length > shown && make('li', button)];
};

const valueColumn = (fetch, heading) => ({ article_count: articles, origin_count: origins, evidence, text }) => make('li.value',
    make(heading, text),
    make('p.soft', count(articles, 'article'), ', ', make(origins > 1 ? 'strong' : 'span', count(origins, 'origin'))),
    make('ul.plain', shortened(evidence, SHOWN_WORDS, span => printed(fetch, span), 'place')));

const sideBySide = (fetch, { values, about, kind }, heading) => {
    const texts = marked(values.map(({ value }) => value), kind);
    return make('ul.values', { 'aria-label': `What is printed: ${about}` },
        shortened(values.map((value, index) => ({ ...value, text: texts[index] })), SHOWN_VALUES, valueColumn(fetch, heading), 'value'));
};

// ---- what it is about -----------------------------------------------------------------------------------------------------

const SUBJECTS = { actor: ['actors', 'name'], meeting: ['meetings', 'name'], claim: ['claims', 'text'] };

// Links to the actor, the meeting and the claim, with their names once these are known.
const subjects = (fetch, discrepancy) => Object.entries(SUBJECTS).map(([noun, [view, name]]) => {
    const id = discrepancy[`${noun}_id`];
    if (!id) return null;
    const words = link(hrefOf(view, id), `${noun} ${id}`);
    fetch(`/v1/${view}/${id}`).then(subject => subject?.[name] && replace(words, subject[name]));
    return make('span', `${noun}: `, words);
});

const facts = (fetch, discrepancy) => make('p.facts', make('span.status', { 'data-status': discrepancy.status }, discrepancy.status),
    make('span', plain(discrepancy.kind)), subjects(fetch, discrepancy), make('span', 'changed ', when(discrepancy.updated_at)));

const note = ({ note: text }) => text && make('p.note', make('strong', 'Note: '), text);

const ORDER = 'The value with more origins, outlets that do not repeat one another, stands first. That does not say which one is right.';

// ---- the views ------------------------------------------------------------------------------------------------------------

const item = (fetch, heading = 'h2', below = 'h3') => discrepancy => make('article.discrepancy',
    make(heading, link(hrefOf('discrepancies', discrepancy.id), discrepancy.about)),
    facts(fetch, discrepancy), sideBySide(fetch, discrepancy, below), note(discrepancy));

// Discrepancies on another view's page, with headings that fit below what stands above them.
export const discrepancyItems = (at, discrepancies, heading, below) => discrepancies.map(item(once(at), heading, below));

const FACETS = { status: 'Status', kind: 'Kind' };

const list = async (at, fetch) => {
    const page = await at.get('/v1/discrepancies', asked(at, { facets: 'status,kind', limit: '10' }));
    const labels = {};
    for (const [noun, [view, name]] of Object.entries(SUBJECTS)) {
        const id = at.query.get(`${noun}_id`), subject = id && await fetch(`/v1/${view}/${id}`);
        if (subject) labels[`${noun}_id`] = { [id]: subject[name] };
    }
    return make('div.with-side',
        make('div', make('h1', title), make('p', 'Where articles contradict each other, and what each outlet printed. ', ORDER),
            filters(at, { actor_id: 'actor', meeting_id: 'meeting', claim_id: 'claim', article_id: 'article' }, labels),
            tellChanges(at, ({ noun, id, version }) => noun === 'discrepancy'
                && !page.items.some(known => known.id === id && known.version >= version)),
            page.items.length ? page.items.map(item(fetch)) : empty('No discrepancy is like this. They are noticed as articles are read.'),
            pager(at, page), formats(at, '/v1/discrepancies', { csv: 'CSV' })),
        make('aside', { 'aria-label': 'Narrow down' }, facetLists(at, page.facets, FACETS)));
};

const one = async (at, fetch) => {
    const path = `/v1/discrepancies/${at.id}`, [discrepancy, past] = await Promise.all([at.get(path), at.get(`${path}/history`)]);
    at.title(discrepancy.about);
    return make('div.discrepancy', make('p.soft', link('/desk/discrepancies', 'All discrepancies')), make('h1', discrepancy.about),
        facts(fetch, discrepancy),
        tellChanges(at, ({ noun, id, version }) => noun === 'discrepancy' && id === discrepancy.id && version > discrepancy.version),
        make('h2', 'What was printed'), make('p.soft', ORDER), sideBySide(fetch, discrepancy, 'h3'),
        make('h2', 'What was found out'), note(discrepancy) || make('p.soft', 'No note yet.'),
        editBar(at, 'discrepancies', discrepancy), history(past.items));
};

export default at => (at.id ? one : list)(at, once(at));
