// EOD-CN-GENERATE: one common note per client over equity, derivatives and currency, one for commodities, from the reconciled books and the charges
// that were booked. Signed documents lie under night/notes; the store says which. A client nobody knows keeps the gate open, and the others get their
// notes.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { businessDate, ChargeTariff, chargeRatesOn, RateUnknown } from '../../../engine/index.ts';
import { settlementDateOf } from '../../calendar/settlement-windows.ts';
import { FileError } from '../../files/file-error.ts';
import { SEGMENT_OF } from '../../graph/node-row.ts';
import { nightDirectory } from '../../night/night.ts';
import { type Broker, readBroker } from '../../notes/broker.ts';
import { NoteComposer, type SegmentDay } from '../../notes/compose-notes.ts';
import { readContacts } from '../../notes/contact-list.ts';
import { NOTE_GROUPS, type NoteSegment } from '../../notes/contract-note.ts';
import { type Issued, issueNotes } from '../../notes/issue-notes.ts';
import { NotePool } from '../../notes/note-pool.ts';
import { NoteStore } from '../../notes/note-store.ts';
import { TradeDetails } from '../../notes/trade-details.ts';
import { sha256Of } from '../../ports/fetched-file.ts';
import { TRADE_ROLE } from '../../ports/file-names.ts';
import { TradeBook } from '../../recon/trade-book.ts';
import { type Gate, type NodeBody, type NodeContext, type Output, type Outputs, PermanentFault } from '../../runner/index.ts';
import { notesRole, readNotes } from '../end-of-day/charge-compute.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';
import { type DerivativeChain, pricesOf } from '../end-of-day/derivative-day.ts';
import { readHouse } from '../end-of-day/house.ts';
import { tradeFileNode } from '../end-of-day/reconcile.ts';

const CLEARING: Readonly<Record<NoteSegment, string>> = {
  CM: 'NSE Clearing (NCL)',
  FO: 'NSE Clearing (NCL)',
  CD: 'NSE Clearing (NCL)',
  COM: 'MCXCCL',
};

/** Body of EOD-CN-GENERATE. Outputs: counts and sums in paise, which segments had nothing to show. */
export function generateBody(parts: DayParts): NodeBody {
  const { dataDirectory } = parts;
  return async (context) => {
    const { date } = context;
    const broker = read(() => readBroker(dataDirectory));
    const contacts = await refusing(() => readContacts(dataDirectory));
    const day = await segmentDays(parts, context);
    const { plan } = readHouse(dataDirectory);
    const tariff = new ChargeTariff(chargeRatesOn(businessDate(Number(date.replaceAll('-', '')))), plan);
    const store = new NoteStore(context.root);
    const pool = new NotePool(Math.max(1, availableParallelism() - 1));
    const folder = join(nightDirectory(dataDirectory), 'notes');
    const reason = context.corrects.length > 0 ? `corrected ${context.corrects.join(', ')}` : 'trades or particulars changed after it was issued';
    const results: Issued[] = [];
    try {
      for (const group of NOTE_GROUPS) {
        const composer = new NoteComposer(group, { date, broker, tariff, segments: day.segments });
        results.push(await refusing(() => issueNotes(composer, date, { store, pool, contacts, broker, folder, reason, now: context.now })));
      }
    } finally {
      await pool.close();
    }
    return outcome(day, results, broker);
  };
}

interface NoteSegments {
  readonly segments: readonly SegmentDay[];
  /** Chains whose steps were skipped: nothing of them is on a note. */
  readonly left: readonly string[];
}

async function segmentDays(parts: DayParts, context: NodeContext): Promise<NoteSegments> {
  const segments: SegmentDay[] = [];
  const left: string[] = [];
  for (const chain of context.chains) {
    const [recon, charges] = [context.outputsOf(`EOD-RECON@${chain}`), context.outputsOf(`EOD-CHARGE-COMPUTE@${chain}`)];
    if (recon['file'] === undefined && charges['file'] === undefined) {
      left.push(chain);
      continue;
    }
    const segment = SEGMENT_OF[chain];
    const book = TradeBook.fromBytes(readFileSync(kept(context, `${TRADE_ROLE[chain]}-reconciled`, recon)));
    const details = new TradeDetails(book);
    for (const file of filesOf(context.outputsOf(tradeFileNode(chain))['files'])) await refusing(() => details.read(file));
    const lines = new Map(readNotes(kept(context, notesRole(chain), charges)).map((line) => [line.client, line]));
    const isCash = chain === 'CM' || chain === 'BSE' || chain === 'T0';
    const closing = isCash || lines.size === 0 ? new Map<number, number>() : await closingRates(parts, context, chain);
    segments.push({
      segment,
      book,
      details,
      lines,
      clearing: CLEARING[segment],
      payIn: settlementDateOf(chain, context.date, parts.calendar),
      closing,
    });
  }
  return { segments, left };
}

/** Settlement prices by token, ticks: what futures are marked at. */
async function closingRates(parts: DayParts, context: NodeContext, chain: DerivativeChain): Promise<Map<number, number>> {
  const { byToken } = await pricesOf(parts, context, chain);
  return new Map([...byToken].map(([token, { settlement }]) => [token, settlement]));
}

/** Paths among the outputs of a trade file's node. */
function filesOf(files: Output | undefined): string[] {
  if (!Array.isArray(files)) return [];
  return files.flatMap((one: Output) =>
    typeof one === 'object' && one !== null && typeof (one as Outputs)['file'] === 'string' ? [String((one as Outputs)['file'])] : [],
  );
}

/** A file another node left, as it left it. */
function kept(context: NodeContext, role: string, { file, sha256 }: Outputs): string {
  if (typeof file !== 'string' || typeof sha256 !== 'string') throw new PermanentFault(`an earlier node left no ${role}`);
  if (sha256Of(readFileSync(file)) !== sha256) throw new PermanentFault(`${file}: is not the file that was left here (${sha256.slice(0, 12)})`);
  context.pin(role, file, sha256);
  return file;
}

function outcome({ segments, left }: NoteSegments, results: readonly Issued[], broker: Broker): Awaited<ReturnType<NodeBody>> {
  const own = new Set(results.flatMap((result) => result.own));
  const unknown = results.flatMap((result) => result.unknown);
  let [trades, charges] = [0, 0];
  const [ownSums, allSums] = [
    { trades: 0, charges: 0 },
    { trades: 0, charges: 0 },
  ];
  for (const { lines } of segments) {
    for (const line of lines.values()) {
      const amount = line.charges.reduce((sum, part) => sum + part, 0);
      const sums = own.has(line.client) ? [ownSums, allSums] : [allSums];
      for (const each of sums) {
        each.trades += line.trades;
        each.charges += amount;
      }
    }
  }
  for (const result of results) {
    trades += result.trades;
    charges += result.charges;
  }
  const notes = results.reduce((sum, result) => sum + result.notes, 0);
  const gates: Gate[] = [
    { name: 'clients with a note = clients that traded', left: notes, right: notes + unknown.length },
    { name: 'trades on notes and own accounts = trades charged', left: trades + ownSums.trades, right: allSums.trades },
    { name: 'charges on notes and own accounts = charges booked (paise)', left: charges + ownSums.charges, right: allSums.charges },
  ];
  const made = results.reduce((sum, result) => sum + result.made, 0);
  const said = [
    unknown.length === 0 ? '' : `${unknown.length} clients are not in contacts.csv, ${unknown[0]} first`,
    left.length === 0 ? '' : `nothing of ${left.join(', ')}: their steps were skipped`,
  ];
  return {
    outputs: { notes, made, trades, charges, own: own.size, prefix: broker.prefix.EQ },
    gates,
    note: said.filter((text) => text !== '').join('; '),
  };
}

function read<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new PermanentFault(error instanceof Error ? error.message : String(error));
  }
}

async function refusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileError || error instanceof RateUnknown) throw new PermanentFault(error.message);
    throw error;
  }
}
