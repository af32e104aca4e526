// EOD-OBLIG-FETCH and EOD-OBLIG-PROCESS: what the clearing corporation says is to be paid in and out, by settlement number, against what our own
// trades and marks come to; the taxes it collects, and (cash) the shares that expired contracts deliver, booked against the settlement. Client by
// client differences are counted and named; a settlement that differs is an open gate.
import { businessDate, paise } from '../../../engine/index.ts';
import { settlementDateOf } from '../../calendar/settlement-windows.ts';
import { type ClearingTax, readClearingTaxes } from '../../charges/clearing-tax-file.ts';
import { type CsvRow, readCsvFile } from '../../files/csv-file.ts';
import { scaledNumber } from '../../files/decimal-field.ts';
import { FileError, shown } from '../../files/file-error.ts';
import { type Chain, chainsIn, type Settled } from '../../graph/node-row.ts';
import { levyRemittance, settlementPosting } from '../../ledger/client-postings.ts';
import type { PostingRequest } from '../../ledger/posting.ts';
import { type FileRoleName, OBLIGATION_ROLE, UDIFF_SEGMENT } from '../../ports/file-names.ts';
import type { Gate, NodeBody, NodeContext, Output, Outputs } from '../../runner/index.ts';
import { type FileRole, fetchBody, fileRole } from '../fetch-file.ts';
import { booksOf, type DayParts, dayNumber, recordOf, settledOf, useKept } from './day-parts.ts';
import { readHouse } from './house.ts';
import { standAs } from './node-postings.ts';
import { amountOf, cashObligations, type Delivered, derivativeObligations, NOTHING_DELIVERED, type Obligations } from './own-obligations.ts';
import { settlementOf } from './settlements.ts';

const COLUMNS = ['Sgmt', 'SttlmTp', 'SctiesSttlmTxId', 'ClntId', 'CmltvBuyAmt', 'CmltvSellAmt', 'FnlOblgtnFlg'];
const SHOWN_MAX = 5;
/** Tax files a clearing corporation sends, exchange by exchange: taxes are on what was traded there, not on the net of both. */
const TAX_ROLES: Readonly<Record<Chain, Readonly<Partial<Record<ClearingTax, FileRoleName>>>>> = {
  CM: { stt: 'stt-cm', stamp: 'stamp-cm' },
  FO: { stt: 'stt-fo', stamp: 'stamp-fo' },
  BSE: { stt: 'stt-bse', stamp: 'stamp-bse' },
  BFO: { stt: 'stt-bfo', stamp: 'stamp-bfo' },
  T0: { stt: 'stt-t0', stamp: 'stamp-t0' },
  // Currency carries no STT; what commodities carry in its place (CTT) is read like it.
  CD: { stamp: 'stamp-cd' },
  COM: { stt: 'ctt-com', stamp: 'stamp-com' },
};

/** Tax files of an exchange segment the house trades in, by tax. */
export const taxRoles = ({ dataDirectory }: DayParts, chain: Chain): [tax: ClearingTax, role: FileRoleName][] =>
  readHouse(dataDirectory).traded.includes(chain) ? (Object.entries(TAX_ROLES[chain]) as [ClearingTax, FileRoleName][]) : [];

/** Body of EOD-OBLIG-FETCH: the obligation file, and the tax files where there are any. Outputs by role. */
export function obligationFetchBody(parts: DayParts): NodeBody {
  return async (context) => {
    const segment = settledOf(context);
    const tax = (name: FileRoleName, kind: ClearingTax): FileRole =>
      fileRole(name, async (file) => ({ clients: (await readClearingTaxes(file, kind)).byClient.size }));
    const roles = [
      fileRole(OBLIGATION_ROLE[segment], async (file) => ({ settlements: (await readObligations(file, segment)).size })),
      ...taxedWith(segment, context.chains).flatMap((chain) => taxRoles(parts, chain).map(([kind, name]) => tax(name, kind))),
    ];
    return fetchBody(parts, ...roles)(context);
  };
}

/** Chains whose taxes the clearing corporation takes with a settlement: those of T+0 with the cash segment's, at T+1, as its tax files are the evening's. */
const taxedWith = (settled: Settled, chains: readonly Chain[]): Chain[] => (settled === 'T0' ? [] : chainsIn(settled, chains));

/** Reads an obligation file; final rows only. Rejects with FileError. */
export async function readObligations(file: string, segment: Settled): Promise<Obligations> {
  const found: Obligations = new Map();
  await readCsvFile(file, COLUMNS, (row) => {
    if (row.text('Sgmt') !== UDIFF_SEGMENT[segment])
      throw new FileError(file, `line ${row.line}, Sgmt`, `${shown(row.text('Sgmt'))} is not the segment of this file (${UDIFF_SEGMENT[segment]})`);
    if (row.text('FnlOblgtnFlg') === 'N') return;
    if (row.text('ClntId') === '') throw new FileError(file, `line ${row.line}, ClntId`, 'is empty');
    const settlement = `${row.text('SttlmTp')} ${row.text('SctiesSttlmTxId')}`;
    const clients = found.get(settlement) ?? new Map<string, number>();
    clients.set(row.text('ClntId'), (clients.get(row.text('ClntId')) ?? 0) + amount(file, row, 'CmltvSellAmt') - amount(file, row, 'CmltvBuyAmt'));
    found.set(settlement, clients);
  });
  return found;
}

function amount(file: string, row: CsvRow, column: string): number {
  const text = row.text(column);
  const value = text === '' ? 0 : scaledNumber(text, 2);
  if (value === undefined || value < 0)
    throw new FileError(file, `line ${row.line}, ${column}`, `${shown(text)} is not an amount in rupees and paise`);
  return value;
}

/** Body of EOD-OBLIG-PROCESS. Outputs: per settlement pay-in, pay-out and due date, in paise; taxes collected. */
export function obligationProcessBody(parts: DayParts): NodeBody {
  return async (context) => {
    const segment = settledOf(context);
    const fetched = context.outputsOf(`EOD-OBLIG-FETCH@${segment}`);
    const role = OBLIGATION_ROLE[segment];
    const theirs = await readObligations(useKept(context, role, recordOf(fetched[role], role)), segment);
    const { ours, delivered } =
      segment === 'CM' || segment === 'T0'
        ? cashObligations(context, segment, theirs.keys())
        : { ours: await derivativeObligations(parts, context, segment), delivered: NOTHING_DELIVERED };
    const due = dayNumber(settlementDateOf(segment, context.date, parts.calendar));
    const taxes = await taxesOf(parts, context, segment, fetched);
    const differences = differencesOf(ours, theirs);
    return {
      outputs: { settlements: payments(segment, theirs, { businessDate: dayNumber(context.date), due }), taxes, differences: differences.length },
      gates: gatesOf(ours, theirs),
      note: differences.length === 0 ? '' : `${differences.length} differences, first: ${differences.slice(0, SHOWN_MAX).join('; ')}`,
      commit: () => book(context, { segment, due, taxes, delivered }),
    };
  };
}

const netOf = (clients: ReadonlyMap<string, number> | undefined): number => [...(clients?.values() ?? [])].reduce((sum, each) => sum + each, 0);

function gatesOf(ours: Obligations, theirs: Obligations): Gate[] {
  const settlements = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return settlements.map((settlement) => ({
    name: `funds of settlement ${settlement.trim() === '' ? 'of the day' : settlement}, ours = clearing (paise)`,
    left: netOf(ours.get(settlement)),
    right: netOf(theirs.get(settlement)),
  }));
}

function differencesOf(ours: Obligations, theirs: Obligations): string[] {
  const found: string[] = [];
  for (const settlement of [...new Set([...ours.keys(), ...theirs.keys()])].sort()) {
    const [own, other] = [ours.get(settlement), theirs.get(settlement)];
    for (const client of [...new Set([...(own?.keys() ?? []), ...(other?.keys() ?? [])])].sort()) {
      const [left, right] = [own?.get(client) ?? 0, other?.get(client) ?? 0];
      if (left !== right) found.push(`${client} in ${settlement}: ${left} against ${right} paise`);
    }
  }
  return found;
}

/** What is paid in and out of each settlement: the member's net is one payment, whose clients are shown gross. */
function payments(segment: Settled, theirs: Obligations, dates: { readonly businessDate: number; readonly due: number }): Output[] {
  return [...theirs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([text, clients]) => {
      const { clearing, number, due } = settlementOf(segment, text, dates);
      const amounts = [...clients.values()];
      const payIn = amounts.reduce((sum, each) => sum + Math.max(0, -each), 0);
      const payOut = amounts.reduce((sum, each) => sum + Math.max(0, each), 0);
      return { clearing, number, type: text.split(' ')[0] ?? '', due, payIn, payOut, net: payOut - payIn, clients: clients.size };
    });
}

type Taxes = Readonly<Partial<Record<ClearingTax, number>>>;

async function taxesOf(parts: DayParts, context: NodeContext, segment: Settled, fetched: Outputs): Promise<Taxes> {
  const found: Partial<Record<ClearingTax, number>> = {};
  const files = taxedWith(segment, context.chains).flatMap((chain) => taxRoles(parts, chain));
  for (const [tax, role] of files) {
    const { byClient } = await readClearingTaxes(useKept(context, role, recordOf(fetched[role], role)), tax);
    found[tax] = [...byClient.values()].reduce<number>((sum, each) => sum + each, found[tax] ?? 0);
  }
  return found;
}

const LEVY: Readonly<Record<ClearingTax, string>> = { stt: 'STT', stamp: 'STAMP' };

interface Booking {
  readonly segment: Settled;
  readonly due: number;
  readonly taxes: Taxes;
  readonly delivered: Delivered;
}

/** The clearing corporation takes the taxes with the settlement of the segment's own date; what is delivered is paid for with the shares of the day. */
function book(context: NodeContext, { segment, due, taxes, delivered }: Booking): void {
  const at = Math.floor(context.now() / 1000);
  const dates = { businessDate: dayNumber(context.date), due };
  const settlement = { ...settlementOf(segment, ' ', dates), number: `${segment}TAX${dates.businessDate}` };
  const wanted = (Object.keys(taxes) as ClearingTax[]).flatMap((tax) => {
    const posting = levyRemittance({ businessDate: businessDate(dates.businessDate), at }, LEVY[tax], settlement, paise(taxes[tax] ?? 0));
    return posting === undefined ? [] : [posting];
  });
  const scope = { root: context.root, date: context.date, node: context.key, at };
  standAs(booksOf(context.root), scope, [...wanted, ...deliveryPostings(delivered, { ...dates, at })]);
}

function deliveryPostings(
  { settlement, expiries }: Delivered,
  day: { readonly businessDate: number; readonly due: number; readonly at: number },
): PostingRequest[] {
  const account = settlementOf('CM', settlement, day);
  return expiries.flatMap(({ client, delivered }) => {
    const posting = settlementPosting('TRADE', day, client, account, amountOf(delivered));
    if (posting === undefined) return [];
    const narration = `shares delivered by expired contracts, ${account.clearing} settlement ${account.number}`;
    return [{ ...posting, key: `${posting.key} delivery`, narration }];
  });
}
