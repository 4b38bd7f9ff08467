// What the compiler has to accept, and what it has to refuse. Compiled by `tsc --noEmit --strict`, never run.

import { createReadoutClient, pages, type Problem, type Schemas } from 'readout-client';

const readout = createReadoutClient('http://127.0.0.1:8080', { key: 'readout_…' });

export const accepted = async () => {
    const { data, error } = await readout.GET('/v1/claims', {
        params: { query: { topic: ['missiles'], said_on__gte: '2022-01-08', stance__ne: 'offers', expand: ['speaker', 'reports.article'], limit: 5 } },
    });
    if (error) {
        const problem: Problem = error;
        return problem.errors?.map(fault => `${fault.parameter ?? fault.pointer}: ${fault.detail}`);
    }
    const claim: Schemas['Claim'] | undefined = data.items[0];
    const next: string | null = data.next_cursor;

    const made = await readout.POST('/v1/claims', { body: { text: 'No concessions will be made.', speaker_id: 24, stance: 'rejects' } });
    const changed = await readout.PATCH('/v1/claims/{id}', {
        params: { path: { id: 24 }, header: { 'If-Match': '"c24-1"' } }, body: { stance: null },
    });
    for await (const page of pages(cursor => readout.GET('/v1/actors', { params: { query: { kind: ['person'], cursor } } }))) {
        for (const actor of page.items) actor.name.trim();
    }
    return [claim?.text.length, claim?.outlet_count.toFixed(), next, made.data, changed.response.status];
};

export const refused = async () => {
    // @ts-expect-error no such path
    await readout.GET('/v1/claimes');
    // @ts-expect-error no such parameter
    await readout.GET('/v1/claims', { params: { query: { speakr_id: [7] } } });
    // @ts-expect-error a word that is none of those
    await readout.GET('/v1/claims', { params: { query: { stance__ne: 'disagrees' } } });
    // @ts-expect-error an id is a number
    await readout.GET('/v1/claims/{id}', { params: { path: { id: 'seven' } } });
    // @ts-expect-error a path needs its id
    await readout.GET('/v1/claims/{id}');
    // @ts-expect-error a claim needs its text
    await readout.POST('/v1/claims', { body: { speaker_id: 7 } });
    // @ts-expect-error no such method
    await readout.DELETE('/v1/claims');
    const { data } = await readout.GET('/v1/claims/{id}', { params: { path: { id: 1 } } });
    // @ts-expect-error there may be no answer
    data.text.trim();
    // @ts-expect-error no such property
    return data?.txt;
};
