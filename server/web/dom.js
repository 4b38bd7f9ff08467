// Elements. Text goes in as text, never as markup: nothing on the desk turns a string into HTML.

const add = (element, content) => {
    for (const part of content.flat(Infinity)) {
        if (part !== null && part !== undefined && part !== false && part !== '') element.append(part);
    }
    return element;
};

const isAttributes = thing => thing !== null && typeof thing === 'object' && !Array.isArray(thing) && !(thing instanceof Node);

const fill = (element, classes, content) => {
    if (classes.length) element.setAttribute('class', classes.join(' '));
    const attributes = isAttributes(content[0]) ? content.shift() : {};
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === 'function') element.addEventListener(name, value);
        else if (value === true) element.setAttribute(name, '');
        else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    return add(element, content);
};

// make('p.soft', { id: 'x', click: f }, 'text', child, [children]): an element with its classes, attributes and listeners. What is
// null, undefined, false or empty is left out, be it an attribute or a child.
export const make = (name, ...content) => {
    const [tag, ...classes] = name.split('.');
    return fill(document.createElement(tag), classes, content);
};

// The same for a drawing.
export const draw = (name, ...content) => {
    const [tag, ...classes] = name.split('.');
    return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), classes, content);
};

// Puts other content in the place of what an element had.
export const replace = (element, ...content) => {
    element.replaceChildren();
    return add(element, content);
};

// Children with something between them: between(links, ', ').
export const between = (parts, separator) => parts.flatMap((part, index) => index ? [separator, part] : [part]);
