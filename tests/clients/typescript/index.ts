// The typed client: the compiler knows every path, parameter, body and answer of the contract (schema.d.ts, generated from it).

import createClient, { type Client, type ClientOptions } from 'openapi-fetch';
import type { components, paths } from './schema.js';

export type { components, operations, paths } from './schema.js';

/** The record's nouns by name: `Schemas['Claim']`. */
export type Schemas = components['schemas'];

/** What comes instead of an answer (RFC 9457): `code` is for the program, `detail` for the person. */
export type Problem = Schemas['Problem'];

/** Of what an answer can be, the client asks for JSON. */
export type ReadoutClient = Client<paths, `application/${'json' | 'problem+json'}`>;

export interface Settings extends Omit<ClientOptions, 'baseUrl' | 'headers'> {
    /** A key made by `readout keys create`. */
    key?: string;
    headers?: Record<string, string>;
}

/** `createReadoutClient('http://127.0.0.1:8080').GET('/v1/claims', { params: { query: { topic: ['missiles'] } } })` */
export const createReadoutClient = (url: string, { key, headers, ...settings }: Settings = {}): ReadoutClient =>
    createClient({
        ...settings,
        baseUrl: url.replace(/\/$/, ''),
        headers: { Accept: 'application/json', ...(key && { Authorization: `Bearer ${key}` }), ...headers },
    });

/** Thrown where there is no answer to go on with. */
export class ProblemError extends Error {
    constructor(readonly problem: Problem) {
        super(problem.detail);
        this.name = 'ProblemError';
    }
}

interface Page {
    next_cursor?: string | null;
}

/**
 * All pages of a list, one after the other:
 *
 *     for await (const page of pages(cursor => readout.GET('/v1/claims', { params: { query: { cursor } } })))
 *         for (const claim of page.items) …
 */
export async function* pages<P extends Page>(ask: (cursor: string | undefined) => Promise<{ data?: P; error?: unknown }>):
AsyncGenerator<P, void, undefined> {
    let cursor: string | undefined;
    do {
        const { data, error } = await ask(cursor);
        if (data === undefined) throw new ProblemError(error as Problem);
        yield data;
        cursor = data.next_cursor ?? undefined;
    } while (cursor !== undefined);
}
