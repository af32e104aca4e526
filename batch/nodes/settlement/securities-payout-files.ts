// What clearing corporation and depository give out of a pay-out, read: credits by client, units that did not come, valuations; credits by demat account; the
// statement of all units. Rows of a settlement nobody expects refuse the whole file: it is another day's.
import { type CsvRow, readCsvFile } from '../../files/csv-file.ts';
import { scaledNumber } from '../../files/decimal-field.ts';
import { FileError, shown } from '../../files/file-error.ts';
import type { ShortageSide } from '../../securities/shortage-store.ts';
import type { SeenUnits } from '../../securities/three-way.ts';
import { settlementName } from './securities-dues.ts';

/** Units paid out or credited; `unpaid` of them pledged to the unpaid securities account. */
export interface PaidUnits extends SeenUnits {
  readonly settlement: string;
  readonly unpaid: number;
}

/** Units that did not come. */
export interface ShortUnits extends Omit<SeenUnits, 'bo'> {
  readonly settlement: string;
  readonly side: ShortageSide;
}

/** The clearing corporation's file of a pay-out. */
export interface PayOutFile {
  readonly paid: readonly PaidUnits[];
  readonly short: readonly ShortUnits[];
  /** Valuation debits by `settlement client ISIN`, paise. */
  readonly valuations: ReadonlyMap<string, number>;
}

const DELIVERY_COLUMNS = [
  'SttlmTp',
  'SctiesSttlmTxId',
  'ClntId',
  'ISIN',
  'QtyORShrtQty',
  'UnpdQty',
  'BnfcryAcct',
  'TxInd',
  'TxTp',
  'SqrOffORValtnAmt',
];
const CREDIT_COLUMNS = ['SttlmTp', 'SctiesSttlmTxId', 'ClntId', 'BnfcryAcct', 'ISIN', 'Qty', 'UnpdQty'];
const POOL_COLUMNS = ['SttlmTp', 'SctiesSttlmTxId', 'ISIN', 'Qty'];
const STATEMENT_COLUMNS = ['ClntId', 'ISIN', 'FreeQty', 'PldgdQty', 'BlckdQty', 'UnpdQty'];
/** Units pledged to the funding account (CSMFA) or about to be; a depository may leave the column out. */
const FUNDED_COLUMN = 'MtfQty';
const SIDES: Readonly<Record<string, ShortageSide>> = { SHT_I: 'market', INT_I: 'internal', SHT_O: 'buyer' };

/** Whole units of a column; an empty cell is none. Throws FileError. */
export function unitsIn(file: string, row: CsvRow, column: string): number {
  const text = row.text(column);
  const units = text === '' ? 0 : scaledNumber(text, 0);
  if (units === undefined || units < 0) throw new FileError(file, `line ${row.line}, ${column}`, `${shown(text)} is not a whole number of units`);
  return units;
}

/** Paise of a column in rupees. Throws FileError. */
export function paiseIn(file: string, row: CsvRow, column: string): number {
  const text = row.text(column);
  const paise = text === '' ? 0 : scaledNumber(text, 2);
  if (paise === undefined || paise < 0)
    throw new FileError(file, `line ${row.line}, ${column}`, `${shown(text)} is not an amount in rupees and paise`);
  return paise;
}

/** Settlement of a row, one of those expected. Throws FileError. */
function settlementIn(file: string, row: CsvRow, expected: ReadonlySet<string>): string {
  const settlement = settlementName(`${row.text('SttlmTp')}${row.text('SctiesSttlmTxId')}`);
  if (expected.has(settlement)) return settlement;
  throw new FileError(file, `line ${row.line}, SctiesSttlmTxId`, `${shown(settlement)} is none of ${[...expected].join(', ')}: another day's file?`);
}

/** Reads the clearing corporation's file. Rejects with FileError. */
export async function readPayOut(file: string, expected: ReadonlySet<string>): Promise<PayOutFile> {
  const [paid, short, valuations]: [PaidUnits[], ShortUnits[], Map<string, number>] = [[], [], new Map()];
  await readCsvFile(file, DELIVERY_COLUMNS, (row) => {
    const settlement = settlementIn(file, row, expected);
    const [client, isin, units] = [row.text('ClntId'), row.text('ISIN'), unitsIn(file, row, 'QtyORShrtQty')];
    const what = row.text('TxInd');
    const side = SIDES[`${what}_${row.text('TxTp')}`];
    if (what === 'DPO') paid.push({ settlement, client, isin, units, unpaid: unitsIn(file, row, 'UnpdQty'), bo: row.text('BnfcryAcct') });
    else if (what === 'VAL') valuations.set(`${settlement} ${client} ${isin}`, paiseIn(file, row, 'SqrOffORValtnAmt'));
    else if (side !== undefined) short.push({ settlement, client, isin, units, side });
    else throw new FileError(file, `line ${row.line}, TxInd`, `${shown(`${what} ${row.text('TxTp')}`)} means nothing here`);
  });
  return { paid, short, valuations };
}

/** Reads the depository's credits. Rejects with FileError. */
export async function readCredits(file: string, expected: ReadonlySet<string>): Promise<PaidUnits[]> {
  const found: PaidUnits[] = [];
  await readCsvFile(file, CREDIT_COLUMNS, (row) => {
    const settlement = settlementIn(file, row, expected);
    const [units, unpaid] = [unitsIn(file, row, 'Qty'), unitsIn(file, row, 'UnpdQty')];
    if (unpaid > units) throw new FileError(file, `line ${row.line}, UnpdQty`, `${unpaid} of ${units} units cannot be unpaid`);
    found.push({ settlement, client: row.text('ClntId'), isin: row.text('ISIN'), units, unpaid, bo: row.text('BnfcryAcct') });
  });
  return found;
}

/** Reads the depository's statement of the member's pool accounts: units by `settlement ISIN`. Rejects with FileError. */
export async function readPoolStatement(file: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  await readCsvFile(file, POOL_COLUMNS, (row) => {
    const key = `${settlementName(`${row.text('SttlmTp')}${row.text('SctiesSttlmTxId')}`)} ${row.text('ISIN')}`;
    found.set(key, (found.get(key) ?? 0) + unitsIn(file, row, 'Qty'));
  });
  return found;
}

/** Reads the depository's statement: all units by `client ISIN`. Rejects with FileError. */
export async function readStatement(file: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  await readCsvFile(file, STATEMENT_COLUMNS, (row) => {
    const key = `${row.text('ClntId')} ${row.text('ISIN')}`;
    if (found.has(key)) throw new FileError(file, `line ${row.line}, ISIN`, `${shown(key)} stands twice`);
    found.set(
      key,
      [...STATEMENT_COLUMNS.slice(2), FUNDED_COLUMN].reduce((sum, column) => sum + unitsIn(file, row, column), 0),
    );
  });
  return found;
}
