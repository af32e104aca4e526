// From what a client has to what is left of it: one line per step, a floating bar that begins where the step above ended. Steps tie: each amount is the
// gateway's own, and what the named parts leave over is a step by itself, never hidden.
import { flash, h, s, setAttribute, setText } from '/kit/dom.js';
import { rupees, shortRupees } from '../format.js';

const FIELD = 1000;
const HEIGHT = 24;
const BAR_TOP = 5;
const BAR_BOTTOM = 19;

/** @typedef {{ id: string, label: string, amount: number, from: number, to: number, kind: 'have' | 'use' | 'rest' | 'short', about: string }} Step */

/** Steps that are shown even when they are nothing. */
const ALWAYS = new Set(['cash', 'span', 'exposure']);

/**
 * The steps of a client, in order; other steps of nothing are left out.
 * @param {import('../wire.d.ts').ClientState} client
 * @returns {Step[]}
 */
export function stepsOf(client) {
  let level = 0;
  /** @type {Step[]} */
  const steps = [];
  for (const [id, label, amount, about] of [...fundsOf(client), ...usesOf(client)]) {
    if (amount === 0 && !ALWAYS.has(id)) continue;
    steps.push({ id, label, amount, from: level, to: level + amount, kind: amount >= 0 ? 'have' : 'use', about });
    level += amount;
  }
  const { excess_paise: excess } = client;
  const isShort = excess < 0;
  const about = isShort ? 'What is missing' : 'What is left for new risk';
  return [...steps, { id: 'free', label: isShort ? 'Short' : 'Free', amount: excess, from: 0, to: excess, kind: isShort ? 'short' : 'rest', about }];
}

/** @typedef {[id: string, label: string, amount: number, about: string]} Part */

/** What counts as margin. @param {import('../wire.d.ts').ClientState} client @returns {Part[]} */
function fundsOf({
  cash_paise: cash,
  collateral_paise: collateral,
  premium_paise: premium,
  mtm_paise: mtm,
  closed_gain_paise: closed = 0,
  available_paise: available,
}) {
  const loss = Math.min(0, mtm, closed);
  return [
    ['cash', 'Cash', cash, 'Clear ledger balance'],
    ['collateral', 'Collateral', collateral, 'Pledged securities after haircut, as far as the 50:50 rule counts them'],
    ['other', 'Other funds', available - (cash + collateral + loss - premium), 'Adhoc limits and what else counts as margin'],
    ['loss', 'MTM loss', loss, 'Losses at today’s marks, realised and not; no open gain pays for derivatives closed at a loss'],
  ];
}

/** What is taken. @param {import('../wire.d.ts').ClientState} client @returns {Part[]} */
function usesOf(client) {
  const { span_paise: span, exposure_paise: exposure, premium_paise: premium, requirement_paise: requirement } = client;
  const {
    cash_margin_paise: shares = 0,
    position_paise: position = span + exposure + shares,
    working_paise: working = requirement - position,
    house_paise: house = 0,
  } = client;
  return [
    ['span', 'SPAN', -span, 'Scan risk of the positions with calendar charge'],
    ['exposure', 'Exposure', -exposure, 'Extreme loss margin of the positions'],
    ['premium', 'Premium', -premium, 'Option premium of today, paid less received'],
    ['options', 'Option value', span + exposure + shares - position, 'Value of bought options less sold ones, as far as it counts'],
    ['shares', 'Shares', -shares, 'Margin of cash segment positions'],
    ['working', 'Open orders', -working, 'What working orders could add, at their worst fills'],
    ['house', 'House', -(house + requirement - position - working - house), 'The house’s multiplier on top of the exchange’s margin'],
  ];
}

export class Waterfall {
  element = h('div', { class: 'waterfall', role: 'table', 'aria-label': 'Margin, from funds to what is free' });
  /**
   * @type {Map<string, { row: HTMLElement, label: HTMLElement, amount: HTMLElement, bar: SVGRectElement, before: SVGLineElement, after:
   * SVGLineElement, zero: SVGLineElement, last: number }>}
   */
  rows = new Map();

  /** @param {import('../wire.d.ts').ClientState} client */
  update(client) {
    const steps = stepsOf(client);
    const levels = steps.flatMap(({ from, to }) => [from, to]);
    const low = Math.min(0, ...levels);
    const width = Math.max(1, Math.max(0, ...levels) - low);
    const at = (/** @type {number} */ level) => ((level - low) / width) * FIELD;
    for (const [id, { row }] of this.rows) {
      if (steps.some((step) => step.id === id)) continue;
      row.remove();
      this.rows.delete(id);
    }
    for (const [index, step] of steps.entries()) {
      const parts = this.rows.get(step.id) ?? this.row(step);
      if (this.element.children[index] !== parts.row) this.element.insertBefore(parts.row, this.element.children[index] ?? null);
      const [left, right] = [at(Math.min(step.from, step.to)), at(Math.max(step.from, step.to))];
      setAttribute(parts.row, 'data-kind', step.kind);
      setText(parts.label, step.label);
      setAttribute(parts.bar, 'x', left.toFixed(1));
      setAttribute(parts.bar, 'width', Math.max(4, right - left).toFixed(1));
      place(parts.zero, at(0), 0, HEIGHT);
      place(parts.before, at(step.from), 0, index === 0 || step.id === 'free' ? 0 : BAR_TOP);
      place(parts.after, at(step.to), BAR_BOTTOM, index >= steps.length - 1 ? BAR_BOTTOM : HEIGHT);
      setAttribute(parts.amount, 'data-short', shortRupees(step.amount));
      const changed = setText(parts.amount, rupees(step.amount));
      if (changed && !Number.isNaN(parts.last)) flash(parts.amount, step.amount > parts.last ? 'up' : 'down');
      parts.last = step.amount;
    }
  }

  /** @param {Step} step */
  row(step) {
    const label = h('span', { role: 'rowheader', class: 'label', title: step.about });
    const amount = h('span', { role: 'cell', class: 'amount num' });
    const line = (/** @type {string} */ name) => s('line', { class: name, 'vector-effect': 'non-scaling-stroke' });
    const [zero, before, after] = [line('zero'), line('link'), line('link')];
    const bar = s('rect', { y: BAR_TOP, height: BAR_BOTTOM - BAR_TOP, class: 'bar-of' });
    const picture = s('svg', { viewBox: `0 0 ${FIELD} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, zero, before, after, bar);
    const row = h('div', { role: 'row', class: 'step', 'data-step': step.id }, label, picture, amount);
    const parts = { row, label, amount, bar, before, after, zero, last: Number.NaN };
    this.rows.set(step.id, parts);
    return parts;
  }
}

/** @param {SVGLineElement} line @param {number} x @param {number} from @param {number} to */
function place(line, x, from, to) {
  setAttribute(line, 'x1', x.toFixed(1));
  setAttribute(line, 'x2', x.toFixed(1));
  setAttribute(line, 'y1', from);
  setAttribute(line, 'y2', to);
}
