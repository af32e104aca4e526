// The same day margined twice: by the engine's snapshot (live book, positions alone) and by the practice clearing corporation (whole portfolios, from
// its own list of trades), shares and futures of their own offset (cross margin). Client by client and segment by segment they must come to the same
// paise.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeenTrade } from '../../../batch/sandbox/files/evening-files.ts';
import { marginFiles, type ShortDelivery } from '../../../batch/sandbox/files/margin-files.ts';
import { marginInFull, surveillanceList } from '../../../batch/sandbox/files/morning-lists.ts';
import { type MarketDay, readMarketDay } from '../../../batch/sandbox/market-day.ts';
import { ExchangeSegment, snapshotRows } from '../../../engine/index.ts';
import { generateDay } from '../../../workers/reference/index.ts';
import { exchangeReport, POLICY } from '../../engine/builders.ts';
import { Desk } from '../../engine/desk.ts';
import { Random } from '../../oracle/random.ts';

let folder = '';
let day: MarketDay;
/** The same day without cross margin. */
let plain: MarketDay;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tie-out-'));
  await generateDay({ seed: 9, date: 20261120, clients: 6, underlyings: 7, strikes: 3, versions: 1, bse: true, sameDay: true }, folder);
  plain = await readMarketDay(folder);
  const stocks = [...new Set([...plain.contracts.values()].map(({ symbol }) => symbol))].filter((symbol) =>
    [...plain.shares.values()].some((share) => share.symbol === symbol),
  );
  const lines = stocks.map((symbol) => `own-${symbol},CONSTITUENTS,${symbol},${symbol},EQ,1`);
  writeFileSync(join(folder, 'cross_margin_20112026.csv'), ['Set,Family,Index,Leg,Type,Units', ...lines, ''].join('\n'));
  day = await readMarketDay(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A stock's future sold and as many of its shares bought. */
function hedge(): SeenTrade[] {
  const [token = 0, future] = [...day.contracts].find(([, { instrumentType }]) => instrumentType === 'STF') ?? [];
  const [share = 0] = [...day.shares].find(([, { symbol }]) => symbol === future?.symbol) ?? [];
  const own = { client: day.clients[0]?.account ?? '', quantity: 50 * (future?.lot ?? 0), price: 500, orderId: 'H' };
  return [
    { ...own, segment: 'FO', token, side: 'S', tradeId: 'H1' },
    { ...own, segment: 'CM', token: share, side: 'B', tradeId: 'H2' },
  ];
}

/** Trades of the morning, all before the first snapshot. */
function morning(random: Random): SeenTrade[] {
  const [shares, contracts, sameDay] = [[...day.shares.keys()], [...day.contracts.keys()], [...day.sameDayShares.keys()]];
  return Array.from({ length: 60 }, (_, i) => {
    const segment = random.oneIn(4) ? 'CM' : random.oneIn(6) ? 'T0' : 'FO';
    const token = random.pick({ CM: shares, T0: sameDay, FO: contracts }[segment]);
    const lot = segment !== 'FO' ? 1 : (day.contracts.get(token)?.lot ?? 1);
    const client = random.pick(day.clients).account;
    const side = random.oneIn(2) ? 'B' : 'S';
    return { segment, token, client, side, quantity: lot * random.int(1, 5), price: random.int(10, 2_000), tradeId: `T${i}`, orderId: `O${i}` };
  });
}

function engineOf(trades: readonly SeenTrade[]): Desk {
  const desk = new Desk();
  desk.tell('OpenDay', { businessDate: 20261120, ruleSet: 1, policy: POLICY });
  desk.load(day.parameters);
  for (const { account, cash, cashEquivalent, nonCash, holdings, positions } of day.clients) {
    desk.account(account, 0);
    desk.tell('SetCollateral', { account, cash, cashEquivalent, nonCash });
    for (const holding of holdings) desk.tell('SetHoldings', { account, ...holding });
    for (const position of positions) desk.tell('ImportPosition', { account, ...position });
  }
  for (const { segment, token, client: account, side, quantity, price, tradeId: trade } of trades) {
    const of = { segment: segment === 'FO' ? ExchangeSegment.NFO : ExchangeSegment.NSE, token };
    // Products are the house's: the clearing corporation nets whatever they are.
    const product = segment === 'FO' ? 'NRML' : segment === 'CM' && Number(trade.slice(1)) % 3 === 0 ? 'MIS' : 'CNC';
    desk.send(exchangeReport({ account, type: 'TRADE', trade, of, side: side === 'B' ? 'buy' : 'sell', quantity, price, product }));
  }
  return desk;
}

/** `account segment required shortfall` of every statement row, paise. */
function statements(trades: readonly SeenTrade[], of: MarketDay = day, undelivered: readonly ShortDelivery[] = []): string[] {
  const made = marginFiles(of, trades, undelivered);
  const roles = [
    ['peak-margin-cm', ExchangeSegment.NSE],
    ['peak-margin-fo', ExchangeSegment.NFO],
  ] as const;
  return roles.flatMap(([role, segment]) => {
    const [header = '', ...lines] = (made[role] ?? '').trimEnd().split('\n');
    const at = (cells: readonly string[], column: string): string => cells[header.split(',').indexOf(column)] ?? '';
    const paise = (text: string): number => Math.round(Number(text) * 100);
    return lines.map((line) => {
      const cells = line.split(',');
      return `${at(cells, 'Client ID')} ${segment} ${paise(at(cells, 'Peak Initial'))} ${paise(at(cells, 'Shortfall peak'))}`;
    });
  });
}

describe('the nightly match', () => {
  it.each([1, 2, 3])('of our snapshots and the clearing corporation’s holds to the paisa (day %i)', (seed) => {
    const trades = [...morning(new Random(seed)), ...hedge()];
    const desk = engineOf(trades);
    desk.tell('TakeMarginSnapshot', { label: 'peak', number: 1 });
    const ours = snapshotRows(desk.state).map(({ account, segment, required, shortfall }) => `${account} ${segment} ${required} ${shortfall}`);
    expect(ours.length).toBeGreaterThan(6);
    expect(ours.sort()).toEqual(statements(trades).sort());
    // Shares that stand against futures of their own ask less.
    expect(statements(trades)).not.toEqual(statements(trades, plain));
  });
});

it('what was sold the day before and has not come is margined by both, beside futures of its own, too', () => {
  const trades = [...morning(new Random(4)), ...hedge()];
  const desk = engineOf(trades);
  const undelivered = day.clients.map(({ account }, at): ShortDelivery => {
    const [token = 0] = [...day.shares.keys()].slice(at);
    return { client: account, token, units: 40 * (at + 1), until: 15 * 60 + 30 };
  });
  for (const { client: account, token, units } of undelivered)
    desk.send(
      exchangeReport({
        account,
        type: 'TRADE',
        trade: `U${token}`,
        of: { segment: ExchangeSegment.NSE, token },
        side: 'sell',
        quantity: units,
        price: 100,
      }),
    );
  desk.tell('TakeMarginSnapshot', { label: 'peak', number: 1 });
  const ours = snapshotRows(desk.state).map(({ account, segment, required, shortfall }) => `${account} ${segment} ${required} ${shortfall}`);
  expect(ours.sort()).toEqual(statements(trades, day, undelivered).sort());
  expect(statements(trades, day, undelivered)).not.toEqual(statements(trades));
});

it('a share under surveillance is margined in full at each exchange by itself', async () => {
  const watched = await readMarketDay(folder);
  const { parameters, shares, bseShares } = watched;
  const before = parameters.details.sameShare ?? [];
  marginInFull(watched, 7);
  const listed = surveillanceList(watched, 'asm', 7).trimEnd().split('\n').slice(1);
  const inFull = new Set(listed.filter((line) => line.endsWith(',2')).map((line) => line.split(',')[2]));
  const rates = [shares, bseShares].flatMap((listings, at) =>
    [...listings].filter(([, { isin }]) => inFull.has(isin)).map(([token]) => parameters.cashRate[parameters.find(at === 0 ? 1 : 4, token)]),
  );
  expect(new Set(rates)).toEqual(new Set([10_000]));
  expect(rates.length).toBe(2 * inFull.size);
  const after = new Set((parameters.details.sameShare ?? []).map(([, token]) => token));
  expect(after.size).toBeGreaterThan(0);
  expect(before.filter(([, token]) => !after.has(token)).length).toBeGreaterThan(0);
  expect([...shares].filter(([token, { isin }]) => after.has(token) && inFull.has(isin))).toEqual([]);
});
