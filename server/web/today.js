// What happened since you last looked, and what happens now; beside it how the record stands.
//
// Every write has a number. The number that was seen last is kept in this browser; what came after it is drawn, several writes of one
// resource as one entry. What is written while the page is open comes in above, without moving what is being read. With ?since=45
// the page shows what came after number 45, whatever was seen.

import { between, make, replace } from './dom.js';
import { get, pathOf } from './api.js';
import { meetingItem, dayInWords, dayOf, statusOf, timeInWords, today } from './meetings.js';
import { articleItem, claimItem, count, empty, headline, hrefOf, link, plain, spread, when } from './parts.js';

export const title = 'Today';

// ---- what was seen --------------------------------------------------------------------------------------------------------

const SEEN = 'readout-seen';

// { seq, at }: the number of the last change that this person has seen, and when; null on the first visit.
const seen = {
    get: () => {
        try {
            const mark = JSON.parse(localStorage.getItem(SEEN));
            return Number.isInteger(mark?.seq) ? mark : null;
        } catch {
            return null;
        }
    },
    set: seq => localStorage.setItem(SEEN, JSON.stringify({ seq, at: new Date().toISOString() })),
};

// ---- what came after ------------------------------------------------------------------------------------------------------

const LATEST = 50, AT_MOST = 200;

// The changes after a number: { from, last, changes, skipped }. Without a number, or with one that is none of this record, or where
// more came than anybody reads, the latest.
const changesAfter = async (at, number) => {
    const ask = (since, limit) => at.get('/v1/changes', { since, limit });
    const page = number === null ? await ask(0, 1) : await ask(number, AT_MOST).catch(error => {
        if (error.status !== 400) throw error;
        return ask(0, 1);
    });
    const { last_seq: last } = page, isOurs = number !== null && number <= last;
    if (isOurs && last - number <= AT_MOST) return { from: number, last, changes: page.items, skipped: 0 };
    const from = Math.max(0, last - LATEST);
    return { from, last, changes: (await ask(from, LATEST)).items, skipped: isOurs ? from - number : 0, isFirst: !isOurs };
};

const plural = {
    article: 'articles', actor: 'actors', claim: 'claims', meeting: 'meetings', topic: 'topics', discrepancy: 'discrepancies',
};

// What one resource went through: { noun, id, first, last, document, isNew, isGone }, the document as it is now.
const entriesOf = changes => [...Map.groupBy(changes, change => `${change.noun}/${change.id}`)].map(([name, list]) => {
    const first = list[0], last = list.at(-1), document = list.findLast(change => change.document)?.document ?? null;
    return { name, noun: first.noun, id: first.id, first, last, document, isNew: first.action === 'created',
        isGone: last.action === 'deleted' || Boolean(document?.merged_into_id) };
});

// The newest first; of what was written in the same moment, what more origins report, and what is open.
const weight = ({ noun, document }) => noun === 'claim' && document ? document.origin_count * 1000 + document.report_count
    : Number(document?.status === 'open');
const inOrder = entries => entries.sort((one, other) => other.last.at.localeCompare(one.last.at) || weight(other) - weight(one)
    || other.last.seq - one.last.seq);

// Lists say more of a resource than its changes do: who the speaker is, which outlet. What was written last comes first in them.
const EXPANDED = { claim: 'speaker', article: 'outlet' };

const fillIn = async (read, entries) => {
    await Promise.all(Object.entries(EXPANDED).map(async ([noun, expand]) => {
        const wanted = new Map(entries.filter(entry => entry.noun === noun && !entry.isGone).map(entry => [entry.id, entry]));
        if (!wanted.size) return;
        const page = await read(`/v1/${plural[noun]}`, { sort: '-updated_at,-id', expand, limit: wanted.size });
        for (const resource of page.items) if (wanted.has(resource.id)) wanted.get(resource.id).document = resource;
    }));
    return entries;
};

// What a resource was before is told by its history. Where very much was changed, "changed" has to do.
const COMPARED = 12;

const lookBack = async (read, entries) => {
    const changed = entries.filter(({ first }) => !['created', 'restored'].includes(first.action)).slice(0, COMPARED);
    await Promise.all(changed.map(async entry => {
        const history = await read(`/v1/${plural[entry.noun]}/${entry.id}/history`, { limit: 50 }).catch(() => ({ items: [] }));
        entry.was = history.items.find(({ version }) => version === entry.first.version - 1)?.document;
    }));
    return entries;
};

const detailed = async (read, changes) => inOrder(await lookBack(read, await fillIn(read, entriesOf(changes))));

// ---- what happened, in words ----------------------------------------------------------------------------------------------

const ACTIONS = { updated: 'changed', restored: 'restored', merged: 'another was merged into it', unmerged: 'taken apart again' };

const dayAndTime = meeting => between([dayInWords(meeting), timeInWords(meeting)].filter(Boolean), ', ');
const moved = (was, is) => (dayOf(was) !== dayOf(is) || was.starts_at !== is.starts_at || was.part_of_day !== is.part_of_day)
    && ['moved to ', dayAndTime(is), ', was ', dayAndTime(was)];

// What is different, each as something to say or false.
const DIFFERENCES = {
    claim: (was, is) => [
        is.report_count > was.report_count && `${count(is.report_count - was.report_count, 'new report')}, ${is.report_count} in all`,
        is.report_count < was.report_count && `${count(was.report_count - is.report_count, 'report')} taken away`,
        was.text !== is.text && 'worded anew', was.status !== is.status && is.status,
        was.stance !== is.stance && (is.stance ? `stance now: ${plain(is.stance)}` : 'stance taken away'),
        was.speaker_id !== is.speaker_id && 'ascribed to another speaker',
    ],
    meeting: (was, is) => [
        moved(was, is), was.status !== is.status && `now ${is.status}`,
        was.city !== is.city && `now in ${is.city ?? 'a place not known'}${was.city ? `, was in ${was.city}` : ''}`,
        JSON.stringify(was.participants) !== JSON.stringify(is.participants) && 'other participants', was.review !== is.review && is.review,
    ],
    discrepancy: (was, is) => [
        was.status !== is.status && `now ${is.status}`,
        is.values.length !== was.values.length && `now ${count(is.values.length, 'version')}`,
        was.note !== is.note && is.note && 'note written',
    ],
    article: (was, is) => [was.sha256 !== is.sha256 && 'its text was changed', was.title !== is.title && 'its headline was changed'],
    actor: (was, is) => [was.name !== is.name && `was called ${was.name}`, was.title !== is.title && `title now: ${is.title ?? 'none'}`,
        was.status !== is.status && is.status],
    topic: () => [],
};

const happened = ({ noun, isNew, was, document, first, last }) => {
    if (isNew) return ['new'];
    const different = was && document ? DIFFERENCES[noun](was, document).filter(Boolean) : [];
    return different.length ? different : [ACTIONS[last.action] ?? ACTIONS[first.action] ?? 'changed'];
};

const stamp = ({ last }) => make('span.stamp', when(last.at), last.by && [' by ', make('strong', last.by)]);

// ---- one entry ------------------------------------------------------------------------------------------------------------

const NAMES = { article: headline, claim: claim => claim.text, discrepancy: discrepancy => discrepancy.about };
const nameOf = ({ noun, id, document }) => document ? (NAMES[noun] ?? (named => named.name))(document) : `${noun} ${id}`;
const addressOf = ({ noun, id, document }) => noun === 'topic' ? pathOf('/desk/claims', { topic: document?.slug })
    : hrefOf(plural[noun], id);

const says = ({ about, values }) => values.map(({ value }) => value).join(' · ') || about;

const ITEMS = {
    claim: (document, heading) => claimItem(document, heading),
    article: (document, heading) => articleItem(document, heading),
    meeting: (document, heading) => meetingItem(document, heading, [dayInWords(document), timeInWords(document)]),
    discrepancy: (document, heading) => make('article.item', make(heading, link(hrefOf('discrepancies', document.id), document.about)),
        make('p.facts', make('span.status', { 'data-status': document.status }, document.status), make('span', says(document)))),
};

// That something is no more, and what became of it.
const farewell = entry => make('p.item.farewell', make('span.soft', plain(entry.noun)), ' ', make('q', nameOf(entry)),
    entry.last.action === 'deleted' ? ' was deleted'
        : [' was merged into ', link(hrefOf(plural[entry.noun], entry.document.merged_into_id), 'another')], ' ', stamp(entry));

const brief = entry => make('p.item.brief', make('span.soft', plain(entry.noun)), ' ', link(addressOf(entry), nameOf(entry)));

// `isLive`: it came while the page was open, so that its time is of interest, too.
const drawEntry = (entry, isLive) => {
    const item = entry.isGone ? farewell(entry) : ITEMS[entry.noun] ? ITEMS[entry.noun](entry.document, 'h3') : brief(entry);
    item.dataset.entry = entry.name;
    if (!entry.isGone && (isLive || !entry.isNew || entry.last.by)) {
        item.append(make(item.tagName === 'P' ? 'span.happened' : 'p.happened', between(happened(entry), '; '), ' ', stamp(entry)));
    }
    return item;
};

// ---- entries in their groups ----------------------------------------------------------------------------------------------

// What matters most to an editor first. An entry belongs to the first group that takes it. Claims have a column of their own.
const GROUPS = [
    { id: 'claims', areClaims: true, takes: entry => entry.noun === 'claim' && entry.isNew && !entry.isGone, shown: 12,
        title: number => count(number, 'new claim') },
    { id: 'reported', areClaims: true, takes: entry => entry.noun === 'claim' && !entry.isGone, shown: 6,
        title: number => `${count(number, 'claim')} reported again or changed` },
    { id: 'discrepancies', takes: entry => entry.noun === 'discrepancy' && !entry.isGone, shown: 4,
        title: (number, fresh) => `${count(number, 'discrepancy', 'discrepancies')} noticed${fresh === number ? '' : ' or changed'}` },
    { id: 'meetings', takes: entry => entry.noun === 'meeting' && !entry.isGone, shown: 4,
        title: (number, fresh) => fresh === number ? count(number, 'new meeting') : `${count(number, 'meeting')} new, moved or changed` },
    { id: 'articles', takes: entry => entry.noun === 'article' && !entry.isGone, shown: 5,
        title: (number, fresh) => fresh === number ? count(number, 'new article') : `${count(number, 'article')} new or changed` },
    { id: 'gone', takes: entry => entry.isGone, title: number => `${number.toLocaleString('en')} deleted or merged`, shown: 6 },
    { id: 'others', takes: () => true, title: number => `${number.toLocaleString('en')} actors and topics`, shown: 6 },
];

const drawGroup = ({ id, title: heading, shown }, entries) => make('section.group', { 'data-group': id },
    make('h2', heading(entries.length, entries.filter(entry => entry.isNew).length)),
    entries.slice(0, shown).map(entry => drawEntry(entry)),
    entries.length > shown && make('details', make('summary', `Show ${count(entries.length - shown, 'more', 'more')}`),
        entries.slice(shown).map(entry => drawEntry(entry))));

const drawGroups = entries => {
    const grouped = Map.groupBy(entries, entry => GROUPS.find(group => group.takes(entry)));
    const columns = [true, false].map(areClaims => GROUPS.filter(group => grouped.has(group) && Boolean(group.areClaims) === areClaims));
    return columns.filter(groups => groups.length).map(groups => make('div', groups.map(group => drawGroup(group, grouped.get(group)))));
};

// ---- beside it ------------------------------------------------------------------------------------------------------------

const nextMeetings = async read => {
    const ahead = await read('/v1/meetings', { starts_on__gte: today(), sort: 'starts_on', limit: 5 });
    const page = ahead.items.length ? ahead : await read('/v1/meetings', { sort: '-starts_on', limit: 5 });
    return make('section', make('h2', ahead.items.length ? 'Next meetings' : 'Latest meetings'),
        !ahead.items.length && page.items.length > 0 && make('p.soft', 'None lies ahead.'),
        page.items.length ? make('ul.plain', page.items.map(meeting => make('li', link(hrefOf('meetings', meeting.id), meeting.name),
            make('p.soft', dayAndTime(meeting), meeting.city && `, ${meeting.city}`, ' ', statusOf(meeting)))))
            : empty('No meeting is in the record yet.'));
};

const openDiscrepancies = async read => {
    const page = await read('/v1/discrepancies', { status: 'open', sort: '-updated_at', limit: 5 });
    return make('section', make('h2', link('/desk/discrepancies?status=open', 'Open discrepancies'), ` ${page.total.toLocaleString('en')}`),
        page.items.length ? make('ul.plain', page.items.map(discrepancy => make('li',
            link(hrefOf('discrepancies', discrepancy.id), discrepancy.about),
            make('p.soft', count(discrepancy.values.length, 'version'), ' in ',
                count(discrepancy.values.reduce((sum, value) => sum + value.article_count, 0), 'article')))))
            : empty('None: where articles disagree, somebody has explained it.'));
};

const bestFounded = async read => {
    const page = await read('/v1/claims', { min_origins: 2, sort: '-report_count', expand: 'speaker', limit: 50 });
    const claims = page.items.sort((one, other) => other.origin_count - one.origin_count).slice(0, 5);
    return make('section', make('h2', 'Most origins'),
        claims.length ? make('ul.plain', claims.map(claim => make('li', link(hrefOf('claims', claim.id), claim.text),
            make('p.soft', claim.speaker?.name, claim.speaker && ': ', spread(claim)))))
            : empty('No claim has two independent origins yet.'));
};

const TOTALS = { claims: 'claim', articles: 'article', actors: 'actor', meetings: 'meeting', discrepancies: 'discrepancy' };

const totals = async read => {
    const stats = await read('/v1/stats');
    return make('section', make('h2', 'In the record'), make('ul.totals', Object.entries(TOTALS).map(([name, noun]) =>
        make('li', link(hrefOf(name), make('strong', stats[name].toLocaleString('en')), ' ', stats[name] === 1 ? noun : name)))));
};

const beside = read => Promise.all([nextMeetings, openDiscrepancies, bestFounded, totals].map(part => part(read)));

// ---- live -----------------------------------------------------------------------------------------------------------------

// Changes the page above what is being read, and leaves that where it is on the screen: what has the focus or is pointed at, or else
// what stands at the top of the window. Who looks at the very top sees the new come in there.
const inPlace = (list, change) => {
    const isRead = scrollY > 0 || list.contains(document.activeElement) || list.matches(':hover');
    const entries = [...list.querySelectorAll('[data-entry]')];
    const anchor = isRead && (list.contains(document.activeElement) ? document.activeElement
        : list.querySelector('[data-entry]:hover') ?? entries.find(entry => entry.getBoundingClientRect().bottom > 0));
    const before = anchor ? anchor.getBoundingClientRect().top : 0;
    change();
    if (anchor) scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: 'instant' });
};

// Takes in what was written after state.last, as one batch.
const takeIn = async (at, state, page) => {
    const read = (path, parameters) => get(path, parameters, at.signal);
    const { items, last_seq: last } = await read('/v1/changes', { since: state.last, limit: AT_MOST });
    if (last - state.last > AT_MOST) {
        state.last = last;
        return page.tellMany();
    }
    if (!items.length) return;
    const entries = await detailed(read, items);
    state.last = items.at(-1).seq;
    page.insert(entries, items.length);
    const aside = await beside(read);
    if (!at.signal.aborted && !page.aside.contains(document.activeElement)) replace(page.aside, aside);
};

// Reads on whenever something was written, and when the connection came back; one reading at a time.
const follow = (at, state, page) => {
    let timer, isReading = false, isLate = false;
    const readOn = async () => {
        if (isReading) {
            isLate = true;
            return;
        }
        isReading = true;
        do {
            isLate = false;
            await takeIn(at, state, page).catch(error => { if (error.status === 400) document.dispatchEvent(new Event('redraw')); });
        } while (isLate && !at.signal.aborted);
        isReading = false;
    };
    const soon = () => {
        clearTimeout(timer);
        timer = setTimeout(() => at.signal.aborted || readOn(), 150);
    };
    document.addEventListener('change-of-record', ({ detail }) => detail.seq > state.last && soon(), { signal: at.signal });
    document.addEventListener('state-of-listening', ({ detail }) => detail === 'live' && soon(), { signal: at.signal });
};

// ---- the page -------------------------------------------------------------------------------------------------------------

const lookBackLink = last => link(pathOf('/', { since: Math.max(0, last - LATEST) }),
    `Look back at the latest ${count(Math.min(LATEST, last), 'change')}`);

const introduction = (mark, asked, { from, last, changes, skipped, isFirst }) => {
    if (asked !== null && !isFirst && !skipped) return `${count(changes.length, 'change')} after number ${from.toLocaleString('en')}.`;
    if (isFirst) return `This browser has not looked before. These are the latest ${changes.length} of ${count(last, 'change')}.`;
    if (skipped) return `${count(skipped + changes.length, 'change')} since then. These are the latest ${changes.length}.`;
    return [count(changes.length, 'change'), ' since ', when(mark.at), '.'];
};

const nothing = last => make('p.empty', 'Nothing new. What is written from now on appears here by itself. ',
    last > 0 && lookBackLink(last));

// The parts of the page that change while it is open.
const drawPage = (at, state, words, entries) => {
    const heading = make('h1', { tabindex: '-1' }, 'Since you last looked');
    const lead = make('p.lead', words), told = make('p.told', { role: 'status' });
    const fresh = make('section.fresh', { hidden: true }, make('h2', 'Just in')), groups = make('div.groups', drawGroups(entries));
    const up = make('a.up', { href: '#view', hidden: true, click: event => {
        event.preventDefault();
        scrollTo(0, 0);
        heading.focus({ preventScroll: true });
        up.hidden = true;
    } });
    const button = make('button.chief', { type: 'button', hidden: !entries.length, click: () => {
        seen.set(state.last);
        state.arrived = 0;
        fresh.hidden = button.hidden = up.hidden = true;
        fresh.replaceChildren(fresh.firstElementChild);
        replace(groups, nothing(state.last));
        replace(lead, 'You have seen everything.');
        replace(told, 'Marked as seen.');
        at.title(title);
        heading.focus({ preventScroll: true });
        scrollTo(0, 0);
    } }, 'I have seen this');
    if (!entries.length) replace(groups, nothing(state.last));
    const list = make('div.happenings', make('div.head', heading, make('div.row', lead, button), told), fresh, groups, up);
    const aside = make('aside', { 'aria-label': 'The record' });
    const insert = (arrived, number) => {
        state.arrived += number;
        const words = count(state.arrived, 'new change');
        inPlace(list, () => {
            for (const entry of arrived) {
                const older = list.querySelector(`[data-entry="${entry.name}"]`);
                if (older && !older.contains(document.activeElement)) older.remove();
            }
            fresh.firstElementChild.after(...arrived.map(entry => drawEntry(entry, true)));
            fresh.hidden = button.hidden = false;
            replace(told, words);
        });
        at.title(`(${state.arrived}) ${title}`);
        up.textContent = `↑ ${words}`;
        up.hidden = list.getBoundingClientRect().top >= 0;
    };
    const tellMany = () => replace(told, 'Very much was written just now. ', make('button', { type: 'button',
        click: () => document.dispatchEvent(new Event('redraw')) }, 'Show the latest'));
    return { list, aside, insert, tellMany };
};

export default async at => {
    const mark = seen.get(), asked = /^\d+$/.test(at.query.get('since') ?? '') ? Number(at.query.get('since')) : null;
    const came = await changesAfter(at, asked ?? mark?.seq ?? null);
    const [entries, aside] = await Promise.all([detailed(at.get, came.changes), beside(at.get)]);
    const state = { last: came.last, arrived: 0 };
    const page = drawPage(at, state, introduction(mark, asked, came), entries);
    replace(page.aside, aside);
    follow(at, state, page);
    return make('div.with-side.today', page.list, page.aside);
};
