// The ways that a claim took, drawn from left to right: who told it, on which occasion, which agencies and outlets passed it on.
// Each node stands to the right of all that lead to it; an edge is as thick as it has reports, and dashed where text was reprinted.

import { draw, make } from './dom.js';
import { count, hrefOf, link } from './parts.js';

const BOX = { width: 172, gap: 96, line: 17, pad: 10, between: 22, letters: 23, lines: 3 };
const KINDS = { speaker: 'Speaker', occasion: 'Occasion', agency: 'Agency', outlet: 'Outlet', article: 'Article' };

const hrefFor = node => node.meeting_id ? hrefOf('meetings', node.meeting_id) : node.actor_id ? hrefOf('actors', node.actor_id)
    : node.article_id ? hrefOf('articles', node.article_id) : null;

// ---- where everything stands ----------------------------------------------------------------------------------------------

// The words of a label in lines that fit into a box; what does not fit is in the node's title.
const linesOf = label => {
    const lines = [''];
    for (const word of label.split(/\s+/)) {
        const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
        if (longer.length <= BOX.letters) lines[lines.length - 1] = longer;
        else if (lines.at(-1)) lines.push(word);
        else lines[0] = word;
    }
    const shown = lines.slice(0, BOX.lines).map(line => line.length > BOX.letters ? `${line.slice(0, BOX.letters - 1)}…` : line);
    if (lines.length > BOX.lines) shown[BOX.lines - 1] = `${shown[BOX.lines - 1].slice(0, BOX.letters - 1)}…`;
    return shown;
};

// Each node's layer. An edge that closes a circle is left out of account, so that those on it stand in the order given.
const layersOf = (nodes, edges) => {
    const layer = new Map(nodes.map(({ id }) => [id, 0])), done = new Set(), open = new Set();
    const settle = id => {
        if (done.has(id) || open.has(id)) return;
        open.add(id);
        for (const edge of edges.filter(({ to }) => to === id)) {
            if (open.has(edge.from)) continue;
            settle(edge.from);
            layer.set(id, Math.max(layer.get(id), layer.get(edge.from) + 1));
        }
        open.delete(id);
        done.add(id);
    };
    for (const { id } of nodes) settle(id);
    return layer;
};

// Columns of what stands above each other. An edge over several layers has a point in each of those between, to pass by the boxes.
const columnsOf = (nodes, edges) => {
    const layer = layersOf(nodes, edges), columns = [];
    const put = (place, at) => { (columns[at] ??= []).push(place); return place; };
    const places = new Map(nodes.map(node => {
        const lines = linesOf(node.label), at = layer.get(node.id);
        return [node.id, put({ node, lines, at, before: [], height: lines.length * BOX.line + BOX.line + BOX.pad * 2 }, at)];
    }));
    const routes = edges.map(edge => {
        const from = places.get(edge.from), to = places.get(edge.to), points = [from];
        for (let at = from.at + 1; at < to.at; at++) points.push(put({ at, before: [points.at(-1)], height: 0 }, at));
        to.before.push(points.at(-1));
        return { edge, points: [...points, to] };
    });
    return { columns, routes };
};

const middle = place => place.y + place.height / 2;

// Each place as near to those before it as the column allows, in the order that this makes.
const arrange = columns => {
    for (const [at, column] of columns.entries()) {
        const wish = place => place.before.length ? place.before.reduce((sum, one) => sum + middle(one), 0) / place.before.length : null;
        const wishes = new Map(column.map((place, index) => [place, at ? wish(place) ?? index : index]));
        if (at) column.sort((a, b) => wishes.get(a) - wishes.get(b));
        let y = 0;
        for (const place of column) {
            place.x = at * (BOX.width + BOX.gap);
            place.y = at && place.before.length ? Math.max(y, wishes.get(place) - place.height / 2) : y;
            y = place.y + place.height + BOX.between;
        }
    }
    return { width: columns.length * (BOX.width + BOX.gap) - BOX.gap,
        height: Math.max(...columns.flat().map(place => place.y + place.height)) };
};

// ---- drawing --------------------------------------------------------------------------------------------------------------

const curve = (from, to, thenOn) => {
    const x1 = from.x + BOX.width, y1 = middle(from), x2 = to.x - (thenOn ? 0 : 8), y2 = middle(to), bend = Math.abs(x2 - x1) / 2;
    return `C ${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}${thenOn ? ` H ${to.x + BOX.width}` : ''}`;
};

const drawEdge = ({ edge, points }) => {
    const steps = points.slice(1).map((to, index) => curve(points[index], to, index < points.length - 2));
    const first = points[0], second = points[1], reports = edge.report_ids.length;
    const label = { x: (first.x + BOX.width + second.x) / 2, y: (middle(first) + middle(second)) / 2 - 5 };
    return draw('g', { class: 'edge', 'data-kind': edge.kind, 'aria-hidden': 'true' },
        draw('title', `${edge.kind} in ${count(reports, 'report')}`),
        draw('path', { d: `M ${first.x + BOX.width} ${middle(first)} ${steps.join(' ')}`, 'stroke-width': Math.min(1 + reports, 6),
            'marker-end': 'url(#arrow)' }),
        draw('text', { x: label.x, y: label.y, 'text-anchor': 'middle' }, edge.kind));
};

const drawNode = (at, { node, lines, x, y, height }) => {
    const href = hrefFor(node), left = x + BOX.pad;
    // The blanks keep the words apart where the content is the name of a link.
    const content = [draw('rect', { x, y, width: BOX.width, height, rx: 6 }),
        draw('text.kind', { x: left, y: y + BOX.pad + 11 }, `${KINDS[node.kind]} `),
        lines.map((line, index) => draw('text', { x: left, y: y + BOX.pad + 11 + BOX.line * (index + 1) }, `${line} `))];
    const follow = event => {
        if (event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        at.go(href);
    };
    return draw('g', { class: 'node', 'data-kind': node.kind, 'data-node': node.id }, draw('title', node.label),
        href ? draw('a', { href, click: follow }, content) : content);
};

const arrowHead = () => draw('defs', draw('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 0, refY: 4, markerWidth: 9, markerHeight: 9,
    markerUnits: 'userSpaceOnUse', orient: 'auto' }, draw('path', { d: 'M 0 0 L 8 4 L 0 8 z' })));

const drawing = (at, { nodes, edges }) => {
    const { columns, routes } = columnsOf(nodes, edges), { width, height } = arrange(columns), margin = 4;
    return draw('svg', { class: 'chain', width: width + 2 * margin, height: height + 2 * margin, role: 'group',
        viewBox: `${-margin} ${-margin} ${width + 2 * margin} ${height + 2 * margin}`,
        'aria-label': 'From speakers on the left to outlets on the right' },
    arrowHead(), routes.map(drawEdge), columns.flat().filter(place => place.node).map(place => drawNode(at, place)));
};

// ---- the same in words ----------------------------------------------------------------------------------------------------

const inWords = ({ nodes, edges }) => {
    const byId = new Map(nodes.map(node => [node.id, node])), told = new Set();
    const named = node => hrefFor(node) ? link(hrefFor(node), node.label) : node.label;
    const branch = node => {
        const onward = edges.filter(({ from }) => from === node.id);
        if (onward.length === 0) return null;
        if (told.has(node.id)) return ' (and on, as above)';
        told.add(node.id);
        return make('ul', onward.map(edge => make('li',
            `${edge.kind === 'told' ? 'told' : `was ${edge.kind} by`} `, named(byId.get(edge.to)),
            make('span.soft', ` (${count(edge.report_ids.length, 'report')})`), branch(byId.get(edge.to)))));
    };
    const roots = nodes.filter(({ id }) => !edges.some(({ to }) => to === id));
    const begin = node => make('li', `${KINDS[node.kind]}: `, named(node), branch(node));
    const items = roots.map(begin);
    // Who is only on a circle has none before it.
    return make('ul.inwords', items, nodes.filter(node => !told.has(node.id) && edges.some(({ from }) => from === node.id)).map(begin));
};

// The drawing, in a region that scrolls sideways where there is no room, and the same as a list.
export const chainGraph = (at, chain) => [
    make('div.wide.graph', { role: 'region', 'aria-label': 'The ways it took, as a drawing', tabindex: '0' }, drawing(at, chain)),
    make('details', make('summary', 'The same in words'), inWords(chain))];
