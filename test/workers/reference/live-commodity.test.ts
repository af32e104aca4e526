// Live SPAN of options on futures: crude oil, Rs 100 of value for a rupee of price. The files' arrays come from Black's formula in thirty digits, so what
// live SPAN derives from the first must be what the second brings.
import { beforeAll, describe, expect, it } from 'vitest';
import type { ParameterTable } from '../../../engine/index.ts';
import { LiveArrays, loadRiskParameters } from '../../../workers/reference/index.ts';
import { black76 } from './black-76-oracle.ts';
import { scratch } from './fixtures.ts';

const FACTOR = 100;
const [RATE, SIGMA, VOL_SHIFT, RANGE] = [0.06, 0.36, 0.04, 0.09];
/** Options of 16 November and 15 December deliver the futures of 19 November and 18 December. */
const SERIES = [
  { expiry: 20261216, future: 20261218, at: 2, days: 27, basis: 1.01 },
  { expiry: 20270114, future: 20270119, at: 3, days: 56, basis: 1.02 },
] as const;
const STRIKES = [6_300, 6_550, 6_900];
const MOVES = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3];

const ra = (losses: readonly number[], delta: number): string =>
  `<ra><r>1</r>${losses.map((loss) => `<a>${loss.toFixed(2)}</a>`).join('')}<d>${delta.toFixed(4)}</d></ra>`;

/** Sixteen losses of one long contract whose value at a price, a day count and a volatility is given. */
function losses(price: number, valueAt: (price: number, years: number, sigma: number) => number, days: number): number[] {
  const range = price * RANGE;
  const base = valueAt(price, days / 365, SIGMA);
  const later = (days - 2) / 365;
  const fourteen = MOVES.map((thirds, s) => base - valueAt(price + (thirds * range) / 3, later, SIGMA + (s % 2 === 0 ? VOL_SHIFT : -VOL_SHIFT)));
  return [...fourteen, ...[2, -2].map((move) => 0.35 * (base - valueAt(price + move * range, later, SIGMA)))];
}

/** The file with the near future at `near`. */
function crude(near: number, exercise = 'EURO'): string {
  const priceOf = (basis: number): number => Math.round(near * basis * 100) / 100;
  const future = ({ at, future: expiry, basis }: (typeof SERIES)[number]): string =>
    `<fut><cId>${at}</cId><pe>${expiry}</pe><p>${priceOf(basis).toFixed(2)}</p>${ra(
      losses(priceOf(basis), (price) => price * FACTOR, 9),
      1,
    )}</fut>`;
  const option = (series: (typeof SERIES)[number], strike: number, type: 'CE' | 'PE'): string => {
    const price = priceOf(series.basis);
    const on = (at: number, years: number, sigma: number): number =>
      black76({ type, future: at, strike, years, r: RATE, sigma }).value.toNumber() * FACTOR;
    const { value, delta } = black76({ type, future: price, strike, years: series.days / 365, r: RATE, sigma: SIGMA });
    return `<opt><o>${type[0]}</o><k>${strike}.00</k><p>${value.toFixed(2)}</p>${ra(losses(price, on, series.days), delta.toNumber())}</opt>`;
  };
  const series = (each: (typeof SERIES)[number]): string => {
    const options = STRIKES.flatMap((strike) => [option(each, strike, 'CE'), option(each, strike, 'PE')]);
    return `<series><pe>${each.expiry}</pe><undC><exch>MCX</exch><pfId>1</pfId><cId>${each.at}</cId></undC>${options.join('')}</series>`;
  };
  // The scan range is printed as value of one contract: what a rupee of price is, the future's own losses say.
  const scan = `<scanRate><r>1</r><priceScan>${(near * RANGE * FACTOR).toFixed(2)}</priceScan><volScan>${VOL_SHIFT}</volScan></scanRate>`;
  return `<spanFile><fileFormat>4.00</fileFormat><created>202611200900</created><definitions/><pointInTime><date>20261120</date><isSetl>0</isSetl>
<clearingOrg><ec>MCXCCL</ec><name>MCX</name><exchange><exch>MCX</exch>
<futPf><pfId>1</pfId><pfCode>CRUDEOIL</pfCode><cvf>${FACTOR}</cvf><valueMeth>FUT</valueMeth>
<fut><cId>1</cId><pe>20261123</pe><p>${near.toFixed(2)}</p>${scan}${ra(
    losses(near, (price) => price * FACTOR, 3),
    1,
  )}</fut>${SERIES.map(future).join('')}</futPf>
<oofPf><pfId>2</pfId><pfCode>CRUDEOIL</pfCode><exercise>${exercise}</exercise><cvf>${FACTOR}</cvf><valueMeth>EQTY</valueMeth>${SERIES.map(series).join('')}</oofPf>
</exchange><ccDef><cc>CRUDEOIL</cc><name>CRUDEOIL</name><currency>INR</currency>
<pfLink><exch>MCX</exch><pfId>1</pfId><pfType>FUT</pfType><sc>1.0</sc></pfLink><pfLink><exch>MCX</exch><pfId>2</pfId><pfType>OOF</pfType><sc>1.0</sc></pfLink>
</ccDef></clearingOrg></pointInTime></spanFile>`;
}

const { write } = scratch();
const load = (name: string, text: string): Promise<ParameterTable> => loadRiskParameters({ span: write(name, text), businessDate: 20261120 });
let first: ParameterTable;
let second: ParameterTable;
beforeAll(async () => {
  first = await load('first.spn', crude(6_500));
  second = await load('second.spn', crude(6_630));
});

describe('options on crude oil futures', () => {
  it('are known to be on the future each series delivers, its price and its own scan range with them', () => {
    const terms = { on: 'FUTURE', exercise: 'EUROPEAN', valueFactor: 100, scaling: 1 };
    expect(first.details.commodities[0]?.optionTerms).toEqual({
      20261216: { ...terms, price: 6_565, priceScan: 590.85 },
      20270114: { ...terms, price: 6_630, priceScan: 596.7 },
    });
  });

  it('the model that is the file: Black-76, with the rate and volatility the arrays were made with', () => {
    const found = new LiveArrays(first).calibrationOf(0);
    expect(found?.model).toBe('BLACK_76');
    expect(found?.residual).toBeLessThan(0.0001);
    expect(found?.sigma).toBeCloseTo(SIGMA, 3);
    expect(found?.r).toBeCloseTo(RATE, 2);
  });

  it('change nothing at the price of the file', () => {
    const live = new LiveArrays(first);
    live.move(0, first.spot[0] ?? 0);
    expect([live.table.riskArray, live.table.price, live.table.delta]).toEqual([first.riskArray, first.price, first.delta]);
  });

  it('are at 2 % more what the next file says: losses within a ten-thousandth of the range, prices and deltas too', () => {
    const live = new LiveArrays(first);
    expect(live.move(0, second.spot[0] ?? 0)).toBe(first.instruments);
    const range = 6_630 * RANGE * FACTOR;
    const worst = (of: 'riskArray' | 'price' | 'delta'): number =>
      live.table[of].reduce((most, value, at) => Math.max(most, Math.abs(value - (second[of][at] ?? 0))), 0);
    expect(worst('riskArray') / 100 / range).toBeLessThan(0.0001);
    expect(worst('price') / 100 / range).toBeLessThan(0.0001);
    expect(worst('delta')).toBeLessThan(2);
  });

  it('where the file says that they may be exercised early, they are derived so', async () => {
    const american = new LiveArrays(await load('american.spn', crude(6_500, 'AMER'))).calibrationOf(0);
    expect(american?.model).toBe('BARONE_ADESI_WHALEY');
    // The arrays are those of European options all the same; early exercise is worth little of them.
    expect(american?.residual).toBeLessThan(0.005);
  });
});
