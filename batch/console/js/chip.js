// One instance as a small button: mark, name of its segment or number, state in colour, word and mark. Opens the node's sheet.
import { h, setAttribute, setText } from '/kit/dom.js';
import { openNode } from './drawer.js';
import { lateWords, shownState, stateWords } from './words.js';

/** @typedef {import('./wire.d.ts').Instance} Instance */

/** @param {string} key @param {string} label */
export function chip(key, label) {
  const mark = h('span', { class: 'mark-of', 'aria-hidden': 'true' });
  const element = h('button', { type: 'button', class: 'chip', 'data-node': key, tabindex: '-1', onclick: () => openNode(key) }, mark, label);
  return {
    element,
    /** @param {Instance} instance */
    paint: (instance) => {
      const state = shownState(instance);
      const { mark: sign, label: word } = stateWords(state);
      const late = lateWords(instance);
      setText(mark, sign);
      setAttribute(element, 'data-state', state);
      setAttribute(element, 'data-risk', instance.risk === 'none' ? undefined : instance.risk);
      setAttribute(
        element,
        'aria-label',
        `${key}${key.endsWith(label) ? '' : ` ${label}`}: ${word}${late === '' ? '' : `, ${late}`}${instance.stale ? ', on a stale list' : ''}`,
      );
      setAttribute(element, 'data-stale', instance.stale);
    },
  };
}

/** A state as a badge. @param {string} state @param {string} [more] */
export function stateBadge(state, more = '') {
  const { mark, label } = stateWords(state);
  return h('span', { class: 'state', 'data-state': state }, h('span', { 'aria-hidden': 'true' }, `${mark} `), label, more === '' ? '' : ` ${more}`);
}

/** Name of an instance within its node: segment, number, or the whole day. @param {Instance} instance */
export function shortName({ key, node, segment }) {
  return segment !== '' ? segment : key === node ? 'day' : key.slice(node.length);
}
