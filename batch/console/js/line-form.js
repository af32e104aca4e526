// A form of a few fields in one line and what it does.
import { h } from '/kit/dom.js';

/**
 * @param {Record<string, HTMLElement>} fields By label; each has an id.
 * @param {string} verb
 * @param {() => unknown} act
 */
export function lineForm(fields, verb, act) {
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    act();
  };
  return h(
    'form',
    { class: 'line', onsubmit: submit },
    Object.entries(fields).map(([label, field]) => h('div', { class: 'field' }, h('label', { for: field.id }, label), field)),
    h('button', { class: 'plain' }, verb),
  );
}
