// The portfolio a margin command is asked about: a list of {symbol, type, expiry, strike, quantity}, quantity signed, in units; or of {name,
// quantity}, the name being the trading symbol. A symbol that two clearing organisations margin needs clearingOrg. Each entry is found in the
// parameter table or refused by its place in the file; nothing is skipped. A share may carry its product and what is held of it.
import { InstrumentFlag, InstrumentKind, type ParameterTable, type PortfolioPosition, Product } from '../../engine/index.ts';
import { calendarDay } from './calendar-day.ts';
import { JsonFileError, JsonRecord } from './json-file.ts';
import { isObligation, type Obligation, obligationOf } from './portfolio-obligations.ts';

/** A parsed portfolio file, and the parameter file's name for messages. */
export interface PortfolioFile {
  readonly file: string;
  readonly content: unknown;
  readonly parameters: string;
}

/** What a portfolio file holds: positions by table row, and obligations beside them. */
export interface Portfolio {
  readonly positions: readonly PortfolioPosition[];
  readonly obligations: readonly Obligation[];
}

/** Reads every entry. Throws JsonFileError naming the entry and field. */
export function readPortfolio(table: ParameterTable, { file, content, parameters }: PortfolioFile): Portfolio {
  if (!Array.isArray(content)) throw new JsonFileError(`${file}: is not a list of positions`);
  const records = content.map((entry, at) => new JsonRecord(file, `[${at}]`, entry));
  const obligations = records.filter(isObligation).map((record) => obligationOf(table, record));
  const positions = records
    .filter((record) => !isObligation(record))
    .map((record): PortfolioPosition => {
      const quantity = record.number('quantity');
      if (!Number.isSafeInteger(quantity)) record.fail('quantity', `${quantity} is not a whole number of units`);
      const instrument = instrumentOf(table, record, parameters);
      return table.kind[instrument] === InstrumentKind.EQ ? { instrument, quantity, ...cashFields(record) } : { instrument, quantity };
    });
  return { positions, obligations };
}

const PRODUCTS = ['CNC', 'MIS', 'NRML', 'MTF', 'CO', 'BO'] as const;

/** Product of a share's position and what is held of it: free to deliver, bought yesterday (t1), early paid in. */
function cashFields(record: JsonRecord): Omit<PortfolioPosition, 'instrument' | 'quantity'> {
  const units = (field: string): number => {
    const value = record.optionalNumber(field) ?? 0;
    return Number.isSafeInteger(value) && value >= 0 ? value : record.fail(field, `${value} is not a number of units`);
  };
  const holdings = { free: units('free'), t1: units('t1'), earlyPaidIn: units('earlyPaidIn') };
  return record.optionalText('product') === undefined ? holdings : { ...holdings, product: Product[record.word('product', PRODUCTS)] };
}

function instrumentOf(table: ParameterTable, record: JsonRecord, parameters: string): number {
  const name = record.optionalText('name');
  if (name !== undefined) return namedRow(table, record, { name, parameters });
  const symbol = record.text('symbol');
  const type = record.word('type', ['FUT', 'CE', 'PE', 'EQ']);
  if (type === 'EQ') return shareOf(table, record, { symbol, parameters });
  const expiry = dateOf(record);
  const strike = type === 'FUT' ? 0 : Math.round(record.positive('strike') * 10_000);
  const underlying = underlyingOf(table, record, { symbol, parameters });
  const kind = InstrumentKind[type];
  const expiries = new Set<number>();
  const strikes: number[] = [];
  const first = table.firstInstrument[underlying] ?? 0;
  for (let row = first; row < first + (table.instrumentCount[underlying] ?? 0); row++) {
    if (table.kind[row] !== kind) continue;
    expiries.add(table.expiry[row] ?? 0);
    if (table.expiry[row] !== expiry) continue;
    if (type !== 'FUT') strikes.push(table.strike[row] ?? 0);
    if (type !== 'FUT' && table.strike[row] !== strike) continue;
    if (((table.flags[row] ?? 0) & InstrumentFlag.NO_RISK_ARRAY) !== 0)
      record.fail('symbol', `${table.instrumentName(row)} has no risk array in ${parameters}`);
    return row;
  }
  if (!expiries.has(expiry)) record.fail('expiry', `${symbol} has no ${type} of that expiry in ${parameters} (it has ${listed(expiries)})`);
  const near = strikes.sort((a, b) => Math.abs(a - strike) - Math.abs(b - strike)).slice(0, 2);
  return record.fail(
    'strike',
    `${symbol} has no ${type} ${strike / 10_000} of that expiry (nearest: ${near.map((each) => each / 10_000).join(', ')})`,
  );
}

function shareOf(table: ParameterTable, record: JsonRecord, { symbol, parameters }: { symbol: string; parameters: string }): number {
  for (let row = 0; row < table.instruments; row++) {
    if (table.kind[row] === InstrumentKind.EQ && table.instrumentName(row) === symbol) return row;
  }
  return record.fail('symbol', `"${symbol}" is not a share of ${parameters}`);
}

function namedRow(table: ParameterTable, record: JsonRecord, { name, parameters }: { name: string; parameters: string }): number {
  for (let row = 0; row < table.instruments; row++) if (table.instrumentName(row) === name) return row;
  return record.fail('name', `"${name}" is not an instrument of ${parameters}`);
}

function underlyingOf(table: ParameterTable, record: JsonRecord, { symbol, parameters }: { symbol: string; parameters: string }): number {
  const clearingOrg = record.optionalText('clearingOrg');
  const { commodities } = table.details;
  const rows = commodities.flatMap((commodity, row) => (commodity.symbol === symbol ? [row] : []));
  const own = rows.filter((row) => clearingOrg === undefined || commodities[row]?.clearingOrg === clearingOrg);
  if (own.length > 1) {
    const orgs = own.map((row) => commodities[row]?.clearingOrg ?? '').join(' and ');
    return record.fail('clearingOrg', `is missing: ${symbol} is margined by ${orgs}`);
  }
  const [underlying] = own;
  if (underlying !== undefined) return underlying;
  if (rows.length > 0) record.fail('clearingOrg', `"${clearingOrg}" does not margin ${symbol}`);
  return record.fail('symbol', `"${symbol}" is not an underlying of ${parameters}`);
}

/** expiry as yyyymmdd; day 00 for a month, where a file knows its contracts by month alone. */
function dateOf(record: JsonRecord): number {
  const text = record.text('expiry');
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return Number(text.replace('-', '')) * 100;
  return calendarDay(text) || record.fail('expiry', `"${text}" is not a date YYYY-MM-DD`);
}

function listed(expiries: ReadonlySet<number>): string {
  const dates = [...expiries].sort((a, b) => a - b).map((date) => String(date).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'));
  return dates.length === 0 ? 'none' : `${dates.slice(0, 6).join(', ')}${dates.length > 6 ? ', …' : ''}`;
}
