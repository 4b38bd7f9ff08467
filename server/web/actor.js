// One actor: who it is, what articles call it, where it stands, what it said, whom it met.

import { pathOf } from './api.js';
import { between, make } from './dom.js';
import { editBar } from './edit.js';
import { actorLink, articleItem, claimItem, count, empty, headline, hrefOf, link, plain, stance, tellChanges, when } from './parts.js';

export const title = 'Actor';

const SHOWN = 10; // claims, meetings and articles each; the rest is one link away

const section = (heading, ...content) => make('section', make('h2', heading), content);

const more = (page, href) => page.total > page.items.length && make('p', link(href, `All ${page.total.toLocaleString('en')} →`));

// ---- who it is ------------------------------------------------------------------------------------------------------------

const facts = actor => make('p.facts', make('span', plain(actor.kind)), actor.title && make('span', actor.title),
    actorLink(actor.affiliation),
    actor.country && make('span', new Intl.DisplayNames('en', { type: 'region' }).of(actor.country)),
    actor.wikidata_id && make('a', { href: `https://www.wikidata.org/wiki/${actor.wikidata_id}`, rel: 'noreferrer', target: '_blank' },
        `Wikidata ${actor.wikidata_id} ↗`));

// ---- what it is called ----------------------------------------------------------------------------------------------------

const articleLinks = (ids, articles) => between(ids.map(id => {
    const article = articles.get(id);
    return make('a', { href: hrefOf('articles', id), title: article && headline(article) }, article?.outlet?.name ?? `article ${id}`);
}), ', ');

const table = (label, head, rows) => make('div.wide', { tabindex: '0', role: 'region', 'aria-label': label }, make('table',
    make('thead', make('tr', head.map(name => make('th', { scope: 'col' }, name)))),
    make('tbody', rows.map(cells => make('tr', cells.map(cell => make('td', cell)))))));

const disputes = discrepancies => discrepancies?.length > 0 && make('ul.plain', discrepancies.map(dispute => make('li',
    link(hrefOf('discrepancies', dispute.id), dispute.about), ' ', make('span.status', { 'data-status': dispute.status }, dispute.status),
    dispute.note && make('p.soft', dispute.note))));

const titles = (actor, given, articles) => {
    const different = new Set(given.map(one => one.title.toLowerCase())).size;
    const doubts = actor.discrepancies?.filter(dispute => dispute.kind === 'title');
    return given.length > 0 && section('Titles that articles give',
        different > 1 && make('p', make('strong', `${doubts?.length ? 'Articles disagree: ' : ''}${different} different titles.`)),
        table('Titles', ['Title', 'Given by', 'Articles', 'Times'], given.map(one => [
            [one.title, one.title === actor.title && make('span.soft', ' (on record)')],
            articleLinks(one.article_ids, articles), one.article_count.toLocaleString('en'), one.mention_count.toLocaleString('en')])),
        disputes(doubts));
};

const scripts = new Intl.DisplayNames('en', { type: 'script' });

const names = (aliases, articles) => aliases.length > 0 && section('Other names',
    table('Other names', ['Name', 'Script', 'Form', 'Seen in'], aliases.map(alias => [
        alias.text, alias.script && scripts.of(alias.script), plain(alias.form ?? ''),
        alias.article_id ? articleLinks([alias.article_id], articles) : 'on record'])));

// ---- where it stands ------------------------------------------------------------------------------------------------------

const positions = list => list.items.length > 0 && section('Where it stands', table('Positions', ['Topic', 'Stance', 'Since', 'Shown by'],
    list.items.map(position => [link(pathOf('/desk/positions', { topic: position.topic }), plain(position.topic)), stance(position.stance),
        when(position.since), make('ul.plain', position.stances.filter(one => one.stance === position.stance).flatMap(one => one.claims)
            .slice(0, 3).map(claim => make('li', link(hrefOf('claims', claim.id), claim.text))))])));

// ---- the actor ------------------------------------------------------------------------------------------------------------

const claims = (actor, page) => section(page.total ? count(page.total, 'claim') : 'Claims',
    page.items.length ? page.items.map(claim => claimItem(claim, 'h3'))
        : empty(`No article in the record has ${actor.name} say anything.`),
    more(page, `/desk/claims?speaker_id=${actor.id}`));

const roleIn = (meeting, actor) => {
    const role = meeting.participants.find(({ actor_id: id }) => id === actor.id)?.role;
    return role && make('span', `as ${plain(role)}`);
};

const meetings = (actor, page) => page.items.length > 0 && section(count(page.total, 'meeting'), page.items.map(meeting =>
    make('article.item',
    make('h3', link(hrefOf('meetings', meeting.id), meeting.name)),
    make('p.facts', when(meeting.starts_on), meeting.city && make('span', meeting.city), make('span', plain(meeting.status)),
        roleIn(meeting, actor)))),
more(page, `/desk/meetings?actor_id=${actor.id}`));

const articleList = (actor, page) => section(page.total ? `Named in ${count(page.total, 'article')}` : 'Articles',
    page.items.length ? page.items.slice(0, SHOWN).map(article => articleItem(article, 'h3'))
        : empty(`No article in the record names ${actor.name}.`),
    page.total > SHOWN && make('p', link(`/desk/articles?actor_id=${actor.id}`, `All ${page.total.toLocaleString('en')} →`)));

const published = (actor, page) => page.items.length > 0 && section(`Published ${count(page.total, 'article')}`,
    page.items.map(article => articleItem({ ...article, outlet: null }, 'h3')), more(page, `/desk/articles?outlet_id=${actor.id}`));

export default async at => {
    const path = `/v1/actors/${at.id}`;
    const [actor, given, aliases, stands, said, met, carrying, printed] = await Promise.all([
        at.get(path, { expand: 'affiliation,discrepancies' }), at.get(`${path}/titles`), at.get(`${path}/aliases`),
        at.get('/v1/positions', { actor: at.id, limit: 50 }),
        at.get('/v1/claims', { speaker_id: at.id, expand: 'speaker', sort: '-said_on', limit: SHOWN }),
        at.get(`${path}/meetings`, { limit: SHOWN }),
        at.get('/v1/articles', { actor_id: at.id, expand: 'outlet', sort: '-published_at', limit: 100 }),
        at.get('/v1/articles', { outlet_id: at.id, sort: '-published_at', limit: SHOWN })]);
    const articles = new Map(carrying.items.map(article => [article.id, article]));
    at.title(actor.name);
    return [
        make('h1', actor.name),
        facts(actor),
        tellChanges(at, ({ noun, id, version, document: changed }) => noun === 'actor' ? id === actor.id && version > actor.version
            : noun === 'claim' && changed?.speaker_id === actor.id
                && !said.items.some(claim => claim.id === id && claim.version >= version)),
        editBar(at, 'actors', actor),
        titles(actor, given.items, articles), names(aliases.items, articles), positions(stands), claims(actor, said), meetings(actor, met),
        published(actor, printed), articleList(actor, carrying),
    ];
};
