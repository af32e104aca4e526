// What a person may do to a node now, and the sheet that asks for what the act needs. The server decides; this only leaves out what it would refuse.
import { faultText } from '/kit/api-error.js';
import { fill, h } from '/kit/dom.js';
import { notice } from '/kit/notice.js';
import { openSheet } from '/kit/sheet.js';
import { act } from './api.js';
import { night } from './night.js';
import { below } from './paths.js';
import { session } from './session.js';
import { isOver } from './words.js';

/** @typedef {import('./wire.d.ts').Instance} Instance */

/**
 * @typedef {object} Act
 * @property {string} id
 * @property {string} label
 * @property {string} words What it does, in a sentence.
 * @property {boolean} [isSecond] Another person has to approve.
 * @property {boolean} [isFirst] What would most likely help.
 * @property {string} [why] Why it may not be done by this person; it is shown, not offered.
 */

/** Proposals by state: what may be proposed, and what it means. @type {readonly { id: string, label: string, words: string, states: readonly string[] }[]} */
const PROPOSALS = [
  { id: 'start', label: 'Start…', words: 'Lets it begin once another person has approved.', states: ['waiting'] },
  {
    id: 'resolve',
    label: 'It was done…',
    words: 'Done by other means, or found done at the other side: say how, with the evidence.',
    states: ['inDoubt', 'manual', 'failed', 'waiting'],
  },
  { id: 'fail', label: 'It was refused…', words: 'The other side refused it: it counts as failed.', states: ['inDoubt'] },
  {
    id: 'again',
    label: 'Send again…',
    words: 'The other side never had it: the same call is sent once more, with the same key.',
    states: ['inDoubt'],
  },
  { id: 'explain', label: 'Explain the gate…', words: 'The two sums differ for a reason that is known: the gate closes with it.', states: ['gate'] },
  { id: 'skip', label: 'Skip…', words: 'Goes on without it.', states: ['failed', 'manual', 'retry', 'waiting'] },
];
const FIXABLE = ['failed', 'manual', 'retry'];
const CLEARABLE = ['failed', 'manual', 'gate', 'done', 'skipped'];

/** Everything that may be done to an instance now. @param {Instance} instance @returns {Act[]} */
export function actsFor(instance) {
  const { status, held, proposed, isOnce, isTwoPerson } = instance;
  /** @type {Act[]} */
  const acts = [];
  if (proposed !== null) {
    const isOwn = proposed.by === session.me?.name;
    const why = isOwn ? `${proposed.by} proposed it: another person has to approve` : undefined;
    acts.push({
      id: 'approve',
      label: 'Approve',
      words: `${proposed.action}: ${proposed.reason}`,
      isFirst: true,
      ...(why === undefined ? {} : { why }),
    });
    acts.push({ id: 'withdraw', label: 'Withdraw…', words: 'Takes the proposal back.' });
  }
  if (FIXABLE.includes(status))
    acts.push({ id: 'retry', label: 'Try again…', words: 'Begins anew with the first attempt.', isFirst: proposed === null });
  if (CLEARABLE.includes(status) && !(isOver(instance) && isOnce))
    acts.push({ id: 'clear', label: 'Run again…', words: 'This one, it and all below it, or only what failed below it.' });
  if (proposed === null)
    for (const { id, label, words, states } of PROPOSALS)
      if (states.includes(status) && (id !== 'start' || isTwoPerson))
        acts.push({ id, label, words, isSecond: true, isFirst: id === 'explain' || id === 'start' });
  if (held !== '') acts.push({ id: 'release', label: 'Release…', words: 'Lets it go when it is ready.', isFirst: true });
  else if (status === 'waiting' || status === 'retry')
    acts.push({ id: 'hold', label: 'Hold…', words: 'Keeps it from starting until it is released.' });
  if (!isOver(instance)) acts.push({ id: 'assign', label: 'Owner…', words: 'Names who looks after it.' });
  return acts;
}

/**
 * Buttons for what may be done; none for those who may only look.
 * @param {Instance} instance
 * @param {string} runId
 * @param {number} [most] The rest is in the node's sheet.
 */
export function actButtons(instance, runId, most = Number.POSITIVE_INFINITY) {
  if (!session.mayAct) return [];
  return actsFor(instance)
    .slice(0, most)
    .map((one) =>
      h(
        'button',
        {
          type: 'button',
          class: one.isFirst === true ? 'tiny first' : 'tiny',
          title: one.why ?? `${one.words}${one.isSecond === true ? ' Another person has to approve.' : ''}`,
          disabled: one.why !== undefined,
          'data-act': one.id,
          onclick: () => (one.id === 'approve' ? void perform({ act: 'approve', run: runId, key: instance.key }) : askAct(one, instance, runId)),
        },
        one.label,
      ),
    );
}

/**
 * Does it, says what it did or why not. Resolves to whether it was done.
 * @param {Record<string, unknown>} what
 */
export async function perform(what) {
  try {
    notice(await act(what));
    return true;
  } catch (error) {
    notice(faultText(error), 'loss');
    return false;
  } finally {
    void night.look();
  }
}

/** @param {Act} one @param {Instance} instance @param {string} runId */
function askAct(one, instance, runId) {
  const sheet = openSheet(`${one.label.replace('…', '')} · ${instance.key}`, { kind: 'ask' });
  const on = { run: runId, key: instance.key };
  const reason = h('input', { id: 'reason', required: true, minlength: '3', maxlength: '500', autocomplete: 'off' });
  const more =
    one.id === 'clear' ? scopeField(instance) : one.id === 'resolve' ? evidenceField() : one.id === 'assign' ? ownerField(instance) : undefined;
  const what = () => {
    const why = { reason: reason.value.trim() };
    if (one.isSecond === true) return { act: 'propose', ...on, action: one.id, ...why, ...more?.value() };
    return { act: one.id, ...on, ...(one.id === 'assign' ? {} : why), ...more?.value() };
  };
  const form = h(
    'form',
    {
      onsubmit: async (/** @type {Event} */ event) => {
        event.preventDefault();
        if (await perform(what())) sheet.close();
      },
    },
    h('p', {}, one.words, one.isSecond === true && ' Another person has to approve.'),
    more?.element,
    one.id !== 'assign' && h('label', { for: 'reason' }, 'Reason'),
    one.id !== 'assign' && reason,
    h(
      'div',
      { class: 'acts' },
      h('button', { class: 'primary' }, one.isSecond === true ? 'Propose' : one.label.replace('…', '')),
      h('button', { type: 'button', class: 'plain', onclick: sheet.close }, 'Leave it'),
    ),
  );
  fill(sheet.body, form);
  /** @type {HTMLElement | null} */ (form.querySelector('input, select'))?.focus();
}

/** Which instances run again, listed before it is done. @param {Instance} instance */
function scopeField(instance) {
  const inRun = night.run(instance.phase)?.instances ?? [];
  const all = [instance.key, ...below(instance.key, inRun)];
  const failed = inRun.filter(({ key, status }) => all.includes(key) && (status === 'failed' || status === 'manual')).map(({ key }) => key);
  const scopes = [
    { id: 'one', label: 'Only this one', keys: [instance.key] },
    { id: 'below', label: `It and all below it in this phase (${all.length})`, keys: all },
    { id: 'failed', label: `Only what failed, here and below (${failed.length})`, keys: failed },
  ];
  const list = h('p', { class: 'hint keys-list', role: 'status' });
  const show = () => {
    const { keys } = scopes.find(({ id }) => id === chosen()) ?? { keys: [] };
    fill(list, keys.length === 0 ? 'Nothing would run again.' : `Would run again: ${keys.join(', ')}`);
  };
  const element = h(
    'fieldset',
    { class: 'choices', onchange: show },
    h('legend', { class: 'label-like' }, 'What runs again'),
    scopes.map(({ id, label }) =>
      h(
        'div',
        { class: 'check' },
        h('input', { type: 'radio', name: 'scope', id: `scope-${id}`, value: id, checked: id === 'one' }),
        h('label', { for: `scope-${id}` }, label),
      ),
    ),
    list,
  );
  const chosen = () => /** @type {HTMLInputElement | null} */ (element.querySelector('input:checked'))?.value ?? 'one';
  show();
  return { element, value: () => ({ scope: chosen() }) };
}

/** What proves that it was done: becomes the node's outputs. */
function evidenceField() {
  const field = h('input', { id: 'evidence', placeholder: 'reference=UTR123, amount=500000', autocomplete: 'off', maxlength: '500' });
  const element = h('div', { class: 'field' }, h('label', { for: 'evidence' }, 'Evidence, as name=value (becomes its outputs)'), field);
  const value = () => {
    const pairs = field.value.split(',').map((pair) => pair.split('='));
    const outputs = Object.fromEntries(
      pairs.filter(([name]) => name?.trim() !== '').map(([name = '', ...rest]) => [name.trim(), rest.join('=').trim()]),
    );
    return Object.keys(outputs).length === 0 ? {} : { outputs };
  };
  return { element, value };
}

/** @param {Instance} instance */
function ownerField(instance) {
  const { people = [], name = '' } = session.me ?? {};
  const field = h(
    'select',
    { id: 'owner' },
    people.map((person) => h('option', { value: person.name, selected: person.name === (instance.owner || name) }, person.name)),
  );
  return { element: h('div', { class: 'field' }, h('label', { for: 'owner' }, 'Owner'), field), value: () => ({ owner: field.value }) };
}
