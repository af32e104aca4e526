// FIX sessions with their sequence numbers and reset, market data by source and age, and the parameter files in force.
import { faultText } from '/kit/api-error.js';
import { card } from '/kit/card.js';
import { fill, h } from '/kit/dom.js';
import { notice } from '/kit/notice.js';
import { openSheet } from '/kit/sheet.js';
import { get, send } from '../api.js';
import { age, count, spaced } from '../format.js';
import { LiveTable } from '../live-table.js';
import { poll } from '../poll.js';
import { session } from '../session.js';

const LOOK_MILLIS = 3_000;

/** @typedef {import('../wire.d.ts').FixSession} FixSession */
/** @typedef {import('../wire.d.ts').Feed} Feed */
/** @typedef {import('../wire.d.ts').Parameters} Parameters */
/** @typedef {[label: string, value: string | Node, tone?: string | undefined]} Fact */

/**
 * @param {HTMLElement} root
 * @returns {import('../navigation.js').Screen}
 */
export function connectionsPage(root) {
  const sessions = sessionTable((one) => reset(one, () => watch.now()));
  const feed = h('div', { class: 'stack' });
  const parameters = h('div', { class: 'stack' });
  fill(
    root,
    h('h1', { class: 'page-title' }, 'Connections'),
    h(
      'div',
      { class: 'desk' },
      h('div', { class: 'span-12' }, card('FIX sessions', [sessions.element], { id: 'sessions' })),
      h('div', { class: 'span-6' }, card('Market data', [feed], { id: 'feed' })),
      h('div', { class: 'span-6' }, card('Parameter files in force', [parameters], { id: 'parameters' })),
    ),
  );
  const watch = poll(async () => {
    await Promise.all([
      get('/v1/sessions').then(
        (answer) => sessions.update(/** @type {FixSession[]} */ (answer)),
        (error) => (sessions.empty = faultText(error)),
      ),
      get('/v1/feed').then(
        (answer) => fill(feed, feedFacts(/** @type {Feed} */ (answer))),
        (error) => fill(feed, faultText(error)),
      ),
      get('/v1/parameters').then(
        (answer) => fill(parameters, parameterFacts(/** @type {Parameters} */ (answer))),
        (error) => fill(parameters, faultText(error)),
      ),
    ]);
  }, LOOK_MILLIS);
  return { title: 'Connections', end: watch.end };
}

/** @param {(one: FixSession) => void} [reset] */
export function sessionTable(reset) {
  /** @type {import('../live-table.js').TableTerms<FixSession>} */
  const terms = {
    caption: 'FIX sessions',
    empty: 'No session is configured.',
    key: (row) => row.name,
    rowTone: (row) => (row.logged_on ? undefined : 'warn'),
    columns: [
      { label: 'Session', text: (row) => row.name, sortText: (row) => row.name },
      { label: 'State', text: (row) => (row.logged_on ? '● logged on' : '○ logged off'), tone: (row) => (row.logged_on ? 'ok' : 'warn') },
      { label: 'Next in', text: (row) => count(row.next_inbound), value: (row) => row.next_inbound, isNumber: true, flashes: true },
      { label: 'Next out', text: (row) => count(row.next_outbound), value: (row) => row.next_outbound, isNumber: true, flashes: true },
      {
        label: 'Settled in',
        text: (row) => count(row.settled_inbound),
        value: (row) => row.settled_inbound ?? 0,
        isNumber: true,
        drop: 'late',
        title: () => 'Last message known durable',
      },
      { label: 'Incarnation', text: (row) => count(row.incarnation), isNumber: true, drop: 'wide', title: () => 'How often the numbers began anew' },
    ],
  };
  if (reset !== undefined && session.may('sessions:write')) {
    terms.columns.push({
      label: 'Reset',
      draw: (cell, row) => {
        if (cell.childElementCount === 0)
          cell.append(h('button', { type: 'button', class: 'tiny', 'aria-label': `Reset ${row.name}`, onclick: () => reset(row) }, 'Reset …'));
      },
    });
  }
  return new LiveTable(terms);
}

/** Says what a reset means, asks for the way, the numbers and a reason, then does it. @param {FixSession} one @param {() => Promise<void>} done */
function reset(one, done) {
  const sheet = openSheet(`Reset ${one.name}`, { kind: 'ask' });
  const choice = (/** @type {string} */ value, /** @type {boolean} */ checked) =>
    h('input', { type: 'radio', name: 'reset-way', id: `reset-${value}`, value, checked });
  const [anew, forward] = [choice('anew', true), choice('forward', false)];
  const number = (/** @type {string} */ id, /** @type {number} */ value) =>
    h('input', { id, type: 'number', min: String(value), step: '1', value: String(value) });
  const [inbound, outbound] = [number('reset-in', one.next_inbound), number('reset-out', one.next_outbound)];
  const numbers = h(
    'div',
    { class: 'fields', hidden: true },
    labelled('Next number from the other side', inbound),
    labelled('Next number to the other side', outbound),
  );
  const reason = h('input', { id: 'reset-reason', required: true, minlength: '3', maxlength: '200', autocomplete: 'off' });
  const sure = h('input', { id: 'reset-sure', type: 'checkbox', required: true });
  const fault = h('p', { class: 'fault', role: 'alert', hidden: true });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const named = forward.checked ? { next_inbound: Number(inbound.value), next_outbound: Number(outbound.value) } : {};
    try {
      /** @type {FixSession} */
      const after = await send('POST', `/v1/sessions/${encodeURIComponent(one.name)}/reset`, { ...named, reason: reason.value.trim() });
      notice(`${one.name} now expects ${count(after.next_inbound)} and sends ${count(after.next_outbound)}.`);
      sheet.close();
      await done();
    } catch (error) {
      fault.hidden = false;
      fill(fault, faultText(error));
    }
  };
  const form = h(
    'form',
    { onsubmit: submit, onchange: () => (numbers.hidden = !forward.checked) },
    h(
      'p',
      {},
      one.logged_on
        ? 'The session is logged on: it has to log out first.'
        : 'Numbers that differ between the two sides lose messages or repeat them. Agree with the other side first.',
    ),
    h('div', { class: 'check' }, anew, h('label', { for: 'reset-anew' }, 'Both begin anew at 1: the stores of both sides are lost or cleared')),
    h('div', { class: 'check' }, forward, h('label', { for: 'reset-forward' }, 'Go forward to numbers agreed on')),
    numbers,
    labelled('Reason', reason),
    h('div', { class: 'check' }, sure, h('label', { for: 'reset-sure' }, 'The other side has agreed')),
    fault,
    h(
      'div',
      { class: 'acts' },
      h('button', { class: 'primary', 'data-tone': 'loss' }, 'Reset'),
      h('button', { type: 'button', class: 'plain', onclick: sheet.close }, 'Leave it'),
    ),
  );
  fill(sheet.body, form);
  anew.focus();
}

/** @param {string} label @param {HTMLElement} input */
function labelled(label, input) {
  return h('div', { class: 'field' }, h('label', { for: input.id }, label), input);
}

/** @param {Fact[]} facts */
function factList(facts) {
  return h(
    'dl',
    { class: 'facts' },
    facts.map(([label, value, tone]) => h('div', {}, h('dt', {}, label), h('dd', { 'data-tone': tone }, value))),
  );
}

/** @param {Feed} feed */
export function feedFacts({ source, state, detail, age_seconds: old, stale, segments, stale_instruments: instruments, halts }) {
  const tone = stale ? 'warn' : 'ok';
  /** @type {Fact[]} */
  const bySegment = segments.map((each) => [
    each.exchange,
    `${count(each.instruments)} priced${each.stale > 0 ? `, ${count(each.stale)} stale` : ''} · ${each.age_seconds === null ? 'no price yet' : `${age(each.age_seconds)} ago`}`,
    each.stale > 0 ? 'warn' : undefined,
  ]);
  return factList([
    ['Source', source === 'none' ? 'none configured' : `${source}, ${state}`, source === 'none' ? 'mute' : tone],
    ['Last price', old === null ? 'none yet' : `${age(old)} ago`, source === 'none' ? 'mute' : tone],
    ...bySegment,
    [
      'Stale',
      instruments.length === 0
        ? 'nothing'
        : instruments
            .slice(0, 6)
            .map(({ symbol }) => symbol)
            .join(', '),
      instruments.length > 0 ? 'warn' : undefined,
    ],
    ['Halts', halts.length === 0 ? 'none' : halts.join(', '), halts.length > 0 ? 'loss' : undefined],
    ...(detail === '' ? [] : [/** @type {Fact} */ (['In words', detail])]),
  ]);
}

/** @param {Parameters} parameters */
export function parameterFacts({ label, hash, sources = [] }) {
  /** @type {Fact[]} */
  const files = sources.map(({ role, file, age_seconds }) => [
    spaced(role),
    `${file.split('/').at(-1)}${age_seconds === undefined || age_seconds === null ? '' : ` · ${age(age_seconds)} old`}`,
  ]);
  return factList([['In force', label || 'none', label === '' ? 'warn' : undefined], ['Hash', hash.slice(0, 16)], ...files]);
}
