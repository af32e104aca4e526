// The phase against the clock: what was, what runs, what will probably be, and when each is due. One line per instance; the vertical line is now.
import { card } from '/kit/card.js';
import { fill, h, setAttribute, setText } from '/kit/dom.js';
import { openNode } from '../drawer.js';
import { clock, clockOn, span } from '../format.js';
import { night } from '../night.js';
import { isOver, lateWords, shownState, stateWords } from '../words.js';
import { cutoffList } from './cutoffs.js';
import { phaseChoice } from './phase-choice.js';

/** @typedef {import('../wire.d.ts').Instance} Instance */

const MINUTE = 60e6;
const HOUR = 60 * MINUTE;
/** Room left of the first bar and right of the last mark, as a share of the whole. */
const AIR = 0.02;
/** Steps between the marks of the axis. */
const STEPS = [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR];
const MARKS_MAX = 12;
/** A node that never ran is drawn as if it took this long. */
const UNKNOWN_SPAN = MINUTE;
/** Deadlines further off than this do not stretch the axis. */
const FAR = 20 * HOUR;

/** @param {HTMLElement} root @param {import('/kit/router.js').Place} place @returns {import('../navigation.js').Screen} */
export function timelinePage(root, place) {
  return new Timeline(root, place);
}

class Timeline {
  title = 'Timeline';
  axis = h('div', { class: 'axis', 'aria-hidden': 'true' });
  rows = h('ul', { class: 'bars' });
  now = h('div', { class: 'now-line', 'aria-hidden': 'true' });
  cutoffs = cutoffList();
  built = '';
  from = 0;
  until = 1;

  /** @param {HTMLElement} root @param {import('/kit/router.js').Place} place */
  constructor(root, place) {
    this.choice = phaseChoice('timeline', place, () => this.update());
    this.chart = h(
      'div',
      { class: 'timeline', role: 'region', tabindex: '0', 'aria-label': 'Timeline of the phase' },
      h('div', { class: 'timeline-inner' }, this.axis, this.rows, this.now),
    );
    this.emptiness = h('p', { class: 'empty', hidden: true }, 'This phase has not been run on this date.');
    fill(
      root,
      h('h1', { class: 'unseen' }, 'Timeline'),
      h(
        'div',
        { class: 'house' },
        card('Against the clock', [this.chart, this.emptiness, legend()], { id: 'timeline', tools: this.choice.element }),
        h('div', { class: 'column' }, card('Cut-offs', [this.cutoffs.element], { id: 'cutoffs' })),
      ),
    );
    const end = night.changed.on(() => this.update());
    const timer = setInterval(() => this.update(), 1_000);
    this.rows.addEventListener('keydown', (event) => this.pressed(event));
    this.end = () => {
      clearInterval(timer);
      end();
    };
    this.update();
  }

  update() {
    this.choice.update();
    this.cutoffs.update(night.instances, night.now);
    const run = night.run(this.choice.value());
    const instances = run?.instances ?? [];
    setAttribute(this.emptiness, 'hidden', instances.length > 0 || night.view === undefined);
    setAttribute(this.chart, 'hidden', instances.length === 0);
    if (instances.length === 0) return;
    this.measure(instances, run?.run.openedAt ?? 0);
    const keys = `${night.date} ${instances.map(({ key }) => key).join()}`;
    if (keys !== this.built) fill(this.rows, instances.map(row));
    this.built = keys;
    for (const [index, instance] of instances.entries()) this.paint(/** @type {HTMLElement} */ (this.rows.children[index]), instance);
    this.now.style.left = this.percent(night.now);
    setAttribute(this.now, 'hidden', night.now > this.until);
  }

  /** The span of the axis. @param {readonly Instance[]} instances @param {number} openedAt */
  measure(instances, openedAt) {
    const begun = instances.map(({ startedAt, finishedAt }) => startedAt || finishedAt).filter((at) => at > 0);
    const first = Math.min(openedAt, ...begun);
    const ends = instances.flatMap(({ finishedAt, predictedAt, dueAt, status }) => [
      status === 'done' ? finishedAt : predictedAt,
      dueAt - first < FAR ? dueAt : 0,
    ]);
    const last = Math.max(first + 10 * MINUTE, ...ends);
    const air = (last - first) * AIR;
    this.from = first - air;
    this.until = last + air * 2;
    const step = STEPS.find((size) => (this.until - this.from) / size <= MARKS_MAX) ?? 24 * HOUR;
    const marks = [];
    // Indian time is half an hour off the hour: steps count from midnight in India.
    const shift = 330 * MINUTE;
    for (let at = Math.ceil((this.from + shift) / step) * step - shift; at < this.until; at += step) marks.push(at);
    const words = marks.map(clock).join();
    if (this.axis.dataset.marks === `${this.from} ${words}`) return;
    this.axis.dataset.marks = `${this.from} ${words}`;
    fill(
      this.axis,
      h('span', { class: 'axis-name' }),
      h(
        'div',
        { class: 'axis-track' },
        marks.map((at) => {
          const mark = h('span', { class: 'num' }, clock(at));
          mark.style.left = this.share(at);
          return mark;
        }),
      ),
    );
  }

  /** @param {number} at */
  share(at) {
    return `${(((at - this.from) / (this.until - this.from)) * 100).toFixed(3)}%`;
  }

  /** Place within the whole width, names included. @param {number} at */
  percent(at) {
    return `calc(var(--names) + (100% - var(--names)) * ${((at - this.from) / (this.until - this.from)).toFixed(5)})`;
  }

  /** @param {HTMLElement} item @param {Instance} instance */
  paint(item, instance) {
    const [name, track] = item.children;
    const [bar, due, words] = /** @type {HTMLElement[]} */ ([...(track?.children ?? [])]);
    if (name === undefined || bar === undefined || due === undefined || words === undefined) return;
    const state = shownState(instance);
    const { mark, label } = stateWords(state);
    const late = lateWords(instance);
    const [begin, end] = this.bar(instance);
    bar.style.left = this.share(begin);
    bar.style.width = `max(3px, ${(((end - begin) / (this.until - this.from)) * 100).toFixed(3)}%)`;
    setAttribute(item, 'data-state', state);
    setAttribute(item, 'data-risk', instance.risk === 'none' ? undefined : instance.risk);
    setAttribute(item, 'data-foreseen', instance.startedAt === 0 && !isOver(instance));
    setAttribute(due, 'hidden', instance.dueAt === 0 || instance.dueAt > this.until);
    due.style.left = this.share(instance.dueAt);
    const [, sign] = name.children;
    if (sign !== undefined) setText(sign, mark);
    const ends = isOver(instance) ? clockOn(instance.finishedAt, night.date) : `lands ${clockOn(instance.predictedAt, night.date)}`;
    const took =
      instance.status === 'running'
        ? `${span(night.now - instance.startedAt)}, `
        : isOver(instance) && instance.startedAt > 0
          ? `${span(instance.finishedAt - instance.startedAt)}, `
          : '';
    const dueWords = instance.dueAt === 0 ? '' : `, due ${clockOn(instance.dueAt, night.date)}`;
    setText(words, `${took}${ends}${late === '' ? '' : `, ${late}`}`);
    const share = (end - this.from) / (this.until - this.from);
    setAttribute(words, 'data-side', share > 0.72 ? 'left' : 'right');
    words.style.left = this.share(
      share > 0.72
        ? begin
        : Math.max(
            end,
            instance.dueAt > end && instance.dueAt - end < (this.until - this.from) * 0.14 && instance.dueAt <= this.until ? instance.dueAt : end,
          ),
    );
    setAttribute(name, 'aria-label', `${instance.key}: ${label}, ${took}${ends}${dueWords}${late === '' ? '' : `, ${late}`}`);
  }

  /** From when to when it is drawn. @param {Instance} instance @returns {[number, number]} */
  bar(instance) {
    const { startedAt, finishedAt, predictedAt, typical } = instance;
    if (isOver(instance)) return [startedAt || finishedAt, finishedAt];
    if (startedAt > 0) return [startedAt, instance.status === 'running' ? Math.max(night.now, startedAt) : Math.max(finishedAt, startedAt)];
    return [predictedAt - (typical || UNKNOWN_SPAN), predictedAt];
  }

  /** Arrows walk the lines. @param {KeyboardEvent} event */
  pressed(event) {
    const item = /** @type {HTMLElement} */ (event.target).closest('li');
    const target = {
      ArrowDown: item?.nextElementSibling,
      j: item?.nextElementSibling,
      ArrowUp: item?.previousElementSibling,
      k: item?.previousElementSibling,
    }[event.key];
    if (!(target instanceof HTMLElement)) return;
    event.preventDefault();
    event.stopPropagation();
    const button = /** @type {HTMLElement | null} */ (target.querySelector('button'));
    const from = /** @type {HTMLElement} */ (event.target);
    from.tabIndex = -1;
    if (button !== null) button.tabIndex = 0;
    button?.focus();
  }
}

/** @param {Instance} instance @param {number} index */
function row({ key, node, operation }, index) {
  return h(
    'li',
    { 'data-node': key },
    h(
      'button',
      { type: 'button', class: 'bar-name', title: operation, tabindex: index === 0 ? '0' : '-1', onclick: () => openNode(key) },
      h('span', { class: 'bar-key' }, h('span', { class: 'bar-id' }, node), key.slice(node.length)),
      h('span', { class: 'bar-mark' }),
    ),
    h(
      'div',
      { class: 'bar-track', onclick: () => openNode(key) },
      h('span', { class: 'bar-fill' }),
      h('span', { class: 'bar-due' }),
      h('span', { class: 'bar-words num' }),
    ),
  );
}

function legend() {
  return h(
    'p',
    { class: 'legend hint' },
    h('span', { class: 'sample solid' }),
    ' ran or runs ',
    h('span', { class: 'sample foreseen' }),
    ' will probably run ',
    h('span', { class: 'sample due' }),
    ' due ',
    h('span', { class: 'sample now' }),
    ' now',
  );
}
