// One claim: what was said, by whom, to whom, when; how many know it independently of each other, in which words each outlet
// prints it, which way it took into the papers, what does not agree, and what became of it in the record.

import { make, replace } from './dom.js';
import { chainGraph } from './chain.js';
import { editBar } from './edit.js';
import { actorLink, codePoints, count, empty, history, hrefOf, link, marked, paragraphsWith, plain, spread, stance, statusMark,
    topics, when } from './parts.js';

export const title = 'Claim';

const EXPAND = 'speaker,on_behalf_of,addressee,occasion,reports,discrepancies';
const REPORTS = { expand: 'article.outlet,article.text', limit: 100 };

// ---- who, to whom, when ---------------------------------------------------------------------------------------------------

const facts = claim => make('dl.claim-facts', [
    ['Said by', claim.speaker && [actorLink(claim.speaker), claim.attribution === 'anonymous' && make('span.soft', ' (not named)')]],
    ['On behalf of', actorLink(claim.on_behalf_of)],
    ['To', actorLink(claim.addressee)],
    ['When', when(claim.said_on)],
    ['Occasion', claim.occasion && link(hrefOf('meetings', claim.occasion.id), claim.occasion.name)],
    ['Stance', stance(claim.stance)],
    ['Topics', topics(claim.topics)],
].filter(([, value]) => value).map(([name, value]) => make('div', make('dt', name), make('dd', value))));

// ---- the words ------------------------------------------------------------------------------------------------------------

const spansOf = report => [...report.content.map(span => ({ ...span, kind: 'content' })),
    ...['source', 'cue'].filter(kind => report[kind]).map(kind => ({ ...report[kind], kind }))];

const bareWords = report => make('p', report.content.map(span => make('mark.content', span.text)).flatMap((part, index) =>
    index ? [' … ', part] : [part]));

// A details element whose content is made when it is first opened.
export const unfolding = (summary, content) => {
    const details = make('details', { toggle: async () => {
        if (!details.open || details.dataset.filled) return;
        details.dataset.filled = 'yes';
        const parts = content();
        details.append(...[await parts].flat());
    } }, make('summary', summary));
    return details;
};

// The words of a report (read with expand=article.text) where they stand, and the rest of the article to unfold.
export const reportWords = report => {
    const points = codePoints(report.article?.text ?? ''), spans = spansOf(report);
    const paragraphs = report.article?.text && paragraphsWith(points, spans);
    if (!paragraphs) return [make('blockquote.words', bareWords(report)),
        make('p.soft', 'The article has changed since; these are the words as they were printed.')];
    return [make('blockquote.words', { lang: report.article.language }, paragraphs),
        unfolding('The whole article',
            () => make('div.words.whole', { lang: report.article.language }, marked(points, 0, points.length, spans)))];
};

export const legend = () => make('p.marks', 'Marked: ', make('mark.content', 'what is said'), ' ',
    make('mark.source', 'who is said to say it'), ' ', make('mark.cue', 'the word of saying'));

const KINDS = { direct: 'Quoted', indirect: 'In the outlet’s words', mixed: 'Partly quoted' };
const MATCHES = { exact: 'the quotation stands word for word in the source',
    normalised: 'the quotation stands in the source but for spelling',
    missing: 'the quotation does not stand in the source any more' };

// What the media are called that reports came through.
export const namesIn = chain => new Map(chain.nodes.filter(node => node.actor_id).map(node => [node.actor_id, node.label]));

// Where a report was printed, and how.
export const reportHead = (report, names) => {
    const { article } = report, via = report.via.map(id => names.get(id) ?? `actor ${id}`);
    return make('p.facts', article?.outlet && actorLink(article.outlet), article && link(hrefOf('articles', article.id), article.title),
        when(article?.published_at), make('span.manner', KINDS[report.kind]),
        via.length > 0 && make('span', `through ${via.join(', then ')}`),
        article?.machine_translated && make('span', 'machine translation'), report.match && make('span', MATCHES[report.match]));
};

// ---- origins --------------------------------------------------------------------------------------------------------------

const because = (folded, others) => make('p.because', folded.explanation,
    folded.span && [' It says: ', make('q', folded.span.text), '.'],
    folded.with_id && others.has(folded.with_id) && make('span.soft', ` Compare ${others.get(folded.with_id)}.`));

const oneReport = (folded, reports, others, names) => {
    const report = reports.get(folded.id);
    return make('li', { id: `report-${folded.id}`, 'data-report': folded.id },
        report ? reportHead(report, names)
            : make('p.facts', folded.outlet_name, link(hrefOf('articles', folded.article_id), 'its article')),
        folded.explanation && because(folded, others), report && reportWords(report));
};

const originHeading = (origin, number) => make('h3', `Origin ${number}: `, link(hrefOf('actors', origin.speaker_id), origin.speaker_name),
    origin.occasion_id && [', at ', link(hrefOf('meetings', origin.occasion_id), origin.occasion_name)],
    origin.medium_id && [', all from ', link(hrefOf('actors', origin.medium_id), origin.medium_name)]);

const originList = (claim, origins, page, chain) => {
    const reports = new Map(page.items.map(report => [report.id, report]));
    const names = namesIn(chain);
    const others = new Map(origins.items.flatMap(origin => origin.reports).map(({ id, outlet_name: name }) => [id, name]));
    const list = folded => make('ol.reports', folded.map(one => oneReport(one, reports, others, names)));
    return make('section.origins', make('h2', spread(origins)),
        origins.report_count ? legend() : empty('No article in the record carries this claim.'),
        origins.items.map((origin, index) => make('section.origin', originHeading(origin, index + 1),
            make('p.soft', `${count(origin.outlet_count, 'outlet')}, ${count(origin.report_count, 'report')}`), list(origin.reports))),
        origins.unattributed.length > 0 && make('section.origin',
            make('h3', 'Of no origin: these name no speaker'), list(origins.unattributed)),
        page.next && make('p.soft', `The words of the first ${page.items.length} reports are shown; `,
            link(`/v1/claims/${claim.id}/reports`, 'all of them as JSON'), '.'));
};

// ---- what does not agree, what is like it ---------------------------------------------------------------------------------

const disagreements = claim => [make('h2', 'Discrepancies'), claim.discrepancies.length
    ? make('ul', claim.discrepancies.map(one => make('li', link(hrefOf('discrepancies', one.id), one.about), ' ', statusMark(one.status),
        make('span.soft', ` ${one.values.map(({ value }) => value).join(' / ')}`))))
    : empty('The articles that carry it do not contradict each other, as far as is known.')];

const WHY_NOT = {
    'other-party': 'the speaker’s party has changed since',
    'other-speaker': 'somebody else said it',
    'other-day': 'it was said on another day',
    'too-brief': 'the words are too few to tell',
    'too-different': 'the words are too different',
    'kept-apart': 'a person keeps the two apart',
};

const similar = items => [make('h2', 'Similar claims'), items.length
    ? make('ul.similar', items.map(({ words, why_not: why, claim }) => make('li', link(hrefOf('claims', claim.id), claim.text),
        make('p.facts', `${Math.round(words * 100)} % of the words in common`, stance(claim.stance), when(claim.said_on), spread(claim),
            make('span', `Not the same: ${WHY_NOT[why] ?? plain(why)}`)))))
    : empty('Nobody of the same party has said anything like it.')];

// ---- the view -------------------------------------------------------------------------------------------------------------

// Says that somebody has changed it while it was read; what is being read is not taken away.
const tellChanges = (at, claim) => {
    const told = make('div.told', { role: 'status' });
    document.addEventListener('change-of-record', ({ detail }) => {
        if (detail.noun !== 'claim' || detail.id !== claim.id || detail.version <= claim.version) return;
        replace(told, make('p', `This claim was changed just now${detail.by ? ` by “${detail.by}”` : ''}. `,
            make('button', { type: 'button', click: () => document.dispatchEvent(new Event('redraw')) }, 'Show how it stands now')));
    }, { signal: at.signal });
    return told;
};

export default async at => {
    const path = `/v1/claims/${at.id}`;
    const [claim, origins, reports, chain, like, past] = await Promise.all([at.get(path, { expand: EXPAND }), at.get(`${path}/origins`),
        at.get(`${path}/reports`, REPORTS), at.get(`${path}/chain`), at.get(`${path}/similar`), at.get(`${path}/history`)]);
    at.title(codePoints(claim.text).slice(0, 60).join(''));
    return make('div.one-claim',
        make('p.soft.kicker', link('/desk/claims', 'Claims'), ` · claim ${claim.id} `, statusMark(claim.status)),
        make('h1', claim.text), facts(claim), tellChanges(at, claim), editBar(at, 'claims', claim),
        originList(claim, origins, reports, chain),
        make('h2', 'The ways it took'),
        chain.nodes.length ? chainGraph(at, chain) : empty('No report says yet how it came into the papers.'),
        disagreements(claim), similar(like.items), history(past.items));
};
