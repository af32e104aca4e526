// Margin of the day as the clearing corporation states it: MG-13 with one row per client, MG-12 with one for the member, per segment of derivatives.
// End-of-day positions under the parameters of the morning (NCL/CMPT/56502, from 2023-05-02). Worked out anew from the night's own positions by the
// code of reports, not read from the live book: the two are compared at the snapshots. Futures offset against shares of the day ask as little here as
// in a peak row.
import {
  compiledRules,
  crystallisedObligation,
  type ParameterTable,
  type PortfolioPosition,
  paise,
  paiseText,
  portfolioMargin,
  type UnderlyingReport,
} from '../../../engine/index.ts';
import { parametersDirectory } from '../../../workers/index.ts';
import { loadTable } from '../../../workers/reference/index.ts';
import { chainsIn, type Segment } from '../../graph/node-row.ts';
import { compactDate, dayFirst, MEMBER_CODE } from '../../ports/file-names.ts';
import { publicLayout } from '../../reports/layouts.ts';
import { printReport } from '../../reports/print-report.ts';
import type { NodeContext, Outputs } from '../../runner/index.ts';
import { segmentsOf } from '../engine/exchange-segments.ts';
import { type CashBeside, cashBeside } from './cash-beside-futures.ts';
import { paiseOfTickUnits } from './client-charges.ts';
import { type DayParts, dayNumber, keepMade, refusing } from './day-parts.ts';
import { type DerivativeChain, derivativeDay } from './derivative-day.ts';
import type { PositionDay } from './derivative-positions.ts';

/** Names of the two files among the house's reports. */
export const MARGIN_FILES = ['MG-12', 'MG-13'] as const;

/** One client; paise. */
export interface ClientMargin {
  readonly client: string;
  readonly span: number;
  readonly elm: number;
  readonly delivery: number;
  readonly crystallised: number;
}

/** Rows by client code, and contracts held that the parameters do not name: with any, the rows are not whole. */
export interface SegmentMargins {
  readonly rows: readonly ClientMargin[];
  readonly missing: readonly string[];
}

/** Least rate of the cash segment, 1/10,000: that a share asks something is what counts, its own margin is in no row. */
const CASH_RATE = 2_000;
const PAISE_TO_MICROS = 10_000;

type DerivativeSegment = Exclude<Segment, 'CM'>;

/** First letters of the file's name. Those of currency and commodity are not public. */
const STEMS: Readonly<Record<DerivativeSegment, string>> = { FO: 'F', CD: 'X', COM: 'CO' };

/** Positions of one exchange's chain. */
export interface ChainPositions {
  /** Exchange segments a contract may be listed in. */
  readonly segments: readonly number[];
  readonly days: readonly PositionDay[];
}

/** What every client's positions ask for, at all exchanges one clearing corporation clears; `beside`: shares that may offset their futures. */
export function segmentMargins(table: ParameterTable, held: readonly ChainPositions[], date: number, beside: CashBeside = new Map()): SegmentMargins {
  const byClient = new Map<string, PositionDay[]>();
  const segmentsOfDay = new Map<PositionDay, readonly number[]>();
  for (const { segments, days } of held) {
    for (const day of days) {
      byClient.set(day.client, [...(byClient.get(day.client) ?? []), day]);
      segmentsOfDay.set(day, segments);
    }
  }
  const missing = new Set<string>();
  const rowOf = (day: PositionDay): number =>
    segmentsOfDay
      .get(day)
      ?.map((segment) => table.find(segment, day.contract.token))
      .find((row) => row >= 0) ?? -1;
  const rows = [...byClient]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([client, own]): ClientMargin => {
      const positions = own.flatMap((day) => {
        const instrument = day.closing === 0 ? -1 : rowOf(day);
        if (instrument < 0 && day.closing !== 0) missing.add(`${day.contract.symbol} ${day.contract.expiry} (${day.contract.token})`);
        return instrument < 0 ? [] : [{ instrument, quantity: day.closing }];
      });
      return { client, ...marginParts(table, [...positions, ...(beside.get(client) ?? [])]), crystallised: crystallisedOf(own, date) };
    });
  return { rows: rows.filter(({ span, elm, delivery, crystallised }) => span + elm + delivery + crystallised > 0), missing: [...missing].sort() };
}

type MarginParts = Omit<ClientMargin, 'client' | 'crystallised'>;

/** Sum of what the underlyings ask. */
function marginParts(table: ParameterTable, positions: readonly PortfolioPosition[]): MarginParts {
  const { dated } = compiledRules(table);
  const { underlyings } = portfolioMargin(table, positions, CASH_RATE, dated.isOn ? (expiry) => dated.daysTo(expiry) : undefined);
  const sum = { span: 0, elm: 0, delivery: 0 };
  for (const { span, elm, delivery } of underlyings.map(partsOf)) {
    sum.span += span;
    sum.elm += elm;
    sum.delivery += delivery;
  }
  return sum;
}

/**
 * Reliefs and additions of dated rules go to the part they belong to: what begins with elm to the exposure, the rest to SPAN. Cross margin lowers all
 * that is asked, so it comes off each part as large as that is.
 */
function partsOf({ span, exposure, addOns }: UnderlyingReport): MarginParts {
  const parts = { span, elm: exposure, delivery: 0 };
  let relief = 0;
  for (const { rule, amount, inExposure } of addOns) {
    if (inExposure) continue;
    if (rule.startsWith('crossMargin.')) relief -= amount;
    else parts[rule.startsWith('delivery.') ? 'delivery' : rule.startsWith('elm.') ? 'elm' : 'span'] += amount;
  }
  const total = parts.span + parts.elm + parts.delivery;
  if (relief === 0 || total === 0) return parts;
  const [elm, delivery] = [Math.round((relief * parts.elm) / total), Math.round((relief * parts.delivery) / total)];
  return { span: parts.span - (relief - elm - delivery), elm: parts.elm - elm, delivery: parts.delivery - delivery };
}

/**
 * What is owed for premium and for futures closed out, net, and never a credit: at average cost, what was carried in at the settlement price of the
 * day before.
 */
function crystallisedOf(days: readonly PositionDay[], date: number): number {
  const sum = { premiumPaid: 0, premiumReceived: 0, realised: 0 };
  for (const day of days) {
    sum.premiumPaid += paiseOfTickUnits(day.contract.option === '' ? 0n : day.boughtValue) * PAISE_TO_MICROS;
    sum.premiumReceived += paiseOfTickUnits(day.contract.option === '' ? 0n : day.soldValue) * PAISE_TO_MICROS;
    sum.realised += paiseOfTickUnits(closedGain(day)) * PAISE_TO_MICROS;
  }
  return Math.round(crystallisedObligation(sum, date) / PAISE_TO_MICROS);
}

/** Gain of a future's units that were closed out today, tick-units: all of the day's gain but what is still open. */
function closedGain(day: PositionDay): bigint {
  const { contract, opening, bought, sold, boughtValue, soldValue, before } = day;
  if (contract.option !== '') return 0n;
  const carried = BigInt(Math.abs(opening)) * BigInt(contract.previous);
  const [units, cost] = before > 0 ? [Math.max(0, opening) + bought, boughtValue] : [Math.max(0, -opening) + sold, soldValue];
  const isCarried = before !== 0 && Math.sign(opening) === Math.sign(before);
  const openCost = before === 0 ? 0n : ((cost + (isCarried ? carried : 0n)) * BigInt(Math.abs(before))) / BigInt(units);
  const open = before === 0 ? 0n : BigInt(Math.sign(before)) * (BigInt(Math.abs(before)) * BigInt(contract.settlement) - openCost);
  return day.markToMarket + day.finalSettlement - open;
}

/** Makes the files asked for. Outputs per file and segment; the note names segments left out and why. */
export async function marginFiles(parts: DayParts, context: NodeContext, wanted: readonly string[]): Promise<{ outputs: Outputs; note: string }> {
  const outputs: Record<string, Outputs> = {};
  const notes: string[] = [];
  if (wanted.length === 0) return { outputs, note: '' };
  const held: { readonly segment: DerivativeSegment; readonly positions: readonly ChainPositions[] }[] = [];
  for (const segment of ['FO', 'CD', 'COM'] as const) held.push({ segment, positions: await positionsIn(parts, context, segment) });
  // A table of the whole market: loaded once, and not for a house that holds nothing.
  const table = held.some(({ positions }) => positions.length > 0) ? morningTable(parts, context) : undefined;
  for (const { segment, positions } of held) {
    if (positions.length === 0) continue;
    const beside = table === undefined || segment !== 'FO' ? undefined : await cashBeside(parts, context, table);
    const { rows, missing } = table === undefined ? NOTHING : segmentMargins(table, positions, dayNumber(context.date), beside);
    if (table === undefined || missing.length > 0) {
      const reason = table === undefined ? 'the parameters of the morning are not known' : `these do not name ${missing.slice(0, 3).join(', ')}`;
      notes.push(`${wanted.join(' and ')} of ${segment} not made: ${reason}`);
      continue;
    }
    for (const file of wanted) outputs[`${file}@${segment}`] = await keepFile(parts, context, { file, segment, rows });
  }
  return { outputs, note: notes.join('; ') };
}

/** Positions of every chain of a segment; chains that hold nothing are left out. */
async function positionsIn(parts: DayParts, context: NodeContext, segment: DerivativeSegment): Promise<ChainPositions[]> {
  const found: ChainPositions[] = [];
  for (const chain of chainsIn(segment, context.chains) as DerivativeChain[]) {
    const { days } = await derivativeDay(parts, context, chain);
    if (days.length > 0) found.push({ segments: segmentsOf(chain, context.chains), days });
  }
  return found;
}

const NOTHING: SegmentMargins = { rows: [], missing: [] };

interface Made {
  readonly file: string;
  readonly segment: DerivativeSegment;
  readonly rows: readonly ClientMargin[];
}

async function keepFile(parts: DayParts, context: NodeContext, { file, segment, rows }: Made): Promise<Outputs> {
  const { date } = context;
  const shown = file === 'MG-12' ? [{ client: MEMBER_CODE, ...memberSum(rows) }] : rows;
  const columns = publicLayout(file, dayNumber(date))?.columns ?? [];
  const text = await refusing(async () =>
    printReport(
      file,
      columns,
      shown.map((row) => figures(date, row)),
    ),
  );
  const name = `${STEMS[segment]}_${file.replace('-', '')}_${MEMBER_CODE}_${dayFirst(date)}.csv`;
  const role = `${file.toLowerCase()}-${segment.toLowerCase()}-${compactDate(date)}`;
  const { path, sha256 } = keepMade(parts, role, date, { name, bytes: Buffer.from(text, 'latin1') });
  return { file: path, sha256, rows: shown.length };
}

/** Gross over clients: one's margin is not another's relief. */
function memberSum(rows: readonly ClientMargin[]): Omit<ClientMargin, 'client'> {
  const sum = (part: 'span' | 'elm' | 'delivery' | 'crystallised'): number => rows.reduce((total, row) => total + row[part], 0);
  return { span: sum('span'), elm: sum('elm'), delivery: sum('delivery'), crystallised: sum('crystallised') };
}

function figures(date: string, { client, span, elm, delivery, crystallised }: ClientMargin): Readonly<Record<string, string>> {
  const rupees = (amount: number): string => paiseText(paise(amount));
  const total = span + elm + delivery + crystallised;
  return { date, client, span: rupees(span), elm: rupees(elm), delivery: rupees(delivery), crystallised: rupees(crystallised), total: rupees(total) };
}

/** The table the begin of day put into force; undefined where this night had none. */
function morningTable({ dataDirectory }: DayParts, context: NodeContext): ParameterTable | undefined {
  try {
    const hash = context.outputsOf('BOD-RMS-RELOAD')['parametersHash'];
    return typeof hash === 'string' ? loadTable(parametersDirectory(dataDirectory), hash) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
