// One meeting: when and where, who takes part, what the articles cannot all be right about, what was said there, and the words in
// which each article speaks of it.

import { between, make } from './dom.js';
import { discrepancyItems } from './discrepancies.js';
import { editBar } from './edit.js';
import { dayInWords, statusOf, timeInWords } from './meetings.js';
import { actorLink, claimItem, codePoints, count, cut, empty, headline, hrefOf, inContext, link, plain, statusMark,
    tellChanges, topics, when } from './parts.js';

export const title = 'Meeting';

// ---- when and where -------------------------------------------------------------------------------------------------------

const PRECISION = {
    year: 'Only the year is known.',
    month: 'Only the month is known.',
    day: 'No article tells the hour.',
    minute: 'To the minute.',
};

const precision = meeting => PRECISION[meeting.starts_at ? 'minute' : meeting.precision ?? (meeting.starts_on && 'day')];

const countryName = code => {
    try {
        return new Intl.DisplayNames('en', { type: 'region' }).of(code);
    } catch {
        return code;
    }
};

const fact = (name, ...content) => make('div', make('dt', name), make('dd', content));

const facts = meeting => {
    const place = [meeting.venue, meeting.city, meeting.country && countryName(meeting.country)].filter(Boolean).join(', ');
    const time = timeInWords(meeting);
    return make('dl.facts-of',
        fact('When', make('strong', dayInWords(meeting), time && [', ', time]), ' ', make('span.soft', precision(meeting))),
        fact('Where', place || make('span.soft', 'No article names a place.')),
        fact('Status', statusOf(meeting), ' ', statusMark(meeting.review)),
        fact('Kind', plain(meeting.kind)),
        meeting.topics.length > 0 && fact('About', topics(meeting.topics)));
};

// ---- who takes part -------------------------------------------------------------------------------------------------------

const ROLES = { host: 'Hosts', head: 'Lead a delegation', member: 'Take part' };

const participant = actor => make('li', actorLink(actor),
    make('p.soft', between([actor.title, actorLink(actor.affiliation)].filter(Boolean), ', ')));

const participants = meeting => {
    const actors = new Map(meeting.actors.map(actor => [actor.id, actor]));
    const inRole = role => meeting.participants.filter(one => one.role === role).map(one => actors.get(one.actor_id)).filter(Boolean);
    return make('section', make('h2', `Who takes part: ${count(meeting.participants.length, 'participant')}`),
        meeting.participants.length ? make('div.roles', Object.entries(ROLES).filter(([role]) => inRole(role).length).map(([role, name]) =>
            make('div', make('h3', name), make('ul.plain', inRole(role).map(participant)))))
            : empty('Nobody is named yet. An article that says who comes will fill this.'));
};

// ---- what does not agree --------------------------------------------------------------------------------------------------

const discrepancies = (at, meeting) => meeting.discrepancies.length > 0 && make('section', { id: 'discrepancies' },
    make('h2', `The articles do not agree: ${count(meeting.discrepancies.length, 'discrepancy', 'discrepancies')}`),
    discrepancyItems(at, meeting.discrepancies, 'h3', 'h4'));

// ---- what was said there, and who speaks of it ----------------------------------------------------------------------------

const claims = (meeting, page) => make('section', make('h2', `Said there: ${count(page.total, 'claim')}`),
    page.items.length ? page.items.map(claim => claimItem(claim, 'h3'))
        : empty('No claim is known to have been made there. One appears when an article says that something was said at this meeting.'),
    page.next_cursor && make('p', link(`/desk/claims?occasion_id=${meeting.id}`, `All ${count(page.total, 'claim')} made there`)));

// The words in their place; where the text has changed since, the words alone.
const printed = (article, points) => place => make('p.printed', cut(points, place.start, place.end) === place.text
    ? inContext(points, place, 120, 'meeting')
    : [make('q', make('mark.meeting', place.text)), make('span.soft', ' in an earlier text of the article')]);

const speaks = (meeting, article) => {
    const points = codePoints(article.text ?? '');
    return make('article.item', make('h3', { lang: article.language }, link(hrefOf('articles', article.id), headline(article))),
        make('p.facts', actorLink(article.outlet), when(article.published_at)),
        meeting.evidence.filter(place => place.article_id === article.id).map(printed(article, points)));
};

const articles = (meeting, page) => make('section', make('h2', `Who speaks of it: ${count(page.total, 'article')}`),
    page.items.length ? page.items.map(article => speaks(meeting, article)) : empty('No article of the record speaks of it.'),
    page.next_cursor && make('p.soft', `These are the first ${page.items.length}.`));

// ---- all of it ------------------------------------------------------------------------------------------------------------

export default async at => {
    const path = `/v1/meetings/${at.id}`;
    const [meeting, said, speaking] = await Promise.all([
        at.get(path, { expand: 'actors.affiliation,discrepancies' }),
        at.get(`${path}/claims`, { expand: 'speaker', limit: 20, sort: '-report_count' }),
        at.get(`${path}/articles`, { expand: 'outlet,text', limit: 50, sort: 'published_at' }),
    ]);
    at.title(`${meeting.name} · Meetings`);
    if (location.hash) setTimeout(() => document.getElementById(location.hash.slice(1))?.scrollIntoView());
    return [
        make('p.soft', link(`${hrefOf('meetings')}${meeting.starts_on ? `?month=${meeting.starts_on.slice(0, 7)}` : ''}`, '← The month')),
        make('h1', meeting.name),
        facts(meeting),
        tellChanges(at, ({ noun, id, version }) => noun === 'meeting' && id === meeting.id && version > meeting.version),
        editBar(at, 'meetings', meeting),
        participants(meeting),
        discrepancies(at, meeting),
        claims(meeting, said),
        articles(meeting, speaking),
    ];
};
