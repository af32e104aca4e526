// Who has to look at what: the queue by the surface that owns a failure, with owner, age and what would help; and the approvals: what waits for a second
// person, what waits for two, what is held.

import { card } from '/kit/card.js';
import { fill, h, setText } from '/kit/dom.js';
import { actButtons } from '../acts.js';
import { stateBadge } from '../chip.js';
import { openNode } from '../drawer.js';
import { clockOn, span } from '../format.js';
import { night } from '../night.js';
import { rootCauses } from '../paths.js';
import { awaitsTwo, remark, SURFACES, shownState } from '../words.js';

/** @typedef {import('../wire.d.ts').Instance} Instance */
/** @typedef {import('../wire.d.ts').QueueEntry} QueueEntry */

/** Buttons beside an entry; the node's sheet has all. */
const BUTTONS = 6;

/** What waits for a person's word. @param {readonly Instance[]} instances */
export function approvals(instances) {
  return instances.filter((instance) => instance.proposed !== null || awaitsTwo(instance));
}

/** @param {HTMLElement} root @returns {import('../navigation.js').Screen} */
export function queuePage(root) {
  const body = h('div', { class: 'column' });
  fill(root, h('h1', { class: 'page-title' }, 'Queue'), body);
  return follow('Queue', () => {
    const { view } = night;
    if (view === undefined) return;
    const surfaces = SURFACES.map(({ id, label }) => ({ id, label, entries: view.queue.filter(({ surface }) => surface === id) })).filter(
      ({ entries }) => entries.length > 0,
    );
    fill(
      body,
      surfaces.length === 0 && h('p', { class: 'banner', 'data-tone': 'ok' }, h('strong', {}, 'Nobody is needed.')),
      surfaces.map(({ id, label, entries }) =>
        card(`${label} (${entries.length})`, [h('ul', { class: 'entries' }, entries.map(entry))], { id: `surface-${id.replace(' ', '-')}` }),
      ),
    );
  });
}

/** @param {HTMLElement} root @returns {import('../navigation.js').Screen} */
export function approvalsPage(root) {
  const body = h('div', { class: 'column' });
  fill(root, h('h1', { class: 'page-title' }, 'Approvals'), body);
  return follow('Approvals', () => {
    const all = night.instances;
    const proposed = all.filter((instance) => instance.proposed !== null);
    const starts = all.filter((instance) => instance.proposed === null && awaitsTwo(instance));
    const held = all.filter((instance) => shownState(instance) === 'held');
    fill(
      body,
      listCard('Waits for another person', 'proposed', proposed, 'Nothing is proposed.'),
      listCard('Starts only when two persons say so', 'starts', starts, 'Nothing that is ready needs two persons.'),
      listCard('Held', 'held', held, 'Nothing is held.'),
    );
  });
}

/** Short lines for another page. @param {readonly QueueEntry[]} entries */
export function queueLines(entries) {
  if (entries.length === 0) return h('p', { class: 'empty', 'data-tone': 'ok' }, 'Nobody is needed.');
  return h(
    'ul',
    { class: 'lines' },
    entries.map(({ key, status, error, owner, since, hint }) =>
      h(
        'li',
        {},
        h(
          'p',
          {},
          h('button', { type: 'button', class: 'link', onclick: () => openNode(key) }, key),
          ' ',
          stateBadge(status),
          ' ',
          h('span', { class: 'hint num' }, ageOf(since)),
        ),
        h('p', { class: 'clamp' }, error === '' ? hint : error),
        owner !== '' && h('p', { class: 'hint' }, `owner ${owner}`),
      ),
    ),
  );
}

/** Paints at each change and, for the ages, every second. @param {string} title @param {() => void} paint */
function follow(title, paint) {
  let drawn = '';
  const look = () => {
    const now = JSON.stringify([
      night.view?.queue,
      night.view?.runs.map(({ instances }) => instances.map(({ status, held, proposed, waitingFor }) => [status, held, proposed, waitingFor])),
    ]);
    // A page that somebody works on is not built anew for nothing.
    if (now !== drawn) paint();
    drawn = now;
  };
  const end = night.changed.on(look);
  const timer = setInterval(() => {
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-since]')))
      setText(place, ageOf(Number(place.dataset.since)));
  }, 1_000);
  look();
  return {
    title,
    end: () => {
      clearInterval(timer);
      end();
    },
  };
}

/** @param {string} title @param {string} id @param {readonly Instance[]} instances @param {string} empty */
function listCard(title, id, instances, empty) {
  return card(title, [instances.length === 0 ? h('p', { class: 'empty' }, empty) : h('ul', { class: 'entries' }, instances.map(proposal))], { id });
}

/** Which node, in which state, doing what, for how long. @param {{ key: string, state: string, operation: string, since: number }} of */
function entryHead({ key, state, operation, since }) {
  return h(
    'p',
    { class: 'entry-head' },
    h('button', { type: 'button', class: 'link strong', onclick: () => openNode(key) }, key),
    stateBadge(/** @type {import('../wire.d.ts').Status} */ (state)),
    h('span', { class: 'hint' }, operation),
    since > 0 && h('span', { class: 'entry-age num', 'data-since': String(since), title: clockOn(since, night.date) }, ageOf(since)),
  );
}

/** @param {QueueEntry} item */
function entry({ key, runId, status, operation, surfaceWords, error, since, owner, hint }) {
  const instance = night.byKey.get(key);
  return h(
    'li',
    { 'data-entry': key },
    entryHead({ key, state: status, operation, since }),
    error !== '' && h('p', { class: 'entry-error' }, error),
    h('p', { class: 'hint' }, `${hint}. `, `${surfaceWords} · ${owner === '' ? 'nobody has taken it' : `owner ${owner}`}`),
    instance !== undefined && h('div', { class: 'acts' }, actButtons(instance, runId, BUTTONS)),
  );
}

/** @param {Instance} instance */
function proposal(instance) {
  const { key, operation, proposed } = instance;
  const runId = night.run(instance.phase)?.run.id ?? '';
  const causes = rootCauses(key, night.byKey);
  return h(
    'li',
    { 'data-entry': key },
    entryHead({ key, state: shownState(instance), operation, since: proposed?.at ?? 0 }),
    proposed === null ? h('p', {}, remark(instance)) : h('p', {}, h('strong', {}, proposed.action), ` by ${proposed.by}: ${proposed.reason}`),
    instance.error !== '' && h('p', { class: 'entry-error' }, instance.error),
    causes.length > 0 && h('p', { class: 'hint' }, `held up by ${causes.join(', ')}`),
    h('div', { class: 'acts' }, actButtons(instance, runId, BUTTONS)),
  );
}

/** @param {number} since */
const ageOf = (since) => (since === 0 ? '' : span(night.now - since));
