// Derivatives of BSE over a day, beside NSE's with the same tokens and terms: positions, premium and marks of each exchange by its own prices and
// files, one settlement.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POSITION_COLUMNS, readCarriedPositions } from '../../../batch/nodes/end-of-day/position-file.ts';
import { obligationFile, priceFile, TradingDay, table, taxFile } from './trading-day.ts';

let both: TradingDay;
beforeAll(async () => {
  both = await derivativesDay();
});
afterAll(() => both.end());

/** A future on SBIN at NSE and one at BSE, both token 35003; SBIN puts likewise. */
const AT_NSE = ['D1 B C0001 SBINFUT 1500 800.00'];
const AT_BSE = ['D1 S C0001 SBINFUT 1500 803.00', 'D2 B C0002 SBINPE 1500 12.00'];
const NSE_PRICES = ['SBINFUT STF 2026-11-24 - 795 801 801'];
const BSE_PRICES = ['SBINFUT SF 2026-11-26 - 796 801 802', 'SBINPE SO 2026-11-26 800 11 801 9'];
/** Carried in at BSE: C0002 is short one lot of the future from yesterday's 796. */
const CARRIED = table(POSITION_COLUMNS.join(','), [
  { ClntId: 'C0002', TckrSymb: 'SBIN', XpryDt: '20261126', PstExrcAssgndLngQty: '0', PstExrcAssgndShrtQty: '1500', FinInstrmTp: 'SF' },
]);
/** C0001: (801 − 800) at NSE and (803 − 802) at BSE, 1,500 units each. C0002: carried (796 − 802) × 1,500, premium 12 × 1,500. */
const NETTED = ['C0001 - - 0.00 3000.00', 'C0002 - - 27000.00 0.00'];

async function derivativesDay(): Promise<TradingDay> {
  const day = new TradingDay({ CM: [], FO: AT_NSE }, { memberships: ['BSE', 'BFO'] });
  for (const chain of ['BSE', 'BFO'] as const) {
    day.trades(chain, chain === 'BFO' ? AT_BSE : []);
    day.own(chain, chain === 'BFO' ? AT_BSE : []);
  }
  day.put('bhavcopy-fo', priceFile('FO', NSE_PRICES));
  day.put('bhavcopy-bfo', priceFile('BFO', BSE_PRICES));
  day.put('positions-bfo-before', CARRIED);
  day.put('obligation-fo', obligationFile('FO', NETTED));
  for (const role of ['stt-bse', 'stt-bfo'] as const) day.put(role, taxFile('stt', ['C0001 0.00']));
  for (const role of ['stamp-bse', 'stamp-bfo'] as const) day.put(role, taxFile('stamp', ['C0001 0.00']));
  await day.run();
  return day;
}

describe('contracts of the same token and share at two exchanges', () => {
  it('are marked each by its own exchange’s prices, and settle as one', async () => {
    expect(both.outputs('EOD-MTM-EOD@FO')).toMatchObject({ positions: 1, premium: 0, markToMarket: 1_500_00 });
    expect(both.outputs('EOD-MTM-EOD@BFO')).toMatchObject({ positions: 3, premium: -18_000_00, markToMarket: (1_500 - 9_000) * 100 });
    expect(await both.balances(/^CLEARING.*FO20261120/)).toEqual({ 'CLEARING/NCL-FO20261120@20261123': (3_000 - 27_000) * 100 });
    expect([both.status('EOD-OBLIG-PROCESS@FO'), both.outputs('EOD-OBLIG-PROCESS@FO')['differences']]).toEqual(['done', 0]);
    expect((await both.ledger()).verify().findings).toEqual([]);
  });

  it('are carried out in a position file each, as its rows name no exchange', async () => {
    const carried = async (chain: string): Promise<string[]> => {
      const rows = await readCarriedPositions(String(both.outputs(`EOD-POS-FILE@${chain}`)['file']));
      return rows.map(({ client, name, units }) => `${client} ${name} ${units}`);
    };
    expect(await carried('FO')).toEqual(['C0001 SBIN|20261124|0| 1500']);
    expect(await carried('BFO')).toEqual(['C0001 SBIN|20261126|0| -1500', 'C0002 SBIN|20261126|8000000|PE 1500', 'C0002 SBIN|20261126|0| -1500']);
  });
});
