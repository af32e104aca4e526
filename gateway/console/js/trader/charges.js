// What the day's executed orders cost so far, part by part and order by order.
import { fill, h } from '/kit/dom.js';
import { get } from '../api.js';
import { count, price, rupees } from '../format.js';

/** @typedef {import('../wire.d.ts').Charges} Charges */

const PARTS = { brokerage: 'Brokerage', stt: 'STT / CTT', exchange: 'Exchange', ipft: 'IPFT', sebi: 'SEBI fee', stamp: 'Stamp duty', gst: 'GST' };

export class ChargesCard {
  element = h('div', { class: 'stack' });

  /** @param {string} account */
  constructor(account) {
    this.account = account;
  }

  /** Asks anew. Rejects when the gateway does not answer. */
  async look() {
    /** @type {Charges} */
    const { orders, total } = await get(`/v1/clients/${encodeURIComponent(this.account)}/charges`);
    if (orders.length === 0) return fill(this.element, h('p', { class: 'empty' }, 'Nothing was executed today.'));
    const line = (/** @type {string} */ label, /** @type {number | undefined} */ amount, isSum = false) =>
      h('div', { class: isSum ? 'sum' : undefined }, h('dt', {}, label), h('dd', { class: 'num' }, rupees(amount)));
    const parts = Object.entries(PARTS).map(([name, label]) => line(label, total[`${name}_paise`]));
    const lines = orders.map(({ side, quantity, symbol, average_price: at, charges }) =>
      h(
        'li',
        {},
        h('span', {}, `${side} ${count(quantity)} ${symbol} @ ${price(at)}`),
        h('span', { class: 'num' }, charges === null ? 'no rate' : rupees(charges.total_paise)),
      ),
    );
    fill(
      this.element,
      h('dl', { class: 'weighed' }, parts, line('In all, as one note', total.total_paise, true)),
      h('details', {}, h('summary', {}, `By order (${count(orders.length)})`), h('ul', { class: 'charged' }, lines)),
    );
  }
}
