// Limits and standing of clients: one at a time, or many from a table (JSON rows or CSV) that is checked whole before anything is applied.
import { parse } from 'csv-parse/sync';
import { type AccountStatusName, CommandKind, ExchangeSegment, type LimitsView, type SetLimitBody } from '../../engine/index.ts';
import { refusal } from '../http/http-error.ts';
import type { CommandSender } from './command-sender.ts';
import type { SlotQuestions } from './slot-questions.ts';
import { tellEngine } from './tell-engine.ts';

/** Column of the API and key of the command, in the order a CSV file usually has them. */
export const LIMIT_COLUMNS = {
  max_order_quantity: 'maxOrderQuantity',
  max_order_value_paise: 'maxOrderValue',
  max_open_order_value_paise: 'maxOpenOrderValue',
  max_open_orders: 'maxOpenOrders',
  max_net_quantity: 'maxNetQuantity',
  max_gross_value_paise: 'maxGrossValue',
  max_turnover_paise: 'maxTurnover',
  max_loss_paise: 'maxLoss',
  max_funded_paise: 'maxFunded',
} as const;
export type LimitColumn = keyof typeof LIMIT_COLUMNS;

/** Limits by API column; 0 = no limit, but of max_funded_paise none sanctioned. */
export type Limits = Readonly<Record<LimitColumn, number>>;
/** Some of them: the others stay. */
export type LimitChange = Readonly<Partial<Record<LimitColumn, number | undefined>>>;

/** One row of an upload: what it would change, or what is wrong with it. */
export interface LimitRow {
  /** Line in the CSV text (the header is line 1), or place in the list from 1. */
  readonly line: number;
  readonly account: string;
  readonly before: Limits | null;
  readonly after: Limits | null;
  /** What is wrong; null when nothing is. */
  readonly error: string | null;
}

const COLUMNS = Object.keys(LIMIT_COLUMNS) as LimitColumn[];
const ACCOUNT = /^[\x21-\x7e]{1,16}$/;
/** Rs 10,000 crore, or as many units: what the engine takes at most. */
export const LIMIT_MAX = 10_000_000_000_000;
const ROWS_MAX = 2_000;

/** A row as it was given, before it is looked at. */
interface GivenRow {
  readonly line: number;
  readonly account: string;
  readonly change: LimitChange;
  readonly error: string | null;
}

export class LimitDesk {
  private readonly questions: SlotQuestions;
  private readonly sender: CommandSender;

  constructor(questions: SlotQuestions, sender: CommandSender) {
    this.questions = questions;
    this.sender = sender;
  }

  /** Limits of an account; undefined when it is not known. */
  async limits(account: string): Promise<Limits | undefined> {
    const view = await this.questions.askAbout<LimitsView>(account, { type: 'limits', account });
    return view === undefined ? undefined : shown(view);
  }

  /** Sets the limits that `change` names; resolves to all of them. Undefined when the account is not known. */
  async setLimits(account: string, change: LimitChange): Promise<Limits | undefined> {
    const slot = this.questions.slotOf(account);
    if (slot < 0) return undefined;
    await tellEngine(this.sender, { kind: CommandKind.SetLimit, slot, body: limitBody(account, change) });
    return this.limits(account);
  }

  /** Changes standing and segments; false when the account is not known. */
  async setStanding(account: string, status: AccountStatusName | undefined, segments: readonly string[] | undefined): Promise<boolean> {
    const slot = this.questions.slotOf(account);
    if (slot < 0) return false;
    const numbers = segments?.map((name) => ExchangeSegment[name as keyof typeof ExchangeSegment]);
    const body = { account, ...(status === undefined ? {} : { status }), ...(numbers === undefined ? {} : { segments: numbers }) };
    await tellEngine(this.sender, { kind: CommandKind.UpdateAccount, slot, body });
    return true;
  }

  /** What an upload would do, row by row. */
  async preview(upload: LimitUpload): Promise<LimitRow[]> {
    const given = 'csv' in upload ? rowsOfCsv(upload.csv) : rowsOfList(upload.rows);
    const seen = new Map<string, number>();
    const rows: LimitRow[] = [];
    for (const row of given) {
      const first = seen.get(row.account);
      seen.set(row.account, first ?? row.line);
      rows.push(await this.previewRow(row, first));
    }
    return rows;
  }

  /** Applies an upload: all rows, or none when one is bad (then it refuses, naming each bad row). */
  async apply(upload: LimitUpload): Promise<LimitRow[]> {
    const rows = await this.preview(upload);
    const bad = rows.filter(({ error }) => error !== null);
    if (bad.length > 0)
      throw refusal('TZ-LIMIT-ROWS', `${bad.length} of ${rows.length} rows are bad; nothing was applied`, { details: { rows: bad } });
    for (const { account, after } of rows)
      if (after !== null)
        await tellEngine(this.sender, { kind: CommandKind.SetLimit, slot: this.questions.slotOf(account), body: limitBody(account, after) });
    return rows;
  }

  private async previewRow(row: GivenRow, firstLine: number | undefined): Promise<LimitRow> {
    const bad = (error: string): LimitRow => ({ line: row.line, account: row.account, before: null, after: null, error });
    if (row.error !== null) return bad(row.error);
    if (firstLine !== undefined) return bad(`account ${row.account} is on line ${firstLine} already`);
    const before = await this.limits(row.account);
    if (before === undefined) return bad(`account ${row.account} is not known here`);
    return { line: row.line, account: row.account, before, after: { ...before, ...definedOf(row.change) }, error: null };
  }
}

/** An upload: CSV text with a header, or rows. */
export type LimitUpload = { readonly csv: string } | { readonly rows: readonly (LimitChange & { readonly account: string })[] };

/** Limits by API column. */
function shown(view: LimitsView): Limits {
  return Object.fromEntries(COLUMNS.map((column) => [column, view[LIMIT_COLUMNS[column]]])) as Record<LimitColumn, number>;
}

function definedOf(change: LimitChange): Partial<Record<LimitColumn, number>> {
  return Object.fromEntries(COLUMNS.filter((column) => change[column] !== undefined).map((column) => [column, change[column]]));
}

function limitBody(account: string, change: LimitChange): SetLimitBody {
  const named = COLUMNS.filter((column) => change[column] !== undefined);
  return { account, ...Object.fromEntries(named.map((column) => [LIMIT_COLUMNS[column], change[column]])) };
}

function rowsOfList(rows: readonly (LimitChange & { readonly account: string })[]): GivenRow[] {
  return rows.map(({ account, ...change }, index) => ({ line: index + 1, account, change, error: null }));
}

/** Rows of CSV text. Refuses the whole when its header or its form is unfit; a bad cell is its row's error. */
function rowsOfCsv(csv: string): GivenRow[] {
  let records: { readonly record: readonly string[]; readonly info: { readonly lines: number } }[];
  try {
    records = parse(csv, { bom: true, info: true, trim: true, skip_empty_lines: true, relax_column_count: true }) as unknown as typeof records;
  } catch (error) {
    throw refusal('TZ-INVALID', `csv: ${error instanceof Error ? error.message : String(error)}`);
  }
  const header = records[0]?.record ?? [];
  const unknown = header.filter((name) => name !== 'account' && !COLUMNS.includes(name as LimitColumn));
  if (unknown.length > 0 || !header.includes('account') || header.length < 2 || new Set(header).size < header.length)
    throw refusal(
      'TZ-INVALID',
      `csv: line 1 must name account and some of ${COLUMNS.join(', ')}, each once${unknown.length > 0 ? `; not ${unknown.join(', ')}` : ''}`,
    );
  if (records.length > ROWS_MAX + 1) throw refusal('TZ-INVALID', `csv: at most ${ROWS_MAX} rows at once`);
  return records.slice(1).map(({ record, info }) => csvRow(header, record, info.lines));
}

function csvRow(header: readonly string[], cells: readonly string[], line: number): GivenRow {
  const account = cells[header.indexOf('account')] ?? '';
  const bad = (error: string): GivenRow => ({ line, account, change: {}, error });
  if (cells.length !== header.length) return bad(`line ${line} has ${cells.length} columns, the header ${header.length}`);
  if (!ACCOUNT.test(account)) return bad(`account "${account}" must be 1 to 16 printable characters without spaces`);
  const change: Partial<Record<LimitColumn, number>> = {};
  for (const [index, name] of header.entries()) {
    const cell = cells[index] ?? '';
    if (name === 'account' || cell === '') continue;
    const value = /^\d{1,15}$/.test(cell) ? Number(cell) : Number.NaN;
    if (!(value <= LIMIT_MAX)) return bad(`${name} "${cell.slice(0, 20)}" must be a whole number from 0 to ${LIMIT_MAX}`);
    change[name as LimitColumn] = value;
  }
  return { line, account, change, error: Object.keys(change).length === 0 ? 'the row changes nothing' : null };
}
