// The demo's parts without sockets or clock: words and figures a person reads, and an exchange that keeps to the rules whatever the seed.
import { describe, expect, it } from 'vitest';
import { buildParameterTable, InstrumentKind, type InstrumentRow } from '../../../engine/index.ts';
import { Behaviour } from '../../../gateway/demo/behaviour.ts';
import { Display, frameLines } from '../../../gateway/demo/display.ts';
import type { OmsOrder } from '../../../gateway/demo/oms-order.ts';
import { OmsCounters } from '../../../gateway/demo/oms-view.ts';
import { priceText, rupees, shortRupees } from '../../../gateway/demo/rupees.ts';
import { SimulatedExchange } from '../../../gateway/demo/simulated-exchange.ts';
import { SimulatedOms } from '../../../gateway/demo/simulated-oms.ts';
import { verdictLine } from '../../../gateway/demo/verdict-words.ts';
import { SeededRandom } from '../../../gateway/market-data/seeded-random.ts';
import { SimulatedMarket } from '../../../gateway/market-data/simulated-market.ts';

const instrument = (token: number, kind: number, more: Partial<InstrumentRow>): InstrumentRow => ({
  segment: kind === InstrumentKind.EQ ? 1 : 2,
  token,
  kind,
  name: `I${token}`,
  underlying: kind === InstrumentKind.EQ ? '' : 'NIFTY',
  expiry: kind === InstrumentKind.EQ ? 0 : 20261126,
  strike: 0,
  lot: kind === InstrumentKind.EQ ? 1 : 65,
  tickSize: 500,
  freezeQuantity: 1800,
  bandLow: 500,
  bandHigh: 400_000_000,
  previousClose: 1_000_000,
  price: 10_000,
  delta: 5000,
  elmLong: 0,
  elmShort: 0,
  cashRate: 2000,
  scanTier: 0,
  flags: 0,
  riskArray: kind === InstrumentKind.EQ ? [] : new Array(16).fill(100),
  ...more,
});

const ROWS = [
  instrument(1, InstrumentKind.FUT, { previousClose: 240_000_000, delta: 10_000 }),
  instrument(2, InstrumentKind.CE, { strike: 240_000_000 }),
  instrument(3, InstrumentKind.CE, { strike: 245_000_000 }),
  instrument(4, InstrumentKind.EQ, { previousClose: 13_000_000 }),
];
const UNDERLYINGS = [{ symbol: 'NIFTY', somRate: 0, calendarRateMax: 0, spot: 240_000_000, tierCount: 1 }];
const table = buildParameterTable(20261120, ROWS, UNDERLYINGS, { sources: [], commodities: [{ symbol: 'NIFTY' } as never], clearing: [] });

describe('figures as people in India read them', () => {
  it.each([
    [12_345_678, '₹1,23,457'],
    [-100, '-₹1'],
    [0, '₹0'],
    [1_234_567_890_00, '₹1,23,45,67,890'],
  ])('%d paise is %s', (paise, text) => expect(rupees(paise)).toBe(text));
  it('shortens to lakh and crore', () => {
    expect(shortRupees(12_34_567_00)).toBe('₹12.35 L');
    expect(shortRupees(4_56_00_000_00)).toBe('₹4.56 Cr');
  });
  it('writes prices as FIX wants them', () => {
    expect(priceText(1_234_500)).toBe('123.45');
    expect(priceText(1_234_525)).toBe('123.4525');
    expect(priceText(500)).toBe('0.05');
  });
});

const order: OmsOrder = {
  account: 'C0042',
  row: 1,
  symbol: 'NIFTY26NOV24000CE',
  segment: 'NFO',
  side: 2,
  market: false,
  product: 'NRML',
  immediate: false,
  fault: '',
  quantity: 650,
  price: 1_234_500,
  clOrdId: 'a',
  pendingId: '',
  orderId: '',
  newQuantity: 0,
  newPrice: 0,
  filled: 0,
  state: 'sent',
  sentAt: 0,
};

describe('verdicts in words', () => {
  it('names the shortfall when margin is missing', () => {
    const tags: Record<number, string> = { 35: '8', 150: '8', 10104: '123456.00', 58: 'insufficient margin' };
    expect(verdictLine(order, (tag) => tags[tag] ?? '').text).toBe('REJECTED  C0042 SELL 650 NIFTY26NOV24000CE @ 123.45: needs ₹1,23,456 more');
  });
  it('gives the reason otherwise', () => {
    const tags: Record<number, string> = { 35: '8', 150: '8', 58: 'off the tick' };
    expect(verdictLine(order, (tag) => tags[tag] ?? '').text).toContain(': off the tick');
  });
});

/** Accepts everything at once, as a tarazu without rules would. */
function playWithoutRules(seed: number, turns: number): { sent: Map<string, string>[]; oms: SimulatedOms } {
  const sent: Map<string, string>[] = [];
  let now = 0;
  let answering: Map<string, string>[] = [];
  const market = new SimulatedMarket(table, new SeededRandom(seed), 1);
  const oms: SimulatedOms = new SimulatedOms(
    { seed, market, accounts: ['C1', 'C2', 'C3'], run: 'r', tradeDate: '20261120' },
    {
      send: (type, body) => {
        const message = new Map<string, string>([['35', type], ...body.map(([tag, value]) => [`${tag}`, value] as const)]);
        sent.push(message);
        if (type !== '8') answering.push(message);
        return true;
      },
      now: () => now,
      time: () => '20261120-03:45:00.000',
    },
  );
  for (let turn = 0; turn < turns; turn++) {
    now += 5;
    oms.act();
    market.step();
    oms.step();
    const batch = answering;
    answering = [];
    for (const [index, message] of batch.entries()) {
      const execType = message.get('35') === 'D' ? '0' : message.get('35') === 'F' ? '6' : 'E';
      const answer: Record<number, string> = { 35: '8', 150: execType, 11: message.get('11') ?? '', 37: `1-${turn * 10 + index}` };
      oms.receive(
        (tag) => answer[tag] ?? '',
        () => '',
      );
    }
  }
  return { sent, oms };
}

describe('simulated OMS and exchange', () => {
  it('never fills more than was ordered, never repeats an id, and changes only what it placed', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { sent } = playWithoutRules(seed, 1500);
      const ids = sent.filter((message) => message.get('35') !== '8').map((message) => message.get('11'));
      expect(new Set(ids).size).toBe(ids.length);
      const fills = sent.filter((message) => message.get('150') === 'F');
      expect(fills.length).toBeGreaterThan(100);
      for (const fill of fills) expect(Number(fill.get('14'))).toBeLessThanOrEqual(Number(fill.get('38')));
      expect(new Set(fills.map((fill) => fill.get('880'))).size).toBe(fills.length);
      for (const kind of ['F', 'G']) for (const message of sent.filter((one) => one.get('35') === kind)) expect(ids).toContain(message.get('41'));
      expect(new Set(sent.map((message) => message.get('35')))).toEqual(new Set(['D', 'F', 'G', '8']));
    }
  });
  it('hears of an order before it hears of its cancel or replace, however fast they follow', () => {
    const market = new SimulatedMarket(table, new SeededRandom(1), 1);
    for (const change of ['cancel', 'replace'] as const)
      for (let seed = 1; seed <= 60; seed++) {
        const kinds: string[] = [];
        const exchange = new SimulatedExchange(new SeededRandom(seed), market, 'R', ({ kind }) => kinds.push(kind));
        // Far from the market: it never fills.
        const far: OmsOrder = { ...order, row: 0, side: 1, price: 500, newPrice: 1_000, newQuantity: 1_300, state: 'working' };
        exchange.route(far, 0);
        exchange[change](far, 'b', 0);
        for (let at = 0; at <= 50; at++) exchange.step(at);
        expect(kinds[0]).toMatch(/^(New|Rejected)$/);
        expect(far.state).toBe(change === 'cancel' || kinds[0] === 'Rejected' ? 'done' : 'working');
      }
  });
  it('knows that all it sent was read once what it sent last is answered, or the session is over', async () => {
    const { sent, oms } = playWithoutRules(1, 50);
    const heard: string[] = [];
    for (const name of ['first', 'second']) oms.heard().then(() => heard.push(name));
    const questions = sent.slice(-2);
    expect(questions.map((message) => message.get('35'))).toEqual(['H', 'H']);
    await Promise.resolve();
    expect(heard).toEqual([]);
    const answer: Record<number, string> = { 35: '8', 150: 'I', 39: '8', 11: questions[1]?.get('11') ?? '', 37: 'NONE' };
    oms.receive(
      (tag) => answer[tag] ?? '',
      () => '',
    );
    await Promise.resolve();
    expect(heard).toEqual(['second']);
    oms.sessionEnded();
    await Promise.resolve();
    expect(heard).toEqual(['second', 'first']);
  });
  it('does the same for the same seed', () => {
    const script = (): string => JSON.stringify(playWithoutRules(7, 400).sent.map((message) => [...message]));
    expect(script()).toBe(script());
  });
  it('makes each kind of mistake', () => {
    const market = new SimulatedMarket(table, new SeededRandom(3), 1);
    const behaviour = new Behaviour(new SeededRandom(3), market, { accounts: ['C1'] });
    const faults = new Set<string>();
    for (let turn = 0; turn < 2000; turn++) {
      const action = behaviour.next([]);
      if (action.kind === 'place') for (const intent of action.orders) faults.add(intent.fault);
    }
    expect([...faults].sort()).toEqual(['', 'outside the band', 'oversize', 'short without funds', 'unknown account', 'wrong lot', 'wrong tick']);
  });
  it('buys with funding only where a client is sanctioned and the share is listed, and sells what was filled, once', () => {
    const funded = buildParameterTable(table.businessDate, ROWS, UNDERLYINGS, { ...table.details, funded: [[1, 4, 2_500]] });
    const market = new SimulatedMarket(funded, new SeededRandom(1), 8);
    const behaviour = new Behaviour(new SeededRandom(3), market, { accounts: ['C1', 'C2'], funded: ['C2'] });
    const shareRow = funded.find(1, 4);
    behaviour.noteFunded({ account: 'C2', row: shareRow, units: 17 });
    const intents = Array.from({ length: 2_000 }, () => behaviour.next([])).flatMap((action) => (action.kind === 'place' ? action.orders : []));
    const mtf = intents.filter(({ product }) => product === 'MTF');
    expect(mtf.filter(({ account, row }) => account !== 'C2' || row !== shareRow)).toEqual([]);
    expect(mtf.filter(({ side }) => side === 2)).toMatchObject([{ account: 'C2', quantity: 17 }]);
    expect(mtf.filter(({ side }) => side === 1).length).toBeGreaterThan(20);
  });

  it('keeps prices on the tick and inside the band', () => {
    const market = new SimulatedMarket(table, new SeededRandom(11), 1);
    for (let step = 0; step < 500; step++) {
      market.step();
      for (const row of market.rows) {
        expect(market.price(row) % 500).toBe(0);
        expect(market.price(row)).toBeGreaterThanOrEqual(500);
        expect(market.price(row)).toBeLessThanOrEqual(400_000_000);
      }
    }
  });
});

describe('display', () => {
  const counters = new OmsCounters();
  counters.verdict({ accepted: false, text: 'REJECTED  C1 BUY' }, 0.4, 100, 'priceTick');
  counters.marginOf({ account: 'C1', requirement: 90_00_000_00, available: 1_00_00_000_00 });
  const view = counters.view(100, { connected: true, session: 'OMS1', nextOut: 12, nextIn: 14, workingOrders: 3 });
  it('writes lines where there is no terminal, and no escape codes', () => {
    let text = '';
    const display = new Display({ write: (part) => (text += part) });
    display.notice('second SPAN file swapped in');
    display.show({ view, title: 't', tries: [] }, 5000);
    display.show({ view, title: 't', tries: [] }, 5100);
    display.close();
    expect(text.split('\n').filter((line) => line.includes('orders,'))).toHaveLength(1);
    expect(text).toContain('priceTick 1');
    expect(text).not.toContain('\x1b');
  });
  it('shows verdicts, margin and what to try on a terminal', () => {
    const screen = frameLines({ view, title: 'NSE 20 Nov', tries: ['curl x'] }, ['loaded']).join('\n');
    for (const part of ['REJECTED  C1 BUY', '90 %', '₹90.00 L of ₹1.00 Cr', 'curl x', 'loaded', 'FIX next out 12']) expect(screen).toContain(part);
  });
});
