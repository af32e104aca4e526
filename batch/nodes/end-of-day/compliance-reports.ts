// EOD-COMP-REPORT: the reports the house sends (house.json), each from its layout and the same figures: what the ledger says of every client, what
// its margin was; and the margin files of the clearing corporation's kind (client-margin-files.ts). Before them debits and loans are charged
// (delayed-payment.ts, funding-night.ts), so that all reports show it. A report whose layout is not public and not configured is refused, never
// guessed.
import { paise, paiseText } from '../../../engine/index.ts';
import { SEGMENTS, type Segment } from '../../graph/node-row.ts';
import { clientAccount } from '../../ledger/account-chart.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { compactDate, dayFirst } from '../../ports/file-names.ts';
import { publicLayout, type ReportColumn } from '../../reports/layouts.ts';
import { printReport } from '../../reports/print-report.ts';
import { type SegregatedClient, segregationRows } from '../../reports/segregation-figures.ts';
import { type NodeBody, type NodeContext, type Outputs, PermanentFault } from '../../runner/index.ts';
import { readCollateral } from '../engine/engine-collateral.ts';
import { readEngine } from '../engine/engine-state.ts';
import { readSnapshotLines } from '../trading-hours/snapshot-file.ts';
import { CLIENT_CODES, type ClientCodes, clientCodes } from './client-code-report.ts';
import { MARGIN_FILES, marginFiles } from './client-margin-files.ts';
import { booksOf, type DayParts, dayNumber, keepMade, refusing, useKept } from './day-parts.ts';
import { chargeDelay } from './delayed-payment-night.ts';
import { bookFunding, type FundedNight } from './funding-night.ts';
import { type House, readHouse } from './house.ts';

const SEGREGATION = 'segregation';
const DELAY = 'DPC';
const FUNDING = 'MTFI';
const LOTS = 'MTF';

/** Body of EOD-COMP-REPORT. Outputs per report: file, hash, rows. */
export function complianceReportBody(parts: DayParts): NodeBody {
  return async (context) => {
    const house = readHouse(parts.dataDirectory);
    const delay = chargeDelay(parts, context, house);
    const funded = await bookFunding(parts, context, house);
    const rows = figures(booksOf(context.root), context, house);
    const collateral = house.reports.includes(SEGREGATION) ? await collateralOf(parts, context.date) : new Map<string, SegregatedClient>();
    const codes = house.reports.includes(CLIENT_CODES) ? clientCodes(context) : undefined;
    const registers = new Map<string, readonly Row[]>([
      [DELAY, delay.rows],
      [FUNDING, funded.rows],
      [LOTS, funded.lots?.rows ?? []],
    ]);
    const outputs: Record<string, Outputs> = {};
    const isMarginFile = (report: string): boolean => MARGIN_FILES.some((each) => each === report) && house.layouts[report] === undefined;
    const margins = await marginFiles(parts, context, house.reports.filter(isMarginFile));
    for (const report of reportsOf(house, funded).filter((each) => !isMarginFile(each))) {
      const shown = registers.get(report) ?? shownIn(report, rows, collateral, codes);
      const text = await refusing(async () => printReport(report, columnsOf(house, report, context.date), shown));
      const name = `${report}-${compactDate(context.date)}.csv`;
      const { path, sha256 } = keepMade(parts, `report-${report}`, context.date, { name, bytes: Buffer.from(text, 'latin1') });
      outputs[report] = { file: path, sha256, rows: shown.length, ...(report === CLIENT_CODES ? codes?.month : {}) };
    }
    return {
      outputs: { ...outputs, ...margins.outputs, ...delay.outputs, ...funded.outputs },
      gates: [...delay.gates, ...funded.gates],
      note: [margins.note, codes?.note ?? ''].filter((words) => words !== '').join('; '),
      ...(codes === undefined ? {} : { commit: codes.keepTurnover }),
    };
  };
}

/** The registers of charges on debits and on funding are kept wherever there are any. */
function reportsOf({ reports, delayedPayment }: House, { gates, lots }: FundedNight): readonly string[] {
  const own = [...(delayedPayment.length === 0 ? [] : [DELAY]), ...(gates.length === 0 ? [] : [FUNDING]), ...(lots === undefined ? [] : [LOTS])];
  return [...reports, ...own.filter((report) => !reports.includes(report))];
}

function columnsOf({ layouts }: House, report: string, date: string): readonly ReportColumn[] {
  const columns = layouts[report] ?? publicLayout(report, dayNumber(date))?.columns;
  if (columns === undefined)
    throw new PermanentFault(`report ${report}: its layout is not public; house.json needs layouts.${report} as the authority gave it to you`);
  return columns;
}

type Row = Readonly<Record<string, string>>;

function shownIn(
  report: string,
  rows: readonly Row[],
  collateral: ReadonlyMap<string, SegregatedClient>,
  codes: ClientCodes | undefined,
): readonly Row[] {
  if (report === SEGREGATION) return segregated(rows, collateral);
  return report === CLIENT_CODES ? (codes?.rows ?? []) : rows;
}

/** Collateral as the engine has it on the day. Throws PermanentFault when the engine has gone on to a later one. */
async function collateralOf({ dataDirectory }: DayParts, date: string): Promise<Map<string, SegregatedClient>> {
  const later = (await readEngine(dataDirectory)).slots.find(({ businessDate }) => businessDate > dayNumber(date));
  if (later !== undefined)
    throw new PermanentFault(`report ${SEGREGATION}: the engine is at ${later.businessDate}, collateral of ${date} is no longer there`);
  return readCollateral(dataDirectory);
}

/** The rows of clients, one for each segment that something of theirs is placed in. */
function segregated(rows: readonly Row[], collateral: ReadonlyMap<string, SegregatedClient>): Row[] {
  return rows.flatMap((row) => {
    const { pieces, given } = collateral.get(row['client'] ?? '') ?? { pieces: [], given: 0 };
    const ledger = { balance: inPaise(row['balance'] ?? '0'), clear: inPaise(row['clear'] ?? '0') };
    return segregationRows({ pieces, given }, ledger).map((own) => ({ ...row, ...own }));
  });
}

const inPaise = (rupees: string): number => Math.round(Number(rupees) * 100);

/** One row a client that has a ledger or a margin, in the order of their codes. Amounts in rupees. */
function figures(ledger: Ledger, context: NodeContext, { pan }: House): Row[] {
  const margins = ownMargins(context);
  const prefix = clientAccount('');
  const clients = new Set(margins.keys());
  for (const { id } of ledger.accounts()) if (id.startsWith(prefix)) clients.add(id.slice(prefix.length));
  const rupees = (amount: number): string => paiseText(paise(amount));
  return [...clients].sort().map((client) => {
    const balance = ledger.account(clientAccount(client))?.balance ?? 0;
    const { required, available } = margins.get(client) ?? { required: 0, available: 0 };
    return {
      date: context.date,
      dateDayFirst: `${dayFirst(context.date).slice(0, 2)}-${dayFirst(context.date).slice(2, 4)}-${context.date.slice(0, 4)}`,
      pan,
      client,
      clientPan: '',
      balance: rupees(balance),
      clear: rupees(Math.max(0, balance)),
      settlement: rupees(balance),
      required: rupees(required),
      premium: '0.00',
      total: rupees(required),
      peak: rupees(required),
      collected: rupees(Math.max(0, Math.min(required, available))),
    };
  });
}

interface Margin {
  readonly required: number;
  readonly available: number;
}

/** Peak of the day's snapshots by client, all segments together; none when no snapshot was taken. */
function ownMargins(context: NodeContext): Map<string, Margin> {
  const lines = SEGMENTS.flatMap((segment) => {
    const rows = snapshotRows(context, segment);
    return rows === undefined ? [] : readSnapshotLines(useKept(context, `dmf-rows-${segment.toLowerCase()}`, rows));
  });
  const snapshots = new Map<string, Margin>();
  for (const { client, number, required, available } of lines) {
    const before = snapshots.get(`${client},${number}`) ?? { required: 0, available: 0 };
    snapshots.set(`${client},${number}`, { required: before.required + required, available: Math.max(before.available, available) });
  }
  const found = new Map<string, Margin>();
  for (const [key, margin] of snapshots) {
    const client = key.slice(0, key.lastIndexOf(','));
    if (margin.required > (found.get(client)?.required ?? -1)) found.set(client, margin);
  }
  return found;
}

function snapshotRows(context: NodeContext, segment: Segment): Outputs | undefined {
  try {
    const rows = context.outputsOf(`TH-SNAP-DMF_ROW@${segment}`)['dmf-rows'];
    return typeof rows === 'object' && rows !== null && !Array.isArray(rows) ? (rows as Outputs) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
