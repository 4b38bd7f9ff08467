// The interface, as the desk uses it: reading, writing with a key, and listening.

const KEY = 'readout-key';

// The key that writes and reads are made with; null: none. It stays until the tab is closed, or until it is forgotten.
export const key = {
    get: () => sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY),
    set: (value, remember) => (remember ? localStorage : sessionStorage).setItem(KEY, value),
    forget: () => { sessionStorage.removeItem(KEY); localStorage.removeItem(KEY); },
};

// What the server answered instead of what was asked for: `code` is for the program, `message` for the person (RFC 9457).
export class Problem extends Error {
    constructor(status, body) {
        const faults = (body.errors ?? []).map(fault => `${fault.parameter ?? fault.pointer ?? fault.header ?? ''} ${fault.detail}`.trim());
        super([body.detail ?? body.title ?? `The server answered ${status}`, ...faults].join('; '));
        this.status = status;
        this.code = body.code ?? 'unknown';
        this.title = body.title ?? 'Something went wrong';
    }
}

// "/v1/claims" and { topic: 'missiles', q: null } become "/v1/claims?topic=missiles". Parameters may be URLSearchParams, too.
export const pathOf = (path, parameters = {}) => {
    const pairs = parameters instanceof URLSearchParams ? [...parameters] : Object.entries(parameters);
    const query = pairs.filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%3A', ':')}`).join('&');
    return query ? `${path}?${query}` : path;
};

const request = async (method, path, { body, headers = {}, signal } = {}) => {
    const shown = key.get();
    const answer = await fetch(path, {
        method, signal, body,
        headers: { Accept: 'application/json', ...headers, ...(shown && { Authorization: `Bearer ${shown}` }) },
    });
    if (answer.ok) return answer;
    throw new Problem(answer.status, await answer.json().catch(() => ({})));
};

export const get = async (path, parameters, signal) => (await request('GET', pathOf(path, parameters), { signal })).json();

// Writes; `etag` is the version that the change was made on, such as "c17-5": another one since, and the answer is 412.
export const send = async (method, path, body, etag) => {
    const answer = await request(method, path, {
        body: body === undefined ? undefined : JSON.stringify(body),
        headers: {
            ...(body !== undefined && { 'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
            ...(method !== 'DELETE' && method !== 'PUT' && { 'Idempotency-Key': crypto.randomUUID?.() ?? String(Math.random()).slice(2) }),
            ...(etag && { 'If-Match': etag }),
        },
    });
    return answer.status === 204 ? null : answer.json();
};

// ---- listening ------------------------------------------------------------------------------------------------------------
// EventSource cannot show a key, so the stream (server-sent events) is read by hand.

const events = async function* (stream) {
    let rest = '';
    for await (const text of stream) {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop();
        for (const block of blocks) {
            const event = { data: '' };
            for (const line of block.split('\n')) {
                const colon = line.indexOf(':');
                if (colon > 0) event[line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, '');
            }
            yield event;
        }
    }
};

const chunks = async function* (body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece; !(piece = await reader.read()).done;) yield piece.value;
};

const pause = (milliseconds, signal) => new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
});

// Calls onChange({ seq, noun, id, version, action, at, by, document }) for every change after the one numbered `last` (null: from
// now on), and onState('live', 'lost' or 'closed') as the connection comes and goes. It resumes where it was, until the signal is
// aborted or the server says that this person may not listen.
export const listen = async (onChange, onState, signal, last = null) => {
    let wait = 1000;
    while (!signal?.aborted) {
        try {
            const answer = await request('GET', '/v1/events',
                { signal, headers: { Accept: 'text/event-stream', ...(last && { 'Last-Event-ID': last }) } });
            onState('live');
            wait = 1000;
            for await (const event of events(chunks(answer.body))) {
                last = event.id ?? last;
                if (event.data && event.event !== 'reset') onChange(JSON.parse(event.data));
            }
        } catch (error) {
            if (signal?.aborted) return;
            if (error instanceof Problem && error.status < 500 && error.status !== 429) { onState('closed'); return; }
        }
        onState('lost');
        await pause(wait, signal);
        wait = Math.min(wait * 2, 30000);
    }
};
