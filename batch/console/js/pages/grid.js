// The night on one screen: how far it is, what is next to be cut off, who is needed; and the grid: every node with its last days and, per segment, where
// it stands now.
import { card } from '/kit/card.js';
import { fill, h, setAttribute, setText } from '/kit/dom.js';
import { pageKey } from '/kit/keys.js';
import { addressOf, go } from '/kit/router.js';
import { chip, shortName } from '../chip.js';
import { clockOn, dayName, span } from '../format.js';
import { night } from '../night.js';
import { gravest, isOver, lateWords, needsSomeone, PHASES, remark, shownState, stateWords } from '../words.js';
import { cutoffList } from './cutoffs.js';
import { healthCalendar } from './days.js';
import { queueLines } from './queue.js';

/** @typedef {import('../wire.d.ts').Instance} Instance */
/** @typedef {import('../wire.d.ts').RunView} RunView */

const FILTERS = [
  { id: 'all', label: 'All' },
  { id: 'open', label: 'Not done' },
  { id: 'needs', label: 'Needs somebody' },
];
/** Earlier days shown beside each node. */
const PAST = 8;

/** @param {HTMLElement} root @returns {import('../navigation.js').Screen} */
export function gridPage(root) {
  return new Grid(root);
}

class Grid {
  title = 'Night';
  filter = 'all';
  /** Phases folded by hand or because they are green. @type {Map<string, boolean>} */
  folded = new Map();
  figures = h('dl', { class: 'figures', id: 'figures' });
  body = h('div', { class: 'grid-body' });
  side = h('div', { class: 'column' });
  /** What the rows were built from. */
  built = '';
  /** @type {(() => void)[]} */
  painters = [];

  /** @param {HTMLElement} root */
  constructor(root) {
    this.fault = h('p', { class: 'fault', role: 'alert', hidden: true });
    const filters = h(
      'div',
      { class: 'segments', role: 'group', 'aria-label': 'Which nodes' },
      FILTERS.map(({ id, label }) => h('button', { type: 'button', 'data-filter': id, onclick: () => this.choose(id) }, label)),
    );
    this.filters = filters;
    fill(
      root,
      h('h1', { class: 'unseen' }, 'Night'),
      this.fault,
      this.figures,
      h('div', { class: 'house' }, card('Nodes', [this.body], { id: 'grid', tools: filters }), this.side),
    );
    this.body.addEventListener('keydown', (event) => this.pressed(event));
    pageKey({
      keys: 'f',
      does: 'Show all, not done, or what needs somebody',
      run: () => this.choose(FILTERS[(FILTERS.findIndex(({ id }) => id === this.filter) + 1) % 3]?.id ?? 'all'),
    });
    pageKey({ keys: '← ↑ ↓ →', does: 'Walk through the grid' });
    const ends = [night.changed.on(() => this.update())];
    const timer = setInterval(() => this.tick(), 1_000);
    this.end = () => {
      clearInterval(timer);
      for (const end of ends) end();
    };
    this.cutoffs = cutoffList();
    this.queue = h('div', {});
    this.calendar = h('div', {});
    fill(
      this.side,
      card('Cut-offs', [this.cutoffs.element], { id: 'cutoffs' }),
      card('Needs somebody', [this.queue], { id: 'needs', note: h('a', { href: addressOf('queue'), class: 'hint' }, 'Queue') }),
      card('Days', [this.calendar], { id: 'calendar', note: h('a', { href: addressOf('days'), class: 'hint' }, 'Compare and backfill') }),
    );
    this.choose('all');
  }

  /** @param {string} id */
  choose(id) {
    this.filter = id;
    for (const button of this.filters.children)
      setAttribute(button, 'aria-pressed', String(/** @type {HTMLElement} */ (button).dataset.filter === id));
    this.update();
  }

  update() {
    const { view, fault } = night;
    setText(this.fault, fault);
    setAttribute(this.fault, 'hidden', fault === '');
    if (view === undefined) return fault === '' ? undefined : fill(this.body);
    this.build(view.runs);
    for (const paint of this.painters) paint();
    this.tick();
    fill(this.queue, queueLines(view.queue.slice(0, 6)));
    fill(this.calendar, healthCalendar(night.days, night.date));
  }

  tick() {
    if (night.view === undefined) return;
    const all = night.instances;
    const done = all.filter(isOver).length;
    const running = all.filter(({ status }) => status === 'running').length;
    const needs = all.filter(needsSomeone).length;
    const late = all.filter((instance) => !isOver(instance) && instance.risk !== 'none').length;
    const lands = Math.max(0, ...all.filter((instance) => !isOver(instance)).map(({ predictedAt }) => predictedAt));
    /** @type {readonly [string, string, string, string | undefined][]} */
    const figures = [
      ['done', 'Done', `${done} of ${all.length}`, all.length > 0 && done === all.length ? 'ok' : undefined],
      ['running', 'Running', String(running), undefined],
      ['needs', 'Needs somebody', String(needs), needs > 0 ? 'loss' : 'ok'],
      ['late', 'Late or at risk', String(late), late > 0 ? 'warn' : 'ok'],
      ['lands', 'Lands', lands === 0 ? '–' : clockOn(lands, night.date), undefined],
    ];
    if (this.figures.childElementCount !== figures.length)
      fill(
        this.figures,
        figures.map(([id, label]) => h('div', {}, h('dt', {}, label), h('dd', { class: 'num', 'data-figure': id }))),
      );
    for (const [index, [, , text, tone]] of figures.entries()) {
      const cell = this.figures.children[index]?.lastElementChild;
      if (cell === null || cell === undefined) continue;
      setText(cell, text);
      setAttribute(cell, 'data-tone', tone);
    }
    this.cutoffs.update(all, night.now);
  }

  /** Rows for these runs, unless they stand already. @param {readonly RunView[]} runs */
  build(runs) {
    const past = pastDays();
    const now = JSON.stringify([
      night.date,
      this.filter,
      [...this.folded],
      runs.map(({ run, isGreen }) => [run.id, isGreen]),
      past.map(({ date }) => date),
    ]);
    const visible =
      this.filter === 'all' ? '' : runs.flatMap(({ instances }) => instances.filter((one) => this.isWanted(one)).map(({ node }) => node)).join();
    if (`${now}${visible}` === this.built) return;
    this.built = `${now}${visible}`;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest('[data-node]') ?? null)?.dataset.node;
    this.painters = [];
    if (runs.length === 0) {
      fill(
        this.body,
        h(
          'p',
          { class: 'empty' },
          `Nothing has been run for ${dayName(night.date)} yet: tarazu-batch run bod --date ${night.date}, or open it under Days.`,
        ),
      );
      return;
    }
    fill(this.body, this.table(runs, past));
    const chips = /** @type {NodeListOf<HTMLElement>} */ (this.body.querySelectorAll('.chip'));
    const stop = [...chips].find(({ dataset }) => dataset.node === focused) ?? chips[0];
    if (stop !== undefined) stop.tabIndex = 0;
    if (focused !== undefined && stop?.dataset.node === focused && document.querySelector('dialog[open]') === null) stop.focus();
  }

  /** @param {readonly RunView[]} runs @param {readonly import('../wire.d.ts').Day[]} past */
  table(runs, past) {
    const heads = past.map(({ date }) => h('th', { scope: 'col', class: 'past', title: dayName(date) }, date.slice(8)));
    const columns = ['Node', 'Now', 'When', 'What'].map((name, index) => h('th', { scope: 'col', class: ['', '', 'num', 'wide'][index] }, name));
    const [node, ...rest] = columns;
    return h(
      'table',
      { class: 'grid nodes' },
      h('caption', { class: 'unseen' }, 'Every node of the date, with its last days and where it stands in each segment'),
      h('thead', {}, h('tr', {}, node ?? null, heads, rest)),
      runs.map((run) => this.phase(run, past)),
    );
  }

  /** @param {RunView} view @param {readonly import('../wire.d.ts').Day[]} past */
  phase({ run, isGreen, instances }, past) {
    const { phase } = run;
    const folded = this.filter === 'all' && (this.folded.get(phase) ?? isGreen);
    const label = PHASES.find(({ id }) => id === phase)?.label ?? phase;
    const done = h('span', { class: 'hint num' });
    this.painters.push(() => {
      const now = night.run(phase)?.instances ?? [];
      setText(
        done,
        `${now.filter(isOver).length} of ${now.length}${isGreen ? ', green' : ''} · ${run.id}${run.corrects.length > 0 ? `, corrects ${run.corrects.join(', ')}` : ''}`,
      );
    });
    const fold = h(
      'button',
      {
        type: 'button',
        class: 'fold',
        'aria-expanded': String(!folded),
        'data-phase': phase,
        onclick: () => {
          this.folded.set(phase, !folded);
          this.update();
          /** @type {HTMLElement | null} */ (this.body.querySelector(`.fold[data-phase="${phase}"]`))?.focus();
        },
      },
      label,
    );
    const head = h('tr', { class: 'phase' }, h('th', { scope: 'rowgroup', colspan: String(past.length + 4) }, fold, ' ', done));
    /** @type {Map<string, Instance[]>} */
    const nodes = new Map();
    for (const instance of instances)
      if (this.isWanted(instance) || this.filter === 'all') nodes.set(instance.node, [...(nodes.get(instance.node) ?? []), instance]);
    return h('tbody', { 'data-phase': phase }, head, folded ? [] : [...nodes].map(([node, own]) => this.row(node, own, past)));
  }

  /** @param {string} node @param {readonly Instance[]} own @param {readonly import('../wire.d.ts').Day[]} past */
  row(node, own, past) {
    const [first] = own;
    const squares = past.map((day) => pastSquare(node, day));
    const chips = own.map((instance) => ({ key: instance.key, ...chip(instance.key, shortName(instance)) }));
    const when = h('td', { class: 'num when' });
    const what = h('td', { class: 'what wide' });
    const line = h(
      'tr',
      { 'data-row': node },
      h('th', { scope: 'row' }, h('span', { class: 'node-id' }, node), h('span', { class: 'operation' }, first?.operation ?? '')),
      squares,
      h(
        'td',
        { class: 'chips' },
        h(
          'div',
          { class: 'chip-row' },
          chips.map(({ element }) => element),
        ),
      ),
      when,
      what,
    );
    this.painters.push(() => {
      const now = chips.map(({ key, paint }) => {
        const instance = night.byKey.get(key);
        if (instance !== undefined) paint(instance);
        return instance;
      });
      const known = now.filter((instance) => instance !== undefined);
      const worst = known.find((instance) => shownState(instance) === gravest(known.map(shownState)));
      if (worst === undefined) return;
      setText(when, whenWords(worst, known));
      const words = remark(worst);
      setText(what, known.length > 1 && words !== '' && !isOver(worst) ? `${shortName(worst)}: ${words}` : words);
      setAttribute(what, 'title', words);
      setAttribute(line, 'data-tone', needsSomeone(worst) ? 'loss' : worst.risk !== 'none' && !isOver(worst) ? 'warn' : undefined);
    });
    return line;
  }

  /** @param {Instance} instance */
  isWanted(instance) {
    return this.filter === 'all' || (this.filter === 'open' ? !isOver(instance) : needsSomeone(instance));
  }

  /** Arrows move between chips: left and right in the row, up and down to the row beside. @param {KeyboardEvent} event */
  pressed(event) {
    const from = /** @type {HTMLElement} */ (event.target);
    if (!from.classList.contains('chip') || event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down', k: 'up', j: 'down' }[event.key];
    if (way === undefined) return;
    const rows = [...this.body.querySelectorAll('tr[data-row]')].map((row) => /** @type {HTMLElement[]} */ ([...row.querySelectorAll('.chip')]));
    const row = rows.findIndex((chips) => chips.includes(from));
    const column = rows[row]?.indexOf(from) ?? 0;
    const target =
      way === 'left' || way === 'right'
        ? rows[row]?.[column + (way === 'left' ? -1 : 1)]
        : rows[row + (way === 'up' ? -1 : 1)]?.[0 + Math.min(column, (rows[row + (way === 'up' ? -1 : 1)]?.length ?? 1) - 1)];
    event.preventDefault();
    event.stopPropagation();
    if (target === undefined) return;
    from.tabIndex = -1;
    target.tabIndex = 0;
    target.focus();
  }
}

/** Traded days before the one shown, oldest first. */
function pastDays() {
  return night.days
    .filter(({ date, isTraded }) => date < night.date && isTraded)
    .slice(0, PAST)
    .reverse();
}

/** @param {string} node @param {import('../wire.d.ts').Day} day */
function pastSquare(node, { date, runs }) {
  const states = runs.flatMap((run) =>
    Object.entries(run.states).filter(([key]) => key === node || key.startsWith(`${node}@`) || key.startsWith(`${node}#`)),
  );
  const worst = gravest(states.map(([, status]) => status));
  const words = worst === undefined ? 'not run' : stateWords(worst).label;
  return h(
    'td',
    { class: 'past' },
    h('button', {
      type: 'button',
      class: 'square',
      tabindex: '-1',
      'data-state': worst,
      title: `${dayName(date)}: ${words}`,
      'aria-label': `${node} on ${dayName(date)}: ${words}`,
      onclick: () => go(addressOf('grid', date)),
    }),
  );
}

/** @param {Instance} worst @param {readonly Instance[]} all */
function whenWords(worst, all) {
  const { date, now } = night;
  const due = worst.dueAt === 0 ? '' : ` · due ${clockOn(worst.dueAt, date)}`;
  const late = lateWords(worst);
  const before = late === '' ? '' : `${late} · `;
  if (worst.status === 'running') return `${before}${span(now - worst.startedAt)}${due}`;
  if (isOver(worst)) return clockOn(Math.max(...all.map(({ finishedAt }) => finishedAt)), date);
  if (needsSomeone(worst)) return `${before}since ${clockOn(worst.finishedAt || worst.startedAt, date)}`;
  if (worst.status === 'retry') return `${before}again ${clockOn(worst.nextAt, date)}`;
  return `${before}lands ${clockOn(worst.predictedAt, date)}`;
}
