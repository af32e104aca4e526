// Conversations of an OMS with the gateway over real TCP, inline shards: what is sent, what must come back. Read them as the rules of engagement, acted.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RejectCode } from '../../../engine/index.ts';
import { type Gateway, rejectText } from '../../../gateway/index.ts';
import { type Fields, OmsClient } from '../oms-client.ts';
import { cancel, execution, newOrder, type OrderWords, replace } from '../order-messages.ts';
import { type SmallHouse, smallHouse, startHouse, type Traded } from '../small-house.ts';
import { adminToken } from '../tokens.ts';

let house: SmallHouse;
let gateway: Gateway;
let oms: OmsClient;
let number = 0;
const nextId = (): string => `c${++number}`;

beforeAll(async () => {
  house = await smallHouse();
  gateway = await startHouse(house);
  oms = await OmsClient.logon(gateway.fixPort);
});
afterAll(async () => {
  oms?.drop();
  await gateway?.stop();
  rmSync(house.folder, { recursive: true, force: true });
});

/** The named tags of a message, for comparison. */
const shown = (fields: Fields, ...tags: number[]): Record<number, string | undefined> =>
  Object.fromEntries(tags.map((tag) => [tag, fields.get(tag)]));

/** Sends an order and returns its verdict. */
async function order(traded: Traded, words: OrderWords = {}): Promise<Fields> {
  const id = nextId();
  oms.send('D', newOrder(id, traded, words));
  return oms.report(id);
}

describe('verdicts', () => {
  it('accepts an order with everything an OMS needs to go on', async () => {
    const verdict = await order(house.share, { quantity: 10 });
    expect(shown(verdict, 35, 150, 39, 1, 54, 38, 40, 14, 151, 6, 55, 207, 48)).toEqual({
      35: '8',
      150: '0',
      39: '0',
      1: 'RICH',
      54: '1',
      38: '10',
      40: '2',
      14: '0',
      151: '10',
      6: '0.00',
      55: house.share.symbol,
      207: 'NSE',
      48: String(house.share.token),
    });
    expect(verdict.get(37)).toMatch(/^\d+-\d+$/);
    expect(verdict.get(17)).toBe(verdict.get(37)?.replace('-', ':'));
    expect(Number(verdict.get(10102))).toBeGreaterThan(0);
    expect(verdict.get(103)).toBeUndefined();
  });

  it('finds an instrument by token as well as by name', async () => {
    const verdict = await order(house.future, {
      more: [
        [55, '[N/A]'],
        [48, house.future.token],
        [22, '8'],
      ],
    });
    expect(shown(verdict, 150, 55, 207)).toEqual({ 150: '0', 55: house.future.symbol, 207: 'NFO' });
  });

  it.each<[keyof typeof RejectCode, (house: SmallHouse) => [Traded, OrderWords]]>([
    ['unknownAccount', (h) => [h.share, { account: 'NOBODY' }]],
    ['accountNotActive', (h) => [h.share, { account: 'FROZEN' }]],
    ['segmentNotAllowed', (h) => [h.future, { account: 'CASHONLY' }]],
    ['lendingNotOffered', (h) => [h.share, { more: [[207, 'SLB']] }]],
    ['lendingNotOffered', (h) => [h.share, { more: [[207, 'SLBM']] }]],
    ['segmentNotAllowed', (h) => [h.share, { more: [[207, 'NCDEX']] }]],
    ['unknownInstrument', (h) => [h.share, { more: [[55, 'NOSUCH']] }]],
    ['orderTypeNotAllowed', (h) => [h.share, { more: [[59, '1']] }]],
    ['orderTypeNotAllowed', (h) => [h.share, { more: [[10001, 'XYZ']] }]],
    ['quantityInvalid', (h) => [h.share, { quantity: 0 }]],
    ['quantityInvalid', (h) => [h.share, { quantity: 1.5 }]],
    ['lotSize', (h) => [h.future, { quantity: h.future.lot + 1 }]],
    ['freezeQuantity', (h) => [h.future, { quantity: (Math.floor(h.future.freeze / h.future.lot) + 1) * h.future.lot }]],
    ['priceTick', (h) => [h.share, { price: null }]],
    ['priceTick', (h) => [h.share, { price: h.share.close + h.share.tick / 2 }]],
    ['priceBand', (h) => [h.share, { price: Math.ceil(h.share.high * 2) }]],
    ['displayQuantity', (h) => [h.share, { quantity: 10, more: [[111, 20]] }]],
    ['stopPrice', (h) => [h.share, { quantity: 10, more: [[40, 4]] }]],
    ['clientOrderQuantity', (h) => [h.share, { account: 'SMALL', quantity: 51 }]],
    ['reduceOnly', (h) => [h.share, { account: 'REDUCE', quantity: 1 }]],
    ['insufficientHoldings', (h) => [h.share, { account: 'SELLER', side: 2, quantity: 101 }]],
    ['insufficientMargin', (h) => [h.future, { account: 'POOR' }]],
  ])('rejects with %s', async (name, given) => {
    const [traded, words] = given(house);
    const verdict = await order(traded, words);
    const text = rejectText(RejectCode[name]);
    expect(shown(verdict, 35, 150, 39, 103, 10100, 151)).toEqual({
      35: '8',
      150: '8',
      39: '8',
      103: String(text.ordRejReason),
      10100: String(RejectCode[name]),
      151: '0',
    });
    expect(verdict.get(58)).toContain(text.text);
  });

  it.each<[string, (house: SmallHouse) => OrderWords, Record<number, string | undefined>]>([
    ['a fraction of a unit', () => ({ quantity: 1.5 }), { 38: undefined, 10100: '12', 10106: '100000000', 10107: undefined }],
    ['more digits than are exact', () => ({ more: [[38, '99999999999999999999']] }), { 38: undefined, 10100: '12', 10107: undefined }],
    ['no units', () => ({ quantity: 0 }), { 38: '0', 10100: '12', 10107: '0' }],
    ['more units than any order', () => ({ quantity: 200_000_000 }), { 38: '200000000', 10100: '12', 10107: '200000000' }],
    ['a fifth decimal', (h) => ({ more: [[44, `${h.share.close.toFixed(4)}1`]] }), { 44: undefined, 10100: '15', 10107: undefined }],
    ['a symbol nobody lists', () => ({ more: [[55, 'NOSUCH']] }), { 55: '[N/A]', 48: undefined, 10100: '8' }],
    [
      'a token nobody lists',
      () => ({
        more: [
          [48, 4_000_000_000],
          [22, '8'],
        ],
      }),
      { 55: '[N/A]', 48: '4000000000', 10100: '8' },
    ],
    ['a segment for lending', () => ({ more: [[207, 'SLBM']] }), { 207: 'SLB', 48: undefined, 10100: '42', 10107: '8' }],
    ['an order type that is no digit', () => ({ more: [[40, 'P']] }), { 40: undefined, 10100: '11' }],
  ])('does not echo %s as another number', async (_, words, expected) => {
    const verdict = await order(house.share, words(house));
    expect(shown(verdict, ...Object.keys(expected).map(Number))).toEqual(expected);
  });

  it('says how much is missing', async () => {
    const verdict = await order(house.future, { account: 'POOR' });
    const [after, available, shortfall] = [10102, 10103, 10104].map((tag) => Number(verdict.get(tag)));
    expect(shortfall).toBeCloseTo((after ?? 0) - (available ?? 0), 2);
    expect(verdict.get(58)).toBe(`Margin is not sufficient: needs Rs ${verdict.get(10104)} more`);
  });

  it('rejects a ClOrdID used before, and reports the status when it is a possible resend', async () => {
    const id = nextId();
    oms.send('D', newOrder(id, house.share));
    const first = await oms.report(id);
    oms.send('D', newOrder(id, house.share));
    expect(shown(await oms.report(id, 2), 150, 10100)).toEqual({ 150: '8', 10100: String(RejectCode.duplicateClOrdId) });
    oms.send('D', newOrder(id, house.share, { more: [[97, 'Y']] }));
    expect(shown(await oms.report(id, 3), 150, 39, 37)).toEqual({ 150: 'I', 39: '0', 37: first.get(37) });
  });
});

describe('what cannot be judged', () => {
  it.each<[string, string, (id: string) => readonly (readonly [number, string | number])[], string, RegExp]>([
    ['an order without account', 'D', (id) => newOrder(id, house.share).filter(([tag]) => tag !== 1), '5', /Account\(1\) is required/],
    ['an account too long', 'D', (id) => newOrder(id, house.share, { account: 'A'.repeat(17) }), '0', /longer than 16/],
    ['a ClOrdID too long', 'D', (id) => newOrder(id + 'x'.repeat(40), house.share), '0', /longer than 40/],
    ['a side that is neither', 'D', (id) => newOrder(id, house.share, { more: [[54, '5']] }), '0', /Side\(54\)/],
    [
      'a message of another trade',
      'B',
      () => [
        [148, 'news'],
        [33, 1],
        [58, 'x'],
      ],
      '3',
      /Unsupported/,
    ],
    [
      'a mass cancel of an unknown instrument',
      'q',
      (id) => [
        [11, id],
        [530, '1'],
        [55, 'NOSUCH'],
        [60, newOrder(id, house.share)[5]?.[1] ?? ''],
      ],
      '0',
      /not known/,
    ],
    ['a trade without price', '8', (id) => execution('F', id, id, house.share, { last: [1, 0] }), '0', /LastPx/],
  ])('answers %s by BusinessMessageReject', async (_, type, body, reason, text) => {
    const sent = oms.send(type, body(nextId()));
    await oms.quiet();
    const reject = oms.memory.reports.find((fields) => fields.get(35) === 'j' && fields.get(45) === String(sent));
    expect(reject && shown(reject, 372, 380)).toEqual({ 372: type, 380: reason });
    expect(reject?.get(58)).toMatch(text);
  });
});

describe('life of an order', () => {
  it('goes from verdict to confirmation to fills to filled', async () => {
    const id = nextId();
    oms.send('D', newOrder(id, house.share, { quantity: 10 }));
    const orderId = (await oms.report(id)).get(37) ?? '';
    oms.send('8', execution('0', `${id}n`, id, house.share, { orderId, quantity: 10 }));
    expect(shown(await oms.report(id, 2), 150, 39)).toEqual({ 150: '0', 39: '0' });
    oms.send('8', execution('F', `${id}t1`, id, house.share, { orderId, quantity: 10, status: '1', last: [4, house.share.close] }));
    expect(shown(await oms.report(id, 3), 150, 39, 14, 151, 32)).toEqual({ 150: 'F', 39: '1', 14: '4', 151: '6', 32: '4' });
    oms.send('8', execution('F', `${id}t1`, id, house.share, { orderId, quantity: 10, status: '1', last: [4, house.share.close] }));
    oms.send('8', execution('F', `${id}t2`, id, house.share, { orderId, quantity: 10, status: '2', last: [6, house.share.close] }));
    await oms.quiet();
    const last = oms.memory.reports.filter((fields) => fields.get(11) === id).at(-1) ?? new Map();
    expect(shown(last, 150, 39, 14, 151)).toEqual({ 150: 'F', 39: '2', 14: '10', 151: '0' });
    expect(Number(last.get(6))).toBeCloseTo(house.share.close, 2);
  });

  it('books a fill of an order it does not know: no report, an open break', async () => {
    const id = nextId();
    for (const [orderId, trade] of [
      ['NONE', `${id}t1`],
      ['garbage', `${id}t2`],
    ] as const)
      oms.send('8', execution('F', trade, id, house.share, { orderId, account: 'CASHONLY', quantity: 5, status: '2', last: [5, house.share.close] }));
    await oms.quiet();
    expect(oms.memory.reports.filter((fields) => fields.get(11) === id)).toEqual([]);
    const headers = { authorization: `Bearer ${adminToken(join(house.folder, 'data'))}` };
    const { data } = (await (await fetch(`http://127.0.0.1:${gateway.httpPort}/v1/breaks`, { headers })).json()) as { data: { breaks: object[] } };
    const expected = { kind: 'unknownOrder', account: 'CASHONLY', order_id: '', token: house.share.token, side: 'BUY', quantity: 5 };
    expect(data).toMatchObject({ open: 2, dropped: 0, breaks: [expected, expected] });
    const portfolio = (await (await fetch(`http://127.0.0.1:${gateway.httpPort}/v1/clients/CASHONLY/positions`, { headers })).json()) as {
      data: { positions: { net: number }[] };
    };
    expect(portfolio.data.positions.map(({ net }) => net)).toEqual([10]);
  });

  it('follows a chain of replaces, holding margin until each is confirmed', async () => {
    const [first, second, third] = [nextId(), nextId(), nextId()];
    oms.send('D', newOrder(first, house.future));
    const orderId = (await oms.report(first)).get(37) ?? '';
    oms.send('G', replace(second, first, house.future, { quantity: 2 * house.future.lot }));
    expect(shown(await oms.report(second), 150, 39, 41)).toEqual({ 150: 'E', 39: 'E', 41: first });
    oms.send('G', replace(third, first, house.future, { quantity: 3 * house.future.lot }));
    expect(shown(await oms.report(third), 35, 102, 434, 10100)).toEqual({ 35: '9', 102: '3', 434: '2', 10100: String(RejectCode.changePending) });
    oms.send(
      '8',
      execution('5', `${second}r`, second, house.future, {
        orderId,
        quantity: 2 * house.future.lot,
        more: [
          [41, first],
          [44, house.future.close],
        ],
      }),
    );
    expect(shown(await oms.report(second, 2), 150, 38, 41)).toEqual({ 150: '5', 38: String(2 * house.future.lot), 41: first });
  });

  it('cancels in two steps', async () => {
    const [id, cancelId, late] = [nextId(), nextId(), nextId()];
    oms.send('D', newOrder(id, house.share));
    const orderId = (await oms.report(id)).get(37) ?? '';
    oms.send('F', cancel(cancelId, id, house.share));
    expect(shown(await oms.report(cancelId), 150, 39, 41, 37)).toEqual({ 150: '6', 39: '6', 41: id, 37: orderId });
    oms.send('8', execution('4', `${id}x`, id, house.share, { orderId, status: '4' }));
    await oms.quiet();
    expect(oms.memory.reports.some((fields) => fields.get(37) === orderId && fields.get(150) === '4' && fields.get(39) === '4')).toBe(true);
    oms.send('F', cancel(late, id, house.share));
    expect(shown(await oms.report(late), 35, 102, 10100)).toEqual({ 35: '9', 102: '0', 10100: String(RejectCode.tooLateToChange) });
  });

  it('refuses to cancel what it does not know', async () => {
    const id = nextId();
    oms.send('F', cancel(id, 'never', house.share));
    expect(shown(await oms.report(id), 35, 37, 102, 434)).toEqual({ 35: '9', 37: 'NONE', 102: '1', 434: '1' });
  });

  it('mass cancels one client, and everyone when no account is named', async () => {
    const [one, other, mass, all] = [nextId(), nextId(), nextId(), nextId()];
    oms.send('D', newOrder(one, house.call, { account: 'SMALL', quantity: house.call.lot }));
    oms.send('D', newOrder(other, house.share, { account: 'CASHONLY' }));
    await oms.report(other);
    oms.send('q', [
      [11, mass],
      [1, 'CASHONLY'],
      [530, '7'],
      [60, '20261120-09:00:00'],
    ]);
    expect(shown(await oms.report(mass), 35, 530, 531, 533)).toEqual({ 35: 'r', 530: '7', 531: '7', 533: '1' });
    oms.send('q', [
      [11, all],
      [530, '7'],
      [60, '20261120-09:00:00'],
    ]);
    await oms.until(
      () => oms.memory.reports.filter((fields) => fields.get(35) === 'r' && fields.get(11) === all).length === 256,
      'one report of every slot',
    );
  });

  it('tells the status of one order and of all', async () => {
    const id = nextId();
    oms.send('D', newOrder(id, house.share, { account: 'CASHONLY', quantity: 3 }));
    const orderId = (await oms.report(id)).get(37);
    oms.send('H', [
      [11, id],
      [1, 'CASHONLY'],
      [55, house.share.symbol],
      [54, 1],
    ]);
    expect(shown(await oms.report(id, 2), 150, 39, 37, 38, 151)).toEqual({ 150: 'I', 39: '0', 37: orderId, 38: '3', 151: '3' });
    oms.send('H', [
      [11, 'none'],
      [1, 'CASHONLY'],
      [55, house.share.symbol],
      [54, 1],
    ]);
    expect(shown(await oms.report('none'), 150, 39, 37, 103)).toEqual({ 150: 'I', 39: '8', 37: 'NONE', 103: '5' });
    oms.send('AF', [
      [584, 'all'],
      [585, 7],
    ]);
    const answers = (): Fields[] => oms.memory.reports.filter((fields) => fields.get(584) === 'all');
    await oms.until(() => answers().some((fields) => fields.get(912) === 'Y'), 'the last status');
    expect(answers().length).toBe(Number(answers()[0]?.get(911)));
    expect(answers().some((fields) => fields.get(37) === orderId)).toBe(true);
  });
});
