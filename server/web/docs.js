// The documentation: swagger-ui on this server's contract, with the desk's header, colours and key.

import { key } from './api.js';
import { make } from './dom.js';
import { isDark, themeButton } from './theme.js';

const docs = document.getElementById('docs');
document.getElementById('tools').append(themeButton());

// swagger-ui's own dark colours hang on this class; docs.css puts the desk's over both.
const colour = () => document.documentElement.classList.toggle('dark-mode', isDark());
document.addEventListener('theme', colour);
colour();

// ---- what swagger-ui leaves unsaid to a screen reader ---------------------------------------------------------------------

const parameterOf = element => element.closest('tr').dataset.paramName;

const NAMES = [
    ['.information-container', () => 'About the API', 'region'],
    ['.scheme-container', () => 'Key', 'region'],
    ['.filter-container', () => 'Operations', 'search'],
    ['.operation-filter-input', () => 'Filter the operations by words'],
    ['.auth-btn-wrapper .authorize', () => 'Authorize'],
    ['.dialog-ux .modal-ux', () => 'Key', 'dialog'],
    ['.close-modal', () => 'Close'],
    ['tr[data-param-name] :is(input, select, textarea)', parameterOf],
    ['tr[data-param-name] .json-schema-form-item-remove', element => `Remove a value of ${parameterOf(element)}`],
    ['.opblock-section-request-body select', () => 'Media type of the body'],
    ['.body-param__text', () => 'Body'],
    ['.response-control-media-type select, .responses-table .content-type', () => 'Media type of the answer'],
    ['.examples-select-element', () => 'Example'],
    ['.copy-to-clipboard button', () => 'Copy'],
];

const nameThings = () => {
    for (const [selector, nameOf, role] of NAMES) {
        for (const element of docs.querySelectorAll(`:is(${selector}):not([data-named])`)) {
            element.dataset.named = '';
            element.setAttribute('aria-label', nameOf(element));
            if (role) element.setAttribute('role', role);
        }
    }
    // What scrolls can be reached by keyboard. A live region that is a table is neither.
    for (const element of docs.querySelectorAll(':is(pre.microlight, .curl):not([tabindex])')) element.tabIndex = 0;
    for (const table of docs.querySelectorAll('table.responses-table[role]')) table.removeAttribute('role');
};

new MutationObserver(nameThings).observe(docs, { childList: true, subtree: true });

// ---- where to go on the page ----------------------------------------------------------------------------------------------

const slugOf = text => text.toLowerCase().replaceAll(/[^a-z]+/g, '-');

// A list of the chapters and of the tags, beside the text.
const addContents = () => {
    if (document.getElementById('contents')) return;
    const chapters = [...docs.querySelectorAll('.information-container h2')], tags = [...docs.querySelectorAll('h3.opblock-tag')];
    const entry = (element, text) => make('li', make('a', { href: `#${element.id}`, click: event => {
        event.preventDefault();
        history.replaceState(null, '', `#${element.id}`);
        element.tabIndex = -1;
        element.focus();
        element.scrollIntoView();
    } }, text));
    for (const chapter of chapters) chapter.id = slugOf(chapter.textContent);
    docs.before(make('nav', { id: 'contents', 'aria-label': 'On this page' },
        make('h2', 'Operations'), make('ul', tags.map(tag => entry(tag, tag.dataset.tag))),
        make('h2', 'How it works'), make('ul', chapters.map(chapter => entry(chapter, chapter.textContent)))));
    if (location.hash && !location.hash.startsWith('#/')) document.getElementById(location.hash.slice(1))?.scrollIntoView();
};

// ---- swagger-ui -----------------------------------------------------------------------------------------------------------

// One key for the desk and for here.
const sharedKey = () => ({ statePlugins: { auth: { wrapActions: {
    authorize: authorize => payload => {
        if (payload.bearer?.value) key.set(payload.bearer.value, false);
        return authorize(payload);
    },
    logout: logout => names => {
        key.forget();
        return logout(names);
    },
} } } });

// In the button that opens an operation its path is text, no link: a control within a control cannot be told apart by ear.
const plainPaths = () => ({ wrapComponents: {
    DeepLink: (Link, { React }) => props => props.path.includes('/')
        ? React.createElement('span', null, props.text) : React.createElement(Link, props),
} });

// Every word has to be in the path, the summary, the operationId or the tag.
const filterByWords = () => ({ fn: { opsFilter: (tags, phrase) => {
    const words = phrase.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (tag, { path, operation }) => {
        const text = `${tag} ${path} ${operation.get('summary')} ${operation.get('operationId')}`.toLowerCase();
        return words.every(word => text.includes(word));
    };
    return tags.map((all, tag) => all.set('operations', all.get('operations').filter(each =>
        fits(tag, { path: each.get('path'), operation: each.get('operation') })))).filter(all => all.get('operations').size);
} } });

// swagger-ui puts the example of every parameter into what is sent, and fifty filters at once find nothing: those that may be left
// out have theirs in words. The contract is JSON, which browsers read faster than the YAML reader that is here for all cases.
const inWords = parameter => {
    if (parameter.example === undefined || parameter.required) return;
    const { example } = parameter;
    parameter.description = `${parameter.description ?? ''}\n\nExample: \`${typeof example === 'string' ? example : JSON.stringify(example)}\``;
    delete parameter.example;
};

// What a path's operations have in common each of them gets: swagger-ui leaves it unread where an address opens an operation at once.
const prepared = contract => {
    for (const item of Object.values(contract.paths)) {
        const common = item.parameters ?? [];
        delete item.parameters;
        for (const operation of Object.values(item)) {
            operation.parameters = structuredClone([...common, ...operation.parameters ?? []]);
            operation.parameters.forEach(inWords);
        }
    }
    Object.values(contract.components.parameters).forEach(inWords);
    return contract;
};

const readContract = () => ({ statePlugins: { spec: { wrapActions: {
    parseToJson: (_, { specActions }) => text => specActions.updateJsonSpec(prepared(JSON.parse(text))),
} } } });

// The events never end: what comes in the first seconds is shown.
const LISTENING = 5000;

const firstSeconds = async (url, request) => {
    const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(LISTENING) });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    try {
        for (let piece; !(piece = await reader.read()).done;) text += piece.value;
    } catch (error) {
        if (error.name !== 'TimeoutError') throw error;
    }
    return new Response(text, { status: answer.status, headers: answer.headers });
};

const ui = window.SwaggerUIBundle({
    domNode: docs,
    url: '/openapi.json',
    layout: 'BaseLayout',
    plugins: [sharedKey, plainPaths, filterByWords, readContract],
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    filter: true,
    displayRequestDuration: true,
    syntaxHighlight: { activated: false },
    validatorUrl: null,
    requestInterceptor: request => {
        if (new URL(request.url, location).pathname === '/v1/events') request.userFetch = firstSeconds;
        return request;
    },
    onComplete: () => {
        if (key.get()) ui.preauthorizeApiKey('bearer', key.get());
        requestAnimationFrame(addContents);
    },
});
