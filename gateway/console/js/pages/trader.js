// One client, live: margin, positions, orders, holdings, and a ticket that says beforehand what the gateway would say. Without a client: the list to
// choose from.
import { faultText } from '/kit/api-error.js';
import { card } from '/kit/card.js';
import { fill, h } from '/kit/dom.js';
import { pageKey } from '/kit/keys.js';
import { notice } from '/kit/notice.js';
import { addressOf } from '/kit/router.js';
import { get, send } from '../api.js';
import { MarginLine } from '../charts/margin-line.js';
import { Waterfall } from '../charts/waterfall.js';
import { Histories } from '../histories.js';
import { positionKey } from '../merge.js';
import { session } from '../session.js';
import { stream } from '../stream.js';
import { ChargesCard } from '../trader/charges.js';
import { ClientHead } from '../trader/client-head.js';
import { clientList } from '../trader/client-list.js';
import { convertSheet } from '../trader/convert-sheet.js';
import { explainSheet, scenarioSheet } from '../trader/explain-sheet.js';
import { marginSheet } from '../trader/margin-tree.js';
import { OrderList } from '../trader/order-list.js';
import { Outlook } from '../trader/outlook.js';
import { holdingTable, positionTable, underlyingTable } from '../trader/portfolio-tables.js';
import { Ticket } from '../trader/ticket.js';

const LOOK_MILLIS = 15_000;
const MICROS_PER_MILLI = 1000;

/** @typedef {import('../wire.d.ts').ClientState} ClientState */
/** @typedef {import('../wire.d.ts').Order} Order */

/**
 * @param {HTMLElement} root
 * @param {import('/kit/router.js').Place} place
 * @returns {import('../navigation.js').Screen}
 */
export function traderPage(root, place) {
  const named = session.me?.accounts;
  if (place.argument === '' && named !== 'all' && named?.length === 1 && named[0] !== undefined) {
    history.replaceState(null, '', addressOf('trader', named[0]));
    return new Trader(root, named[0], place.query);
  }
  return place.argument === '' ? clientList(root) : new Trader(root, place.argument, place.query);
}

class Trader {
  histories = new Histories();
  waterfall = new Waterfall();
  line = new MarginLine();
  holdings = holdingTable();
  /** @type {ClientState | undefined} */
  state = undefined;

  /** @param {HTMLElement} root @param {string} account @param {URLSearchParams} query */
  constructor(root, account, query) {
    this.title = account;
    this.account = account;
    this.root = root;
    this.path = `/v1/clients/${encodeURIComponent(account)}`;
    const buy = h('button', { type: 'button', class: 'plain', onclick: () => this.order('BUY') }, 'Order');
    this.head = new ClientHead(account, buy);
    this.positions = positionTable(this.histories, {
      open: (position) => void this.ticket.instrument.name(position.exchange, position.symbol).then(() => this.ticket.focus()),
      convert: session.may('orders:write') ? (position) => convertSheet(account, position) : undefined,
    });
    this.underlyings = underlyingTable((line) => void scenarioSheet(account, line.symbol));
    this.orders = new OrderList({
      open: (order) => void explainSheet(order),
      cancel: session.may('orders:write') ? (order) => void this.cancel(order) : undefined,
    });
    this.ticket = new Ticket(account);
    this.outlook = new Outlook(account);
    this.charges = new ChargesCard(account);
    this.lay();
    this.keys();
    const symbol = query.get('symbol');
    if (symbol !== null) void this.ticket.instrument.name(query.get('exchange') ?? '', symbol).then(() => this.ticket.quantity.focus());
    this.unfollow = stream.subscribe(
      `client:${account}`,
      ({ state }) => this.update(/** @type {ClientState} */ (/** @type {unknown} */ (state))),
      (refusal) => this.refuse(refusal),
    );
    this.timer = setInterval(() => void this.look(), LOOK_MILLIS);
    void this.look();
  }

  end() {
    clearInterval(this.timer);
    this.unfollow();
  }

  lay() {
    this.fault = h('p', { class: 'fault', role: 'alert', hidden: true });
    const explain = h(
      'button',
      { type: 'button', class: 'tiny', id: 'explain-margin', onclick: () => void marginSheet(this.account) },
      'Line by line …',
    );
    fill(
      this.root,
      this.fault,
      this.head.element,
      this.outlook.warning,
      h(
        'div',
        { class: 'trader' },
        h(
          'div',
          { class: 'main-column' },
          h(
            'div',
            { class: 'pair' },
            card('Margin', [this.waterfall.element], { id: 'margin', tools: explain }),
            card('Since this page was opened', [this.line.element], { id: 'course' }),
          ),
          card('Positions', [this.positions.element], { id: 'positions' }),
          card('Orders', [this.orders.element], { id: 'orders', tools: this.orders.tools }),
          card('What is ahead', [this.outlook.element], { id: 'outlook', tools: this.outlook.moves }),
        ),
        h(
          'div',
          { class: 'side-column' },
          card('Order ticket', [this.ticket.element], { id: 'ticket' }),
          card('Margin by underlying', [this.underlyings.element], { id: 'underlyings' }),
          card('Holdings', [this.holdings.element], { id: 'holdings' }),
          card('Charges so far', [this.charges.element], { id: 'charges' }),
        ),
      ),
    );
  }

  keys() {
    pageKey({ keys: 'b', does: 'Buy: go to the ticket', run: () => this.order('BUY') });
    pageKey({ keys: 's', does: 'Sell: go to the ticket', run: () => this.order('SELL') });
    pageKey({ keys: 'p', does: 'Go to positions', run: () => this.positions.focusFirst() });
    pageKey({ keys: 'o', does: 'Go to orders', run: () => this.orders.table.focusFirst() });
    pageKey({ keys: 'u', does: 'Go to underlyings', run: () => this.underlyings.focusFirst() });
    pageKey({ keys: 'm', does: 'Margin, line by line', run: () => void marginSheet(this.account) });
    pageKey({ keys: 'f', does: 'Filter orders', run: () => this.orders.field.focus() });
  }

  /** @param {string} side */
  order(side) {
    this.ticket.element.scrollIntoView({ block: 'nearest' });
    this.ticket.focus(side);
  }

  /** @param {ClientState} state */
  update(state) {
    const moved = this.state !== undefined && this.state.requirement_paise !== state.requirement_paise;
    this.state = state;
    this.histories.add('required', state.requirement_paise);
    this.histories.add('available', state.available_paise);
    for (const position of state.positions) this.histories.add(positionKey({ ...position }), position.mtm_paise);
    this.head.update(state);
    this.waterfall.update(state);
    this.line.update(this.histories.of('required'), this.histories.of('available'), state.peak_paise);
    this.positions.update([...state.positions].sort((a, b) => Number(a.net === 0) - Number(b.net === 0) || a.symbol.localeCompare(b.symbol)));
    const margined = state.underlyings.filter(({ requirement_paise: requirement, working_orders: working }) => requirement !== 0 || working !== 0);
    this.underlyings.update(margined.sort((a, b) => b.requirement_paise - a.requirement_paise));
    this.orders.update(state.orders);
    if (moved) this.ticket.moved();
  }

  /** What the stream does not carry: standing and holdings. */
  async look() {
    try {
      const [client, holdings, peak] = await Promise.all([
        get(this.path),
        get(`${this.path}/holdings`),
        get(`${this.path}/peak`),
        this.outlook.look(),
        this.charges.look(),
      ]);
      this.head.peakAt(/** @type {{ peak_time_micros: number }} */ (peak).peak_time_micros / MICROS_PER_MILLI);
      this.head.stand(/** @type {import('../trader/client-head.js').Standing} */ (client));
      this.holdings.update(/** @type {{ holdings: import('../wire.d.ts').Holding[] }} */ (holdings).holdings);
    } catch (error) {
      if (this.state === undefined) this.refuse(faultText(error));
    }
  }

  /** @param {string} words */
  refuse(words) {
    if (this.fault === undefined) return;
    this.fault.hidden = false;
    fill(this.fault, `${this.account}: ${words}`);
  }

  /** @param {Order} order */
  async cancel(order) {
    try {
      await send('DELETE', `/v1/orders/${encodeURIComponent(order.id)}`);
      notice(`Cancel of ${order.symbol} asked for: margin falls when the exchange confirms.`);
    } catch (error) {
      notice(`Not cancelled: ${faultText(error)}`, 'loss');
    }
  }
}
