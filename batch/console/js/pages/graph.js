// The graph of a phase, live: columns by depth, state in colour, mark and word, the path that decides the landing drawn thick, what blocks a node lit when
// it is looked at. Dragged, zoomed, walked by keys.

import { card } from '/kit/card.js';
import { fill, h, s, setAttribute, setText } from '/kit/dom.js';
import { pageKey } from '/kit/keys.js';
import { get } from '../api.js';
import { openNode } from '../drawer.js';
import { clockOn } from '../format.js';
import { night } from '../night.js';
import { blocking, criticalPath } from '../paths.js';
import { isOver, lateWords, shownState, stateWords } from '../words.js';
import { phaseChoice } from './phase-choice.js';
import { Viewport } from './viewport.js';

const BOX = { width: 212, height: 40, gapX: 56, gapY: 12 };
const MARGIN = 24;
const OPERATION_LETTERS = 34;

/** @typedef {import('../wire.d.ts').Instance} Instance */
/** @typedef {readonly [number, number]} Spot */

/** Places by phase: they depend on the release only. @type {Map<string, Record<string, Spot>>} */
const known = new Map();

/** @param {HTMLElement} root @param {import('/kit/router.js').Place} place @returns {import('../navigation.js').Screen} */
export function graphPage(root, place) {
  return new GraphPage(root, place);
}

class GraphPage {
  title = 'Graph';
  picture = s('svg', { class: 'graph', role: 'group', 'aria-label': 'Graph of the phase' });
  words = h('p', { class: 'hint path-words', role: 'status' });
  /** @type {Map<string, SVGGElement>} */
  boxes = new Map();
  /** @type {{ from: string, to: string, path: SVGPathElement }[]} */
  edges = [];
  drawn = '';
  lit = '';

  /** @param {HTMLElement} root @param {import('/kit/router.js').Place} place */
  constructor(root, place) {
    this.choice = phaseChoice('graph', place, () => void this.update());
    this.view = new Viewport(this.picture);
    const tool = (/** @type {string} */ label, /** @type {string} */ sign, /** @type {() => void} */ run) =>
      h('button', { type: 'button', class: 'bare', 'aria-label': label, title: label, onclick: run }, sign);
    const tools = h(
      'div',
      { class: 'tools' },
      this.choice.element,
      tool('Closer (+)', '+', () => this.view.zoom(1.25)),
      tool('Further (−)', '−', () => this.view.zoom(0.8)),
      tool('All of it (0)', '⤢', () => this.view.fit()),
    );
    fill(
      root,
      h('h1', { class: 'unseen' }, 'Graph'),
      card('Graph', [h('div', { class: 'canvas' }, this.picture), this.words], { id: 'graph', tools }),
    );
    pageKey({ keys: '+', does: 'Closer', run: () => this.view.zoom(1.25) });
    pageKey({ keys: '-', does: 'Further', run: () => this.view.zoom(0.8) });
    pageKey({ keys: '0', does: 'All of it', run: () => this.view.fit() });
    pageKey({ keys: '← ↑ ↓ →', does: 'Walk from node to node' });
    this.picture.addEventListener('keydown', (event) => this.pressed(event));
    const end = night.changed.on(() => void this.update());
    this.end = () => {
      end();
      this.view.end();
    };
    void this.update();
  }

  async update() {
    const phase = this.choice.value();
    const run = night.run(phase);
    this.choice.update();
    if (run === undefined) {
      this.drawn = '';
      fill(this.picture);
      setText(this.words, night.view === undefined ? '' : 'This phase has not been run on this date.');
      return;
    }
    if (!known.has(phase)) {
      /** @type {{ places: Record<string, Spot> } | undefined} */
      const answer = await get('/v1/night/places', { phase }).catch(() => undefined);
      if (answer === undefined) return;
      known.set(phase, answer.places);
    }
    if (this.drawn !== `${night.date} ${phase}`) this.draw(run.instances, known.get(phase) ?? {});
    this.drawn = `${night.date} ${phase}`;
    this.paint(run.instances);
  }

  /** @param {readonly Instance[]} instances @param {Record<string, Spot>} places */
  draw(instances, places) {
    this.boxes.clear();
    this.edges = [];
    const at = (/** @type {string} */ key) => {
      const [column, row] = places[key] ?? [0, 0];
      return { x: MARGIN + column * (BOX.width + BOX.gapX), y: MARGIN + row * (BOX.height + BOX.gapY) };
    };
    const all = new Set(instances.map(({ key }) => key));
    const lines = s('g', { class: 'edges', 'aria-hidden': 'true' });
    const nodes = s('g', {});
    let [right, bottom] = [0, 0];
    for (const { key, waitsFor, operation } of instances) {
      const { x, y } = at(key);
      right = Math.max(right, x + BOX.width);
      bottom = Math.max(bottom, y + BOX.height);
      for (const from of waitsFor) if (all.has(from)) this.edges.push({ from, to: key, path: edge(at(from), { x, y }) });
      const box = this.box(key, operation, x, y);
      this.boxes.set(key, box);
      nodes.append(box);
    }
    for (const { path } of this.edges) lines.append(path);
    fill(this.picture, lines, nodes);
    buttonOf(this.boxes.values().next().value)?.setAttribute('tabindex', '0');
    this.view.hold(right + MARGIN, bottom + MARGIN);
  }

  /** @param {string} key @param {string} operation @param {number} x @param {number} y */
  box(key, operation, x, y) {
    const words = operation.length > OPERATION_LETTERS ? `${operation.slice(0, OPERATION_LETTERS - 1)}…` : operation;
    return s(
      'g',
      {
        class: 'box',
        'data-node': key,
        transform: `translate(${x} ${y})`,
        onclick: () => !this.view.wasDragged && openNode(key),
        onfocusin: () => this.light(key),
        onfocusout: () => this.light(''),
        onpointerenter: () => this.light(key),
        onpointerleave: () => this.light(''),
      },
      s('rect', { width: BOX.width, height: BOX.height, rx: 6 }),
      s('text', { class: 'box-mark', x: 10, y: 17, 'aria-hidden': 'true' }),
      s('g', { class: 'box-button', role: 'button', tabindex: '-1' }, s('text', { class: 'box-key', x: 26, y: 17 }, key)),
      s('text', { class: 'box-words', x: 10, y: 32, 'aria-hidden': 'true' }, words),
    );
  }

  /** @param {readonly Instance[]} instances */
  paint(instances) {
    const critical = criticalPath(instances);
    const onPath = new Set(critical);
    for (const instance of instances) {
      const box = this.boxes.get(instance.key);
      if (box === undefined) continue;
      const state = shownState(instance);
      const { mark, label } = stateWords(state);
      const late = lateWords(instance);
      setAttribute(box, 'data-state', state);
      setAttribute(box, 'data-risk', instance.risk === 'none' || isOver(instance) ? undefined : instance.risk);
      setAttribute(box, 'data-critical', onPath.has(instance.key));
      const button = buttonOf(box);
      if (button !== undefined)
        setAttribute(button, 'aria-label', `${instance.key}, ${instance.operation}: ${label}${late === '' ? '' : `, ${late}`}`);
      const sign = box.querySelector('.box-mark');
      if (sign !== null) setText(sign, mark);
    }
    for (const { from, to, path } of this.edges) setAttribute(path, 'data-critical', onPath.has(from) && onPath.has(to));
    const last = instances.find(({ key }) => key === critical.at(-1));
    this.resting =
      last === undefined ? 'Everything is done.' : `Decides the landing at ${clockOn(last.predictedAt, night.date)}: ${critical.join(' → ')}`;
    this.light(this.lit);
  }

  resting = '';

  /** Lights what an open node is blocked by. @param {string} key */
  light(key) {
    this.lit = key;
    const run = night.run(this.choice.value());
    const own = new Map((run?.instances ?? []).map((instance) => [instance.key, instance]));
    const blockers = key === '' ? new Set() : blocking(key, own);
    setAttribute(this.picture, 'data-lit', blockers.size > 0);
    for (const [name, box] of this.boxes) setAttribute(box, 'data-blocks', blockers.has(name) || (blockers.size > 0 && name === key));
    for (const { from, to, path } of this.edges) setAttribute(path, 'data-blocks', blockers.has(from) && (blockers.has(to) || to === key));
    setText(this.words, blockers.size === 0 ? this.resting : `${key} is held up by ${[...blockers].reverse().join(', ')}`);
  }

  /** Arrows walk to the nearest box that way; Enter opens it. @param {KeyboardEvent} event */
  pressed(event) {
    const from = /** @type {SVGGElement | null} */ (/** @type {Element} */ (event.target).closest('.box'));
    if (from === null || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      return openNode(from.dataset.node ?? '');
    }
    /** @type {readonly [number, number] | undefined} */
    const way = {
      ArrowLeft: /** @type {const} */ ([-1, 0]),
      ArrowRight: /** @type {const} */ ([1, 0]),
      ArrowUp: /** @type {const} */ ([0, -1]),
      ArrowDown: /** @type {const} */ ([0, 1]),
    }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    const target = this.nearest(from, way);
    if (target === undefined) return;
    buttonOf(from)?.setAttribute('tabindex', '-1');
    buttonOf(target)?.setAttribute('tabindex', '0');
    buttonOf(target)?.focus();
    this.view.show(target);
  }

  /** @param {SVGGElement} from @param {readonly [number, number]} way */
  nearest(from, [dx, dy]) {
    const start = from.getBoundingClientRect();
    /** @type {{ box: SVGGElement, cost: number } | undefined} */
    let best;
    for (const box of this.boxes.values()) {
      const at = box.getBoundingClientRect();
      const [across, down] = [at.x - start.x, at.y - start.y];
      const along = across * dx + down * dy;
      const aside = Math.abs(across * dy) + Math.abs(down * dx);
      if (box === from || along <= 1 || (dy !== 0 && Math.abs(across) > 1)) continue;
      const cost = along * 3 + aside;
      if (best === undefined || cost < best.cost) best = { box, cost };
    }
    return best?.box;
  }
}

/** What of a box has the keyboard. @param {SVGGElement | undefined} box @returns {SVGGElement | undefined} */
function buttonOf(box) {
  return box?.querySelector('.box-button') ?? undefined;
}

/** @param {{ x: number, y: number }} from @param {{ x: number, y: number }} to */
function edge(from, to) {
  const [x1, y1, x2, y2] = [from.x + BOX.width, from.y + BOX.height / 2, to.x, to.y + BOX.height / 2];
  const middle = x2 - BOX.gapX / 2;
  return s('path', { d: `M${x1} ${y1} C${Math.max(x1 + 20, middle)} ${y1} ${middle} ${y2} ${x2} ${y2}` });
}
