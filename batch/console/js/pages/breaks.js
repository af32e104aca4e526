// Trade breaks of the date: what the exchange has and what we have, who looks after each, and putting a trade right in the engine by two persons.
// What is agreed is sent by the server; the reconciliation is run again from its node.

import { faultText } from '/kit/api-error.js';
import { card } from '/kit/card.js';
import { fill, h } from '/kit/dom.js';
import { notice } from '/kit/notice.js';
import { openSheet } from '/kit/sheet.js';
import { actOnBreak, get } from '../api.js';
import { openNode } from '../drawer.js';
import { span } from '../format.js';
import { night } from '../night.js';
import { session } from '../session.js';
import { BREAKS } from '../words.js';

/** @typedef {import('../wire.d.ts').TradeBreak} TradeBreak */
/** @typedef {import('../wire.d.ts').TradeSide} TradeSide */

const TICKS_PER_RUPEE = 10_000;
const price = new Intl.NumberFormat('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 4 });
/** How a state is shown, and whether somebody is still to act. @type {Readonly<Record<string, { state: string, words: string, isOver?: boolean }>>} */
const STATES = {
  open: { state: 'failed', words: 'open' },
  proposed: { state: 'gate', words: 'waits for another person' },
  agreed: { state: 'retry', words: 'agreed, not yet taken' },
  sent: { state: 'done', words: 'taken by the engine', isOver: true },
  closed: { state: 'skipped', words: 'left as it is', isOver: true },
  settled: { state: 'done', words: 'settled', isOver: true },
};

/** @param {HTMLElement} root @returns {import('../navigation.js').Screen} */
export function breaksPage(root) {
  const body = h('div', { class: 'column' });
  fill(root, h('h1', { class: 'page-title' }, 'Breaks'), body);
  let drawn = '';
  const look = async () => {
    const { date } = night;
    try {
      /** @type {{ breaks: TradeBreak[] }} */
      const { breaks } = await get('/v1/breaks', { date });
      const now = JSON.stringify([date, breaks]);
      if (date === night.date && now !== drawn) paint(body, breaks, look);
      drawn = now;
    } catch (error) {
      if (drawn === '') fill(body, h('p', { class: 'fault' }, faultText(error)));
    }
  };
  const end = night.changed.on(() => void look());
  void look();
  return { title: 'Breaks', end };
}

/** @param {HTMLElement} body @param {readonly TradeBreak[]} breaks @param {() => Promise<void>} again */
function paint(body, breaks, again) {
  const unfinished = breaks.filter(({ state }) => STATES[state]?.isOver !== true);
  const over = breaks.filter((one) => !unfinished.includes(one));
  const list = (/** @type {readonly TradeBreak[]} */ some) =>
    h(
      'ul',
      { class: 'entries' },
      some.map((one) => entry(one, again)),
    );
  fill(
    body,
    unfinished.length === 0 && h('p', { class: 'banner', 'data-tone': 'ok' }, h('strong', {}, 'No trade break is open.')),
    unfinished.length > 0 && card(`To be worked on (${unfinished.length})`, [list(unfinished)], { id: 'breaks-open' }),
    over.length > 0 && card(`Done (${over.length})`, [list(over)], { id: 'breaks-over' }),
  );
}

/** @param {TradeBreak} one @param {() => Promise<void>} again */
function entry(one, again) {
  const { id, segment, list, state, owner, assigned, raisedAt, ours, theirs, reason, proposedBy, correction } = one;
  const { state: shown = 'waiting', words = state } = STATES[state] ?? {};
  const recon = `EOD-RECON@${segment}`;
  return h(
    'li',
    { 'data-entry': id },
    h(
      'p',
      { class: 'entry-head' },
      h('span', { class: 'strong' }, `${segment} ${one.tradeId} ${one.side} ${one.client}`),
      h('span', { class: 'state', 'data-state': shown }, words),
      h('span', { class: 'hint' }, BREAKS[one.class] ?? one.class),
      h('span', { class: 'entry-age num' }, span(night.now - raisedAt)),
    ),
    h('p', {}, `ours ${sideWords(ours)}; theirs ${sideWords(theirs)}`),
    proposedBy !== '' && h('p', {}, h('strong', {}, correction === undefined ? 'leave it' : 'correct it'), ` by ${proposedBy}: ${reason}`),
    h('p', { class: 'hint' }, `${list === 'engine' ? 'book of the engine' : 'list of the order system'} · ${assigned || owner} · `, nodeLink(recon)),
    session.mayAct && h('div', { class: 'acts' }, buttons(one, again)),
  );
}

/** @param {string} key */
const nodeLink = (key) => h('button', { type: 'button', class: 'link', onclick: () => openNode(key) }, key);

/** @param {TradeSide | undefined} side */
function sideWords(side) {
  if (side === undefined) return 'nothing';
  const { client, quantity, token, isCancelled } = side;
  return `${client} ${side.side} ${quantity} of ${token} at ${price.format(side.price / TICKS_PER_RUPEE)}${isCancelled ? ', cancelled' : ''}`;
}

/** What may be done now; the server decides. @param {TradeBreak} one @param {() => Promise<void>} again */
function buttons(one, again) {
  const { state, list, proposedBy } = one;
  const isOwn = proposedBy === session.me?.name;
  const button = (/** @type {string} */ act, /** @type {string} */ label, /** @type {() => void} */ onclick, more = {}) =>
    h('button', { type: 'button', class: 'tiny', 'data-act': act, onclick, ...more }, label);
  const now = (/** @type {string} */ act) => () => void perform({ act, date: one.date, id: one.id }, again);
  const first = { class: 'tiny first' };
  const why = isOwn ? { disabled: true, title: `${proposedBy} proposed it: another person has to approve` } : {};
  return [
    state === 'proposed' && button('approve', 'Approve', now('approve'), { ...first, ...why }),
    state === 'proposed' && button('withdraw', 'Withdraw', now('withdraw')),
    state === 'agreed' && button('send', 'Send again', now('send'), first),
    (state === 'open' || state === 'closed') && list === 'engine' && button('correct', 'Correct…', () => ask('correct', one, again), first),
    state === 'open' && button('close', 'Leave as it is…', () => ask('close', one, again)),
    state === 'open' && button('assign', 'Take it', () => void perform({ act: 'assign', date: one.date, id: one.id, to: session.me?.name }, again)),
  ];
}

/**
 * Does it, says what it did or why not. Resolves to whether it was done.
 * @param {Record<string, unknown>} what
 * @param {() => Promise<void>} again
 */
async function perform(what, again) {
  try {
    notice(await actOnBreak(what));
    return true;
  } catch (error) {
    notice(faultText(error), 'loss');
    return false;
  } finally {
    void again();
  }
}

/** Asks for the reason and what else the proposal needs. @param {'correct' | 'close'} act @param {TradeBreak} one @param {() => Promise<void>} again */
function ask(act, one, again) {
  const title = act === 'correct' ? 'Correct' : 'Leave as it is';
  const sheet = openSheet(`${title} · ${one.tradeId} ${one.side}`, { kind: 'ask' });
  const reason = h('input', { id: 'reason', required: true, minlength: '3', maxlength: '256', autocomplete: 'off' });
  const more = act === 'correct' ? correctionField(one) : undefined;
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const correction = act === 'correct' ? { correction: more?.value() ?? {} } : {};
    if (await perform({ act, date: one.date, id: one.id, reason: reason.value.trim(), ...correction }, again)) sheet.close();
  };
  const words = act === 'correct' ? 'The engine gets what the exchange has.' : 'The two go on to differ.';
  const form = h(
    'form',
    { onsubmit: submit },
    h('p', {}, `Ours ${sideWords(one.ours)}; theirs ${sideWords(one.theirs)}. ${words} Another person has to approve.`),
    more?.element,
    h('label', { for: 'reason' }, 'Reason'),
    reason,
    h(
      'div',
      { class: 'acts' },
      h('button', { class: 'primary' }, 'Propose'),
      h('button', { type: 'button', class: 'plain', onclick: sheet.close }, 'Not now'),
    ),
  );
  fill(sheet.body, form);
  /** @type {HTMLElement | null} */ (form.querySelector('input, select'))?.focus();
}

/** What a correction has to be told beyond its break. @param {TradeBreak} one */
function correctionField(one) {
  if (one.class === 'client') {
    const field = h('input', { id: 'to', value: one.theirs?.client ?? '', required: true, maxlength: '16', autocomplete: 'off' });
    return {
      element: h('div', { class: 'field' }, h('label', { for: 'to' }, 'Account it goes to'), field),
      value: () => ({ to: field.value.trim() }),
    };
  }
  if (one.class !== 'missingOurs' || one.segment !== 'CM') return undefined;
  const field = h('select', { id: 'product' }, h('option', { value: 'CNC' }, 'Delivery'), h('option', { value: 'MIS' }, 'Intraday'));
  const element = h('div', { class: 'field' }, h('label', { for: 'product' }, 'Product, where no order of ours brought it'), field);
  return { element, value: () => ({ product: field.value }) };
}
