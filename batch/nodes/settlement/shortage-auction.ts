// What auction and close-out make of shortages: the clearing corporation's file of the auction, laid beside our own figures, booked as units (bought
// in for buyers, or the obligation ended in money) and as debits and credits of clients. A filled unit costs the auction's price, never less than the
// sale's settlement price; what nobody offered is closed out at the higher of the highest price since the trade and a fifth above the auction day's
// close (SEBI/HO/MRD-PoD2/CIR/P/2024/00181).
import { auctionDebit, closeOutPrice } from '../../../engine/index.ts';
import { readCsvFile } from '../../files/csv-file.ts';
import { scaledNumber } from '../../files/decimal-field.ts';
import { FileError, shown } from '../../files/file-error.ts';
import type { UnitShortage } from '../../securities/shortage-store.ts';
import { settlementName } from './securities-dues.ts';
import { paiseIn, unitsIn } from './securities-payout-files.ts';
import type { DayPrices } from './shortage-prices.ts';

/** One outcome as the clearing corporation reports it. */
export interface AuctionRow {
  /** "A2026225" */
  readonly settlement: string;
  /** Settlement that was short. */
  readonly original: string;
  readonly client: string;
  readonly isin: string;
  readonly units: number;
  readonly isCloseOut: boolean;
  /** Of a client that gets: units (auction) or money (close-out). */
  readonly isBuyer: boolean;
  /** Micros of a rupee. */
  readonly price: number;
  /** Paise. */
  readonly amount: number;
  /** YYYY-MM-DD */
  readonly due: string;
}

/** The auction's file, read: outcomes, and valuations given back (paise). */
export interface AuctionFile {
  readonly rows: readonly AuctionRow[];
  readonly valuations: number;
}

const COLUMNS = [
  'SttlmTp',
  'SctiesSttlmTxId',
  'OrgnlSttlmTp',
  'OrgnlSctiesSttlmTxId',
  'ClntId',
  'ISIN',
  'QtyORShrtQty',
  'TxInd',
  'TxTp',
  'DueDt',
  'SqrOffORValtnPric',
  'SqrOffORValtnAmt',
];
const MICRO_DECIMALS = 6;
const MICROS_PER_PAISA = 10_000;

/** Reads the file of an auction. Rejects with FileError. */
export async function readAuction(file: string): Promise<AuctionFile> {
  const rows: AuctionRow[] = [];
  let valuations = 0;
  await readCsvFile(file, COLUMNS, (row) => {
    const amount = paiseIn(file, row, 'SqrOffORValtnAmt');
    const what = row.text('TxInd');
    if (what === 'VAL') {
      valuations += amount;
      return;
    }
    if (what !== 'AUC' && what !== 'CLO') throw new FileError(file, `line ${row.line}, TxInd`, `${shown(what)} means nothing here`);
    const price = scaledNumber(row.text('SqrOffORValtnPric'), MICRO_DECIMALS);
    if (price === undefined || price < 0)
      throw new FileError(file, `line ${row.line}, SqrOffORValtnPric`, `${shown(row.text('SqrOffORValtnPric'))} is not a price`);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(row.text('DueDt')))
      throw new FileError(file, `line ${row.line}, DueDt`, `${shown(row.text('DueDt'))} is not YYYY-MM-DD`);
    rows.push({
      settlement: settlementName(`${row.text('SttlmTp')}${row.text('SctiesSttlmTxId')}`),
      original: settlementName(`${row.text('OrgnlSttlmTp')}${row.text('OrgnlSctiesSttlmTxId')}`),
      client: row.text('ClntId'),
      isin: row.text('ISIN'),
      units: unitsIn(file, row, 'QtyORShrtQty'),
      isCloseOut: what === 'CLO',
      isBuyer: row.text('TxTp') === 'O',
      price,
      amount,
      due: row.text('DueDt'),
    });
  });
  return { rows, valuations };
}

/** What a shortage comes to by our own reckoning. Units and paise; money is the client's, above zero it receives. */
export interface ShortageResult {
  readonly filled: number;
  readonly closedOut: number;
  readonly closeOutPrice: number;
  readonly money: number;
}

/** Prices of the days between trade and auction that our own files have; undefined when one of those days is not kept. */
export interface PricesSince {
  readonly highest: number;
  readonly auctionDayClose: number;
}

/** Highest price and last close of an ISIN over some days' prices, the auction day's last; undefined when a day or the ISIN is missing. */
export function pricesSince(isin: string, days: readonly (DayPrices | undefined)[]): PricesSince | undefined {
  const own = days.map((day) => day?.get(isin));
  const last = own.at(-1);
  if (last === undefined || own.some((day) => day === undefined)) return undefined;
  return { highest: Math.max(...own.map((day) => day?.high ?? 0)), auctionDayClose: last.close };
}

/**
 * A shortage with its auction rows. A client that failed pays what the units cost: the settlement price it was credited plus the auction debit; a
 * buyer gets units, or the close-out price in money. `prices` are our own; without them the file's close-out price stands.
 */
export function shortageResult(shortage: UnitShortage, rows: readonly AuctionRow[], prices: PricesSince | undefined): ShortageResult {
  const auctioned = rows.filter(({ isCloseOut }) => !isCloseOut);
  const filled = auctioned.reduce((sum, { units }) => sum + units, 0);
  const closedOut = shortage.units - filled;
  const theirs = rows.find(({ isCloseOut }) => isCloseOut)?.price ?? 0;
  const price = prices === undefined ? theirs : closeOutPrice(prices.highest, prices.auctionDayClose);
  if (shortage.side === 'buyer') return { filled, closedOut, closeOutPrice: price, money: inPaise(price, closedOut) };
  const value = auctioned.reduce((sum, one) => sum + BigInt(one.price) * BigInt(one.units), 0n);
  const debit = auctionDebit({
    settlementPrice: shortage.settlementPrice,
    auctionQuantity: filled,
    // The average, upwards: what was paid for the units is owed.
    auctionPrice: filled === 0 ? 0 : Number((value + BigInt(filled) - 1n) / BigInt(filled)),
    closeOutQuantity: closedOut,
    highestPrice: price,
    auctionDayClose: prices?.auctionDayClose ?? 0,
  });
  return { filled, closedOut, closeOutPrice: price, money: -(inPaise(shortage.settlementPrice, shortage.units) + debit.total) };
}

/** Micros per unit times units, in paise, half away from zero. */
function inPaise(micros: number, units: number): number {
  const value = BigInt(micros) * BigInt(units);
  return Number((value + BigInt(MICROS_PER_PAISA / 2)) / BigInt(MICROS_PER_PAISA));
}

/**
 * Rows of each shortage, in their order: same settlement, client, ISIN, and on the same side. A client may be short to the market and to another
 * client at once; the auction does not tell the two apart, so a row's units are dealt out among them.
 */
export function dealtRows(rows: readonly AuctionRow[], shortages: readonly UnitShortage[]): AuctionRow[][] {
  const left = rows.map(({ units }) => units);
  return shortages.map(({ settlement, client, isin, side, units }) => {
    let missing = units;
    return rows.flatMap((row, at) => {
      const isOwn = row.original === settlement && row.client === client && row.isin === isin && row.isBuyer === (side === 'buyer');
      const taken = isOwn ? Math.min(missing, left[at] ?? 0) : 0;
      missing -= taken;
      left[at] = (left[at] ?? 0) - taken;
      return taken === 0 ? [] : [{ ...row, units: taken }];
    });
  });
}
