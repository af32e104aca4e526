// What happens to lots bought with funding (MTF) beside trading: pledges, lots from elsewhere, bonus, peak margin, restart, a house that ends it.
import { describe, expect, it } from 'vitest';
import { clientView, fundingView, portfolioView } from '../../engine/index.ts';
import { EQ, POLICY, placeOrder } from './builders.ts';
import type { Desk } from './desk.ts';
import { cash, DAYS, drawn, fundingDesk, lots, mtf, night, RUPEE, restarted, traded } from './funding-desk.ts';

describe('the pledge of a lot', () => {
  it('is accepted in parts, never beyond its units, and what is sold goes out of what is not pledged first', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100);
    night(at, 1000);
    const pledge = (quantity: number, boughtOn = DAYS[0]): ReturnType<Desk['tell']> =>
      at.tell('PledgeFunded', { account: 'A1', ...EQ, boughtOn, quantity, reference: 'PSN1' });
    expect(pledge(60)[0]).toMatchObject({ event: 'FundedPledged', value: 60, limit: 60 });
    expect(pledge(41)[0]).toMatchObject({ event: 'CommandRefused' });
    expect(at.fold.refusal).toContain('would pledge 101 of the 100 units');
    expect(pledge(1, 20261119)[0]).toMatchObject({ event: 'CommandRefused' });
    expect(pledge(20)[0]).toMatchObject({ limit: 80 });
    traded(at, 'sell', 15);
    night(at);
    expect(lots(at)).toEqual([[20261120, 85, 80, 85_000, 63_750]]);
    traded(at, 'sell', 15);
    night(at);
    expect(lots(at)).toEqual([[20261120, 70, 70, 70_000, 52_500]]);
    expect(pledge(-70)[0]).toMatchObject({ value: -70, limit: 0 });
  });
});

describe('a purchase that another member fails to deliver', () => {
  it('is closed out in money: the units leave their lot at cost, the loan leaves the cash, and the auction’s money is the ledger’s', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100);
    night(at, 1000);
    traded(at, 'buy', 50, 1100);
    night(at, 1100);
    const before = cash(at);
    const ends = (lapsed: number, boughtOn = DAYS[0]): ReturnType<Desk['tell']> =>
      at.tell('SettleShortage', { account: 'A1', ...EQ, short: 0, returned: 0, lapsed, boughtOn, reference: 'A2026225' });
    expect(ends(101)[0]).toMatchObject({ event: 'CommandRefused' });
    expect(at.fold.refusal).toContain('is above the 100 units of the lot of 20261120');
    // A quarter of 1,00,000 is the client's own; three quarters of thirty units' cost go back to the house.
    expect(ends(30)[0]).toMatchObject({ event: 'MarginChanged' });
    expect(cash(at)).toBe(before - 22_500);
    expect(lots(at)).toEqual([
      [20261120, 70, 0, 70_000, 52_500],
      [20261123, 50, 0, 55_000, 41_250],
    ]);
    night(at);
    expect(lots(at)).toHaveLength(2);
    expect(at.tell('SettleShortage', { account: 'A1', ...EQ, short: 1, returned: 0, lapsed: 1, boughtOn: DAYS[0], reference: 'A' })[0]).toMatchObject(
      {
        event: 'CommandRefused',
      },
    );
  });
});

describe('a lot that comes from elsewhere', () => {
  const lot = {
    account: 'A1',
    ...EQ,
    boughtOn: 20261118,
    units: 40,
    pledged: 40,
    cost: 42_000 * RUPEE,
    funded: 30_000 * RUPEE,
    reference: 'cut-over',
  };

  it('joins the position at its cost, draws its loan, and is sold after what is not pledged', () => {
    const at = fundingDesk();
    expect(at.tell('ImportFundedLot', lot)[0]).toMatchObject({ event: 'MarginChanged', after: 10_000 * RUPEE });
    expect(at.tell('ImportFundedLot', lot)[0]).toMatchObject({ event: 'CommandRefused' });
    expect(drawn(at)).toBe(30_000);
    traded(at, 'buy', 10);
    night(at, 1050);
    traded(at, 'sell', 20, 1050);
    night(at);
    expect(lots(at)).toEqual([
      // The 10 of today are not pledged: they go before any that is.
      [20261118, 30, 30, 31_500, 22_500],
    ]);
  });

  it.each([
    ['more pledged than units', { pledged: 41 }, 'pledged is above the 40 units'],
    ['more lent than it cost', { funded: 42_001 * RUPEE }, 'funded is above the 4200000 paise'],
    ['a day to come', { boughtOn: 20270101 }, 'boughtOn is after the business date'],
    ['a derivative', { segment: 2 }, 'segment must be a cash segment'],
  ])('is refused with %s', (_what, change, says) => {
    const at = fundingDesk();
    expect(at.tell('ImportFundedLot', { ...lot, ...change })[0]).toMatchObject({ event: 'CommandRefused' });
    expect(at.fold.refusal).toContain(says);
    expect(lots(at)).toEqual([]);
  });
});

describe('beside it', () => {
  it('a bonus of 1 for 2 cuts each lot by itself; cost moves with value, the loan stays', () => {
    const at = fundingDesk();
    traded(at, 'buy', 101, 1000);
    night(at, 1000);
    traded(at, 'buy', 51, 1000);
    night(at, 1000);
    const [applied] = at.tell('ApplyCorporateAction', { ...EQ, newUnits: 3, oldUnits: 2, reason: 'bonus 1:2' });
    expect(applied).toMatchObject({ event: 'CorporateActionApplied', value: 152, limit: 151 + 76 });
    expect(portfolioView(at.state, 'A1')?.positions).toMatchObject([{ net: 227 }]);
    expect(lots(at).map((lot) => (lot as number[]).slice(0, 2))).toEqual([
      [20261120, 151],
      [20261123, 76],
    ]);
    expect(fundingView(at.state, 'A1')?.lent).toBe((75_750 + 38_250) * RUPEE);
    const [position] = portfolioView(at.state, 'A1')?.positions ?? [];
    expect(position?.unrealised).toBe(0);
  });

  it('the clearing corporation is told the margin of what it has not settled: today’s purchases, no lot', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100);
    night(at, 1000);
    traded(at, 'buy', 30);
    const [row] = at.tell('TakeMarginSnapshot', { label: 'peak', segments: [1] });
    expect(row).toMatchObject({ event: 'MarginSnapshotTaken' });
    expect(clientView(at.state, 'A1')?.peak.required).toBe(6_000 * RUPEE);
  });

  it('a restart knows all of it', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100);
    night(at, 1000);
    traded(at, 'buy', 30);
    const copy = restarted(at);
    expect(copy.hash()).toBe(at.state.hash());
    expect(fundingView(copy, 'A1')).toEqual(fundingView(at.state, 'A1'));
  });

  it('a house that ends it takes no new purchase, and lets what is funded be sold', () => {
    const at = fundingDesk();
    traded(at, 'buy', 100);
    night(at, 1000, POLICY);
    expect(at.send(placeOrder(mtf('buy', 1)))[0]).toMatchObject({ reject: 'orderTypeNotAllowed' });
    expect(at.send(placeOrder(mtf('sell', 100)))[0]).toMatchObject({ event: 'OrderAccepted' });
  });
});
