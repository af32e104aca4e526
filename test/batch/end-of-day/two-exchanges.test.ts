// One share at two exchanges: a chain for each as far as the exchange goes (trade file, reconciliation, charges), one settlement at the clearing
// corporation that clears both. A house that is no member of BSE has no such chain.
import { afterEach, describe, expect, it } from 'vitest';
import { dayGraph } from '../../../batch/graph/index.ts';
import { CHAINS } from '../../../batch/graph/node-row.ts';
import { readNotes } from '../../../batch/nodes/end-of-day/charge-compute.ts';
import { chargeOf } from '../../../batch/nodes/end-of-day/client-charges.ts';
import { obligationFile, TradingDay, taxFile, tradeFile } from './trading-day.ts';

let day: TradingDay | undefined;
afterEach(() => day?.end());

const AT_NSE = ['T1 B C0001 RELIANCE 100 1360.00', 'T2 B C0002 RELIANCE 60 1360.00', 'T3 S C0003 RELIANCE 50 1360.00'];
const AT_BSE = ['T1 S C0001 RELIANCE@BSE 40 1361.00', 'T2 B C0002 RELIANCE@BSE 40 1362.50', 'T9 B C0003 RELIANCE@BSE 50 1361.00 CN'];
/** What the clearing corporation nets, rupees a client pays and gets: 100 × 1,360 − 40 × 1,361; 60 × 1,360 + 40 × 1,362.50; 50 × 1,360. */
const NETTED = ['C0001 M 2026224 136000.00 54440.00', 'C0002 M 2026224 136100.00 0.00', 'C0003 M 2026224 0.00 68000.00'];

/** A member of both exchanges, its order system of the same mind. */
function twoExchanges(obligations: readonly string[] = NETTED): TradingDay {
  day = new TradingDay({ CM: AT_NSE }, { memberships: ['BSE'] });
  day.trades('BSE', AT_BSE);
  day.own(
    'BSE',
    AT_BSE.filter((words) => !words.endsWith(' CN')),
  );
  day.put('obligation-cm', obligationFile('CM', obligations));
  day.put('stt-bse', taxFile('stt', ['C0001 0.00']));
  day.put('stamp-bse', taxFile('stamp', ['C0001 0.00']));
  return day;
}

describe('a share at two exchanges', () => {
  it('is reconciled and charged exchange by exchange, at its own rates, and settles as one', async () => {
    const both = twoExchanges();
    await both.run();
    expect(both.outputs('EOD-RECON@CM')).toMatchObject({ trades: 3, matched: 3, breaks: 0 });
    expect(both.outputs('EOD-RECON@BSE')).toMatchObject({ trades: 2, matched: 2, breaks: 0 });
    expect(['EOD-CHARGE-COMPUTE@CM', 'EOD-CHARGE-COMPUTE@BSE', 'EOD-OBLIG-PROCESS@CM'].map((key) => both.status(key))).toEqual([
      'done',
      'done',
      'done',
    ]);
    // The same settlement of the same clearing corporation takes what both exchanges' trades come to: 68,000 − 136,100 − 81,560.
    expect(await both.balances(/^CLEARING.*M2026224/)).toEqual({ 'CLEARING/NCL-M2026224@20261123': (68_000 - 136_100 - 81_560) * 100 });
    expect(both.outputs('EOD-OBLIG-PROCESS@CM')).toMatchObject({
      differences: 0,
      settlements: [{ number: 'M2026224', clients: 3, net: -149_660_00 }],
    });
    expect((await both.ledger()).verify().findings).toEqual([]);
    const exchangeFee = (key: string): number => {
      const line = readNotes(String(both.outputs(key)['file'])).find(({ client }) => client === 'C0002');
      return line === undefined ? 0 : chargeOf(line, 'exchange') + chargeOf(line, 'ipft');
    };
    // NSE: 307 rupees a crore of 81,600, IPFT in it. BSE: 375 of 54,500, no IPFT. Paise.
    expect(exchangeFee('EOD-CHARGE-COMPUTE@CM')).toBe(Math.round(81_600 * 0.0000307 * 100));
    expect(exchangeFee('EOD-CHARGE-COMPUTE@BSE')).toBe(Math.round(54_500 * 0.0000375 * 100));
  });

  it('keeps the settlement’s gate open when the clearing corporation left one exchange out', async () => {
    const both = twoExchanges(['C0001 M 2026224 136000.00 0.00', 'C0002 M 2026224 81600.00 0.00', 'C0003 M 2026224 0.00 68000.00']);
    await both.run();
    expect([both.status('EOD-OBLIG-PROCESS@CM'), both.outputs('EOD-OBLIG-PROCESS@CM')['differences']]).toEqual(['gate', 2]);
  });

  it('holds the settlement, and not NSE’s charges, while BSE’s trades do not reconcile', async () => {
    const both = twoExchanges();
    both.own('BSE', []);
    await both.run();
    expect(['EOD-RECON@BSE', 'EOD-CHARGE-COMPUTE@BSE', 'EOD-CHARGE-COMPUTE@CM', 'EOD-OBLIG-FETCH@CM'].map((key) => both.status(key))).toEqual([
      'gate',
      'waiting',
      'done',
      'waiting',
    ]);
  });

  it('refuses rows of the other exchange under BSE’s name', async () => {
    const both = twoExchanges();
    both.put('trades-bse', tradeFile('CM', AT_NSE));
    await both.run();
    expect(both.status('EOD-TB-CM@BSE')).not.toBe('done');
    expect(both.error('EOD-TB-CM@BSE')).toContain('is not an exchange of this file (BSE)');
  });
});

describe('the graph of a house', () => {
  it('has BSE’s chains only for members, and the settlement waits for every exchange', () => {
    expect([...dayGraph().instances.keys()].filter((key) => /@B/.test(key))).toEqual([]);
    const both = dayGraph(CHAINS);
    expect(both.chains).toEqual(CHAINS);
    expect(both.instance('EOD-RECON@BSE').waitsFor).toEqual(['EOD-TB-CM@BSE']);
    expect(both.instance('EOD-TB-CM@BSE').waitsFor).toEqual(['EOD-START@BSE']);
    expect(both.instance('EOD-OBLIG-FETCH@CM').waitsFor).toEqual(['EOD-RECON@CM', 'EOD-RECON@BSE']);
    expect(both.instance('SET-PAYIN-PREP@FO').waitsFor).toEqual([
      ...['EOD-RECON@FO', 'EOD-RECON@BFO', 'EOD-MTM-EOD@FO', 'EOD-MTM-EOD@BFO', 'EOD-OBLIG-PROCESS@FO'],
    ]);
    expect(both.instance('BOD-READY-DATA@BSE').waitsFor).toContain('BOD-EX-CONTRACT_CM@BSE');
    expect(both.instance('BOD-READY-DATA@CM').waitsFor).not.toContain('BOD-EX-CONTRACT_CM@BSE');
  });
});
