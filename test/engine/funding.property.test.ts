// Whatever is bought and sold with funding (MTF), busted, carried over nights and cut by bonus and split: units and money are conserved. Per client
// and share the lots are the position; what left the client's cash is what was paid less what is lent; a restart changes nothing.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clientView, fundingView, portfolioView, SlotState } from '../../engine/index.ts';
import { EQ, exchangeReport, market, marketRows, POLICY, placeOrder } from './builders.ts';
import { Desk } from './desk.ts';

const CRORE = 1_000_000_000;
const START = 10 * CRORE;
const DAY = 20_261_120;
const TABLE = market(marketRows(), { funded: [[EQ.segment, EQ.token, 2_750]] });
const POLICY_MTF = { ...POLICY, fundingLimit: 4 * CRORE };

type Step =
  | { readonly kind: 'trade'; readonly side: 'buy' | 'sell'; readonly quantity: number; readonly price: number; readonly isBusted: boolean }
  | { readonly kind: 'night' };
const trade = fc.record({
  kind: fc.constant('trade' as const),
  side: fc.constantFrom('buy' as const, 'buy' as const, 'sell' as const),
  quantity: fc.integer({ min: 1, max: 90 }),
  price: fc.integer({ min: 18_000, max: 22_000 }).map((steps) => steps * 0.05),
  isBusted: fc.integer({ min: 0, max: 6 }).map((n) => n === 0),
});
const steps = fc.array(fc.oneof({ weight: 4, arbitrary: trade }, { weight: 1, arbitrary: fc.constant<Step>({ kind: 'night' }) }), { maxLength: 40 });

it('units and money are conserved', () => {
  fc.assert(
    fc.property(steps, (day) => {
      const at = new Desk();
      at.tell('OpenDay', { businessDate: DAY, ruleSet: 1, policy: POLICY_MTF });
      at.load(TABLE);
      at.account('A1', START / 100);
      at.tell('SetLimit', { account: 'A1', maxFunded: 4 * CRORE });
      let [date, id, paid, units, nights] = [DAY, 0, 0, 0, 0];
      for (const step of day) {
        if (step.kind === 'trade') {
          id += 1;
          const { side, quantity, price } = step;
          if (at.send(placeOrder({ id: `o${id}`, of: EQ, product: 'MTF', side, quantity, price }))[0]?.event !== 'OrderAccepted') continue;
          const fill = { id: `o${id}`, quantity, price, of: EQ, side } as const;
          at.send(exchangeReport({ ...fill, type: 'TRADE', trade: `T${id}` }));
          if (step.isBusted) at.send(exchangeReport({ ...fill, type: 'TRADE_CANCEL', trade: `T${id}`, ref: `T${id}` }));
          if (step.isBusted) continue;
          const sign = side === 'buy' ? 1 : -1;
          units += sign * quantity;
          paid += sign * quantity * Math.round(price * 100);
          continue;
        }
        at.tell('CloseDay', { businessDate: date });
        nights += 1;
        isConserved(at, { units, paid, nights });
        date += 1;
        at.tell('OpenDay', { businessDate: date, ruleSet: 1, policy: POLICY_MTF });
      }
      at.tell('CloseDay', { businessDate: date });
      isConserved(at, { units, paid, nights: nights + 1 });
      const copy = SlotState.restore(at.state.slot, at.state.snapshot());
      copy.rebuild(at.state.derived.parameters);
      expect(fundingView(copy, 'A1')).toEqual(fundingView(at.state, 'A1'));
    }),
    { numRuns: 60 },
  );
});

/** After a close. `paid`: paise bought for less sold for. */
function isConserved(at: Desk, { units, paid, nights }: { readonly units: number; readonly paid: number; readonly nights: number }): void {
  const funding = fundingView(at.state, 'A1');
  const position = portfolioView(at.state, 'A1')?.positions.find(({ product }) => product === 4);
  const lots = funding?.lots ?? [];
  const sum = (of: (lot: (typeof lots)[number]) => number): number => lots.reduce((total, lot) => total + of(lot), 0);
  expect(sum((lot) => lot.units)).toBe(units);
  expect(position?.net ?? 0).toBe(units);
  expect(portfolioView(at.state, 'A1')?.holdings.reduce((total, { free, t1 }) => total + free + t1, 0)).toBe(0);
  expect(funding?.lent).toBe(sum((lot) => lot.funded));
  expect(funding?.drawn).toBe(funding?.lent);
  for (const lot of lots) expect(lot.funded).toBeLessThanOrEqual(lot.cost);
  const { cash = 0, fundedOwn = 0 } = clientView(at.state, 'A1')?.funds ?? {};
  // A close rounds a client's shares once to the paisa.
  expect(Math.abs(cash - (START - paid + (funding?.lent ?? 0)))).toBeLessThanOrEqual(nights);
  expect(Math.abs(fundedOwn - (sum((lot) => lot.cost) - sum((lot) => lot.funded)))).toBeLessThanOrEqual(lots.length);
}
