// Collateral in pieces, as a risk officer reckons it: haircuts, caps, the 50:50 rule, when a pledge counts, where it is placed. Figures are worked by hand.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collateralView, marginExplanation, SlotState, shortClients } from '../../engine/index.ts';
import { Client } from '../../engine/state/client-table.ts';
import { EQ, exchangeReport, FUT, POLICY, placeOrder, rupees } from './builders.ts';
import { available, BOND, counts, desk, FUND, give, LIST, NIGHT, nextDay, OTHER, pledge, SHARE, share } from './collateral-desk.ts';
import { Desk } from './desk.ts';

describe('a piece', () => {
  it.each([
    ['100 shares at 2,500 less 12.5 %', { kind: 'EQUITY', key: SHARE, quantity: 100 }, [], 0, 218_750],
    [
      'the house takes 10 %, the exchange 12.5 %: the larger',
      { kind: 'EQUITY', key: SHARE, quantity: 100 },
      [{ ...share, houseHaircut: 1_000 }],
      0,
      218_750,
    ],
    ['the house takes 20 %', { kind: 'EQUITY', key: SHARE, quantity: 100 }, [{ ...share, houseHaircut: 2_000 }], 0, 200_000],
    ['the house takes 30 % of any share', { kind: 'EQUITY', key: SHARE, quantity: 100 }, [{ kind: 'EQUITY', houseHaircut: 3_000 }], 0, 175_000],
    ['a share on no list', { kind: 'EQUITY', key: 'INE999A01999', quantity: 100 }, [], 0, 0],
    [
      '3 units at 33.33 less 33.33 %: 66.6633, down',
      { kind: 'EQUITY', key: SHARE, quantity: 3 },
      [{ ...share, price: rupees(33.33), haircut: 3_333 }],
      0,
      66.66,
    ],
    ['an overnight fund listed at 2 % takes 5 %', { kind: 'OVERNIGHT_FUND', key: NIGHT, quantity: 100 }, [], 95_000, 0],
    ['another fund listed at 4 % takes 9 %', { kind: 'FUND', key: FUND, quantity: 1_000 }, [], 0, 45_500],
    [
      'a liquid fund the list calls cash-like',
      { kind: 'FUND', key: FUND, quantity: 1_000 },
      [{ kind: 'FUND', isin: FUND, price: rupees(50), haircut: 1_000, class: 'CASH_EQUIVALENT' }],
      45_000,
      0,
    ],
    ['a bond at 101.25 less 2 %', { kind: 'GSEC', key: BOND, quantity: 1_000 }, [], 99_225, 0],
    ['a deposit counts whole', { kind: 'FDR', key: 'FD-778', quantity: 500_000_00 }, [], 500_000, 0],
    [
      'a deposit of which the house counts 90 %',
      { kind: 'FDR', key: 'FD-778', quantity: 500_000_00 },
      [{ kind: 'FDR', houseHaircut: 1_000 }],
      450_000,
      0,
    ],
    ['a deposit that ended yesterday', { kind: 'FDR', key: 'FD-778', quantity: 500_000_00, maturity: 20261119 }, [], 0, 0],
    ['a guarantee with money behind it', { kind: 'BANK_GUARANTEE', key: 'BG-1', quantity: 200_000_00 }, [], 200_000, 0],
    ['a guarantee with none', { kind: 'BANK_GUARANTEE_UNFUNDED', key: 'BG-2', quantity: 200_000_00 }, [], 0, 200_000],
    ['cash that is placed is the cash there is, not more of it', { kind: 'CASH', segment: 2, quantity: 100_000_00 }, [], 0, 0],
  ])('%s', (_words, piece, changes, cashLike, other) => {
    const of = desk();
    if (changes.length > 0) of.tell('SetHaircuts', { date: 20261120, rows: changes });
    expect(give(of, [piece])[0]?.event).toBe('MarginChanged');
    expect(counts(of)).toEqual({ cashLike, other });
  });

  it('takes less of a fund before 1 August 2024', () => {
    const of = new Desk();
    of.tell('OpenDay', { businessDate: 20240731, ruleSet: 1, policy: POLICY });
    of.account('A1', 0);
    of.tell('SetHaircuts', { date: 20240731, rows: LIST });
    give(of, [{ kind: 'OVERNIGHT_FUND', key: NIGHT, quantity: 100 }]);
    expect(counts(of).cashLike).toBe(98_000);
    nextDay(of, 20240731, 20240801);
    expect(counts(of).cashLike).toBe(95_000);
  });

  it('is worth what it is worth: a new price moves the funds, and says so', () => {
    const of = desk();
    give(of, [{ kind: 'EQUITY', key: SHARE, quantity: 100 }], 1_000_000);
    const told = of.tell('SetHaircuts', { date: 20261123, rows: [{ ...share, price: rupees(2_000) }] });
    expect(told.map(({ event, available: funds }) => [event, funds])).toEqual([
      ['MarginChanged', 1_175_000_00],
      ['HaircutsSet', 0],
    ]);
    // A list in parts shows in nobody's funds before its last part.
    of.tell('SetHaircuts', { date: 20261124, replace: true, revalue: false, rows: [] });
    expect(available(of)).toBe(1_175_000);
    of.tell('SetHaircuts', { date: 20261124, rows: [share] });
    expect(available(of)).toBe(1_218_750);
  });
});

describe('caps', () => {
  it('count no more units of a security than the list allows, wherever they are', () => {
    const of = desk([{ ...share, cap: 150 }]);
    give(of, [
      { kind: 'EQUITY', key: SHARE, quantity: 100, segment: 2 },
      { kind: 'EQUITY', key: SHARE, quantity: 100, segment: 7 },
    ]);
    expect(counts(of).other).toBe(328_125);
    expect(collateralView(of.state, 'A1')?.pieces.map(({ segment, value, counted }) => [segment, value / 100, counted / 100])).toEqual([
      [2, 218_750, 218_750],
      [7, 218_750, 109_375],
    ]);
  });

  it('count one share for at most a quarter of the other collateral', () => {
    const of = desk([...LIST, { kind: 'EQUITY', securityShare: 2_500 }]);
    // 2,18,750 of one share, 60,000 of another, 45,500 of a fund: 3,24,250 in all, a quarter is 81,062.50.
    give(of, [
      { kind: 'EQUITY', key: SHARE, quantity: 100 },
      { kind: 'EQUITY', key: OTHER, quantity: 1_000 },
      { kind: 'FUND', key: FUND, quantity: 1_000 },
    ]);
    expect(counts(of).other).toBe(81_062.5 + 60_000 + 45_500);
  });

  it('count a whole kind for at most so much', () => {
    const of = desk([...LIST, { kind: 'EQUITY', cap: 250_000_00 }]);
    give(of, [
      { kind: 'EQUITY', key: SHARE, quantity: 100 },
      { kind: 'EQUITY', key: OTHER, quantity: 1_000 },
    ]);
    expect(counts(of).other).toBe(250_000);
  });
});

describe('the 50:50 rule', () => {
  const shares = [{ kind: 'EQUITY', key: SHARE, quantity: 100 }];
  const deposit = [{ kind: 'FDR', key: 'FD-778', quantity: 18_750_00 }];
  it.each([
    ['shares alone are no funds', 0, shares, 0],
    ['a paisa below the shares: both count, the last paisa does not', 218_749.99, shares, 437_499.98],
    ['as much cash as shares: all counts', 218_750, shares, 437_500],
    ['a rupee more of cash adds a rupee', 218_751, shares, 437_501],
    ['a deposit is as good as cash', 200_000, [...shares, ...deposit], 437_500],
    ['a debit takes from both sides', -10_000, [...shares, ...deposit], 17_500],
    ['no cash part is left: the shares help nobody', -18_750, [...shares, ...deposit], 0],
    ['below nothing the debit stands', -20_000, [...shares, ...deposit], -1_250],
  ])('%s', (_words, cash, pieces, funds) => {
    const of = desk();
    give(of, pieces, cash);
    expect(available(of)).toBe(funds);
  });
});

describe('a pledge', () => {
  it('counts from the day after, an intraday one at once', () => {
    const of = desk();
    give(of, [], 1_000_000);
    expect(of.tell('ChangePledge', pledge(100))[0]).toMatchObject({ event: 'PledgeChanged', value: 0, limit: 100, available: 1_000_000_00 });
    expect(of.tell('ChangePledge', pledge(10, { credit: 'NOW' }))[0]).toMatchObject({ value: 10, limit: 100, available: 1_021_875_00 });
    nextDay(of, 20261120, 20261123);
    expect(available(of)).toBe(1_240_625);
    expect(collateralView(of.state, 'A1')?.pieces[0]).toMatchObject({ quantity: 110, pending: 0 });
  });

  it('made after the close counts on the next day too', () => {
    const of = desk();
    give(of, [], 1_000_000);
    of.tell('CloseDay', { businessDate: 20261120 });
    of.tell('ChangePledge', pledge(100));
    expect(available(of)).toBe(1_000_000);
    of.tell('OpenDay', { businessDate: 20261123, ruleSet: 1, policy: POLICY });
    expect(available(of)).toBe(1_218_750);
  });

  it('is taken back first from what does not count yet, and never below the margin unless it is a fact', () => {
    // 10,000 of cash and five shares (10,937.50, of which the cash lets 10,000 count) stand against a margin of 18,500.
    const of = desk();
    give(of, [{ kind: 'EQUITY', key: SHARE, quantity: 5 }], 10_000);
    of.send(placeOrder({ id: 'a', of: FUT, quantity: 100 }));
    of.tell('ChangePledge', pledge(40));
    expect(of.tell('ChangePledge', pledge(-40))[0]).toMatchObject({
      event: 'PledgeChanged',
      value: 5,
      limit: 0,
      after: 18_500_00,
      available: 20_000_00,
    });
    expect(of.tell('ChangePledge', pledge(-6))[0]?.event).toBe('CommandRefused');
    expect(of.tell('ChangePledge', pledge(-2))[0]?.reject).toBe('insufficientMargin');
    expect(available(of)).toBe(20_000);
    expect(of.tell('ChangePledge', pledge(-1))[0]).toMatchObject({ event: 'PledgeChanged', value: 4, available: 18_750_00 });
    expect(of.tell('ChangePledge', pledge(-4, { fact: true }))[0]).toMatchObject({ value: 0, available: 10_000_00 });
  });

  it('takes the units out of what can be sold, and gives them back', () => {
    const of = desk();
    give(of, [], 1_000_000);
    const holding = { segment: EQ.segment, token: EQ.token };
    of.tell('SetHoldings', { account: 'A1', ...EQ, free: 100, pledged: 0, t1: 0 });
    of.send(placeOrder({ id: 'a', of: EQ, side: 'sell', quantity: 30, product: 'CNC', price: 1_000 }));
    expect(of.tell('ChangePledge', pledge(71, { holding }))[0]?.reject).toBe('insufficientHoldings');
    expect(of.tell('ChangePledge', pledge(70, { holding, credit: 'NOW' }))[0]).toMatchObject({ event: 'PledgeChanged', value: 70 });
    expect(of.send(placeOrder({ id: 'b', of: EQ, side: 'sell', quantity: 1, product: 'CNC', price: 1_000 }))[0]?.reject).toBe('insufficientHoldings');
    expect(of.tell('ChangePledge', pledge(-1, { holding }))[0]?.event).toBe('PledgeChanged');
    expect(of.send(placeOrder({ id: 'c', of: EQ, side: 'sell', quantity: 1, product: 'CNC', price: 1_000 }))[0]?.event).toBe('OrderAccepted');
  });

  it('of a government security ends with its last day', () => {
    const of = desk();
    give(of, [{ kind: 'GSEC', key: BOND, quantity: 1_000 }]);
    nextDay(of, 20261120, 20261124);
    expect(counts(of).cashLike).toBe(99_225);
    nextDay(of, 20261124, 20261125);
    expect(counts(of).cashLike).toBe(0);
    expect(collateralView(of.state, 'A1')?.pieces[0]).toMatchObject({ counted: 0, reason: 'ended' });
  });
});

describe('allocation', () => {
  /** Long 100 of the future (NFO); the margin of the position is what the corporation asks. */
  function holding(pieces: readonly object[]): { of: Desk; required: number } {
    const of = desk();
    give(of, pieces, 1_000_000);
    of.send(placeOrder({ id: 'a', of: FUT, quantity: 100 }));
    of.send(exchangeReport({ id: 'a', type: 'TRADE', trade: 'T1', quantity: 100, price: 1000 }));
    return { of, required: (collateralView(of.state, 'A1')?.corporations[0]?.required ?? 0) / 100 };
  }
  const standing = (of: Desk): (number | undefined)[] => {
    const [ncl] = collateralView(of.state, 'A1')?.corporations ?? [];
    return [ncl?.required, ncl?.placed, ncl?.short, ncl?.unexplained].map((paise) => (paise ?? 0) / 100);
  };
  const move = (from: number, to: number, amount: number, change: object = {}): object => ({
    account: 'A1',
    kind: 'CASH',
    from,
    to,
    quantity: amount * 100,
    reference: 'NMASS',
    ...change,
  });

  it('short is what the positions ask less what is placed at that corporation', () => {
    // 100 units, scan 150 a unit, exposure 35 a unit: 18,500.
    const { of, required } = holding([{ kind: 'CASH', segment: 2, quantity: 10_000_00 }]);
    expect(required).toBe(18_500);
    expect(standing(of)).toEqual([18_500, 10_000, 8_500, 8_500]);
    expect(shortClients(of.state, 1, 10).clients).toMatchObject([{ account: 'A1', corporation: 1, short: 8_500_00 }]);
    of.tell('AllocateCollateral', move(0, 7, 3_000));
    // 3,000 lie at the commodity corporation without need: so much of the shortage has a reason.
    expect(standing(of)).toEqual([18_500, 10_000, 8_500, 5_500]);
    of.tell('AllocateCollateral', move(0, 1, 8_500));
    // The same corporation, another segment of it.
    expect(standing(of)).toEqual([18_500, 18_500, 0, 0]);
    expect(shortClients(of.state, 1, 10).clients).toEqual([]);
  });

  it('counts pledged shares there after haircut, without the 50:50 rule', () => {
    const { of } = holding([{ kind: 'EQUITY', key: SHARE, quantity: 8, segment: 2 }]);
    expect(standing(of)).toEqual([18_500, 17_500, 1_000, 1_000]);
    expect(collateralView(of.state, 'A1')?.segments).toMatchObject([{ segment: 2, cash: 0, cashOthers: 0, nonCash: 17_500_00 }]);
  });

  it('gives back only what is not needed there, and no more cash than there is', () => {
    const { of } = holding([{ kind: 'CASH', segment: 2, quantity: 20_000_00 }]);
    expect(of.tell('AllocateCollateral', move(2, 0, 1_501))[0]?.reject).toBe('insufficientMargin');
    expect(standing(of)[1]).toBe(20_000);
    expect(of.tell('AllocateCollateral', move(2, 0, 1_500))[0]).toMatchObject({ event: 'CollateralAllocated', value: 1_500_00, limit: 2 });
    expect(of.tell('AllocateCollateral', move(2, 0, 1, { fact: true }))[0]?.event).toBe('CollateralAllocated');
    expect(of.tell('AllocateCollateral', move(0, 2, 981_502))[0]?.event).toBe('CommandRefused');
    expect(of.fold.refusal).toContain('is above the 98150100 that are there');
    expect(of.tell('AllocateCollateral', move(0, 2, 981_501))[0]?.event).toBe('CollateralAllocated');
  });
});

describe('the margin tree', () => {
  it('lists every piece under its side, and adds up', () => {
    const of = desk();
    of.tell('SetHaircuts', { date: 20261120, rows: [{ ...share, houseHaircut: 2_000 }] });
    const pieces = [
      { kind: 'EQUITY', key: SHARE, quantity: 100 },
      { kind: 'EQUITY', key: OTHER, quantity: 10, credit: 'NEXT_DAY' },
      { kind: 'FDR', key: 'FD-1', quantity: 20_000_00 },
    ];
    of.tell('SetCollateral', { account: 'A1', cash: 150_000_00, cashEquivalent: 500_00, nonCash: 0, pieces });
    const tree = marginExplanation(of.state, 'A1')?.available;
    const lines = (label: string): unknown[] =>
      tree?.children.find((child) => child.label === label)?.children.map(({ label: name, amount, rule }) => [name, amount / 100, rule]) ?? [];
    expect(lines('cash equivalents')).toEqual([
      ['FDR FD-1', 20_000, 'haircut 0 %'],
      ['given as a figure', 500, 'after haircut, worked out elsewhere'],
    ]);
    expect(lines('other collateral that counts')).toEqual([
      [`EQUITY ${OTHER}`, 0, 'haircut 40 %; 10 more from the next day on'],
      [`EQUITY ${SHARE}`, 200_000, "haircut 20 %, the house's; the exchange's is 12.5 %"],
      ['beyond cash and equivalents', -29_500, '50:50'],
    ]);
    expect(tree?.amount).toBe(341_000_00);
    expect(tree?.children.reduce((sum, child) => sum + child.amount, 0)).toBe(tree?.amount);
  });
});

describe('a command that does not fit', () => {
  it.each([
    [
      'SetCollateral',
      { account: 'A1', cash: 1, cashEquivalent: 0, nonCash: 0, pieces: [{ kind: 'GOLD', key: 'X', quantity: 1 }] },
      'pieces[0].kind must be one of',
    ],
    [
      'SetCollateral',
      { account: 'A1', cash: 1, cashEquivalent: 0, nonCash: 0, pieces: [{ kind: 'CASH', quantity: 1 }] },
      'pieces[0].segment must name where',
    ],
    [
      'SetCollateral',
      { account: 'A1', cash: 1, cashEquivalent: 0, nonCash: 0, pieces: [{ kind: 'EQUITY', key: SHARE, quantity: 0 }] },
      'pieces[0].quantity must be',
    ],
    ['ChangePledge', pledge(0), 'quantity must not be 0'],
    ['ChangePledge', pledge(1, { kind: 'FDR' }), 'kind must be a listed security'],
    ['ChangePledge', pledge(1, { holding: { segment: 2, token: 1 } }), 'segment must be a cash segment'],
    ['AllocateCollateral', { account: 'A1', kind: 'EQUITY', key: SHARE, from: 1, to: 1, quantity: 1, reference: '' }, 'to must be another place'],
    ['SetHaircuts', { date: 20261120, rows: [{ kind: 'FDR', isin: SHARE, price: 1 }] }, 'rows[0].isin is not for FDR'],
    ['SetHaircuts', { date: 20261120, rows: [{ kind: 'EQUITY', isin: SHARE, price: 1, haircut: 10_001 }] }, 'rows[0].haircut must be'],
  ] as const)('%s %j', (kind, body, why) => {
    const of = desk();
    const before = of.state.hash();
    expect(of.tell(kind, body)[0]?.reject).toBe('commandMalformed');
    expect(of.fold.refusal).toContain(why);
    const { clients, haircuts, collateral } = of.state;
    expect([clients.f64(1, Client.cash), collateral.live, haircuts.live]).toEqual([0, 0, LIST.length]);
    expect(of.state.hash()).not.toBe(before);
  });
});

const places = fc.integer({ min: 0, max: 7 });
const moves = fc.array(fc.record({ piece: fc.integer({ min: 0, max: 3 }), from: places, to: places, quantity: fc.integer({ min: 1, max: 120 }) }), {
  maxLength: 25,
});
const CAPPED = [{ ...share, haircut: 1_237, price: 24_999_500, cap: 70 }, ...LIST.slice(1), { kind: 'EQUITY', securityShare: 4_000 }];

describe('properties', () => {
  it('moving collateral between places changes no client’s funds by a paisa, and a restored slot goes on alike', () => {
    fc.assert(
      fc.property(moves, (script) => {
        const of = desk(CAPPED);
        give(
          of,
          [
            { kind: 'EQUITY', key: SHARE, quantity: 101 },
            { kind: 'FUND', key: FUND, quantity: 77 },
            { kind: 'FDR', key: 'FD-1', quantity: 111_11 },
          ],
          3_000,
        );
        const before = available(of);
        const twin = new Desk();
        twin.state = SlotState.restore(0, of.state.snapshot());
        twin.state.rebuild(undefined);
        of.state.rebuild(undefined);
        for (const { piece, ...rest } of script) {
          const what = [{ kind: 'CASH' }, { kind: 'EQUITY', key: SHARE }, { kind: 'FUND', key: FUND }, { kind: 'FDR', key: 'FD-1' }][piece] ?? {};
          const body = { account: 'A1', ...what, ...rest, reference: 'r' };
          of.tell('AllocateCollateral', body);
          twin.tell('AllocateCollateral', body);
          expect(available(of)).toBe(before);
        }
        expect(twin.state.hash()).toBe(of.state.hash());
      }),
      { numRuns: 60 },
    );
  });

  it('the old body still says all: figures as given, no piece beside them', () => {
    const of = desk();
    give(of, [{ kind: 'EQUITY', key: SHARE, quantity: 100 }], 500_000);
    of.tell('SetCollateral', { account: 'A1', cash: 7_00, cashEquivalent: 5_00, nonCash: 3_00 });
    expect([counts(of), available(of)]).toEqual([{ cashLike: 5, other: 3 }, 15]);
    nextDay(of, 20261120, 20261123);
    expect([counts(of), of.state.collateral.live]).toEqual([{ cashLike: 5, other: 3 }, 0]);
  });

  it('figures beside pieces: both count', () => {
    const of = desk();
    of.tell('SetCollateral', { account: 'A1', cash: 0, cashEquivalent: 1_00, nonCash: 2_00, pieces: [{ kind: 'GSEC', key: BOND, quantity: 1_000 }] });
    expect(counts(of)).toEqual({ cashLike: 99_226, other: 2 });
    of.tell('SetHaircuts', { date: 20261120, replace: true, rows: [] });
    expect(counts(of)).toEqual({ cashLike: 1, other: 2 });
  });
});
