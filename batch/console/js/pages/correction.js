// A file that came again: which input is to be taken anew, what would run again for it, and the correction run that reverses and re-posts.
import { faultText } from '/kit/api-error.js';
import { card } from '/kit/card.js';
import { fill, h } from '/kit/dom.js';
import { perform } from '../acts.js';
import { get } from '../api.js';
import { lineForm } from '../line-form.js';
import { night } from '../night.js';
import { session } from '../session.js';
import { PHASES } from '../words.js';

/** @typedef {import('../wire.d.ts').InputRole} InputRole */

export function correctionCard() {
  const phase = h(
    'select',
    { id: 'correct-phase' },
    PHASES.map(({ id, label }) => h('option', { value: id, selected: id === 'eod' }, label)),
  );
  const result = h('div', { id: 'correct-inputs' });
  const list = async () => {
    try {
      /** @type {{ roles: InputRole[] }} */
      const { roles } = await get('/v1/night/inputs', { date: night.date, phase: phase.value });
      fill(result, roles.length === 0 ? h('p', { class: 'empty' }, 'No file was taken in by this phase.') : chooser(roles, phase.value, list));
    } catch (error) {
      fill(result, h('p', { class: 'fault' }, faultText(error)));
    }
  };
  const words = h(
    'p',
    { class: 'hint' },
    'A run stays pinned to the files it took in. One that was issued again opens a correction run; nothing is overwritten.',
  );
  return {
    element: card('A file came again', [h('div', { class: 'stack' }, words, lineForm({ Phase: phase }, 'List its files', list), result)], {
      id: 'correction',
    }),
    /** What is listed is of another date now. */
    update: () => {
      if (result.dataset.date !== night.date) fill(result);
      result.dataset.date = night.date;
    },
  };
}

/** @param {readonly InputRole[]} roles @param {string} phase @param {() => Promise<void>} listAgain */
function chooser(roles, phase, listAgain) {
  const reason = h('input', { id: 'correct-reason', required: true, minlength: '3', maxlength: '500', autocomplete: 'off' });
  const again = h('p', { class: 'hint keys-list', role: 'status' });
  const open = h('button', { class: 'primary', id: 'correct-go', disabled: true }, 'Open the correction run');
  const chosen = () => roles.filter((_, index) => /** @type {HTMLInputElement | null} */ (form.querySelector(`#correct-role-${index}`))?.checked);
  const show = () => {
    const keys = [...new Set(chosen().flatMap((role) => role.again))];
    open.disabled = keys.length === 0;
    fill(again, keys.length === 0 ? 'Choose what came again.' : `Would run again (${keys.length}): ${keys.join(', ')}`);
  };
  const boxes = roles.map(({ role, file, sha256, users }, index) =>
    h(
      'div',
      { class: 'check' },
      h('input', { type: 'checkbox', id: `correct-role-${index}`, value: role }),
      h(
        'label',
        { for: `correct-role-${index}` },
        h('strong', {}, role),
        ` ${file.split('/').at(-1)} `,
        h('span', { class: 'hint' }, `${sha256.slice(0, 12)}, taken in by ${users.join(', ')}`),
      ),
    ),
  );
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const what = { act: 'correct', date: night.date, phase, roles: chosen().map(({ role }) => role), reason: reason.value.trim() };
    if (await perform(what)) await Promise.all([listAgain(), night.lookBack()]);
  };
  const form = h(
    'form',
    { class: 'stack plainly', onsubmit: submit, onchange: show },
    h('fieldset', { class: 'choices' }, h('legend', { class: 'label-like' }, 'What came again'), boxes, again),
    session.mayAct && h('label', { for: 'correct-reason' }, 'Reason'),
    session.mayAct && reason,
    session.mayAct && h('div', { class: 'acts' }, open),
  );
  show();
  return form;
}
