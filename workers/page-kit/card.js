// A titled part of a page.
import { h } from './dom.js';

/**
 * @param {string} title
 * @param {(Node | null | undefined | false)[]} content
 * @param {{ id?: string, tools?: Node | undefined, note?: Node | undefined }} [more]
 */
export function card(title, content, { id, tools, note } = {}) {
  const name = `card-${id ?? title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return h('section', { class: 'card', id, 'aria-labelledby': name }, h('header', {}, h('h2', { id: name }, title), note, tools), content);
}
