// The clearing corporation's STT and stamp duty files (UDiFF, read by header name): tax per client, from the security-level rows only (RptHdr 40); totals
// of other levels would count twice.
import { type Paise, paise } from '../../engine/index.ts';
import { type CsvRow, readCsvFile } from '../files/csv-file.ts';
import { scaledNumber } from '../files/decimal-field.ts';
import { FileError, shown } from '../files/file-error.ts';

const SECURITY_LEVEL = '40';
const TAX_COLUMNS = { stt: 'TtlTaxs', stamp: 'StmpDtyAmt' } as const;

/** Which tax a file is about. */
export type ClearingTax = keyof typeof TAX_COLUMNS;

/** Tax by client, and stamp duty by the state of the buyer. */
export interface ClearingTaxes {
  readonly byClient: ReadonlyMap<string, Paise>;
  /** Empty for STT. */
  readonly byState: ReadonlyMap<string, Paise>;
}

/** Reads one file. Rejects with FileError. */
export async function readClearingTaxes(file: string, tax: ClearingTax): Promise<ClearingTaxes> {
  const byClient = new Map<string, Paise>();
  const byState = new Map<string, Paise>();
  const amountColumn = TAX_COLUMNS[tax];
  let [seen, totals] = [0, 0];
  await readCsvFile(file, ['RptHdr', 'ClntId', amountColumn, ...(tax === 'stamp' ? ['CtrySubDvsn'] : [])], (row) => {
    if (row.text('RptHdr') !== SECURITY_LEVEL) {
      totals += amountOf(file, row, amountColumn);
      return;
    }
    seen += 1;
    const client = row.text('ClntId');
    if (client === '') throw new FileError(file, `line ${row.line}: ClntId`, 'is empty');
    const amount = amountOf(file, row, amountColumn);
    add(byClient, client, amount);
    if (tax === 'stamp') add(byState, row.text('CtrySubDvsn'), amount);
  });
  // A day without trades has a total of nothing, and no row beside it.
  if (seen === 0 && totals > 0)
    throw new FileError(file, '', `has no security-level row (RptHdr ${SECURITY_LEVEL}): it is not a trading member's file`);
  return { byClient, byState };
}

function amountOf(file: string, row: CsvRow, column: string): Paise {
  const text = row.text(column);
  const amount = text === '' ? 0 : scaledNumber(text, 2);
  if (amount === undefined || amount < 0)
    throw new FileError(file, `line ${row.line}: ${column}`, `${shown(text)} is not an amount in rupees and paise`);
  return paise(amount);
}

function add(sums: Map<string, Paise>, key: string, amount: Paise): void {
  sums.set(key, paise((sums.get(key) ?? 0) + amount));
}
