// A sheet that slides over the page for one thing: a node, an act. Escape or a click beside it closes; focus goes back.
import { h } from './dom.js';

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
