// The search field of the frame. While somebody types, it offers the actors whose names begin so: a combobox with a list and
// manual selection, after the ARIA Authoring Practices. Enter without a choice searches the record, as the form does by itself.

import { get } from './api.js';
import { make, replace } from './dom.js';
import { count, hrefOf, plain } from './parts.js';

const PAUSE = 150; // milliseconds without a keystroke before anything is asked
const LONGEST = 200; // characters that the server takes

class Suggestions {
    #input; #list; #status; #go; #actors = []; #chosen = -1; #timer = 0; #asking = new AbortController();

    constructor(input, go) {
        this.#input = input;
        this.#go = go;
        this.#list = make('ul.suggestions', { id: 'suggestions', role: 'listbox', 'aria-label': 'Actors', hidden: true,
            pointerdown: event => event.preventDefault(), click: event => this.#take(this.#indexOf(event.target)) });
        this.#status = make('span.unseen', { role: 'status' });
        input.after(this.#list, this.#status);
        for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false',
            'aria-controls': 'suggestions', 'aria-keyshortcuts': 'Control+K' })) input.setAttribute(name, value);
        input.addEventListener('input', () => this.#later());
        input.addEventListener('keydown', event => this.#key(event));
        input.addEventListener('blur', () => this.close());
        input.form.addEventListener('submit', () => this.close());
    }

    // Also gives up what is being asked.
    close() {
        this.#forget();
        this.#show([]);
        this.#status.textContent = '';
    }

    #forget() {
        clearTimeout(this.#timer);
        this.#asking.abort();
    }

    #later() {
        this.#forget();
        const typed = this.#input.value.trim();
        if (!typed || typed.length > LONGEST) this.close();
        else this.#timer = setTimeout(() => this.#ask(typed), PAUSE);
    }

    async #ask(typed) {
        const { signal } = this.#asking = new AbortController();
        try {
            const { items } = await get('/v1/actors/suggest', { q: typed, limit: 8 }, signal);
            if (signal.aborted) return;
            this.#show(items);
            this.#status.textContent = !items.length ? 'No actor of such a name. Enter searches.'
                : `${count(items.length, 'actor')} offered: the arrow keys choose, Enter goes there.`;
        } catch {
            // Suggestions are a help: where there are none, the field searches all the same.
            if (!signal.aborted) this.close();
        }
    }

    #show(actors) {
        this.#actors = actors;
        replace(this.#list, actors.map((actor, index) => make('li', { id: `suggestion-${index}`, role: 'option', 'aria-selected': 'false' },
            make('span', actor.name), actor.alias && make('span.soft', ` also ${actor.alias}`),
            make('span.soft.who', ` ${actor.title ?? plain(actor.kind)}`))));
        this.#list.hidden = actors.length === 0;
        this.#input.setAttribute('aria-expanded', String(actors.length > 0));
        this.#choose(-1);
    }

    // -1 is none: the field alone.
    #choose(index) {
        this.#list.children[this.#chosen]?.setAttribute('aria-selected', 'false');
        this.#chosen = index;
        const option = this.#list.children[index];
        if (!option) return this.#input.removeAttribute('aria-activedescendant');
        option.setAttribute('aria-selected', 'true');
        option.scrollIntoView({ block: 'nearest' });
        this.#input.setAttribute('aria-activedescendant', option.id);
    }

    #move(step) {
        const places = this.#actors.length + 1;
        this.#choose((this.#chosen + 1 + step + places) % places - 1);
    }

    #indexOf = element => [...this.#list.children].indexOf(element.closest('li'));

    #take(index) {
        const actor = this.#actors[index];
        if (!actor) return;
        this.#input.value = actor.name;
        this.close();
        this.#go(hrefOf('actors', actor.id));
    }

    #key(event) {
        if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
        const isOpen = this.#actors.length > 0, { key } = event;
        if (isOpen && (key === 'ArrowDown' || key === 'ArrowUp')) this.#move(key === 'ArrowDown' ? 1 : -1);
        else if (key === 'ArrowDown') this.#later();
        else if (isOpen && key === 'Enter' && this.#chosen >= 0) this.#take(this.#chosen);
        else if (key === 'Escape') this.#escape(isOpen);
        else {
            // The other keys are the field's own: Home, End, Left and Right move in what was typed.
            if (['Home', 'End', 'ArrowLeft', 'ArrowRight'].includes(key)) this.#choose(-1);
            return;
        }
        event.preventDefault();
    }

    #escape(isOpen) {
        this.close();
        if (!isOpen) this.#input.value = '';
    }
}

const isTyping = element => element.matches?.('input:not([type=checkbox]), textarea, select, [contenteditable]');

// Makes the field a combobox, and Ctrl-K (on a Mac also Command-K) the way there. There is no key of one character, which would
// come in the way of those who speak to their machines.
export const startSuggestions = (input, go) => {
    new Suggestions(input, go);
    document.addEventListener('keydown', event => {
        const isShortcut = event.key === 'k' && event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey;
        if (!isShortcut || isTyping(event.target) || document.querySelector('dialog[open]')) return;
        event.preventDefault();
        input.focus();
        input.select();
    });
};
