// EOD-PMR-FETCH and EOD-DMF-RECONCILE, per segment: what the clearing corporation found at its peak-margin snapshots against our own rows of the day, client by
// client; the penalty on what it found short, booked as the firm's (it may not be passed on to clients). Its response is read by header name, in the columns of
// the one client margin report that is public (NCDEX's 26).
import type { Database, RootDatabase } from 'lmdb';
import { type Paise, paise, shortMarginPenalty } from '../../../engine/index.ts';
import type { BusinessCalendar } from '../../calendar/business-calendar.ts';
import { readCsvFile } from '../../files/csv-file.ts';
import { scaledNumber } from '../../files/decimal-field.ts';
import { FileError, shown } from '../../files/file-error.ts';
import { SEGMENTS, type Segment } from '../../graph/node-row.ts';
import { penaltyPosting } from '../../ledger/client-postings.ts';
import type { PostingRequest } from '../../ledger/posting.ts';
import { PEAK_ROLE } from '../../ports/file-names.ts';
import { type NodeBody, type NodeContext, PermanentFault } from '../../runner/index.ts';
import { fetchBody, fileRole } from '../fetch-file.ts';
import { type ClientPeak, peaksOf } from '../trading-hours/dmf-rows.ts';
import { readSnapshotLines } from '../trading-hours/snapshot-file.ts';
import { booksOf, type DayParts, dayNumber, recordOf, refusing, segmentOf, useKept } from './day-parts.ts';
import { standAs } from './node-postings.ts';

/** One client at its peak; paise. */
export interface PeakMargin {
  readonly required: Paise;
  readonly short: Paise;
}

const SHOWN_MAX = 5;
const RUN_MAX = 10;
/** GST on penalties, per cent. */
const GST_PERCENT = 18;

/** Body of EOD-PMR-FETCH. */
export function peakMarginFetchBody(parts: DayParts): NodeBody {
  const bodies = SEGMENTS.map((segment): [Segment, NodeBody] => [
    segment,
    fetchBody(
      parts,
      fileRole(PEAK_ROLE[segment], async (file) => ({ clients: (await readPeakResponse(file)).size })),
    ),
  ]);
  const bodyOf = new Map(bodies);
  return async (context) => {
    const body = bodyOf.get(segmentOf(context));
    if (body === undefined) throw new PermanentFault(`${context.key}: has no segment of the night`);
    return body(context);
  };
}

/** Reads a response. Rejects with FileError. */
export async function readPeakResponse(file: string): Promise<Map<string, PeakMargin>> {
  const found = new Map<string, PeakMargin>();
  await readCsvFile(file, ['Client ID', 'Peak Initial', 'Shortfall peak'], (row) => {
    const client = row.text('Client ID');
    const fail = (column: string, reason: string): never => {
      throw new FileError(file, `line ${row.line}, ${column}`, `${shown(row.text(column))} ${reason}`);
    };
    const amount = (column: string): Paise => {
      const value = row.text(column) === '' ? 0 : scaledNumber(row.text(column), 2);
      return value === undefined || value < 0 ? fail(column, 'is not an amount in rupees and paise') : paise(value);
    };
    if (client === '') fail('Client ID', 'is empty');
    if (found.has(client)) fail('Client ID', 'stands twice');
    found.set(client, { required: amount('Peak Initial'), short: amount('Shortfall peak') });
  });
  return found;
}

/** Body of EOD-DMF-RECONCILE. Outputs: clients that differ, penalties, sums in paise. */
export function peakMarginReconcileBody(parts: DayParts): NodeBody {
  return async (context) => {
    const segment = segmentOf(context);
    const role = PEAK_ROLE[segment];
    const theirs = await refusing(() =>
      readPeakResponse(useKept(context, role, recordOf(context.outputsOf(`EOD-PMR-FETCH@${segment}`)[role], role))),
    );
    const ours = ownPeaks(
      useKept(context, `dmf-rows-${segment.toLowerCase()}`, recordOf(context.outputsOf(`TH-SNAP-DMF_ROW@${segment}`)['dmf-rows'], 'dmf-rows')),
    );
    const differing = [...new Set([...ours.keys(), ...theirs.keys()])]
      .sort()
      .filter((client) => (ours.get(client)?.short ?? 0) !== (theirs.get(client)?.short ?? 0));
    const sum = (peaks: ReadonlyMap<string, ClientPeak>): number => [...peaks.values()].reduce((total, { short }) => total + short, 0);
    const words = differing
      .slice(0, SHOWN_MAX)
      .map((client) => `${client} ${ours.get(client)?.short ?? 0} against ${theirs.get(client)?.short ?? 0} paise`);
    const short = [...theirs].filter(([, peak]) => peak.short > 0).sort(([a], [b]) => (a < b ? -1 : 1));
    const penalties = short.map(([client, peak]) => [client, penaltyOf(parts.calendar, context, segment, [client, peak])] as const);
    return {
      outputs: {
        clients: theirs.size,
        differing: differing.length,
        short: short.length,
        penalty: penalties.reduce((total, [, amount]) => total + amount, 0),
      },
      gates: [{ name: 'short at peak, ours = clearing (paise)', left: sum(ours), right: sum(theirs) }],
      note: differing.length === 0 ? '' : `${differing.length} clients differ, first: ${words.join('; ')}`,
      commit: () => {
        const history = shortfalls(context.root);
        for (const [client, peak] of short) history.putSync([segment, client, context.date], peak.short);
        book(context, segment, penalties);
      },
    };
  };
}

const ownPeaks = (file: string): Map<string, ClientPeak> => peaksOf(readSnapshotLines(file));

/** Days on which clients were short in a segment: what makes a shortfall a repeated one. */
const shortfalls = (root: RootDatabase): Database<number, [segment: string, client: string, date: string]> =>
  root.openDB({ name: 'margin-shortfalls-by-segment', encoding: 'msgpack' });

function penaltyOf(calendar: BusinessCalendar, { root, date }: NodeContext, segment: Segment, [client, peak]: readonly [string, PeakMargin]): number {
  const history = shortfalls(root);
  let consecutiveDay = 1;
  for (
    let day = calendar.tradedBefore(date);
    consecutiveDay < RUN_MAX && history.get([segment, client, day]) !== undefined;
    day = calendar.tradedBefore(day)
  )
    consecutiveDay += 1;
  const month = [...history.getKeys({ start: [segment, client, date.slice(0, 7)], end: [segment, client, date] })];
  const about = {
    exchange: segment === 'COM' ? 'MCX' : 'NSE',
    shortfall: peak.short,
    applicableMargin: peak.required,
    consecutiveDay,
    instancesInMonth: month.length + 1,
  } as const;
  return shortMarginPenalty(about).amount;
}

function book(context: NodeContext, segment: Segment, penalties: readonly (readonly [string, number])[]): void {
  const at = Math.floor(context.now() / 1000);
  const day = { businessDate: dayNumber(context.date), at };
  const wanted: PostingRequest[] = penalties.flatMap(([client, amount]) => {
    const gst = Math.floor((amount * GST_PERCENT + 50) / 100);
    return penaltyPosting(day, client, { amount, gst, about: `short margin at peak ${segment}` }, 'firm') ?? [];
  });
  standAs(booksOf(context.root), { root: context.root, date: context.date, node: context.key, at }, wanted);
}
