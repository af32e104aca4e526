// Prices of a date's cash segment by ISIN, out of the exchange's price file: what shortages and unpaid units are valued at. Micros of a rupee per unit.
import { readBhavcopy } from '../../../workers/reference/index.ts';
import { type NodeContext, TransientFault } from '../../runner/index.ts';
import { type DayParts, recordOf, refusing, textOf } from '../end-of-day/day-parts.ts';
import { fetchBody, fileRole } from '../fetch-file.ts';

/** Prices of one share on one date. */
export interface SharePrices {
  readonly close: number;
  readonly high: number;
  readonly settlement: number;
  readonly symbol: string;
}
/** By ISIN. */
export type DayPrices = ReadonlyMap<string, SharePrices>;

/** Series of T+0 at NSE. */
export const SAME_DAY_SERIES = 'T0';
const MICROS_PER_TICK = 100;

/** Prices of the date of `context`, taken in when they were not yet. Throws TransientFault while the file is not there. */
export async function dayPrices(parts: DayParts, context: NodeContext): Promise<DayPrices> {
  const { outputs = {} } = await fetchBody(
    parts,
    fileRole('bhavcopy-cm', async (file) => ({ shares: (await readPrices(file)).size })),
  )(context);
  return refusing(() => readPrices(textOf(recordOf(outputs['bhavcopy-cm'], 'bhavcopy-cm'), 'file')));
}

/** Prices of an earlier or later date, if that file was taken in. */
export async function keptPrices(parts: DayParts, date: string): Promise<DayPrices | undefined> {
  const file = parts.files.of('bhavcopy-cm', date);
  return file === undefined ? undefined : refusing(() => readPrices(file));
}

/** Reads a price file; the first series of an ISIN counts, T+0's only where there is no other. */
export async function readPrices(file: string): Promise<Map<string, SharePrices>> {
  const found = new Map<string, SharePrices>();
  const sameDay = new Set<string>();
  await readBhavcopy(file, ({ isin, symbol, series, close, high, settlementPrice }) => {
    const isOrdinary = series !== SAME_DAY_SERIES;
    if (isin === '' || (found.has(isin) && !(isOrdinary && sameDay.delete(isin)))) return;
    if (!isOrdinary) sameDay.add(isin);
    const [last, settled] = [close ?? 0, settlementPrice ?? close ?? 0];
    found.set(isin, { close: last * MICROS_PER_TICK, high: (high ?? last) * MICROS_PER_TICK, settlement: settled * MICROS_PER_TICK, symbol });
  });
  return found;
}

/** Prices of the date, if they are there: for what is shown, not for what is settled. Undefined while the file is missing. */
export async function pricesIfThere(parts: DayParts, context: NodeContext): Promise<DayPrices | undefined> {
  try {
    return await dayPrices(parts, context);
  } catch (error) {
    if (error instanceof TransientFault) return undefined;
    throw error;
  }
}
