// The keyboard: one table of what each key does, shown by ?, obeyed unless the caller is typing. g then a letter goes to a page.
import { h } from './dom.js';
import { addressOf, go } from './router.js';

const CHORD_MILLIS = 1_200;

/**
 * @typedef {{ keys: string, does: string, run?: (event: KeyboardEvent) => void }} Key `keys` as the help shows them; a key without `run` is obeyed
 * elsewhere.
 */

/** @type {Map<string, Key>} */
const everywhere = new Map();
/** Keys of the page shown. @type {Map<string, Key>} */
const ofPage = new Map();
let chordAt = 0;

/** @param {Key} key */
export function everywhereKey(key) {
  everywhere.set(key.keys, key);
}

/** A key that works until the page is left. @param {Key} key */
export function pageKey(key) {
  ofPage.set(key.keys, key);
}

export function forgetPageKeys() {
  ofPage.clear();
}

/** Starts listening; call once. @param {readonly { id: string, key: string, label: string }[]} pages */
export function startKeys(pages) {
  for (const { id, key, label } of pages) everywhereKey({ keys: `g ${key}`, does: `Go to ${label}`, run: () => go(addressOf(id)) });
  everywhereKey({ keys: '?', does: 'Show these keys', run: showHelp });
  everywhereKey({ keys: 'j k', does: 'Next or previous row of a list' });
  everywhereKey({ keys: 'Enter', does: 'Open the row' });
  everywhereKey({ keys: 'Esc', does: 'Close, or leave a field' });
  addEventListener('keydown', pressed);
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') !== null) return;
  if (isTyping(target)) {
    if (event.key === 'Escape') target.blur();
    return;
  }
  const now = Date.now();
  const inChord = now - chordAt < CHORD_MILLIS;
  chordAt = event.key === 'g' && !inChord ? now : 0;
  const name = inChord ? `g ${event.key}` : event.key;
  const key = ofPage.get(name) ?? everywhere.get(name);
  if (key?.run !== undefined) {
    event.preventDefault();
    key.run(event);
  } else if ((name === 'j' || name === 'k') && target.closest('tbody') === null) {
    /** @type {HTMLElement | null | undefined} */ (document.querySelector('main')?.querySelector('tbody tr'))?.focus();
  }
}

function showHelp() {
  const list = (/** @type {Iterable<Key>} */ keys) =>
    [...keys].map(({ keys: names, does }) =>
      h(
        'div',
        {},
        h(
          'dt',
          {},
          names.split(' ').map((name) => h('kbd', {}, name)),
        ),
        h('dd', {}, does),
      ),
    );
  const dialog = h(
    'dialog',
    { class: 'sheet keys', 'aria-labelledby': 'keys-title', onclose: () => dialog.remove() },
    h('h2', { id: 'keys-title' }, 'Keys'),
    ofPage.size > 0 && h('section', {}, h('h3', {}, 'On this page'), h('dl', {}, list(ofPage.values()))),
    h('section', {}, h('h3', {}, 'Everywhere'), h('dl', {}, list(everywhere.values()))),
    h('form', { method: 'dialog' }, h('button', { class: 'plain' }, 'Close')),
  );
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {HTMLElement} target */
function isTyping(target) {
  if (target instanceof HTMLInputElement) return !['button', 'checkbox', 'radio', 'submit', 'file'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
