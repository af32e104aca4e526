// LEDGER-NIGHT: the books of the day brought to their end. The notes' taxes are laid beside the clearing corporation's and the difference booked as a
// line of its own; a thread proves the books whole on a read snapshot meanwhile; then the day closes at zero, or with breaks that two persons
// approved, and its trial-balance root is stored. A day that cannot close names what is open, and nothing of this node has happened.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Paise, paise, reconcileTax, type TaxReconciliation } from '../../../engine/index.ts';
import { type ClearingTax, readClearingTaxes } from '../../charges/clearing-tax-file.ts';
import { FileError } from '../../files/file-error.ts';
import { type Chain, SEGMENT_OF } from '../../graph/node-row.ts';
import { taxDifferencePosting } from '../../ledger/client-postings.ts';
import { NotClosable } from '../../ledger/close.ts';
import type { ApprovedBreak } from '../../ledger/ledger-store.ts';
import { PostingError, type PostingRequest } from '../../ledger/posting.ts';
import { breakRecords } from '../../ledger/posting-records.ts';
import { nightDirectory } from '../../night/night.ts';
import { compactDate } from '../../ports/file-names.ts';
import { type NodeBody, type NodeContext, PermanentFault } from '../../runner/index.ts';
import { checkBooks } from './books-check.ts';
import { notesRole, readNotes } from './charge-compute.ts';
import { chargeOf } from './client-charges.ts';
import { booksOf, type DayParts, dayNumber, recordOf, refusing, useKept } from './day-parts.ts';
import { standAs } from './node-postings.ts';
import { taxRoles } from './obligations.ts';
import { expiriesLeft } from './physical-delivery.ts';

/** Body of LEDGER-NIGHT. Outputs: entries and accounts of the books checked, per tax the line that was booked. The close is in the books. */
export function ledgerNightBody(parts: DayParts): NodeBody {
  return async (context) => {
    const ledger = booksOf(context.root);
    const sequence = ledger.head.sequence;
    const checking = checkBooks(join(nightDirectory(parts.dataDirectory), 'state'));
    const lines = await taxLines(parts, context);
    const report = await checking;
    if (report.findings.length > 0) throw new PermanentFault(`the books are damaged: ${report.findings[0]}`);
    const breaks = await approvedBreaks(parts, context);
    const at = Math.floor(context.now() / 1000);
    const date = dayNumber(context.date);
    const differing = lines.map(({ name, found }) => [name, found.difference] as const);
    return {
      outputs: { entries: report.entries, accounts: report.accounts, root: report.root, sequence, ...Object.fromEntries(differing) },
      note: differing.every(([, difference]) => difference === 0)
        ? ''
        : 'taxes of notes differ from the clearing corporation’s: booked as a line of its own',
      commit: () => {
        standAs(ledger, { root: context.root, date: context.date, node: context.key, at }, taxPostings(lines, date, at));
        if (ledger.closeOf(date) === undefined) close(() => ledger.close({ date, at, breaks }));
      },
    };
  };
}

interface TaxOfChain {
  /** As in outputs: sttDifference-FO. */
  readonly name: string;
  readonly chain: Chain;
  readonly tax: ClearingTax;
  readonly found: TaxReconciliation;
}

/** Our notes, and what expiries were taxed, beside the clearing corporation's files, for each tax and exchange segment it sends one for. */
async function taxLines(parts: DayParts, context: NodeContext): Promise<TaxOfChain[]> {
  const lines: TaxOfChain[] = [];
  for (const chain of context.chains) {
    const roles = taxRoles(parts, chain);
    if (roles.length === 0) continue;
    const notes = readNotes(useKept(context, notesRole(chain), context.outputsOf(`EOD-CHARGE-COMPUTE@${chain}`)));
    const fetched = context.outputsOf(`EOD-OBLIG-FETCH@${SEGMENT_OF[chain]}`);
    const expiries = expiriesLeft(context, chain);
    for (const [tax, role] of roles) {
      const ours = new Map<string, Paise>(notes.map((note) => [note.client, paise(chargeOf(note, tax))]));
      for (const one of expiries) ours.set(one.client, paise((ours.get(one.client) ?? 0) + one[tax]));
      const { byClient } = await refusing(() => readClearingTaxes(useKept(context, role, recordOf(fetched[role], role)), tax));
      lines.push({ name: `${tax}Difference-${chain}`, chain, tax, found: reconcileTax(ours, byClient) });
    }
  }
  return lines;
}

function* taxPostings(lines: readonly TaxOfChain[], date: number, at: number): Generator<PostingRequest> {
  for (const { chain, tax, found } of lines) {
    const posting = taxDifferencePosting({ businessDate: date, at }, tax === 'stt' ? 'STT' : 'STAMP', `${chain} ${date}`, found.difference);
    if (posting !== undefined) yield posting;
  }
}

/** night/close-breaks/YYYYMMDD.json: what keeps the day from zero, each explained to the paisa by one person and approved by another. */
async function approvedBreaks({ dataDirectory }: DayParts, { date }: NodeContext): Promise<ApprovedBreak[]> {
  const path = join(nightDirectory(dataDirectory), 'close-breaks', `${compactDate(date)}.json`);
  if (!existsSync(path)) return [];
  return refusing(async () => {
    try {
      return breakRecords(JSON.parse(readFileSync(path, 'utf8')), path);
    } catch (error) {
      throw error instanceof SyntaxError ? new FileError(path, '', error.message) : error;
    }
  });
}

function close(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (error instanceof NotClosable || error instanceof PostingError) throw new PermanentFault(error.message);
    throw error;
  }
}
