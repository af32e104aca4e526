// The margin of a client, followed from the requirement down to a position's row in a file: each line opens onto the lines it is made of, the sixteen
// losses behind it, and the file, row and rule it comes from.
import { faultText } from '/kit/api-error.js';
import { fill, h } from '/kit/dom.js';
import { openSheet } from '/kit/sheet.js';
import { get } from '../api.js';
import { lossBars } from '../charts/loss-bars.js';
import { count, rupees } from '../format.js';
import { scenarioSheet } from './explain-sheet.js';

/** @typedef {import('../wire.d.ts').MarginLine} MarginLine */
/** @typedef {{ line: MarginLine, children: Branch[] }} Branch */

/** Branches of this depth and less stand open. */
const OPEN_DEPTH = 1;
/** Below `requirement` stand `positions`, and below those the underlyings. */
const UNDERLYING_DEPTH = 2;

/**
 * Lines written down from the top, as trees again.
 * @param {readonly MarginLine[]} lines
 * @returns {Branch[]}
 */
export function branchesOf(lines) {
  /** @type {Branch[]} */
  const roots = [];
  /** @type {Branch[]} */
  const path = [];
  for (const line of lines) {
    const branch = { line, children: [] };
    path.length = line.depth;
    (path.at(-1)?.children ?? roots).push(branch);
    path.push(branch);
  }
  return roots;
}

/**
 * Opens the sheet.
 * @param {string} account
 */
export async function marginSheet(account) {
  const sheet = openSheet(`Margin of ${account}, line by line`);
  fill(sheet.body, h('p', { class: 'waiting' }, 'Working it out …'));
  try {
    /** @type {import('../wire.d.ts').MarginExplained} */
    const answer = await get(`/v1/clients/${encodeURIComponent(account)}/margin/explain`);
    const { excess_paise: excess, as_of, parameters_hash: hash, lines } = answer;
    const words = excess < 0 ? `Short of ${rupees(-excess)}` : `${rupees(excess)} free`;
    fill(
      sheet.body,
      h('p', { class: 'chart-words' }, `${words}. As of command ${count(as_of)} of its slot, parameters ${hash.slice(0, 12)}.`),
      h(
        'div',
        { class: 'tree', role: 'group', 'aria-label': 'Margin tree' },
        branchesOf(lines).map((branch) => drawn(account, branch)),
      ),
    );
  } catch (error) {
    fill(sheet.body, h('p', { class: 'fault', role: 'alert' }, faultText(error)));
  }
}

/** @param {string} account @param {Branch} branch @returns {HTMLElement} */
function drawn(account, { line, children }) {
  const figure = h('span', { class: 'num', 'data-tone': line.amount_paise < 0 ? 'gain' : undefined }, rupees(line.amount_paise));
  const head = [h('span', { class: 'label' }, line.label), figure];
  const origin = originOf(line);
  if (children.length === 0 && origin.length === 0 && line.losses_paise === null) return h('p', { class: 'leaf' }, head);
  const isUnderlying = line.depth === UNDERLYING_DEPTH && (line.rule ?? '').startsWith('SPAN');
  return h(
    'details',
    { open: line.depth <= OPEN_DEPTH },
    h('summary', {}, head),
    h(
      'div',
      { class: 'below' },
      origin.length > 0 && h('p', { class: 'hint' }, origin.join(' · ')),
      isUnderlying &&
        h('button', { type: 'button', class: 'tiny', onclick: () => void scenarioSheet(account, line.label) }, `Sixteen scenarios of ${line.label}`),
      line.losses_paise !== null && lossBars(line.losses_paise),
      children.map((child) => drawn(account, child)),
    ),
  );
}

/** Where a figure comes from, in words. @param {MarginLine} line */
function originOf({ rule, row, file }) {
  return [rule, row, file].filter((part) => part !== null && part !== '' && part !== 'sum');
}
