// Countdowns to the times of day that others set: pay-in, reports, the next morning. Each with what is left and when the node will probably land.
import { fill, h, setAttribute, setText } from '/kit/dom.js';
import { openNode } from '../drawer.js';
import { clockOn, span } from '../format.js';
import { night } from '../night.js';
import { isOver } from '../words.js';

/** @typedef {import('../wire.d.ts').Instance} Instance */

const SHOWN = 7;

/** A list that is updated every second. */
export function cutoffList() {
  const element = h('ul', { class: 'cutoffs' });
  let built = '';
  return {
    element,
    /** @param {readonly Instance[]} instances @param {number} now */
    update: (instances, now) => {
      const open = instances
        .filter((instance) => instance.isCutoff && !isOver(instance) && instance.dueAt > 0)
        .sort((a, b) => a.dueAt - b.dueAt)
        .slice(0, SHOWN);
      const keys = open.map(({ key }) => key).join();
      if (keys !== built || element.childElementCount === 0)
        fill(element, open.length === 0 ? h('li', { class: 'empty' }, 'Nothing is left to be cut off.') : open.map(line));
      built = keys;
      for (const [index, instance] of open.entries()) paint(/** @type {HTMLElement} */ (element.children[index]), instance, now);
    },
  };
}

/** @param {Instance} instance */
function line({ key, operation }) {
  return h(
    'li',
    { 'data-cutoff': key },
    h(
      'p',
      {},
      h('button', { type: 'button', class: 'link', title: operation, onclick: () => openNode(key) }, key),
      h('strong', { class: 'num left' }),
    ),
    h('p', { class: 'hint' }, h('span', { class: 'cut' }, operation), h('span', { class: 'num lands' })),
  );
}

/** @param {HTMLElement} item @param {Instance} instance @param {number} now */
function paint(item, { dueAt, predictedAt, risk }, now) {
  const [left, lands] = [item.querySelector('.left'), item.querySelector('.lands')];
  if (left === null || lands === null) return;
  setText(left, dueAt >= now ? `in ${span(dueAt - now)}` : `${span(now - dueAt)} late`);
  setAttribute(left, 'data-tone', risk === 'breached' || dueAt < now ? 'loss' : risk === 'atRisk' ? 'warn' : undefined);
  setText(lands, `${clockOn(dueAt, night.date)} · lands ${clockOn(predictedAt, night.date)}`);
}
