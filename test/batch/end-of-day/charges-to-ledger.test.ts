// Trade file, reconciliation, charges, books: the end of day of one segment as operations see it, with the faults they meet.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { pathOf } from '../../../batch/ports/file-names.ts';
import { BreakStore } from '../../../batch/recon/break-store.ts';
import { BEFORE, DATE, TRADES, TradingDay, tradeFile } from './trading-day.ts';

let day: TradingDay;
afterEach(() => day.end());

const CHAIN = ['EOD-TB-CM@CM', 'EOD-RECON@CM', 'EOD-CHARGE-COMPUTE@CM'];
const chain = (): (string | undefined)[] => CHAIN.map((key) => day.status(key));
/** What each client's ledger says, in rupees. */
async function clients(): Promise<Record<string, number>> {
  const balances = await day.balances(/^CLIENT\//);
  return Object.fromEntries(Object.entries(balances).map(([id, balance]) => [id.slice('CLIENT/'.length), balance / 100]));
}

describe('a segment from its trade file to the books', () => {
  it('books what clients owe, and every paisa of it is in the clearing corporation’s and the levies’ accounts', async () => {
    day = new TradingDay();
    await day.run();
    expect(chain()).toEqual(['done', 'done', 'done']);
    expect(day.outputs('EOD-TB-CM@CM')).toMatchObject({ rows: 5, trades: 4, cancelled: 1, repeated: 0 });
    expect(day.outputs('EOD-RECON@CM')).toMatchObject({ trades: 4, matched: 4, breaks: 0 });
    // Bought by C0001: 100 × 1,360.10 and 50 × 812.35; sold by C0002: 100 × 1,360.10; sold by C0003: 20 × 812.40.
    const net = { C0001: -136_010 - 40_617.5, C0002: 136_010, C0003: 16_248 };
    const due = await day.balances(/^CLEARING/);
    expect(due).toEqual({ 'CLEARING/NCL-M2026224@20261123': (net.C0001 + net.C0002 + net.C0003) * 100 });
    // Charges are what is between the net and the ledger, and they are all in levies and brokerage.
    const ledger = await clients();
    const charged = Object.entries(net).reduce((sum, [client, amount]) => sum + amount - (ledger[client] ?? 0), 0);
    const levies = Object.values(await day.balances(/^(LEVIES|BROKERAGE)/)).reduce((sum, each) => sum + each, 0);
    expect(levies / 100).toBeCloseTo(charged, 6);
    expect(levies).toBeGreaterThan(0);
    expect((await day.ledger()).verify().findings).toEqual([]);
  });

  it('leaves breaks on the work list and an open gate; charges wait until two persons accept the difference', async () => {
    day = new TradingDay();
    day.own('CM', ['T1 B C0001 RELIANCE 100 1360.10', 'T1 S C0002 RELIANCE 90 1360.10', 'T2 B C0001 SBIN 50 812.35', 'T9 B C0001 SBIN 1 812.35']);
    await day.run();
    expect(chain()).toEqual(['done', 'gate', 'waiting']);
    const { store, operator } = await day.night();
    const breaks = new BreakStore(store.root);
    const list = breaks.of(DATE, 'CM');
    expect(list.map(({ class: kind, owner, tradeId, state }) => [kind, owner, tradeId, state])).toEqual([
      ['missingExchange', 'exchange-operations', 'T9', 'open'],
      ['missingOurs', 'oms-desk', 'T3', 'open'],
      ['quantity', 'oms-desk', 'T1', 'open'],
    ]);
    const [first] = list;
    const id = first?.id ?? '';
    breaks.assign(DATE, id, 'chitra');
    breaks.propose(DATE, id, { by: 'chitra', reason: 'typed twice by the desk' });
    expect(() => breaks.approve(DATE, id, 'chitra')).toThrow('another person has to approve');
    expect(breaks.approve(DATE, id, 'dev')).toMatchObject({ state: 'closed', proposedBy: 'chitra', approvedBy: 'dev' });
    operator.propose(day.runId, 'EOD-RECON@CM', 'explain', { by: 'chitra', reason: "the exchange's trades stand" });
    operator.approve(day.runId, 'EOD-RECON@CM', 'dev');
    await day.settle();
    expect(chain()).toEqual(['done', 'done', 'done']);
    // The exchange's trades are what is settled.
    expect((await day.balances(/^CLEARING/))['CLEARING/NCL-M2026224@20261123']).toBe(-2_436_950);
  });

  it('a re-issued trade file opens a correction run that reverses and posts again what changed, and nothing else', async () => {
    day = new TradingDay();
    await day.run();
    const before = (await day.ledger()).head.sequence;
    const untouched = (await clients())['C0002'];
    const changed = [...TRADES.CM.filter((words) => !words.startsWith('T3')), 'T3 S C0003 SBIN 30 812.40'];
    day.trades('CM', changed);
    day.own(
      'CM',
      changed.filter((words) => !words.endsWith(' CN')),
    );
    const { operator } = await day.night();
    operator.correct(DATE, 'eod', ['trades-cm'], { by: 'asha', reason: 'the exchange sent the file again' });
    await day.settle();
    expect(day.runId).toBe(`${DATE}/eod/2`);
    expect(chain()).toEqual(['done', 'done', 'done']);
    const ledger = await day.ledger();
    const kinds = Array.from({ length: ledger.head.sequence - before }, (_, i) => ledger.entry(before + 1 + i)).map(
      (entry) => `${entry?.type} ${entry?.kind} ${entry?.key.includes('C0003')}`,
    );
    expect(kinds.sort()).toEqual(['posted CHARGES true', 'posted TRADE true', 'reversal CHARGES true', 'reversal TRADE true']);
    expect((await clients())['C0002']).toBe(untouched);
    expect((await day.balances(/^CLEARING/))['CLEARING/NCL-M2026224@20261123']).toBe(-4_061_750 + 2_437_200);
    expect(ledger.verify().findings).toEqual([]);
  });

  it('running a node again books nothing again', async () => {
    day = new TradingDay();
    await day.run();
    const { head } = await day.ledger();
    const { operator } = await day.night();
    operator.clear(day.runId, 'EOD-TB-CM@CM', 'below', { by: 'asha', reason: 'to see' });
    await day.settle();
    expect(chain()).toEqual(['done', 'done', 'done']);
    expect((await day.ledger()).head.sequence).toBe(head.sequence);
  });
});

describe('a trade file that is not what it should be', () => {
  const place = (): string => join(day.outside, pathOf('trades-cm', DATE, BEFORE));
  const cases: readonly (readonly [string, () => void, RegExp])[] = [
    ['malformed', () => day.put('trades-cm', tradeFile('CM', TRADES.CM).replace(',50,', ',5O,')), /line 4, TradQty: "5O" is not a whole number/],
    ['truncated', () => writeFileSync(place(), Buffer.alloc(40, 0x1f)), /gzip|incorrect/],
    ['cut in a row', () => day.put('trades-cm', tradeFile('CM', TRADES.CM).slice(0, -60)), /line 6: has \d+ columns where the header has 46/],
    ['of yesterday', () => day.put('trades-cm', tradeFile('CM', TRADES.CM).replaceAll(DATE, BEFORE)), /line 2, TradDt: "2026-11-19" is not the date/],
    [
      'with a trade in two versions',
      () => day.trades('CM', [...TRADES.CM, 'T3 S C0003 SBIN 21 812.40']),
      /line 7, UnqTradIdr: "T3" of C0003 comes a second time/,
    ],
  ];

  it.each(cases)('%s is refused with its place, stands in the queue, and books nothing', async (_what, spoil, message) => {
    day = new TradingDay();
    spoil();
    await day.run();
    expect(day.status('EOD-TB-CM@CM')).toBe('failed');
    expect(day.error('EOD-TB-CM@CM')).toMatch(message);
    expect(chain().slice(1)).toEqual(['waiting', 'waiting']);
    expect(Object.keys(await day.balances(/NCL-M|CLIENT/))).toEqual([]);
  });

  it('one that is late is waited for; a provisional one is not taken for it', async () => {
    day = new TradingDay();
    const path = day.put('trades-cm', tradeFile('CM', TRADES.CM));
    const { renameSync } = await import('node:fs');
    renameSync(path, path.replace('_F_', '_P_'));
    await day.run();
    expect(day.status('EOD-TB-CM@CM')).toBe('failed');
    expect(day.error('EOD-TB-CM@CM')).toMatch('only the provisional file is there');
    day.trades('CM', TRADES.CM);
    (await day.night()).operator.retry(day.runId, 'EOD-TB-CM@CM', { by: 'asha', reason: 'it has come' });
    await day.settle();
    expect(chain()).toEqual(['done', 'done', 'done']);
  });

  it('one that comes in parts is put together; rows that come twice count once', async () => {
    day = new TradingDay();
    const path = day.put('trades-cm', '');
    const { rmSync } = await import('node:fs');
    rmSync(path);
    const part = (n: number): string => path.replace('_F_0000', `_F_0000_P${n}`);
    day.write(part(1), tradeFile('CM', TRADES.CM.slice(0, 3)));
    day.write(part(2), tradeFile('CM', TRADES.CM.slice(2)));
    day.write(path.replace('.csv.gz', '.txt'), [part(1), part(2)].map((each) => each.split('/').at(-1)).join('\n'));
    await day.run();
    expect(chain()).toEqual(['done', 'done', 'done']);
    expect(day.outputs('EOD-TB-CM@CM')).toMatchObject({ rows: 6, trades: 4, repeated: 1 });
  });
});
