// Peak margin as the clearing corporation found it against our own snapshots, the penalty on it, and the reports made of the day.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SEGMENTS, type Segment } from '../../../batch/graph/node-row.ts';
import { sha256Of } from '../../../batch/ports/fetched-file.ts';
import { PEAK_ROLE } from '../../../batch/ports/file-names.ts';
import { REPORT_LAYOUTS } from '../../../batch/reports/layouts.ts';
import { DATE, TradingDay, table } from './trading-day.ts';

const HEADER = 'ClntCode,CCSegCd,SnapshotSeq,SnapshotTm,Required,Available,Shortfall';
let day: TradingDay;
afterEach(() => day.end());

/** `client required available` in rupees at the first snapshot, and an evening whose clearing corporation says `client required short`. */
async function evening(ours: readonly string[], theirs: readonly string[], house: object = {}, of: Segment = 'FO'): Promise<void> {
  day = new TradingDay();
  writeFileSync(join(day.data, 'house.json'), JSON.stringify({ pan: 'AAACT1234A', ...house }));
  day.put(
    PEAK_ROLE[of],
    table(
      'Trade Date,Client ID,Peak Initial,Shortfall peak',
      theirs.map((words) => {
        const [client = '', required = '', short = ''] = words.split(' ');
        return { 'Client ID': client, 'Peak Initial': required, 'Shortfall peak': short };
      }),
    ),
  );
  const rows = ours.map((words) => {
    const [client = '', required = 0, available = 0] = words.split(' ').map((word, i) => (i === 0 ? word : Number(word) * 100));
    return `${client},${of},1,11:15,${required},${available},${Math.max(0, Number(required) - Number(available))}\n`;
  });
  const { runner, operator } = await day.night();
  const run = runner.open(DATE, 'th', 'ops');
  for (const segment of SEGMENTS) {
    const file = day.write(join(day.data, `dmf-rows-${segment}.csv`), `${HEADER}\n${segment === of ? rows.join('') : ''}`);
    const outputs = { 'dmf-rows': { file, sha256: sha256Of(readFileSync(file)) } };
    operator.propose(run.id, `TH-SNAP-DMF_ROW@${segment}`, 'resolve', { by: 'asha', reason: 'snapshots ran elsewhere', outputs });
    operator.approve(run.id, `TH-SNAP-DMF_ROW@${segment}`, 'binod');
  }
  await day.run();
}

describe('peak margin', () => {
  it('agrees: what was short is penalised, at the firm’s expense', async () => {
    await evening(
      ['C0001 500000 480000', 'C0002 100000 200000', 'C0003 900000 300000'],
      ['C0001 500000 20000', 'C0002 100000 0', 'C0003 900000 600000'],
    );
    expect(day.error('EOD-DMF-RECONCILE@FO')).toBe('');
    expect(day.status('EOD-DMF-RECONCILE@FO')).toBe('done');
    // 20,000 is below a lakh and a tenth: 0.5 %; 600,000 is above: 1 %.
    expect(day.outputs('EOD-DMF-RECONCILE@FO')).toMatchObject({ clients: 3, differing: 0, short: 2, penalty: 100_00 + 6_000_00 });
    expect(await day.balances(/^(PENALTIES|LEVIES\/PENALTY)$/)).toEqual({ 'LEVIES/PENALTY': 6_100_00, PENALTIES: 6_100_00 + 1_098_00 });
  });

  it('differs: an open gate that names the clients', async () => {
    await evening(['C0001 500000 480000'], ['C0001 500000 30000']);
    expect(day.status('EOD-DMF-RECONCILE@FO')).toBe('gate');
    const { runner } = await day.night();
    expect(runner.states.state(day.runId, 'EOD-DMF-RECONCILE@FO').note).toBe('1 clients differ, first: C0001 2000000 against 3000000 paise');
  });

  it('is found in every segment: commodities by the statement of theirs', async () => {
    await evening(['C0001 50000 40000', 'C0001 70000 66000'], ['C0001 70000 10000'], {}, 'COM');
    expect(day.error('EOD-DMF-RECONCILE@COM')).toBe('');
    // Largest requirement 70,000; largest shortfall 10,000, at another snapshot, above a tenth: 1 %.
    expect(day.outputs('EOD-DMF-RECONCILE@COM')).toMatchObject({ clients: 1, differing: 0, short: 1, penalty: 100_00 });
    expect(day.outputs('EOD-DMF-RECONCILE@CM')).toMatchObject({ clients: 0, short: 0, penalty: 0 });
  });

  it('a response that names a client twice is refused with its place', async () => {
    await evening([], ['C0001 1 0', 'C0001 2 0']);
    expect(day.error('EOD-PMR-FETCH@FO')).toMatch('line 3, Client ID: "C0001" stands twice');
  });
});

describe('reports', () => {
  it('have their layout’s columns, and what the ledger and the snapshots say', async () => {
    await evening(['C0001 500000 480000', 'C0002 100 200'], []);
    expect(day.error('EOD-COMP-REPORT')).toBe('');
    const lines = (report: string): string[][] => {
      const { file } = day.outputs('EOD-COMP-REPORT')[report] as { file: string };
      return readFileSync(file, 'latin1')
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','));
    };
    expect(lines('margin').slice(1, 3)).toEqual([
      [DATE, 'C0001', '500000.00', '0.00', '500000.00', '0.00', '500000.00', '480000.00'],
      [DATE, 'C0002', '100.00', '0.00', '100.00', '0.00', '100.00', '100.00'],
    ]);
    const segregation = lines('segregation');
    expect(segregation.every((line) => line.length === 65)).toBe(true);
    expect(segregation[2]?.slice(0, 12)).toEqual([
      '20-11-2026',
      'AAACT1234A',
      'AAACT1234A',
      '',
      '',
      '',
      'C',
      'FO',
      'C0002',
      ...Array<string>(3).fill(segregation[2]?.[9] ?? ''),
    ]);
    expect(Number(segregation[2]?.[9])).toBe(((await day.balances(/^CLIENT\/C0002$/))['CLIENT/C0002'] ?? 0) / 100);
  });

  it('whose layout is not public are refused until the house has it', async () => {
    await evening([], [], { reports: ['car'] });
    expect(day.error('EOD-COMP-REPORT')).toBe('report car: its layout is not public; house.json needs layouts.car as the authority gave it to you');
    await day.end();
    await evening([], [], {
      reports: ['car'],
      layouts: {
        car: [
          { heading: 'UCC', value: 'client' },
          { heading: 'Funds', value: 'clear' },
        ],
      },
    });
    expect(day.outputs('EOD-COMP-REPORT')).toMatchObject({ car: { rows: 3 } });
    await day.end();
    await evening([], [], { reports: ['car'], layouts: { car: [{ heading: 'UCC', value: 'cleint' }] } });
    expect(day.error('EOD-COMP-REPORT')).toMatch('layout of car: UCC: asks for "cleint", which is none of date');
  });

  it('every public layout names its source', () => {
    day = new TradingDay();
    expect(REPORT_LAYOUTS.map(({ report, columns }) => [report, columns.length])).toEqual([
      ['margin', 8],
      ['MG-12', 8],
      ['MG-13', 8],
      ['client-codes', 17],
      ['DPC', 9],
      ['MTF', 11],
      ['MTFI', 9],
      ['segregation', 65],
    ]);
    expect(REPORT_LAYOUTS.every(({ source }) => source.length > 20)).toBe(true);
  });
});
