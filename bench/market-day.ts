// A generated market day under bench/out, made once per set of options, and what a load needs of it: accounts that may trade and contracts to order.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ParameterTable } from '../engine/index.ts';
import { findDayFiles, type GeneratedClient, generateDay, loadRiskParameters, parameterFilesOf } from '../workers/reference/index.ts';
import type { OrderTemplate } from './load/order-stream.ts';
import { outFolder } from './out-folder.ts';

/** How large a day. */
export interface DaySize {
  readonly seed: number;
  readonly clients: number;
  readonly underlyings: number;
  readonly strikes: number;
  /** Clients are sanctioned to buy with the house's funding (MTF), and some have; default no. */
  readonly funded?: boolean;
}

/** The day's directory and contents. */
export interface MarketDay {
  readonly directory: string;
  readonly table: ParameterTable;
  readonly clients: readonly GeneratedClient[];
}

/** Cash that no load exhausts, paise: then every order runs through every check and is accepted. */
const ENDLESS = 90_00_00_00_000_00;

/** Generates the day unless it is there already, and reads it. `wealthy` gives every client endless cash and no limit. */
export async function marketDay(size: DaySize, wealthy: boolean): Promise<MarketDay> {
  const directory = join(
    outFolder(),
    `day-${size.seed}-${size.clients}-${size.underlyings}-${size.strikes}${wealthy ? '-wealthy' : ''}${size.funded === true ? '-funded' : ''}`,
  );
  if (!existsSync(join(directory, 'clients.jsonl'))) {
    await generateDay({ ...size, date: 20261120, versions: 3 }, directory);
    if (wealthy) enrich(join(directory, 'clients.jsonl'));
  }
  const files = findDayFiles(directory);
  const table = await loadRiskParameters(parameterFilesOf(files));
  const lines = readFileSync(files.clients ?? join(directory, 'clients.jsonl'), 'utf8').split('\n');
  return { directory, table, clients: lines.filter((line) => line !== '').map((line) => JSON.parse(line) as GeneratedClient) };
}

function enrich(file: string): void {
  const noLimits = {
    maxOrderQuantity: 0,
    maxOrderValue: 0,
    maxOpenOrders: 0,
    maxOpenOrderValue: 0,
    maxNetQuantity: 0,
    maxGrossValue: 0,
    maxTurnover: 0,
  };
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const rich = lines.map((line) => JSON.stringify({ ...(JSON.parse(line) as GeneratedClient), cash: ENDLESS, segments: [1, 2], limits: noLimits }));
  writeFileSync(file, `${rich.join('\n')}\n`);
}

/** Accounts that may trade derivatives. */
export function tradingAccounts(day: MarketDay): string[] {
  return day.clients
    .filter((client) => client.status === 'ACTIVE' && client.kind === 'CLIENT' && client.segments.includes(2))
    .map((client) => client.account);
}

/** `count` sound one-lot limit orders over the accounts and contracts, buys and sells in turn. */
export function orderTemplates(day: MarketDay, count: number): OrderTemplate[] {
  const accounts = tradingAccounts(day);
  const { table } = day;
  const rows = Array.from({ length: table.instruments }, (_, row) => row).filter(
    (row) => table.segment[row] === 2 && (table.previousClose[row] ?? 0) > 20_000,
  );
  return Array.from({ length: count }, (_, i) => {
    const row = rows[(i * 7919) % rows.length] ?? 0;
    return {
      body: [
        [1, accounts[(i * 31) % accounts.length] ?? ''],
        [38, `${table.lot[row] ?? 1}`],
        [40, '2'],
        [44, ((table.previousClose[row] ?? 0) / 10_000).toFixed(2)],
        [54, i % 2 === 0 ? '1' : '2'],
        [55, table.instrumentName(row)],
        [207, 'NFO'],
        [59, '0'],
      ],
    };
  });
}

/** `count` purchases and sales in turn of listed shares with the house's funding, by clients that are sanctioned. */
export function fundedTemplates({ table, clients }: MarketDay, count: number): OrderTemplate[] {
  const accounts = clients.filter(({ status, limits }) => status === 'ACTIVE' && (limits.maxFunded ?? 0) > 0).map(({ account }) => account);
  const rows = (table.details.funded ?? []).map(([segment, token]) => table.find(segment, token));
  return Array.from({ length: count }, (_, i) => {
    const row = rows[Math.floor(i / 2) % rows.length] ?? 0;
    return {
      body: [
        [1, accounts[Math.floor(i / 2) % accounts.length] ?? ''],
        [38, '5'],
        [40, '2'],
        [44, ((table.previousClose[row] ?? 0) / 10_000).toFixed(2)],
        [54, i % 2 === 0 ? '1' : '2'],
        [55, table.instrumentName(row)],
        [207, 'NSE'],
        [59, '0'],
        [10001, 'MTF'],
      ],
    };
  });
}
