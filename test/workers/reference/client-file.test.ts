// The broker's clients and the house's policy, read the same way by the gateway and the night: what is wrong is refused whole, with its place.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readClientMaster } from '../../../batch/nodes/begin-of-day/client-master.ts';
import { openDayPolicy, readClientFile, readDayPolicy } from '../../../workers/reference/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'clients-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const good = { account: 'A1', riskGroup: 'g', status: 'ACTIVE', kind: 'CLIENT', segments: [1, 2], cash: 1, cashEquivalent: 0, nonCash: 0 };
const file = join(folder, 'clients.jsonl');
const write = (...lines: unknown[]): string => {
  writeFileSync(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return file;
};

describe('the clients', () => {
  it('what may be absent is empty', () => {
    expect(readClientFile(write(good, '', { ...good, account: 'A2', limits: { maxLoss: 5 } }))).toMatchObject([
      { account: 'A1', holdings: [], positions: [], limits: {} },
      { account: 'A2', limits: { maxLoss: 5 } },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['a status nobody knows', { ...good, status: 'ASLEEP' }, ':2: status: '],
    ['a field nobody knows', { ...good, csh: 1 }, ':2: Unrecognized key: "csh"'],
    ['a limit nobody knows', { ...good, limits: { maxNetQty: 1 } }, ':2: limits: Unrecognized key'],
    ['a holding of half a share', { ...good, holdings: [{ segment: 1, token: 7, free: 0.5, pledged: 0, t1: 0 }] }, ':2: holdings[0].free: '],
    ['a product that is none', { ...good, positions: [{ segment: 1, token: 7, product: 9, quantity: 1, price: 1 }] }, ':2: positions[0].product: '],
    ['an account with a blank', { ...good, account: 'A 2' }, ':2: account: must be printable ASCII without spaces'],
    ['an account twice', good, ':2: account A1 is on line 1 already'],
    ['a piece without its ISIN', { ...good, pieces: [{ kind: 'EQUITY', quantity: 1 }] }, ':2: pieces[0]: key must be the ISIN or reference'],
    ['a piece of a kind nobody knows', { ...good, pieces: [{ kind: 'GOLD', key: 'X', quantity: 1 }] }, ':2: pieces[0].kind: '],
    ['cash that is placed nowhere', { ...good, pieces: [{ kind: 'CASH', quantity: 1 }] }, ':2: pieces[0]: segment must name where cash is placed'],
    ['half a line', '{"account":', ':2: not JSON'],
  ])('%s is refused, by day and by night', (_what, line, message) => {
    write(good, line);
    expect(() => readClientFile(file)).toThrow(`${file}${message}`);
    expect(() => readClientMaster(folder)).toThrow(`${file}: line 2`);
  });
});

describe('the policy', () => {
  it('without a file it is the default: 20 % of shares, exchange margins, Rs 10 crore an order, ten seconds', () => {
    expect(openDayPolicy(readDayPolicy(join(folder, 'none.json')), 20261120)).toEqual({
      ...{ cashRateFloor: 2_000, spanMultiplier: 10_000, maxOrderValue: 10_000_000_000, confirmWithin: 10_000_000 },
    });
  });

  it.each([
    ['{"spanMultiplier":9999}', 'policy.json: spanMultiplier: '],
    ['{"cashFloor":1}', 'policy.json: Unrecognized key: "cashFloor"'],
    ['{"riskReduction":{"alertAt":9500}}', 'policy.json: riskReduction: alertAt and leaveBelow must not be above enterAt'],
    ['{"houseMultipliers":[{"from":20260401,"multiplier":9999,"source":"board"}]}', 'multiplier: must not be below 10000: the exchange minimum'],
    ['{"houseMultipliers":[{"from":20260401,"to":20260331,"multiplier":11000,"source":"board"}]}', 'from must not be after to'],
    [
      '{"houseMultipliers":[{"from":20260401,"to":20260430,"multiplier":11000,"source":"board"},{"from":20260430,"multiplier":12000,"source":"board"}]}',
      'two rows hold on one date',
    ],
    ['{', 'policy.json: '],
  ])('%s is refused', (text, message) => {
    writeFileSync(join(folder, 'policy.json'), text);
    expect(() => readDayPolicy(join(folder, 'policy.json'))).toThrow(message);
  });

  const rows = [
    { from: 20_260_401, multiplier: 11_000, source: 'risk committee, minute 14' },
    { from: 20_260_601, to: 20_260_605, multiplier: 15_000, source: 'election week, minute 17' },
    { from: 20_260_901, multiplier: 12_500, source: 'risk committee, minute 21' },
  ];

  it.each([
    ['before the first row: the undated one', 20_260_331, 10_500],
    ['from its day on', 20_260_401, 11_000],
    ['until the next begins', 20_260_531, 11_000],
    ['in the week that has its own', 20_260_605, 15_000],
    ['after that week as before it', 20_260_606, 11_000],
    ['the latest', 20_261_120, 12_500],
  ])('house multiplier %s', (_what, date, multiplier) => {
    writeFileSync(join(folder, 'policy.json'), JSON.stringify({ spanMultiplier: 10_500, houseMultipliers: rows }));
    expect(openDayPolicy(readDayPolicy(join(folder, 'policy.json')), date).spanMultiplier).toBe(multiplier);
  });
});
