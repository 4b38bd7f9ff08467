// What an editor decides: confirm or reject what the program found, merge what is the same, take it apart again, explain what
// does not agree. Every change is made on the version that was drawn; whoever was faster is not written over.
//
//     editBar(at, 'claims', claim) is the bar below a claim; likewise for actors, meetings and discrepancies.
//
// A claim that is read with expand=reports can be split, too.

import { get, send } from './api.js';
import { make, replace } from './dom.js';
import { count, hrefOf, link } from './parts.js';

// How the interface names each kind: the letter of its ETags, the property that a person decides, what stands for its name.
const KINDS = {
    claims: { noun: 'claim', letter: 'c', decided: 'status', name: 'text', merges: true },
    actors: { noun: 'actor', letter: 'p', decided: 'status', name: 'name', merges: true },
    meetings: { noun: 'meeting', letter: 'm', decided: 'review', name: 'name' },
    discrepancies: { noun: 'discrepancy', letter: 'd', decided: 'status', name: 'about' },
};

const STATES = {
    extracted: 'Found by the program. Nobody has decided on it yet.',
    confirmed: 'Confirmed.',
    rejected: 'Rejected.',
    open: 'Open. Nobody has decided on it yet.',
    explained: 'Explained.',
    dismissed: 'Dismissed: it is no discrepancy.',
};

// What is to be said when the view has been drawn anew, and about what: { place, words, bad }.
let news = null;

const placeOf = (view, resource) => `${view}/${resource.id}`;

const say = (status, words, bad) => {
    status.dataset.state = bad ? 'bad' : 'good';
    replace(status, words);
};

// ---- asking ---------------------------------------------------------------------------------------------------------------

// A dialog; resolves to what was filled in, or to null. `refuse(values)` may say why that will not do.
const ask = (title, doing, content, { danger = false, refuse = () => '' } = {}) => new Promise(resolve => {
    const said = make('p.said', { role: 'status' });
    const form = make('form', { method: 'dialog', submit: event => {
        const reason = refuse(new FormData(form));
        if (!reason) return;
        event.preventDefault();
        say(said, reason, true);
    } },
    make('h2', { id: 'ask-title' }, title), content, said,
    make('div.row', make(danger ? 'button.danger' : 'button.chief', { type: 'submit', value: 'do' }, doing),
        make('button', { type: 'button', click: () => dialog.close('') }, 'Cancel')));
    const dialog = make('dialog', { 'aria-labelledby': 'ask-title', close: () => {
        dialog.remove();
        resolve(dialog.returnValue === 'do' ? new FormData(form) : null);
    } }, form);
    document.body.append(dialog);
    dialog.showModal();
});

const choice = (name, value, ...content) => make('li', make('label.check',
    make('input', { type: 'checkbox', name, value }), make('span', content)));
const isChosen = row => row.querySelector('input').checked;

// ---- what to merge with ---------------------------------------------------------------------------------------------------

const FIND = {
    claims: async (claim, words) => words ? (await get('/v1/claims', { q: words, limit: 10 })).items
        : (await get(`/v1/claims/${claim.id}/similar`, { limit: 10 })).items.map(item => item.claim),
    actors: async (actor, words) => (await get('/v1/actors/suggest', { q: words || actor.name.split(' ')[0] })).items,
};

const find = async (view, resource, words) => {
    const found = /^\d+$/.test(words) ? [await get(`/v1/${view}/${words}`)] : await FIND[view](resource, words);
    return found.filter(other => other.id !== resource.id);
};

// A field to search with, and boxes to tick; those that are ticked stay, whatever is searched next.
const finder = (view, resource) => {
    const { noun, name } = KINDS[view];
    const list = make('ul.choices'), said = make('p.soft', { role: 'status' });
    const input = make('input', { id: 'merge-words', autocomplete: 'off', spellcheck: 'false' });
    let timer, last = 0;
    const refill = async () => {
        const turn = ++last;
        try {
            const found = await find(view, resource, input.value.trim());
            if (turn !== last) return;
            const kept = [...list.children].filter(isChosen), known = new Set(kept.map(row => Number(row.querySelector('input').value)));
            replace(list, kept, found.filter(({ id }) => !known.has(id)).map(other => choice('id', other.id, other[name],
                make('span.soft', ` (${noun} ${other.id})`))));
            replace(said, found.length ? `${count(found.length, noun)} found.` : `No other ${noun} found.`);
        } catch (error) {
            if (turn === last) replace(said, error.message);
        }
    };
    input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(refill, 250); });
    input.addEventListener('keydown', event => { if (event.key === 'Enter') { event.preventDefault(); refill(); } });
    refill();
    return [make('label', { for: 'merge-words' }, 'Words of it, or its number'), input, said, list];
};

// ---- writing --------------------------------------------------------------------------------------------------------------

const redraw = () => document.dispatchEvent(new Event('redraw'));

const explainRefusal = (error, place, status) => {
    if (error.status === 401 || error.status === 403) {
        const words = error.status === 401 ? 'Nothing was changed yet: writing needs a key. With one, press the button again.'
            : 'Nothing was changed: this key may not write. With one that may, press the button again.';
        news = { place, words, bad: true };
        say(status, words, true);
        document.dispatchEvent(new Event('ask-for-key'));
    } else if (error.status === 412) {
        say(status, ['Nothing was changed: somebody else has changed this meanwhile. ', make('button', { type: 'button',
            click: () => { news = { place, words: 'This is how it stands now.' }; redraw(); } }, 'Show how it stands now')],
        true);
    } else say(status, `Nothing was changed: ${error.message}`, true);
};

// Writes, says what came of it, and draws the view anew. `say` is told in the new view.
const change = async (view, resource, status, { method = 'POST', path = '', body, done }) => {
    const place = placeOf(view, resource);
    if (status.getAttribute('aria-busy')) return;
    status.setAttribute('aria-busy', 'true');
    say(status, 'Writing …');
    try {
        const answer = await send(method, `/v1/${view}/${resource.id}${path}`, body,
            `"${KINDS[view].letter}${resource.id}-${resource.version}"`);
        news = { place, words: typeof done === 'function' ? done(answer) : done };
        redraw();
    } catch (error) {
        explainRefusal(error, place, status);
    } finally {
        status.removeAttribute('aria-busy');
    }
};

// ---- what can be done -----------------------------------------------------------------------------------------------------
// Each is { label, chief, danger, act }: act(write) asks if it has to, and writes.

const confirm = ({ noun, decided }) => ({ label: `Confirm this ${noun}`, chief: true,
    act: write => write({ method: 'PATCH', body: { [decided]: 'confirmed' }, done: `This ${noun} is confirmed.` }) });

const reject = ({ noun, decided, name }, resource) => ({ label: `Reject this ${noun} …`, danger: true, act: async write => {
    const sure = await ask(`Reject this ${noun}?`, 'Reject it', [make('blockquote', resource[name]),
        make('p', 'It stays in the record, marked as rejected. You can confirm it later.')], { danger: true });
    if (sure) await write({ method: 'PATCH', body: { [decided]: 'rejected' }, done: `This ${noun} is rejected.` });
} });

const merge = ({ noun, name }, resource, view) => ({ label: `Merge others into this ${noun} …`, act: async write => {
    const chosen = await ask(`Which are the same ${noun} as this one?`, 'Merge those ticked',
        [make('blockquote', resource[name]), make('p', 'What names those ticked will name this one. They can be taken out again.'),
            finder(view, resource)],
        { refuse: values => values.has('id') ? '' : 'Tick at least one.' });
    if (!chosen) return;
    const ids = chosen.getAll('id').map(Number);
    await write({ path: '/merge', body: { from_ids: ids }, done: [`${count(ids.length, noun)} merged into this one: `,
        ids.map(id => [link(hrefOf(view, id), `${noun} ${id}`), ' ']), 'There you can take it out again.'] });
} });

const unmerge = ({ noun }) => ({ label: `Take this ${noun} out again`, chief: true,
    act: write => write({ path: '/unmerge', done: `This ${noun} stands on its own again.` }) });

const split = (kind, claim) => ({ label: 'Split off some reports …', act: async write => {
    const chosen = await ask('Which reports say something else?', 'Make them a claim of their own',
        [make('p', 'They become a new claim, and are not matched with this one again.'),
            make('ul.choices', claim.reports.map(report => choice('id', report.id, `“${report.content.map(span => span.text).join(' … ')}”`,
                report.article && make('span.soft', ` (${report.article.title})`))))],
        { refuse: values => !values.has('id') ? 'Tick at least one.'
            : values.getAll('id').length === claim.reports.length ? 'Leave at least one to this claim.' : '' });
    if (!chosen) return;
    const ids = chosen.getAll('id').map(Number);
    await write({ path: '/split', body: { report_ids: ids }, done: made => [`${count(ids.length, 'report')} split off into `,
        link(hrefOf('claims', made.id), `claim ${made.id}`), '.'] });
} });

// What a person found out, with a note that says why.
const settle = (label, title, doing, status, words) => (kind, discrepancy) => ({ label, act: async write => {
    const values = await ask(title, doing, [make('p', discrepancy.about), make('label', { for: 'note' }, 'Note'),
        make('textarea', { id: 'note', name: 'note', rows: '4', required: true, maxlength: '10000' }, discrepancy.note ?? '')]);
    if (values) await write({ method: 'PATCH', body: { status, note: values.get('note') }, done: words });
} });

const explain = settle('Explain …', 'What explains it?', 'Save as explained', 'explained', 'This discrepancy is explained.');
const dismiss = settle('Dismiss …', 'Why is it no discrepancy?', 'Dismiss it', 'dismissed', 'This discrepancy is dismissed.');
const reopen = () => ({ label: 'Open again',
    act: write => write({ method: 'PATCH', body: { status: 'open' }, done: 'This discrepancy is open again.' }) });

const deedsFor = (view, resource) => {
    const kind = KINDS[view], state = resource[kind.decided];
    if (resource.merged_into_id) return [unmerge];
    if (view === 'discrepancies') return [explain, state !== 'dismissed' && dismiss, state !== 'open' && reopen];
    return [state !== 'confirmed' && confirm, state !== 'rejected' && reject, kind.merges && merge,
        resource.reports?.length > 1 && split];
};

// ---- the bar --------------------------------------------------------------------------------------------------------------

// When the bar stands in the page: says there what was done, and goes there, as the button that was pressed may be gone.
const tellNews = (bar, status, { words, bad }) => {
    const tell = () => {
        bar.focus();
        say(status, words, bad);
    };
    const watcher = new MutationObserver(() => {
        if (!bar.isConnected) return;
        watcher.disconnect();
        tell();
    });
    watcher.observe(document.body, { childList: true, subtree: true });
};

const standing = (view, { noun, decided }, resource) => make('p', resource.merged_into_id
    ? [`This ${noun} was merged into `, link(hrefOf(view, resource.merged_into_id), `${noun} ${resource.merged_into_id}`), '.']
    : STATES[resource[decided]]);

export const editBar = (at, view, resource) => {
    const kind = KINDS[view], status = make('p.said', { role: 'status' });
    const write = deed => change(view, resource, status, deed);
    const buttons = deedsFor(view, resource).filter(Boolean).map(deed => deed(kind, resource, view)).map(({ label, chief, danger, act }) =>
        make(chief ? 'button.chief' : danger ? 'button.danger' : 'button', { type: 'button', click: () => act(write) }, label));
    const bar = make('section.editing', { 'aria-label': `Decide on ${kind.noun} ${resource.id}`, tabindex: '-1' },
        standing(view, kind, resource), make('div.row', buttons), status);
    if (news?.place === placeOf(view, resource)) {
        tellNews(bar, status, news);
        news = null;
    }
    return bar;
};
