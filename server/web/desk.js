// The desk's frame: which view an address stands for, and what surrounds every view.
//
// /desk/claims?topic=missiles is drawn by claims.js, /desk/claims/5 by claim.js, / by today.js. A view is a module with
//     export const title = 'Claims';                       (may be a function of what was drawn)
//     export default async at => [nodes];
// where `at` is { id, query, signal, get, go, keep }: the id in the address, its URLSearchParams, a signal that is aborted when
// the person goes on, get(path, parameters) that reads and is remembered for "Behind this view", go(address) that moves on, and
// title(text) that names the page.

import { get, key, listen, pathOf, Problem } from './api.js';
import { make, replace } from './dom.js';
import { problemBox } from './parts.js';
import { startSuggestions } from './suggest.js';
import { themeButton } from './theme.js';

const VIEWS = {
    claims: ['claims', 'claim'],
    articles: ['articles', 'article'],
    actors: ['actors', 'actor'],
    meetings: ['meetings', 'meeting'],
    positions: ['positions'],
    discrepancies: ['discrepancies', 'discrepancies'],
    search: ['search'],
    volume: ['volume'],
};

const place = id => document.getElementById(id);
let leaving = new AbortController();

const moduleOf = path => {
    const [, desk, view, id] = path.split('/');
    return desk === 'desk' && VIEWS[view] ? VIEWS[view][id ? 1 : 0] : 'today';
};

// ---- behind this view -----------------------------------------------------------------------------------------------------

const quoted = text => `'${text.replaceAll("'", "'\\''")}'`;
const curlOf = path => `curl -s ${key.get() ? '-H "Authorization: Bearer $READOUT_KEY" ' : ''}${quoted(location.origin + path)}`;

const copyButton = text => {
    const button = make('button', { type: 'button', click: async () => {
        await navigator.clipboard.writeText(text);
        button.textContent = 'Copied';
        setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    } }, 'Copy');
    return button;
};

const showCalls = calls => replace(place('behind'), calls.length > 0 && make('details',
    make('summary', `Behind this view: ${calls.length === 1 ? 'one request' : `${calls.length} requests`}`),
    make('ul.calls', calls.map(path => make('li',
        make('a', { href: path }, path), make('div.line', make('code', curlOf(path)), copyButton(curlOf(path))))))));

// ---- views ----------------------------------------------------------------------------------------------------------------

const markCurrent = () => {
    for (const link of document.querySelectorAll('.views a')) {
        const path = new URL(link.href).pathname, here = location.pathname;
        const current = path === here || (path !== '/' && here.startsWith(path + '/'));
        if (current) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
    }
};

const titled = text => { document.title = text ? `${text} · Readout` : 'Readout'; };

// Draws what the address stands for. `quietly` is for what the person did not ask for: the focus stays where it is.
const show = async ({ quietly = false } = {}) => {
    leaving.abort();
    leaving = new AbortController();
    const { signal } = leaving, calls = [], view = place('view');
    const at = {
        id: Number(location.pathname.split('/')[3]) || null,
        query: new URLSearchParams(location.search),
        signal, go, title: titled,
        get: (path, parameters) => {
            calls.push(pathOf(path, parameters));
            return get(path, parameters, signal);
        },
    };
    markCurrent();
    view.setAttribute('aria-busy', 'true');
    let content;
    try {
        const module = await import(`./${moduleOf(location.pathname)}.js`);
        titled(module.title);
        content = await module.default(at);
    } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof Problem)) console.error(error);
        content = problemBox(error);
    }
    if (signal.aborted) return;
    replace(view, content);
    view.removeAttribute('aria-busy');
    showCalls(calls);
    if (!quietly) {
        scrollTo(0, 0);
        view.focus({ preventScroll: true });
    }
};

// To another address of the desk.
function go(address) {
    history.pushState(null, '', address);
    return show();
}

const followLinks = () => {
    document.addEventListener('click', event => {
        const link = event.target.closest?.('a[href]');
        if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.download) return;
        const url = new URL(link.href);
        const isDesk = url.origin === location.origin && (url.pathname === '/' || url.pathname.startsWith('/desk/'));
        if (!isDesk || link.target || (url.hash && url.pathname === location.pathname && url.search === location.search)) return;
        event.preventDefault();
        go(url);
    });
    addEventListener('popstate', () => show());
    // Forms that ask are addresses, too.
    document.addEventListener('submit', event => {
        const form = event.target;
        if (event.defaultPrevented || form.method !== 'get') return;
        event.preventDefault();
        const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
        go(`${new URL(form.action).pathname}${query.size ? '?' + query : ''}`);
    });
};

// ---- the key --------------------------------------------------------------------------------------------------------------

// Asks for a key; resolves to whether one was given.
const askForKey = () => new Promise(resolve => {
    const input = make('input', { id: 'key', name: 'key', type: 'password', autocomplete: 'off', spellcheck: 'false', required: true,
        placeholder: 'readout_…' });
    const remember = make('input', { id: 'remember', type: 'checkbox' });
    const dialog = make('dialog', { 'aria-labelledby': 'key-title', close: () => { dialog.remove(); resolve(dialog.returnValue === 'set'); } },
        make('form', { method: 'dialog', submit: event => {
            event.preventDefault();
            key.forget();
            key.set(input.value.trim(), remember.checked);
            dialog.close('set');
        } },
        make('h2', { id: 'key-title' }, 'Your key'),
        make('p.soft', 'Who runs this server makes keys with ', make('code', 'readout keys create'), '. It is kept in this tab alone unless you say otherwise.'),
        make('label', { for: 'key' }, 'Key'), input,
        make('label.check', remember, ' Remember it in this browser'),
        make('div.row',
            make('button.chief', { type: 'submit' }, 'Use this key'),
            make('button', { type: 'button', click: () => { key.forget(); dialog.close('set'); } }, 'Use none'),
            make('button', { type: 'button', click: () => dialog.close('') }, 'Cancel'))));
    document.body.append(dialog);
    dialog.showModal();
});

const keyButton = () => {
    const label = () => key.get() ? 'Key: set' : 'Key';
    const button = make('button', { type: 'button', id: 'key-button', click: async () => {
        if (await askForKey()) {
            button.textContent = label();
            startListening();
            show();
        }
    } }, label());
    return button;
};

// ---- live -----------------------------------------------------------------------------------------------------------------
// Views hear of changes by document.addEventListener('change-of-record', event => … event.detail, { signal: at.signal }). What was
// written while nobody listened is told by no event: 'state-of-listening' says 'live' when a view may want to read what it missed.

const STATES = { live: 'Live', lost: 'Reconnecting …', closed: 'Not live' };
// A browser opens six connections to a server, whatever the number of tabs, and a stream holds one of them. So of the tabs with the
// same key one listens, and tells the others; when it is closed, the next goes on from where it was.
let listening = new AbortController(), heard = null, state = null;

const hear = message => {
    if (message.change) {
        heard = message.change.seq;
        document.dispatchEvent(new CustomEvent('change-of-record', { detail: message.change }));
    } else if (message.state) {
        state = message.state;
        place('live').textContent = STATES[state];
        place('live').dataset.state = state;
        document.dispatchEvent(new CustomEvent('state-of-listening', { detail: state }));
    }
};

// Where the record stood before the first view was asked for, so that nothing between the two is missed.
const stoodAt = get('/v1/changes', { limit: 1 }).then(({ last_seq: seq }) => seq, () => null);

const startListening = () => {
    listening.abort();
    listening = new AbortController();
    const { signal } = listening, name = `readout-live-${key.get() ?? ''}`, others = new BroadcastChannel(name);
    let leads = false;
    const tell = message => { hear(message); others.postMessage(message); };
    const lead = async () => {
        leads = true;
        await listen(change => tell({ change }), state => tell({ state }), signal, heard ?? await stoodAt);
    };
    others.addEventListener('message', ({ data }) => {
        if (!data.asks) hear(data);
        else if (leads && state) others.postMessage({ state });
    });
    signal.addEventListener('abort', () => others.close());
    others.postMessage({ asks: true });
    if (navigator.locks) navigator.locks.request(name, { signal }, lead).catch(() => {});
    else lead();
};

replace(place('tools'), make('span', { id: 'live', role: 'status' }), themeButton(), keyButton());
document.addEventListener('ask-for-key', () => place('key-button').click());
document.addEventListener('redraw', () => show({ quietly: true }));
followLinks();
startSuggestions(place('words'), go);
await show({ quietly: true });
startListening();
