// A sheet that slides over the page for one thing: an explanation, a chart, a confirmation. Escape or a click beside it closes; focus goes back.
import { fill, h } from './dom.js';

let opened = 0;

/**
 * Opens a sheet and returns where its content goes and how to close it.
 * @param {string} title
 * @param {{ kind?: 'side' | 'ask', onclose?: () => void }} [more]
 */
export function openSheet(title, { kind = 'side', onclose } = {}) {
  opened += 1;
  const name = `sheet-title-${opened}`;
  const body = h('div', { class: 'sheet-body' });
  const close = h('button', { type: 'button', class: 'bare', 'aria-label': 'Close', onclick: () => dialog.close() }, '✕');
  const dialog = h('dialog', { class: `sheet ${kind}`, 'aria-labelledby': name }, h('header', {}, h('h2', { id: name }, title), close), body);
  dialog.addEventListener('close', () => {
    dialog.remove();
    onclose?.();
  });
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return { body, dialog, close: () => dialog.close() };
}

/**
 * Asks before something is done. Resolves to the words typed (at least three letters), or undefined when the caller thinks better of it.
 * @param {{ title: string, words: string, verb: string, label?: string, tone?: 'loss' | 'ok' }} terms
 * @returns {Promise<string | undefined>}
 */
export function askReason({ title, words, verb, label = 'Reason', tone = 'loss' }) {
  return new Promise((resolve) => {
    /** @type {string | undefined} */
    let answer;
    const sheet = openSheet(title, { kind: 'ask', onclose: () => resolve(answer) });
    const field = h('input', { id: 'reason', required: true, minlength: '3', maxlength: '200', autocomplete: 'off' });
    const form = h(
      'form',
      {
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          answer = field.value.trim();
          sheet.close();
        },
      },
      h('p', {}, words),
      h('label', { for: 'reason' }, label),
      field,
      h(
        'div',
        { class: 'acts' },
        h('button', { class: 'primary', 'data-tone': tone }, verb),
        h('button', { type: 'button', class: 'plain', onclick: sheet.close }, 'Leave it'),
      ),
    );
    fill(sheet.body, form);
    field.focus();
  });
}
