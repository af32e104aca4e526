// The order ticket: as an order is written, the gateway is asked what it would say. Placing is offered only to those who may; each press of the button
// is one order, however often the network makes us repeat it.
import { ApiError, faultText } from '/kit/api-error.js';
import { fill, h, setAttribute, setText } from '/kit/dom.js';
import { notice } from '/kit/notice.js';
import { ask, send } from '../api.js';
import { count, price, rupees } from '../format.js';
import { session } from '../session.js';
import { verdictWords } from '../words.js';
import { InstrumentField } from './instrument-field.js';

const DEBOUNCE_MILLIS = 180;
/** A verdict is asked for again at most this often while the margin moves by itself. */
const AGAIN_MILLIS = 2_000;

/** @typedef {import('../wire.d.ts').Instrument} Instrument */
/** @typedef {import('../wire.d.ts').WhatIf} WhatIf */
/** @typedef {Record<string, string | number>} Draft */

const CASH = new Set(['NSE', 'BSE']);
/** Refusals that something can be done about: /v1/margins/what-if says what. */
const FIXABLE = ['insufficientMargin', 'fundingLimit'];
/** Products whose stop-loss, and of a bracket order whose target, are tied to the order. */
const LINKED = new Set(['CO', 'BO']);

export class Ticket {
  asked = 0;
  /** When the verdict was asked for last, milliseconds since the epoch. */
  weighedAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;
  side = 'BUY';

  /** @param {string} account */
  constructor(account) {
    this.account = account;
    this.instrument = new InstrumentField((instrument) => this.chosen(instrument));
    this.about = h('p', { class: 'hint', id: 'ticket-about' });
    this.sides = ['BUY', 'SELL'].map((side) =>
      h(
        'button',
        { type: 'button', 'data-side': side, 'aria-pressed': String(side === 'BUY'), onclick: () => this.turn(side) },
        side === 'BUY' ? 'Buy' : 'Sell',
      ),
    );
    this.quantity = h('input', { id: 'ticket-quantity', type: 'number', min: '1', step: '1', inputmode: 'numeric', value: '1' });
    this.price = h('input', { id: 'ticket-price', type: 'number', min: '0', step: '0.05', inputmode: 'decimal' });
    this.trigger = h('input', { id: 'ticket-trigger', type: 'number', min: '0', step: '0.05', inputmode: 'decimal' });
    this.target = h('input', { id: 'ticket-target', type: 'number', min: '0', step: '0.05', inputmode: 'decimal' });
    this.type = select('ticket-type', ['LIMIT', 'MARKET', 'STOP_LIMIT', 'STOP']);
    this.product = select('ticket-product', ['CNC', 'MIS', 'NRML', 'MTF', 'CO', 'BO']);
    this.validity = select('ticket-validity', ['DAY', 'IOC']);
    this.words = h('strong', {});
    this.more = h('span', {});
    this.verdict = h('div', { class: 'banner verdict', id: 'verdict', role: 'status' }, this.words, this.more);
    this.figures = h('dl', { class: 'weighed' });
    this.fix = h('div', { class: 'fix', id: 'fix', role: 'status' });
    this.place = h('button', { class: 'primary', id: 'place' }, 'Place order');
    this.element = this.form();
    this.shapeFields();
    this.say('mute', 'Choose an instrument', 'The verdict appears here as you write.');
  }

  form() {
    const line = (/** @type {string} */ label, /** @type {HTMLElement} */ field) =>
      h('div', { class: 'field' }, h('label', { for: field.id }, label), field);
    this.triggerLine = line('Trigger', this.trigger);
    this.targetLine = line('Target', this.target);
    this.priceLine = line('Price', this.price);
    const form = h(
      'form',
      { class: 'ticket', autocomplete: 'off', onsubmit: (/** @type {Event} */ event) => void this.submit(event), oninput: () => this.changed() },
      h('div', { class: 'sides', role: 'group', 'aria-label': 'Side' }, this.sides),
      h('div', { class: 'field whole' }, h('label', { for: 'ticket-instrument' }, 'Instrument'), this.instrument.element),
      this.about,
      line('Quantity', this.quantity),
      this.priceLine,
      line('Type', this.type),
      this.triggerLine,
      line('Product', this.product),
      this.targetLine,
      line('Validity', this.validity),
      this.verdict,
      this.figures,
      this.fix,
      session.may('orders:write') ? this.place : h('p', { class: 'hint' }, `Role ${session.me?.role ?? ''} may not place orders.`),
    );
    return form;
  }

  /** Chooses a side. @param {string} side */
  turn(side) {
    this.side = side;
    for (const button of this.sides) setAttribute(button, 'aria-pressed', String(button.dataset.side === side));
    setText(this.place, side === 'BUY' ? 'Place buy order' : 'Place sell order');
    setAttribute(this.place, 'data-side', side);
    this.changed();
  }

  /** Puts the keyboard in the ticket. @param {string} [side] */
  focus(side) {
    if (side !== undefined) this.turn(side);
    this.instrument.field.focus();
    this.instrument.field.select();
  }

  /** @param {Instrument | undefined} instrument */
  chosen(instrument) {
    if (instrument !== undefined) {
      const { exchange, lot, tick, previous_close: close, band_low: low, band_high: high, freeze_quantity: freeze } = instrument;
      const parts = [
        `${exchange} · lot ${count(lot)} · tick ${price(tick)}`,
        low ? `band ${price(low)} to ${price(high)}` : '',
        freeze ? `freeze ${count(freeze)}` : '',
      ];
      setText(this.about, parts.filter((part) => part !== '').join(' · '));
      for (const field of [this.price, this.trigger, this.target]) field.step = String(tick);
      this.quantity.step = String(lot);
      this.quantity.min = String(lot);
      this.quantity.value = String(lot);
      this.price.value = String(close ?? '');
      this.product.value = CASH.has(exchange) ? 'CNC' : 'NRML';
    } else setText(this.about, '');
    this.changed();
  }

  shapeFields() {
    const type = this.type.value;
    const { product } = this;
    // The trigger of a cover or bracket order is that of its stop-loss.
    setAttribute(this.triggerLine ?? this.trigger, 'hidden', !type.startsWith('STOP') && !LINKED.has(product.value));
    setAttribute(this.targetLine ?? this.target, 'hidden', product.value !== 'BO');
    setAttribute(this.priceLine ?? this.price, 'hidden', type === 'MARKET' || type === 'STOP');
  }

  changed() {
    this.shapeFields();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.weigh(), DEBOUNCE_MILLIS);
  }

  /** Asks again, now and then: the client's margin has moved. */
  moved() {
    const isDue = Date.now() - this.weighedAt > AGAIN_MILLIS;
    if (isDue && this.instrument.instrument !== undefined && this.timer === undefined) this.changed();
  }

  /** The order as written, or undefined while it lacks something. @returns {Draft | undefined} */
  draft() {
    const { instrument } = this.instrument;
    const quantity = Number(this.quantity.value);
    const type = this.type.value;
    const product = this.product.value;
    const limit = type === 'MARKET' || type === 'STOP' ? 0 : Number(this.price.value);
    if (instrument === undefined || !Number.isInteger(quantity) || quantity < 1 || !(limit >= 0)) return undefined;
    return {
      account: this.account,
      exchange: instrument.exchange,
      symbol: instrument.symbol,
      side: this.side,
      quantity,
      order_type: type,
      validity: this.validity.value,
      product,
      price: limit,
      trigger_price: type.startsWith('STOP') || LINKED.has(product) ? Number(this.trigger.value) : 0,
      ...(product === 'BO' && Number(this.target.value) > 0 ? { target_price: Number(this.target.value) } : {}),
    };
  }

  async weigh() {
    const number = ++this.asked;
    this.timer = undefined;
    this.weighedAt = Date.now();
    const draft = this.draft();
    if (draft === undefined) {
      fill(this.figures);
      fill(this.fix);
      return this.say('mute', 'Not yet an order', 'An instrument, a quantity and a price are needed.');
    }
    try {
      /** @type {WhatIf} */
      const verdict = await ask('/v1/orders/what-if', draft);
      if (number !== this.asked) return;
      const { tone, words, more } = verdictWords(verdict);
      this.say(tone, words, more);
      this.weighed(verdict);
      if (FIXABLE.includes(verdict.reject?.name ?? '')) await this.mend(draft, number);
      else fill(this.fix);
    } catch (error) {
      if (number === this.asked) this.say('warn', 'No verdict', faultText(error));
    }
  }

  /** Says the cheapest way to let the order pass, and offers to write it. @param {Draft} draft @param {number} number */
  async mend(draft, number) {
    const { account, validity: _, ...leg } = draft;
    /** @type {{ fix: import('../wire.d.ts').Fix | null }} */
    const { fix } = await ask('/v1/margins/what-if', { account, legs: [leg] });
    if (number !== this.asked) return;
    if (fix === null) return fill(this.fix);
    const { add_paise: add, hedge, text } = fix;
    if (add === 0) return fill(this.fix, h('span', {}, `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`));
    const words = hedge === null ? '' : `Buy ${count(hedge.quantity)} ${hedge.symbol} @ ${price(hedge.price)} first`;
    fill(
      this.fix,
      h('span', {}, `Add ${rupees(add)}${hedge === null ? '.' : ', or'}`),
      hedge !== null && h('button', { type: 'button', class: 'tiny', onclick: () => void this.write(hedge) }, words),
    );
  }

  /** Writes a hedge into the ticket. @param {NonNullable<import('../wire.d.ts').Fix['hedge']>} hedge */
  async write({ exchange, symbol, quantity, price: at }) {
    await this.instrument.name(exchange, symbol);
    this.type.value = 'LIMIT';
    this.quantity.value = String(quantity);
    this.price.value = String(at);
    this.turn('BUY');
  }

  /** @param {WhatIf} verdict */
  weighed(verdict) {
    const { requirement_before_paise: before, requirement_after_paise: after, available_paise: available, shortfall_paise: short } = verdict;
    if (before === null || after === null) return fill(this.figures);
    /** @type {[string, number | null, string | undefined][]} */
    const lines = [
      ['Margin before', before, undefined],
      [verdict.margin_basis === 'gross' ? 'Margin after (pre-open, nothing nets)' : 'Margin after', after, undefined],
      ['Available', available, undefined],
      [(short ?? 0) > 0 ? 'Missing' : 'Left', (short ?? 0) > 0 ? short : (available ?? 0) - after, (short ?? 0) > 0 ? 'loss' : undefined],
    ];
    fill(
      this.figures,
      lines.map(([label, amount, tone]) => h('div', {}, h('dt', {}, label), h('dd', { class: 'num', 'data-tone': tone }, rupees(amount)))),
    );
  }

  /** @param {string} tone @param {string} words @param {string} more */
  say(tone, words, more) {
    setAttribute(this.verdict, 'data-tone', tone);
    setText(this.words, words);
    setText(this.more, more);
  }

  /** @param {Event} event */
  async submit(event) {
    event.preventDefault();
    const draft = this.draft();
    if (draft === undefined || !session.may('orders:write')) return;
    this.place.disabled = true;
    const key = crypto.randomUUID();
    try {
      const placed = await this.sendOnce(draft, key);
      const tail = `${draft.side} ${count(Number(draft.quantity))} ${draft.symbol}`;
      if (placed.accepted) notice(`Accepted: ${tail}`);
      else notice(`Rejected: ${tail}. ${placed.text}`, 'loss');
    } catch (error) {
      notice(`Not placed: ${faultText(error)}`, 'loss');
    } finally {
      this.place.disabled = false;
      this.changed();
    }
  }

  /** Sends with one key; when the connection fails before an answer, once more: the key makes the repeat harmless. @param {Draft} draft @param {string} key */
  async sendOnce(draft, key) {
    /** @returns {Promise<{ id: string, accepted: boolean, text: string }>} */
    const attempt = () => send('POST', '/v1/orders', draft, key);
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof ApiError && error.status === 0) return await attempt();
      throw error;
    }
  }
}

/** @param {string} id @param {readonly string[]} values */
function select(id, values) {
  return h(
    'select',
    { id },
    values.map((value) => h('option', { value }, value.replace('_', ' '))),
  );
}
