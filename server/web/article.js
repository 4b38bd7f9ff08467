// One article: its text with what was found in it, what of that is new to the record, and what became of its quotations.

import { between, make } from './dom.js';
import { reading } from './reading.js';
import { actorLink, count, headline, hrefOf, languageMark, link, outside, plain, stance, statusMark, tellChanges, when } from './parts.js';

export const title = 'Article';

const PAGES = 40; // of 500: an article names actors at most 20,000 times

// All pages of a list.
const all = async (at, path, parameters) => {
    const items = [];
    let cursor = null, page = 0;
    do {
        const answer = await at.get(path, { limit: 500, ...parameters, cursor });
        items.push(...answer.items);
        cursor = answer.next_cursor;
    } while (cursor && ++page < PAGES);
    return items;
};

// ---- what the text is marked with -----------------------------------------------------------------------------------------

const NOVELTY = { new: 'new', new_wording: 'in new words', known: 'known' };

// "new", or since when the record has it, and from how many.
const noveltyMark = novelty => novelty && make('span.novelty', { 'data-novelty': novelty.novelty }, NOVELTY[novelty.novelty],
    novelty.known_since && [', known since ', when(novelty.known_since.slice(0, 10)),
        ` from ${count(novelty.earlier.outlet_count, 'outlet')}`],
    novelty.novelty !== 'new' && novelty.new_origin && ', now also from another origin');

// Who says it in this article, which may be somebody else than in the record.
const speakerOf = (report, actors) => {
    const id = report.speaker_id ?? report.claim.speaker_id;
    const actor = actors.get(id) ?? (id === report.claim.speaker_id ? report.claim.speaker : null);
    return { key: String(id), name: actor?.name ?? (id ? `Actor ${id}` : 'Nobody in particular'), href: id && hrefOf('actors', id) };
};

const claimsOf = (reports, actors, novelty) => {
    const news = new Map(novelty.claims.map(claim => [claim.report_id, claim]));
    return reports.toSorted((one, other) => (one.content[0]?.start ?? 0) - (other.content[0]?.start ?? 0)).map(report => ({
        text: report.claim.text, href: hrefOf('claims', report.claim_id), isHere: report.revision === null,
        content: report.revision === null ? report.content : [],
        source: report.revision === null && report.source, cue: report.revision === null && report.cue,
        speaker: speakerOf(report, actors),
        facts: [stance(report.claim.stance), statusMark(report.claim.status), noveltyMark(news.get(report.id))],
    }));
};

const evidenceOf = (meetings, article) => meetings.flatMap(meeting => meeting.evidence
    .filter(span => span.article_id === article.id && span.revision === null)
    .map(span => ({ ...span, href: hrefOf('meetings', meeting.id), note: meeting.name })));

const mentionsOf = (mentions, actors) => mentions.map(mention => ({ ...mention, href: hrefOf('actors', mention.actor_id),
    note: [actors.get(mention.actor_id)?.name,
        mention.reported_title && `here “${mention.reported_title}”`].filter(Boolean).join(', ') }));

// ---- beside the text ------------------------------------------------------------------------------------------------------

const section = (heading, ...content) => make('section', make('h2', heading), content);

const contradictions = disputes => disputes.length > 0 && section('In dispute', make('ul.plain', disputes.map(dispute => make('li',
    link(hrefOf('discrepancies', dispute.discrepancy_id), dispute.about), ' ',
    make('span.status', { 'data-status': dispute.status }, dispute.status),
    make('p.soft', 'Here: ', dispute.here.join('; '), make('br'),
        'Elsewhere: ', dispute.elsewhere.map(other => other.value).join('; '))))));

const actorList = (actors, mentions) => {
    const times = new Map();
    for (const mention of mentions) times.set(mention.actor_id, (times.get(mention.actor_id) ?? 0) + 1);
    const often = [...actors.values()].toSorted((one, other) => (times.get(other.id) ?? 0) - (times.get(one.id) ?? 0));
    return often.length > 0 && section(count(often.length, 'actor'), make('ul.plain.columns', often.map(actor => make('li',
        actorLink(actor), ' ', make('span.soft', `${plain(actor.kind)}, ${count(times.get(actor.id) ?? 0, 'time')}`)))));
};

const meetingList = meetings => meetings.length > 0 && section(count(meetings.length, 'meeting'), make('ul.plain', meetings.map(meeting =>
    make('li', link(hrefOf('meetings', meeting.id), meeting.name), ' ',
    make('span.soft', between([when(meeting.starts_on), meeting.city, plain(meeting.status)].filter(Boolean), ', '))))));

// ---- revisions ------------------------------------------------------------------------------------------------------------

const words = part => part?.spans.map(span => span.text).join(' … ');

const difference = pieces => pieces.map(piece => [' ', piece.kind === 'kept' ? piece.after
    : [piece.before && make('del', piece.before), piece.before && piece.after && ' ', piece.after && make('ins', piece.after)]]);

const quote = change => make('li', link(hrefOf('claims', change.claim_id), change.change), ': ',
    change.difference ? difference(change.difference)
        : change.after ? make('ins', words(change.after)) : make('del', words(change.before)));

const changesOf = revision => revision.quotes.filter(change => ['vanished', 'changed', 'new'].includes(change.change));

const revisionItem = revision => make('li',
    make('h3', `Text ${revision.number}, seen `, when(revision.seen_at)),
    revision.number > 1 && make('p.soft', `${count(revision.words_added ?? 0, 'word')} added, `,
        `${count(revision.words_removed ?? 0, 'word')} removed`),
    revision.quotes && make('ul.plain', changesOf(revision).map(quote)),
    revision.quotes && !changesOf(revision).length && make('p.soft', 'Every quotation stayed.'));

const revisionList = revisions => revisions.length > 1 && section(`Changed: ${count(revisions.length, 'text')}`,
    make('ol.plain', revisions.map(revisionItem)));

// The newest with their quotations.
const readRevisions = async (at, path) => {
    const { items } = await at.get(`${path}/revisions`, { limit: 10 });
    return Promise.all(items.map(revision => revision.number > 1 ? at.get(`${path}/revisions/${revision.number}`) : revision));
};

// ---- the article ----------------------------------------------------------------------------------------------------------

const repeats = (article, copies) => (article.near_duplicate_of || copies.items.length > 0) && make('p.facts',
    article.near_duplicate_of && make('span', 'Most of it repeats ',
        link(hrefOf('articles', article.near_duplicate_of), 'another article'), '.'),
    copies.items.length > 0 && make('span', 'Most of it is repeated by ',
        between(copies.items.map(copy => link(hrefOf('articles', copy.id), copy.outlet?.name ?? headline(copy))), ', '), '.'));

const summaryOf = ({ claims, new: fresh, new_wording: reworded, known }) => claims > 0 && make('p.soft',
    `Of its ${count(claims, 'claim')}, `, [fresh && `${fresh} new`, reworded && `${reworded} known in other words`,
        known && `${known} known in these words`].filter(Boolean).join(', '), ' when it was published.');

export default async at => {
    const path = `/v1/articles/${at.id}`;
    const [article, mentions, people, reports, meetings, novelty, revisions, copies] = await Promise.all([
        at.get(path, { expand: 'outlet' }), all(at, `${path}/mentions`), all(at, `${path}/actors`),
        all(at, `${path}/reports`, { expand: 'claim.speaker' }), all(at, `${path}/meetings`), at.get(`${path}/novelty`),
        readRevisions(at, path),
        at.get('/v1/articles', { near_duplicate_of: at.id, expand: 'outlet', limit: 20 })]);
    const actors = new Map(people.map(actor => [actor.id, actor]));
    at.title(headline(article));
    const isNewer = ({ noun, id, version }) => noun === 'article' ? id === at.id && version > article.version
        : noun === 'claim' && reports.some(report => report.claim_id === id && version > report.claim.version);
    return [
        make('h1', { lang: article.language }, headline(article)),
        make('p.facts', actorLink(article.outlet), article.byline && make('span', article.byline),
            article.dateline && make('span', article.dateline), when(article.published_at) ?? make('span', 'no date'),
            languageMark(article), article.url && make('span', 'Original: ', outside(article.url))),
        tellChanges(at, isNewer),
        repeats(article, copies),
        summaryOf(novelty.summary),
        reading({ title: article.title, text: article.text, language: article.language, boilerplate: article.boilerplate_spans,
            mentions: mentionsOf(mentions, actors), meetings: evidenceOf(meetings, article), claims: claimsOf(reports, actors, novelty) },
        contradictions(novelty.contradicts), actorList(actors, mentions), meetingList(meetings), revisionList(revisions)),
    ];
};
