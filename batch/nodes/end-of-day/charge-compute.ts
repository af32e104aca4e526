// EOD-CHARGE-COMPUTE: charges of every client's note in a segment, and with them (cash) what their trades come to in each settlement, booked in the commit that
// records the node. Streams client by client; the notes file it leaves is what notes, tie-outs and tax reconciliation read.
import { readFileSync } from 'node:fs';
import { businessDate, CHARGE_PARTS, ChargeTariff, chargeRatesOn } from '../../../engine/index.ts';
import { settlementDateOf } from '../../calendar/settlement-windows.ts';
import { type Chain, SEGMENT_OF } from '../../graph/node-row.ts';
import { noteChargesPosting, type Settlement, settlementPosting } from '../../ledger/client-postings.ts';
import type { PostingRequest } from '../../ledger/posting.ts';
import { compactDate, TRADE_ROLE } from '../../ports/file-names.ts';
import { TradeBook, TradeFlag } from '../../recon/trade-book.ts';
import { type Gate, type NodeBody, PermanentFault } from '../../runner/index.ts';
import { eachClientDay, type NoteLine, netOfBook, noteLine } from './client-charges.ts';
import { booksOf, chainOf, type DayParts, dayNumber, keepMade, useKept } from './day-parts.ts';
import { readHouse } from './house.ts';
import { standAs } from './node-postings.ts';
import { settlementOf } from './settlements.ts';

/** Role under which a chain's notes file is kept. */
export const notesRole = (chain: Chain): string => `notes-${chain.toLowerCase()}`;

/** Body of EOD-CHARGE-COMPUTE. Outputs: `file` (notes, JSON lines) with its hash, counts and sums in paise. */
export function chargeBody(parts: DayParts): NodeBody {
  return async (context) => {
    const chain = chainOf(context);
    const { date } = context;
    const role = TRADE_ROLE[chain];
    const recon = context.outputsOf(`EOD-RECON@${chain}`);
    const book = TradeBook.fromBytes(readFileSync(useKept(context, `${role}-reconciled`, recon)));
    const { plan } = readHouse(parts.dataDirectory);
    const { lines, gates, sums } = notesOf(book, new ChargeTariff(chargeRatesOn(businessDate(dayNumber(date))), plan), chain, date);
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), 'latin1');
    const made = keepMade(parts, notesRole(chain), date, { name: `${notesRole(chain)}-${compactDate(date)}.jsonl`, bytes });
    const at = Math.floor(context.now() / 1000);
    const due = dayNumber(settlementDateOf(chain, date, parts.calendar));
    return {
      outputs: { file: made.path, sha256: made.sha256, clients: lines.length, ...sums },
      gates,
      commit: () =>
        void standAs(
          booksOf(context.root),
          { root: context.root, date, node: context.key, at },
          chargePostings(lines, { chain, businessDate: dayNumber(date), at, due }),
        ),
    };
  };
}

/** See notesOf. Sums in paise. */
export interface Notes {
  readonly lines: readonly NoteLine[];
  readonly gates: readonly Gate[];
  readonly sums: Readonly<Record<string, number>>;
}

/** Every client's note of a book, in the order of their codes, and the tie-outs over them. */
export function notesOf(book: TradeBook, tariff: ChargeTariff, chain: Chain, date: string): Notes {
  const lines: NoteLine[] = [];
  const totals = CHARGE_PARTS.map(() => 0);
  let [trades, net] = [0, 0];
  eachClientDay(book, tariff, (day) => {
    const line = noteLine(day, `${chain}/${compactDate(date)}/${day.client}`);
    lines.push(line);
    trades += day.trades;
    for (const [, amount] of line.net) net += amount;
    for (const [i, amount] of line.charges.entries()) totals[i] = (totals[i] ?? 0) + amount;
  });
  let counted = 0;
  for (let row = 0; row < book.rows; row++) if (!book.has(row, TradeFlag.CANCELLED)) counted += 1;
  const gates = [
    { name: 'trades charged = trades reconciled', left: trades, right: counted },
    { name: 'net of notes = net of trades (paise)', left: net, right: netOfBook(book) },
  ];
  return { lines, gates, sums: { trades, net, ...Object.fromEntries(CHARGE_PARTS.map((part, i) => [part, totals[i] ?? 0])) } };
}

/** Dates of the postings, yyyymmdd; `at` in milliseconds. */
export interface ChargeDay {
  readonly chain: Chain;
  readonly businessDate: number;
  readonly at: number;
  readonly due: number;
}

/** Cash trades settle through the clearing corporation in full; of derivatives only premium and mark to market do, which EOD-MTM-EOD books. */
export function* chargePostings(lines: readonly NoteLine[], day: ChargeDay): Generator<PostingRequest> {
  const settlements = new Map<string, Settlement>();
  for (const { client, note, net, charges } of lines) {
    for (const [text, amount] of SEGMENT_OF[day.chain] === 'CM' ? net : []) {
      const settlement = settlements.get(text) ?? settlementOf(day.chain, text, day);
      settlements.set(text, settlement);
      const posting = settlementPosting('TRADE', day, client, settlement, amount);
      if (posting !== undefined) yield posting;
    }
    const posting = noteChargesPosting(day, client, note, charges, day.due);
    if (posting !== undefined) yield posting;
  }
}

/** Lines of a notes file. Throws PermanentFault for one that is none. */
export function readNotes(path: string): NoteLine[] {
  return readFileSync(path, 'latin1')
    .split('\n')
    .filter((text) => text !== '')
    .map((text, index) => {
      try {
        return JSON.parse(text) as NoteLine;
      } catch {
        throw new PermanentFault(`${path}: line ${index + 1} is not a note`);
      }
    });
}
