// Why a verdict was what it was: the sentence, margin before and after beside what was available, every check with its figures, the scenarios of the
// underlying, and what the answer rests on.
import { faultText } from '/kit/api-error.js';
import { fill, h } from '/kit/dom.js';
import { openSheet } from '/kit/sheet.js';
import { get } from '../api.js';
import { scenarios } from '../charts/scenarios.js';
import { businessDate, count, rupees, spaced, timeOfDay } from '../format.js';
import { checkFigure, checkLimit, orderWords, question } from '../words.js';

/** @typedef {import('../wire.d.ts').Order} Order */
/** @typedef {import('../wire.d.ts').Explanation} Explanation */

const MICROS_PER_MILLI = 1000;

/**
 * Opens the explanation of an order.
 * @param {Order} order
 */
export async function explainSheet(order) {
  const sheet = openSheet(orderWords(order));
  fill(sheet.body, h('p', { class: 'waiting' }, 'Folding the journal to just before the order …'));
  try {
    /** @type {Explanation} */
    const explanation = await get(`/v1/orders/${encodeURIComponent(order.id)}/explain`);
    const chart = h('section', { class: 'chart' });
    fill(sheet.body, verdict(explanation), margin(explanation), chart, checks(explanation), provenance(explanation));
    await drawOrderScenarios(chart, order);
  } catch (error) {
    fill(sheet.body, h('p', { class: 'fault', role: 'alert' }, faultText(error)));
  }
}

/**
 * Opens the scenarios of one underlying of a client.
 * @param {string} account
 * @param {string} symbol
 */
export async function scenarioSheet(account, symbol) {
  const sheet = openSheet(`${symbol}: sixteen scenarios`);
  const chart = h('section', { class: 'chart' });
  fill(sheet.body, chart);
  await drawScenarios(chart, account, symbol);
}

/**
 * The underlying's scenarios as they are and as they would be with what is left of the order filled; nothing for a share. @param {HTMLElement} root
 * @param {Order} order
 */
async function drawOrderScenarios(root, { account, exchange, symbol, side, quantity, filled = 0 }) {
  /** @type {import('../wire.d.ts').Instrument[]} */
  const found = await get('/v1/instruments', { search: symbol, segment: exchange, limit: 1 }).catch(() => []);
  const underlying = found.find((each) => each.symbol === symbol && each.kind !== 'EQ')?.underlying;
  if (underlying === undefined) return;
  const units = (side === 'BUY' ? 1 : -1) * (quantity - filled);
  const path = `/v1/clients/${encodeURIComponent(account)}/underlyings/${encodeURIComponent(underlying)}/scenarios`;
  try {
    /** @type {import('../charts/scenarios.js').ScenarioAnswer[]} */
    const [now, then] = await Promise.all([get(path), get(path, { exchange, symbol, units })]);
    if (now === undefined || then === undefined) return;
    const picture = h('div', {});
    fill(
      root,
      h('h3', {}, units === 0 ? `${underlying} in sixteen scenarios` : `${underlying} in sixteen scenarios, with this order filled`),
      picture,
    );
    scenarios(picture, then, units === 0 ? undefined : now);
  } catch (error) {
    fill(root, h('p', { class: 'hint' }, `No scenarios: ${faultText(error)}`));
  }
}

/** @param {HTMLElement} root @param {string} account @param {string} symbol */
async function drawScenarios(root, account, symbol) {
  try {
    /** @type {import('../charts/scenarios.js').ScenarioAnswer} */
    const answer = await get(`/v1/clients/${encodeURIComponent(account)}/underlyings/${encodeURIComponent(symbol)}/scenarios`);
    const picture = h('div', {});
    fill(root, h('h3', {}, `${answer.symbol}: the position in sixteen scenarios, now`), picture);
    scenarios(picture, answer);
  } catch (error) {
    fill(root, h('p', { class: 'hint' }, `No scenarios: ${faultText(error)}`));
  }
}

/** @param {Explanation} explanation */
function verdict({ code, verdict: name, message, requirement_after_paise: after, available_paise: available, checks: all }) {
  if (code === 0) return h('div', { class: 'banner', 'data-tone': 'ok' }, h('strong', {}, 'Accepted'), h('span', {}, 'Every check passed.'));
  const needs = name === 'insufficientMargin' ? after - available : 0;
  const failed = all.find(({ passed, decided }) => decided && !passed);
  const figures = failed === undefined ? '' : checkFigure(failed.check, failed.value);
  const against =
    failed === undefined || figures === ''
      ? ''
      : ` ${figures} against ${checkLimit(failed.check, failed.limit)}${failed.level === '' ? '' : ` (${failed.level})`}.`;
  const words = needs > 0 ? `Rejected: needs ${rupees(needs)} more` : `Rejected: ${spaced(name)}`;
  return h('div', { class: 'banner', 'data-tone': 'loss' }, h('strong', {}, words), h('span', {}, `${message}.${needs > 0 ? '' : against}`));
}

/** @param {Explanation} explanation */
function margin({ requirement_before_paise: before, requirement_after_paise: after, available_paise: available, code, verdict: name }) {
  if (code !== 0 && name !== 'insufficientMargin') return h('p', { class: 'hint' }, 'Margin was not weighed: an earlier check had decided.');
  const most = Math.max(1, before, after, available);
  const row = (/** @type {string} */ label, /** @type {number} */ amount, /** @type {string} */ kind) =>
    h(
      'div',
      { class: 'compare', 'data-kind': kind },
      h('span', {}, label),
      h('meter', { min: 0, max: most, value: Math.max(0, amount), 'aria-label': label }),
      h('span', { class: 'num' }, rupees(amount)),
    );
  return h(
    'section',
    { 'aria-label': 'Margin' },
    h('h3', {}, 'Margin'),
    row('Before', before, 'before'),
    row('After', after, after > available && code !== 0 ? 'over' : 'after'),
    row('Available', available, 'available'),
  );
}

/** @param {Explanation} explanation */
function checks({ checks: all }) {
  const rows = all.map(({ check, passed, decided, value, limit, level }) => {
    const state = !decided ? ['not reached', 'mute', '·'] : passed ? ['pass', 'ok', '✓'] : ['fail', 'loss', '✕'];
    return h(
      'tr',
      { 'data-tone': decided && !passed ? 'loss' : undefined, 'data-reached': String(decided) },
      h('td', { class: 'verdict', 'data-tone': state[1] }, h('span', { 'aria-hidden': 'true' }, state[2]), ` ${state[0]}`),
      h('th', { scope: 'row', title: check }, question(check)),
      h('td', { class: 'num' }, decided ? checkFigure(check, value) : ''),
      h('td', { class: 'num' }, decided ? checkLimit(check, limit) : ''),
      h('td', {}, level),
    );
  });
  const heads = ['', 'Check', 'Value', 'Limit', 'Set by'].map((label, index) =>
    h('th', { scope: 'col', class: index === 2 || index === 3 ? 'num' : undefined }, label === '' ? h('span', { class: 'unseen' }, 'Result') : label),
  );
  return h(
    'section',
    {},
    h('h3', {}, `The ${count(all.length)} checks, in order`),
    h(
      'div',
      { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': 'Checks' },
      h('table', { class: 'grid checks' }, h('thead', {}, h('tr', {}, heads)), h('tbody', {}, rows)),
    ),
  );
}

/** @param {Explanation} explanation */
function provenance({ id, time_micros, business_date, rule_set, parameter_files: files = [], agrees, commands_folded }) {
  const facts = [
    ['Request', id],
    ['Decided', `${timeOfDay(time_micros / MICROS_PER_MILLI)}, business day ${businessDate(business_date)}, rule set ${rule_set}`],
    ['Parameters', files.map(({ file, sha256 }) => `${file.split('/').at(-1)} ${sha256.slice(0, 12)}`).join(', ')],
    ['Journal', `${agrees ? 'says the same' : 'DIFFERS from this derivation'}; ${count(commands_folded)} commands folded again`],
  ];
  return h(
    'section',
    {},
    h('h3', {}, 'What this rests on'),
    h(
      'dl',
      { class: 'facts' },
      facts.map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value))),
    ),
  );
}
