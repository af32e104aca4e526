// Rules that few files use: scenario definitions, super spreads, relative series, options on futures of another month.
import { describe, expect, test } from 'vitest';
import { loadRiskParameters, riskArray } from '../../../workers/reference/index.ts';
import { faultOf, scratch, spanText } from './fixtures.ts';

const { write } = scratch();
const load = (text: string) => loadRiskParameters({ span: write('rules.spn', text) });

/** Sixteen definitions; `moves` are printed as the file's own forms of a third. */
function points(weightOfExtreme = 0.3, pairOfFirst = 2): string {
  const thirds = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3];
  const regular = thirds.map((move, at) => {
    const price = `<priceScanDef><mult>${(move / 3).toFixed(4)}</mult><numerator>${move}</numerator><denominator>3</denominator></priceScanDef>`;
    const paired = at === 0 ? pairOfFirst : (at ^ 1) + 1;
    return `<scanPointDef><point>${at + 1}</point>${price}<volScanDef><mult>${at % 2 === 0 ? 1 : -1}</mult></volScanDef><weight>1</weight><pairedPoint>${paired}</pairedPoint></scanPointDef>`;
  });
  const extreme = [3, -3].map(
    (move, at) =>
      `<scanPointDef><point>${15 + at}</point><priceScanDef><mult>${move}</mult></priceScanDef><volScanDef><mult>0</mult></volScanDef><weight>${weightOfExtreme}</weight><pairedPoint>${15 + at}</pairedPoint></scanPointDef>`,
  );
  return `<pointDef><r>1</r>${[...regular, ...extreme].join('')}</pointDef>`;
}

describe('scenario definitions', () => {
  test('are taken from the file, thirds exactly, and make the arrays of a model', async () => {
    const table = await load(spanText({ head: points() }));
    const [clearing] = table.details.clearing;
    expect(clearing?.scanPoints?.[2]).toEqual({ point: 3, priceMove: 1 / 3, volMove: 1, weight: 1, paired: 4 });
    expect(clearing?.scanPoints?.[15]).toEqual({ point: 16, priceMove: -3, volMove: 0, weight: 0.3, paired: 16 });
    const model = {
      spot: 6000,
      strike: 0,
      type: 'FUT' as const,
      days: 91,
      r: 0,
      sigma: 0,
      vsr: 0,
      lookaheadDays: 0,
      psr: 345,
      extremeMultiplier: 2,
      cover: 0.35,
    };
    const { array } = riskArray({ ...model, scanPoints: clearing?.scanPoints });
    expect([array[2], array[12], array[15]]).toEqual([-115, 345, 310.5]);
  });

  test('are a commodity’s own where it defines them', async () => {
    const own = spanText().replace('<ccDef><cc>ALPHA</cc>', `<ccDef><cc>ALPHA</cc>${points(0.25)}`);
    expect((await load(own)).details.commodities[0]?.scanPoints?.[14]?.weight).toBe(0.25);
  });

  test.each([
    ['a point beyond 16', points().replace('<point>16</point>', '<point>17</point>'), 'scan point 17 is not one of 16'],
    ['a pair beyond 16', points(0.3, 40), 'scan point 40 is not one of 16'],
    ['a point defined twice', points().replace('<point>16</point>', '<point>15</point>'), 'scan point 15 is defined twice'],
    ['fewer than 16', points().replace(/<scanPointDef><point>16.*?<\/scanPointDef>/, ''), '15 scan points are defined, expected 16'],
  ])('%s is refused', async (_what, head, reason) => {
    expect(await faultOf(load(spanText({ head })))).toMatch(new RegExp(`rules.spn:\\d+: spanFile/pointInTime/clearingOrg/pointDef.*: ${reason}`));
  });
});

describe('spreads', () => {
  const leg = (side: string, period: number): string => `<rpLeg><cc>ALPHA</cc><rpNum>${period}</rpNum><rs>${side}</rs><i>1</i></rpLeg>`;
  const relative = (legs: string): string => spanText().replace(/<pLeg>.*<\/pLeg>/, legs);

  test('of relative series name the place of an expiry', async () => {
    const table = await load(relative(leg('A', 1) + leg('B', 2)));
    expect(table.details.commodities[0]?.spreads[0]?.legs.map(({ period, expiry }) => ({ period, expiry }))).toEqual([
      { period: 1, expiry: 0 },
      { period: 2, expiry: 0 },
    ]);
    expect(await faultOf(load(relative(leg('A', 0) + leg('B', 2))))).toContain('relative series has no <rpNum> above 0');
    expect(await faultOf(load(relative(leg('A', 1) + leg('B', 2).replace('<i>', '<btNum>1</btNum><i>'))))).toContain(
      'counted within tiers is not known',
    );
  });

  test('before the calendar charge are kept apart', async () => {
    const legs = ['A', 'B'].map((side) => `<tLeg><cc>ALPHA</cc><tn>0</tn><rs>${side}</rs><i>1</i></tLeg>`).join('');
    const head = `<superSpreads><dSpread><spread>4</spread><chargeMeth>W</chargeMeth><rate><r>1</r><val>60</val></rate>${legs}</dSpread></superSpreads>`;
    const [clearing] = (await load(spanText({ head }))).details.clearing;
    expect(clearing?.superSpreads).toMatchObject([{ priority: 4, method: 'W', rate: 0.6 }]);
    expect(clearing?.interSpreads).toEqual([]);
  });
});

test('an option on a future counts its delta in the month of that future', async () => {
  const text = spanText()
    .replaceAll('oopPf>', 'oofPf>')
    .replace('<pfType>OOP', '<pfType>OOF')
    .replace('<series><pe>20261126</pe>', '<series><pe>20261224</pe><undC><exch>TST</exch><pfId>2</pfId><cId>2</cId></undC>')
    .replace(
      '<tn>1</tn><sPe>20261126</sPe><ePe>20261231</ePe>',
      '<tn>1</tn><sPe>20261126</sPe><ePe>20261130</ePe></tier><tier><tn>2</tn><sPe>20261231</sPe><ePe>20261231</ePe>',
    );
  const table = await load(text);
  expect(table.details.commodities[0]?.deltaExpiry).toEqual({ 20261224: 20261231 });
  const call = table.find(2, 3);
  expect([table.expiry[call], table.scanTier[call], table.tierCount[0]]).toEqual([20261224, 1, 2]);
});
