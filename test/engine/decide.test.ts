// Every reject code, its figures and its precedence; what a refusal leaves behind; the same decision as what-if and as explanation.
import { describe, expect, it } from 'vitest';
import { isRareKind, RejectCode, Verdict } from '../../engine/index.ts';
import { BANNED, CE, cancelOrder, EQ, exchangeReport, placeOrder, rare, replaceOrder } from './builders.ts';
import { openDesk } from './desk.ts';
import { REFUSED_ROWS, REJECT_ROWS } from './reject-codes.table.ts';

describe('a refused order', () => {
  it.each(REJECT_ROWS.map((row) => [row.code, row.because, row] as const))('%s: %s', (_code, _because, row) => {
    const desk = openDesk();
    row.given?.(desk);
    const asked = new Verdict();
    const order = !isRareKind(row.order.kind);
    const before = desk.state.hash();
    if (order) desk.fold.whatIf(desk.state, row.order, asked);
    const explained = order ? desk.fold.explain(desk.state, row.order) : undefined;
    expect(desk.state.hash(), 'asking changes nothing').toBe(before);
    const [event, ...rest] = desk.send(row.order, row.body);
    expect(rest).toEqual([]);
    expect(event).toMatchObject({ reject: row.code, ...row.expect });
    if (explained === undefined) return;
    expect(asked.code, 'what-if agrees').toBe(RejectCode[row.code]);
    expect(explained.code, 'explain agrees').toBe(RejectCode[row.code]);
    const failed = explained.checks.find((check) => !check.passed);
    expect(failed).toMatchObject({ check: row.code, decided: true, value: event?.value, limit: event?.limit });
  });

  it('uses its ClOrdID up from the kill switch on, not before', () => {
    const desk = openDesk();
    expect(desk.send(placeOrder({ id: 'a', quantity: 150 }))[0]?.reject).toBe('lotSize');
    expect(desk.send(placeOrder({ id: 'a' }))[0]?.reject).toBe('duplicateClOrdId');
    expect(desk.send(placeOrder({ id: 'b', account: 'B9' }))[0]?.reject).toBe('unknownAccount');
    expect(desk.send(placeOrder({ id: 'b' }))[0]?.event).toBe('OrderAccepted');
  });

  it('is first refused for what comes first', () => {
    const desk = openDesk();
    desk.tell('UpdateAccount', { account: 'A1', status: 'FROZEN', segments: [1] });
    desk.tell('EngageKillSwitch', { scope: 'FIRM', reason: 'drill', by: 'risk' });
    const wrong = { quantity: 150, price: 1, type: 'LIMIT' } as const;
    expect(desk.send(placeOrder({ id: 'a', ...wrong }))[0]?.reject).toBe('firmKilled');
    desk.tell('ReleaseKillSwitch', { scope: 'FIRM', reason: 'over', by: 'risk' });
    expect(desk.send(placeOrder({ id: 'b', ...wrong }))[0]?.reject).toBe('accountNotActive');
    desk.tell('UpdateAccount', { account: 'A1', status: 'ACTIVE' });
    expect(desk.send(placeOrder({ id: 'c', ...wrong }))[0]?.reject).toBe('segmentNotAllowed');
    desk.tell('UpdateAccount', { account: 'A1', segments: [2] });
    expect(desk.send(placeOrder({ id: 'd', ...wrong }))[0]?.reject).toBe('lotSize');
  });
});

describe('a refused command', () => {
  it.each(REFUSED_ROWS.map((row) => [row.says, row] as const))('%s', (_says, row) => {
    const desk = openDesk();
    if (row.kind === 'OpenDay') desk.tell('CloseDay', { businessDate: 20261120 });
    const tables = desk.state.tables.slice(1).map((table) => table.bytes.slice(0, table.rows * table.stride));
    const happened = desk.send(rare(row.kind), row.body as object);
    expect(happened).toMatchObject([{ event: 'CommandRefused', reject: 'commandMalformed' }]);
    expect(desk.fold.refusal).toContain(row.says);
    expect(desk.state.tables.slice(1).map((table) => table.bytes.slice(0, table.rows * table.stride))).toEqual(tables);
  });
});

describe('an order passes', () => {
  it('when the requirement does not rise, however short the client is', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a' }));
    desk.send(exchangeReport({ id: 'a', type: 'TRADE', trade: 'T1', quantity: 100, price: 1000 }));
    desk.tell('SetCollateral', { account: 'A1', cash: -5_000, cashEquivalent: 0, nonCash: 0 });
    expect(desk.send(placeOrder({ id: 'b' }))[0]?.reject).toBe('insufficientMargin');
    expect(desk.send(placeOrder({ id: 'c', side: 'sell' }))[0]).toMatchObject({ event: 'OrderAccepted', before: 1_850_000, after: 1_850_000 });
  });

  it('in ban, reduce-only and orphaned states when it only reduces', () => {
    const desk = openDesk();
    desk.tell('ImportPosition', { account: 'A1', ...BANNED, product: 3, quantity: 200, price: 10_000_000 });
    desk.tell('UpdateAccount', { account: 'A1', status: 'REDUCE_ONLY' });
    expect(desk.send(placeOrder({ id: 'a', of: BANNED, side: 'sell', quantity: 100 }))[0]?.event).toBe('OrderAccepted');
    expect(desk.send(placeOrder({ id: 'b', of: BANNED, side: 'sell', quantity: 200 }))[0]?.reject).toBe('instrumentBanned');
    expect(desk.send(placeOrder({ id: 'c', of: BANNED, side: 'sell', quantity: 100 }))[0]?.event).toBe('OrderAccepted');
  });

  it('with the limits it is held against quoted: requirement, funds, who set it', () => {
    const desk = openDesk();
    const [event] = desk.send(placeOrder({ id: 'a', of: CE, price: 45 }, { session: 9, number: 1 }));
    expect(event).toMatchObject({ event: 'OrderAccepted', destination: 9, status: '0', execType: '0', leaves: 100, limit: 1_000_000_000, level: 3 });
    expect(event?.value).toBe(event?.after);
  });

  it('as a cash purchase at the policy rate of its value, market orders at the band', () => {
    const desk = openDesk();
    expect(desk.send(placeOrder({ id: 'a', of: EQ, quantity: 10 }))[0]?.after).toBe(200_000);
    expect(desk.send(placeOrder({ id: 'b', of: EQ, quantity: 10, type: 'MARKET', product: 'MIS' }))[0]?.after).toBe(200_000 + 220_000);
  });
});

describe('explain', () => {
  it('names every check that ran and goes on where it can', () => {
    const desk = openDesk();
    desk.tell('SetLimit', { account: 'A1', maxOrderQuantity: 50 });
    const explained = desk.fold.explain(desk.state, placeOrder({ id: 'a', shown: 500 }));
    const failed = explained.checks.filter((check) => !check.passed).map((check) => [check.check, check.decided, check.value, check.limit]);
    expect(failed).toEqual([
      ['displayQuantity', true, 500, 100],
      ['clientOrderQuantity', false, 100, 50],
    ]);
    expect(explained.checks.slice(-2)).toMatchObject([
      { check: 'insufficientMargin', passed: true, value: 1_850_000 },
      { check: 'sliceExhausted', passed: true },
    ]);
    expect(explained).toMatchObject({
      command: 'PlaceOrder',
      ruleSet: 1,
      parametersHash: 'table-1',
      businessDate: 20261120,
      code: RejectCode.displayQuantity,
    });
  });

  it('explains replaces and cancels, and nothing else', () => {
    const desk = openDesk();
    desk.send(placeOrder({ id: 'a' }));
    expect(desk.fold.explain(desk.state, replaceOrder({ id: 'b', orig: 'a', quantity: 200 })).code).toBe(0);
    expect(desk.fold.explain(desk.state, cancelOrder({ id: 'c', orig: 'a' })).checks.map((check) => check.check)).toEqual([
      'dayNotOpen',
      'unknownAccount',
      'duplicateClOrdId',
      'unknownOrder',
      'tooLateToChange',
      'changePending',
    ]);
    expect(() => desk.fold.explain(desk.state, rare('CloseDay'))).toThrow('not an order command');
  });
});
