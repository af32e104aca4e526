// Units of a cash position from intraday to delivery or back: asks how many, then the gateway.
import { faultText } from '/kit/api-error.js';
import { fill, h } from '/kit/dom.js';
import { notice } from '/kit/notice.js';
import { openSheet } from '/kit/sheet.js';
import { send } from '../api.js';
import { count } from '../format.js';

/** @typedef {import('../wire.d.ts').Position} Position */

const CASH = new Set(['NSE', 'BSE']);
/** @type {Readonly<Record<string, string>>} */
const OTHER = { MIS: 'CNC', CNC: 'MIS', MTF: 'CNC' };

/** May the position change its product? Derivatives net whatever it is. @param {Position} position */
export function isConvertible({ exchange, product, net }) {
  return CASH.has(exchange) && OTHER[product] !== undefined && net !== 0;
}

/**
 * @param {string} account
 * @param {Position} position
 */
export function convertSheet(account, { exchange, symbol, product, net }) {
  const to = OTHER[product] ?? '';
  const most = Math.abs(net);
  const sheet = openSheet(`Convert ${symbol} to ${to}`, { kind: 'ask' });
  const quantity = h('input', {
    id: 'convert-quantity',
    type: 'number',
    min: '1',
    max: String(most),
    step: '1',
    value: String(most),
    required: true,
  });
  const fault = h('p', { class: 'fault', role: 'alert', hidden: true });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const body = { exchange, symbol, from: product, to, quantity: Number(quantity.value) };
    try {
      await send('POST', `/v1/clients/${encodeURIComponent(account)}/positions/convert`, body);
      notice(`${count(body.quantity)} ${symbol} are ${to} now.`);
      sheet.close();
    } catch (error) {
      fault.hidden = false;
      fill(fault, faultText(error));
    }
  };
  const form = h(
    'form',
    { onsubmit: submit },
    h('p', {}, `${count(net)} held as ${product}. Nothing is traded; the margin is weighed anew, and must be covered afterwards or not rise.`),
    h('label', { for: 'convert-quantity' }, 'Units'),
    quantity,
    fault,
    h(
      'div',
      { class: 'acts' },
      h('button', { class: 'primary' }, `Convert to ${to}`),
      h('button', { type: 'button', class: 'plain', onclick: sheet.close }, 'Leave it'),
    ),
  );
  fill(sheet.body, form);
  quantity.focus();
}
