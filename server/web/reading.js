// A text with what was found in it drawn in its place: who is named, who says what in which words, which meetings it speaks of.
//
// Spans nest and overlap, so the text is cut at every border of a span, and each piece has the classes of all that it lies in. Kinds
// are told apart by how they are marked (a ground, a line, dots, dashes), speakers by the colour of the mark, claims by a number.

import { make, replace } from './dom.js';
import { codePoints, count, cut, link } from './parts.js';

const TONES = 6;

// What is marked, and what the legend calls it.
const KINDS = {
    content: 'Words said',
    source: 'Who says them',
    cue: 'How they say it',
    actor: 'Actors named',
    meeting: 'Meetings',
    boilerplate: 'Not the article itself',
};

// The kinds that the reader has switched off; they stay so from one article to the next.
const off = new Set();

// ---- cutting --------------------------------------------------------------------------------------------------------------

// A text of `length` code points cut at the borders of all marks: [{ start, end, marks }], where `marks` are those around the piece.
export const pieces = (length, marks) => {
    const opening = Map.groupBy(marks, mark => mark.start);
    const borders = [...new Set([0, length, ...marks.flatMap(mark => [mark.start, mark.end])])].sort((one, other) => one - other);
    let around = [];
    return borders.slice(0, -1).map((start, index) => {
        around = around.filter(mark => mark.end > start).concat(opening.get(start) ?? []);
        return { start, end: borders[index + 1], marks: around };
    });
};

const shortest = marks => marks.reduce((one, other) => other.end - other.start < one.end - one.start ? other : one, marks[0]);

// ---- what is marked -------------------------------------------------------------------------------------------------------

const marksOfClaim = (claim, index) => {
    const mark = (kind, span, note) => ({ ...span, kind, note, claim: index + 1, speaker: claim.speaker });
    const said = claim.content.map(span => mark('content', span, `${claim.speaker.name}: ${claim.text}`));
    if (said.length) said.at(-1).number = index + 1;
    return [...said, claim.source && mark('source', claim.source, `Who says it: ${claim.speaker.name}`),
        claim.cue && mark('cue', claim.cue, `How ${claim.speaker.name} says it`)];
};

// All marks that have the words in this text which they should have: what points into another text is not drawn.
const marksOf = (found, points) => [
    found.title && { start: 0, end: codePoints(found.title).length, text: found.title, kind: 'headline' },
    ...found.boilerplate.map(span => ({ ...span, kind: 'boilerplate' })),
    ...found.claims.flatMap(marksOfClaim),
    ...found.mentions.map(span => ({ ...span, kind: 'actor' })),
    ...found.meetings.map(span => ({ ...span, kind: 'meeting' })),
].filter(span => span && span.start < span.end && span.end <= points.length && cut(points, span.start, span.end) === span.text);

// ---- the text -------------------------------------------------------------------------------------------------------------

// Where a piece leads: to whom it names, else to its claim in the list, else to its meeting.
const leadsTo = marks => {
    const linked = kind => shortest(marks.filter(mark => mark.kind === kind && mark.href));
    const claim = shortest(marks.filter(mark => mark.claim));
    return linked('actor')?.href ?? (claim ? `#claim-${claim.claim}` : linked('meeting')?.href);
};

// The words of one piece. `seen` are the claims that pieces before it led to: the first piece of a claim alone is a stop for the Tab
// key, or a long text would have hundreds. Where the words of a claim end, its number stands.
const drawPiece = (words, { end, marks }, seen, chosen) => {
    const href = leadsTo(marks), toClaim = href?.startsWith('#');
    const ofClaims = marks.filter(mark => mark.claim), claims = [...new Set(ofClaims.map(mark => mark.claim))];
    const said = shortest(ofClaims.filter(mark => mark.kind === 'content')) ?? shortest(ofClaims);
    const dim = said && chosen && said.speaker.key !== chosen;
    const kinds = new Set(marks.map(mark => mark.kind));
    const classes = ['piece', ...kinds, said && `tone-${said.speaker.tone}`, dim && 'dim'].filter(Boolean);
    const piece = make([href ? 'a' : 'mark', ...classes].join('.'), {
        href,
        title: [...new Set(marks.map(mark => mark.note).filter(Boolean))].join('; ') || null,
        'data-claims': claims.join(' ') || null,
        'data-number': marks.filter(mark => mark.number && mark.end === end).map(mark => mark.number).join(', ') || null,
        tabindex: toClaim && claims.every(claim => seen.has(claim)) && '-1',
    }, words);
    if (toClaim) claims.forEach(claim => seen.add(claim));
    return piece;
};

const drawText = (points, marks, chosen) => {
    const seen = new Set();
    return pieces(points.length, marks.filter(mark => !off.has(mark.kind))).map(piece => {
        const words = cut(points, piece.start, piece.end);
        return piece.marks.length ? drawPiece(words, piece, seen, chosen) : words;
    });
};

// ---- what stands around it ------------------------------------------------------------------------------------------------

const legend = (marks, redraw) => make('fieldset.legend', make('legend', 'Marked'), Object.entries(KINDS).map(([kind, name]) => {
    const number = marks.filter(mark => mark.kind === kind).length;
    return number > 0 && make('label',
        make('input', { type: 'checkbox', name: kind, checked: !off.has(kind), change: event => {
            if (event.target.checked) off.delete(kind);
            else off.add(kind);
            redraw();
        } }),
        make(`span.piece.sample.${kind}`, name), make('span.soft', number.toLocaleString('en')));
}));

const speakerKey = (speakers, choose) => speakers.length > 0 && make('div.speakers', { role: 'group', 'aria-label': 'Speakers' },
    make('span.soft', 'Speakers'), speakers.map(speaker => make(`button.tone-${speaker.tone}`,
        { type: 'button', 'aria-pressed': 'false', 'data-speaker': speaker.key, click: () => choose(speaker.key) },
        make('span.swatch'), speaker.name, ' ', make('span.soft', speaker.claims))));

const claimInList = (claim, index, toWords) => make(`li.tone-${claim.speaker.tone}`,
    { id: `claim-${index + 1}`, tabindex: '-1', 'data-claims': index + 1, 'data-speaker': claim.speaker.key },
    make('p.number', { 'aria-hidden': 'true' }, index + 1),
    make('h3', claim.href ? link(claim.href, claim.text) : claim.text),
    make('p.facts', claim.speaker.href ? link(claim.speaker.href, claim.speaker.name) : claim.speaker.name, claim.facts),
    claim.isHere === false
        ? make('p.soft', 'Its words stand in an earlier text of this article.')
        : make('button.quiet', { type: 'button', click: () => toWords(index + 1),
            'aria-label': `Show its words, those of claim ${index + 1}, in the text` }, 'Show its words'));

// Gives each speaker a tone and the number of their claims, in the order in which they come up.
const speakersOf = claims => {
    const speakers = new Map();
    for (const claim of claims) {
        const { key } = claim.speaker;
        if (!speakers.has(key)) speakers.set(key, { ...claim.speaker, tone: speakers.size % TONES + 1, claims: 0 });
        claim.speaker = speakers.get(key);
        claim.speaker.claims++;
    }
    return [...speakers.values()];
};

// ---- all of it ------------------------------------------------------------------------------------------------------------

// The text and, beside it, the list of its claims; each shows where it stands in the other. What was found is
//     { title, text, language, boilerplate: [span], mentions: [span and { href, note }], meetings: [the same],
//       claims: [{ text, href, content: [span], source: span, cue: span, speaker: { key, name, href }, facts: [nodes] }] }
// with spans of { start, end, text }; `below` comes under the text.
export const reading = (found, ...below) => {
    const points = codePoints(found.text), speakers = speakersOf(found.claims), marks = marksOf(found, points);
    const text = make('div.text', { lang: found.language });
    let chosen = null;
    const draw = () => replace(text, drawText(points, marks, chosen));
    const withClaim = claim => view.querySelectorAll(`[data-claims~="${claim}"]`);
    const toWords = claim => {
        const words = text.querySelector(`.content[data-claims~="${claim}"]`) ?? text.querySelector(`[data-claims~="${claim}"]`);
        words?.setAttribute('tabindex', words.getAttribute('tabindex') ?? (words.matches('a') ? '0' : '-1'));
        words?.focus();
    };
    const choose = key => {
        chosen = chosen === key ? null : key;
        for (const button of view.querySelectorAll('.speakers button')) {
            button.setAttribute('aria-pressed', String(button.dataset.speaker === chosen));
        }
        for (const item of view.querySelectorAll('.in-text li')) {
            item.classList.toggle('dim', chosen !== null && item.dataset.speaker !== chosen);
        }
        draw();
    };
    // What the pointer is on and what has the focus are lit in both places.
    const on = { mouseover: [], focusin: [] };
    const light = event => {
        on[event.type] = event.target.closest('[data-claims]')?.dataset.claims.split(' ') ?? [];
        for (const lit of view.querySelectorAll('.lit')) lit.classList.remove('lit');
        for (const claim of [...on.mouseover, ...on.focusin]) for (const part of withClaim(claim)) part.classList.add('lit');
    };
    const follow = event => {
        const href = event.target.closest('a')?.getAttribute('href');
        if (!href?.startsWith('#claim-') || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        view.querySelector(href).focus();
    };
    const view = make('div.reading', { mouseover: light, focusin: light, click: follow },
        make('div', legend(marks, draw), speakerKey(speakers, choose), text),
        make('section.found', make('h2', found.claims.length ? count(found.claims.length, 'claim') : 'Claims'),
            found.claims.length ? make('ol.in-text', found.claims.map((claim, index) => claimInList(claim, index, toWords)))
                : make('p.empty', 'Nobody is reported to say anything in it.')),
        make('div', below));
    draw();
    return view;
};
