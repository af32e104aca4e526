// Derivatives over a day: mark to market, premium, expiry with exercise, assignment and delivery; the position file and its answer; obligations against ours.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Contract, positionDay } from '../../../batch/nodes/end-of-day/derivative-positions.ts';
import { POSITION_COLUMNS } from '../../../batch/nodes/end-of-day/position-file.ts';
import { DATE, obligationFile, priceFile, TradingDay, table, taxFile } from './trading-day.ts';

const TODAY = 20261120;
const contract = (words: string): Contract => {
  const [type = '', option = '', strike = '', expiry = '', previous = '', underlying = '', settlement = ''] = words.split(' ');
  const ticks = (text: string): number => Math.round(Number(text) * 10_000);
  const name = { token: 1, type, symbol: 'X', isin: '', lot: 1, option: option === '-' ? '' : (option as 'CE') } as const;
  const dates = { expiry: Number(expiry), actualExpiry: Number(expiry) };
  return { ...name, ...dates, strike: ticks(strike), previous: ticks(previous), underlying: ticks(underlying), settlement: ticks(settlement) };
};
const rupees = (value: bigint): number => Number(value) / 10_000;

describe('one position over a day', () => {
  // type option strike expiry previous underlying settlement | opening bought@ sold@ | premium mtm final exercise closing exercised assigned delivery@
  it.each<[string, string, string, string]>([
    ['a future carried', 'IDF - 0 20261124 100 105 110', '10 0@0 0@0', '0 100 0 0 10 0 0 0@0'],
    ['a future bought and partly sold', 'IDF - 0 20261124 100 105 110', '0 10@104 4@106', '0 44 0 0 6 0 0 0@0'],
    ['a short future', 'STF - 0 20261124 100 105 110', '-10 0@0 0@0', '0 -100 0 0 -10 0 0 0@0'],
    ['an index future on its last day', 'IDF - 0 20261120 100 105 105', '10 0@0 0@0', '0 0 50 0 0 0 0 0@0'],
    ['a share future on its last day', 'STF - 0 20261120 100 105 105', '10 0@0 0@0', '0 0 50 0 0 0 0 10@105'],
    ['an option bought', 'IDO CE 100 20261124 3 105 6', '0 10@5 0@0', '-50 0 0 0 10 0 0 0@0'],
    ['an option written and bought back', 'IDO PE 100 20261124 3 105 6', '0 10@2 10@5', '30 0 0 0 0 0 0 0@0'],
    ['a call in the money, long', 'IDO CE 100 20261120 3 105 5', '10 0@0 0@0', '0 0 0 50 0 10 0 0@0'],
    ['a call in the money, short', 'IDO CE 100 20261120 3 105 5', '-10 0@0 0@0', '0 0 0 -50 0 0 10 0@0'],
    ['a put out of the money', 'IDO PE 100 20261120 3 105 0', '10 0@0 0@0', '0 0 0 0 0 0 0 0@0'],
    ['a share call in the money, long', 'STO CE 100 20261120 3 105 5', '10 0@0 0@0', '0 0 0 0 0 10 0 10@100'],
    ['a share put in the money, long', 'STO PE 110 20261120 3 105 5', '10 0@0 0@0', '0 0 0 0 0 10 0 -10@110'],
    ['a share put in the money, short', 'STO PE 110 20261120 3 105 5', '-10 0@0 0@0', '0 0 0 0 0 0 10 10@110'],
  ])('%s', (_what, words, traded, expected) => {
    const [opening = '', buys = '', sells = ''] = traded.split(' ');
    const side = (text: string): readonly [number, bigint] => {
      const [units = '', price = ''] = text.split('@');
      return [Number(units), BigInt(Number(units) * Number(price) * 10_000)];
    };
    const [[bought, boughtValue], [sold, soldValue]] = [side(buys), side(sells)];
    const day = positionDay({ client: 'A', contract: contract(words), opening: Number(opening), bought, boughtValue, sold, soldValue }, TODAY);
    const money = [day.premium, day.markToMarket, day.finalSettlement, day.exercise].map(rupees);
    expect([...money, day.closing, day.exercised, day.assigned, `${day.delivery}@${day.deliveryPrice / 10_000}`].join(' ')).toBe(expected);
  });

  it('a position in a contract that expired before is refused', () => {
    const input = { client: 'A', contract: contract('IDF - 0 20261119 1 1 1'), opening: 1, bought: 0, boughtValue: 0n, sold: 0, soldValue: 0n };
    expect(() => positionDay(input, TODAY)).toThrow('expired before 20261120 and is still held by A');
  });
});

const TRADES = ['D1 B C0001 NIFTYFUT 65 24000', 'D2 S C0002 NIFTYFUT 65 24000', 'D3 B C0003 NIFTYCE 130 55.50', 'D4 S C0001 NIFTYCE 65 55.50'];
const PRICES = ['NIFTYFUT IDF 2026-11-24 - 23900 24050 24080', 'NIFTYCE IDO 2026-11-24 24100 40 24050 60'];
/** C0002 carries 65 NIFTY futures in. */
const CARRIED = table(POSITION_COLUMNS.join(','), [
  { ClntId: 'C0002', TckrSymb: 'NIFTY', XpryDt: '20261124', PstExrcAssgndLngQty: '65', PstExrcAssgndShrtQty: '0', FinInstrmTp: 'IDF' },
]);
// C0001: future +80 × 65 = 5,200, option sold 3,607.50. C0002: carried +180 × 65 = 11,700 less sold −80 × 65 = 5,200. C0003: premium paid 7,215.
const OBLIGATIONS = ['C0001 - - 0.00 8807.50', 'C0002 - - 0.00 6500.00', 'C0003 - - 7215.00 0.00'];

let day: TradingDay;

function derivatives(): TradingDay {
  const made = new TradingDay({ FO: TRADES });
  made.put('bhavcopy-fo', priceFile('FO', PRICES));
  made.put('positions-fo-before', CARRIED);
  made.put('obligation-fo', obligationFile('FO', OBLIGATIONS));
  return made;
}

describe('the evening of a derivative segment', () => {
  afterEach(() => day.end());

  it('marks, files, uploads, ties obligations out and books', async () => {
    day = derivatives();
    await day.run();
    expect(day.error('EOD-MTM-EOD@FO')).toBe('');
    expect(day.outputs('EOD-MTM-EOD@FO')).toMatchObject({ positions: 4, premium: 360_750 - 721_500, markToMarket: 520_000 + 650_000 });
    expect(day.status('EOD-OBLIG-PROCESS@FO')).toBe('done');
    expect(day.outputs('EOD-OBLIG-PROCESS@FO')).toMatchObject({
      differences: 0,
      settlements: [{ clearing: 'NCL', number: 'FO20261120', due: 20_261_123, payIn: 721_500, payOut: 1_530_750, net: 809_250, clients: 3 }],
    });
    expect((await day.balances(/^CLEARING\/NCL-FO2/))['CLEARING/NCL-FO20261120@20261123']).toBe(809_250);
    // Nobody has answered the upload yet; then somebody does.
    expect(day.error('EOD-POS-UPLOAD@FO')).toMatch('answer.csv is not there');
    day.answerPositions('FO');
    (await day.night()).operator.retry(day.runId, 'EOD-POS-UPLOAD@FO', { by: 'asha', reason: 'it answered' });
    await day.settle();
    expect(day.status('EOD-POS-UPLOAD@FO')).toBe('done');
    expect(day.outputs('EOD-POS-UPLOAD@FO')).toMatchObject({ accepted: 4 });
    expect((await day.ledger()).verify().findings).toEqual([]);
  });

  it('the position file has the 46 columns, and carries what was held', async () => {
    day = derivatives();
    await day.run();
    const [header = '', ...rows] = readFileSync(String(day.outputs('EOD-POS-FILE@FO')['file']), 'latin1')
      .trimEnd()
      .split('\n');
    expect(header.split(',').length).toBe(46);
    expect(rows.every((row) => row.split(',').length === 46)).toBe(true);
    const of = (row: string, column: string): string => row.split(',')[POSITION_COLUMNS.indexOf(column)] ?? '';
    const columns = ['ClntId', 'OptnTp', 'OpngLngQty', 'OpnBuyTradgQty', 'OpnSellTradgVal', 'PstExrcAssgndLngQty', 'PstExrcAssgndShrtQty', 'PrmAmt'];
    expect(rows.map((row) => [...columns, 'DalyMrkToMktSettlmVal'].map((column) => of(row, column)).join(' '))).toEqual([
      'C0001 CE 0 0 3607.50 0 65 3607.50 0.00',
      'C0001  0 65 0.00 65 0 0.00 5200.00',
      'C0002  65 0 1560000.00 0 0 0.00 6500.00',
      'C0003 CE 0 130 0.00 130 0 -7215.00 0.00',
    ]);
  });

  it('a rejected row is named; the corrected file goes beside the rejected one', async () => {
    day = derivatives();
    await day.run();
    day.answerPositions('FO', [3]);
    const { operator } = await day.night();
    operator.retry(day.runId, 'EOD-POS-UPLOAD@FO', { by: 'asha', reason: 'it answered' });
    await day.settle();
    expect(day.status('EOD-POS-UPLOAD@FO')).toBe('failed');
    expect(day.error('EOD-POS-UPLOAD@FO')).toMatch('1 rows were rejected: line 3: position differs from ours');
    day.put('positions-fo-before', CARRIED.replace('65', '130'));
    operator.correct(DATE, 'eod', ['opening-FO'], { by: 'asha', reason: 'the opening positions came again' });
    await day.settle();
    day.answerPositions('FO', [], '_2');
    operator.retry(day.runId, 'EOD-POS-UPLOAD@FO', { by: 'asha', reason: 'it answered' });
    await day.settle();
    expect(day.outputs('EOD-POS-UPLOAD@FO')).toMatchObject({ accepted: 4, path: expect.stringMatching(/_2\.csv$/) });
  });

  it('an obligation that differs is an open gate that names the client', async () => {
    day = derivatives();
    day.put(
      'obligation-fo',
      obligationFile(
        'FO',
        OBLIGATIONS.map((row) => row.replace('7215.00', '7214.00')),
      ),
    );
    await day.run();
    expect(day.status('EOD-OBLIG-PROCESS@FO')).toBe('gate');
    const { runner } = await day.night();
    expect(runner.states.state(day.runId, 'EOD-OBLIG-PROCESS@FO').note).toBe('1 differences, first: C0003 in  : -721500 against -721400 paise');
  });

  it.each([
    ['an amount that is none', OBLIGATIONS.map((row) => row.replace('7215.00', '72x')), /line 4, CmltvBuyAmt: "72x" is not an amount/],
    ['no client', OBLIGATIONS.map((row) => row.replace('C0002', '')), /line 3, ClntId/],
  ])('an obligation file with %s is refused with its place', async (_what, rows, message) => {
    day = derivatives();
    day.put('obligation-fo', obligationFile('FO', rows));
    await day.run();
    expect(day.error('EOD-OBLIG-FETCH@FO')).toMatch(message);
    expect(day.status('EOD-OBLIG-PROCESS@FO')).toBe('waiting');
  });

  it('what the clearing corporation takes in taxes is owed through its settlement', async () => {
    day = derivatives();
    day.put('stt-fo', taxFile('stt', ['C0001 12.00', 'C0002 780.00']));
    await day.run();
    expect(day.outputs('EOD-OBLIG-PROCESS@FO')).toMatchObject({ taxes: { stt: 79_200, stamp: 0 } });
    expect((await day.balances(/FOTAX/))['CLEARING/NCL-FOTAX20261120@20261123']).toBe(-79_200);
  });
});
