// Which phase a page shows: buttons with each phase's state, kept in the address.
import { h, setAttribute } from '/kit/dom.js';
import { pageKey } from '/kit/keys.js';
import { addressOf } from '/kit/router.js';
import { night } from '../night.js';
import { PHASES } from '../words.js';

/** @typedef {import('../wire.d.ts').Phase} Phase */

/**
 * @param {string} page
 * @param {import('/kit/router.js').Place} place
 * @param {() => void} chosen
 */
export function phaseChoice(page, place, chosen) {
  let wanted = PHASES.find(({ id }) => id === place.query.get('phase'))?.id;
  /** The wanted one; else the first that is not green. @returns {Phase} */
  const value = () => wanted ?? (night.view?.runs.find(({ isGreen }) => !isGreen) ?? night.view?.runs.at(-1))?.run.phase ?? 'eod';
  const choose = (/** @type {Phase} */ phase) => {
    wanted = phase;
    history.replaceState(null, '', addressOf(page, night.date, { phase }));
    chosen();
  };
  const buttons = PHASES.map(({ id, label }) => h('button', { type: 'button', 'data-phase': id, title: label, onclick: () => choose(id) }, label));
  for (const [index, { id, label }] of PHASES.entries()) pageKey({ keys: String(index + 1), does: label, run: () => choose(id) });
  const update = () => {
    for (const button of buttons) {
      const phase = /** @type {Phase} */ (button.dataset.phase);
      const run = night.run(phase);
      setAttribute(button, 'aria-pressed', String(phase === value()));
      setAttribute(button, 'data-health', run === undefined ? 'none' : run.isGreen ? 'green' : 'open');
    }
  };
  return { element: h('div', { class: 'segments', role: 'group', 'aria-label': 'Phase' }, buttons), value, update };
}
