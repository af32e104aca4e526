// EOD-MTM-EOD: final mark to market, premium, and on expiry final settlement, exercise and assignment, booked client by client in the commit that
// records the node. Leaves the day's positions as the position file's rows, and what is to be delivered to the cash segment, which books and settles
// it (EOD-OBLIG-PROCESS). Cash shares are not marked: what they come to is their settlement.
import { clientAccount } from '../../ledger/account-chart.ts';
import { settlementPosting } from '../../ledger/client-postings.ts';
import type { PostingRequest } from '../../ledger/posting.ts';
import { compactDate } from '../../ports/file-names.ts';
import type { Gate, NodeBody, NodeContext } from '../../runner/index.ts';
import { DeliveryStore } from '../../securities/delivery-store.ts';
import { netOfBook, paiseOfTickUnits } from './client-charges.ts';
import { booksOf, chainOf, type DayParts, dayNumber, keepMade } from './day-parts.ts';
import { closingRole, closingsOf, type DerivativeChain, derivativeDay } from './derivative-day.ts';
import type { PositionDay } from './derivative-positions.ts';
import { endedPositions } from './expiries.ts';
import { readHouse } from './house.ts';
import { standAs } from './node-postings.ts';
import { type ClientExpiry, clientExpiries, keepExpiries, sharesTraded } from './physical-delivery.ts';
import { printPositions } from './position-file.ts';
import { settleEngine, sharesBooked, sharesByName } from './settle-engine.ts';
import { settlementOf } from './settlements.ts';

const EXPIRY_TAXES = 'securities transaction tax and stamp duty of contracts that expired';

/** What one client's derivatives come to, paise; above zero the client receives. */
export interface ClientSettlement {
  premium: number;
  markToMarket: number;
}

/** Body of EOD-MTM-EOD. Outputs: `file` (closing positions, 46 columns) and `expiries` ('' = nothing ended) with their hashes, sums in paise. */
export function markToMarketBody(parts: DayParts): NodeBody {
  return async (context) => {
    const chain = chainOf(context);
    if (chain === 'CM' || chain === 'BSE' || chain === 'T0') {
      const end = await settleEngine(parts, context, chain, { booked: sharesBooked(context, chain), prices: [], ended: [] });
      return { note: `cash shares are not marked to market; ${end.note}`, gates: end.gates, outputs: end.outputs };
    }
    const { days, book, note, contracts } = await derivativeDay(parts, context, chain);
    const { date } = context;
    const name = `${closingRole(chain)}-${compactDate(date)}.csv`;
    const made = keepMade(parts, closingRole(chain), date, { name, bytes: Buffer.from(printPositions(chain, date, days), 'latin1') });
    const settled = settledByClient(days);
    const shares = days.some(({ delivery }) => delivery !== 0) ? await sharesTraded(parts, context) : new Map();
    const expiries = clientExpiries(days, { date: dayNumber(date), shares, brokerage: readHouse(parts.dataDirectory).deliveryBrokerage });
    const left = expiries.length === 0 ? { path: '', sha256: '' } : keepExpiries(parts, context, chain, expiries);
    const sums = sumsOf(settled, expiries);
    const prices = [...contracts.values()].filter(({ settlement }) => settlement > 0).map(({ token, settlement }) => ({ token, price: settlement }));
    const shareOf = await sharesByName(parts);
    const ended = endedPositions(days, dayNumber(date), shareOf);
    const end = await settleEngine(parts, context, chain, { booked: sums.premium + sums.markToMarket + sums.delivery, prices, ended });
    return {
      outputs: {
        file: made.path,
        sha256: made.sha256,
        expiries: left.path,
        expiriesSha256: left.sha256,
        positions: days.length,
        ...sums,
        ...end.outputs,
      },
      gates: [netGate(days, netOfBook(book)), ...end.gates],
      note: [note, end.note].filter((words) => words !== '').join('; '),
      commit: () => {
        closingsOf(context.root).putSync([chain, date], { file: made.path, sha256: made.sha256 });
        bookSettled(parts, context, chain, { settled, expiries });
        const delivering = expiries.filter(({ delivered }) => delivered.length > 0);
        new DeliveryStore(context.root).replace({ date, chain, due: parts.calendar.settlementDay(date, 1) }, delivering);
      },
    };
  };
}

/** Net value of trades in positions and in the book. */
const netGate = (days: readonly PositionDay[], right: number): Gate => {
  let net = 0n;
  for (const { soldValue, boughtValue } of days) net += soldValue - boughtValue;
  return { name: 'net of positions = net of trades (paise)', left: paiseOfTickUnits(net), right };
};

/** Sums by client. Each position rounds to the paisa once, as its row of the position file does. */
export function settledByClient(days: readonly PositionDay[]): Map<string, ClientSettlement> {
  const found = new Map<string, ClientSettlement>();
  for (const day of days) {
    const sum = found.get(day.client) ?? { premium: 0, markToMarket: 0 };
    sum.premium += paiseOfTickUnits(day.premium);
    sum.markToMarket += paiseOfTickUnits(day.markToMarket) + paiseOfTickUnits(day.finalSettlement) + paiseOfTickUnits(day.exercise);
    found.set(day.client, sum);
  }
  return found;
}

/** What all clients together receive, and the taxes on what ended, paise. */
function sumsOf(
  settled: ReadonlyMap<string, ClientSettlement>,
  expiries: readonly ClientExpiry[],
): Readonly<Record<'premium' | 'markToMarket' | 'delivery' | 'expiryTaxes' | 'deliveryBrokerage', number>> {
  const sums = { premium: 0, markToMarket: 0, delivery: 0, expiryTaxes: 0, deliveryBrokerage: 0 };
  for (const { premium, markToMarket } of settled.values()) {
    sums.premium += premium;
    sums.markToMarket += markToMarket;
  }
  for (const { stt, stamp, brokerage, gst, delivered } of expiries) {
    sums.expiryTaxes += stt + stamp;
    sums.deliveryBrokerage += brokerage + gst;
    for (const { amount } of delivered) sums.delivery += amount;
  }
  return sums;
}

interface Settled {
  readonly settled: ReadonlyMap<string, ClientSettlement>;
  readonly expiries: readonly ClientExpiry[];
}

function bookSettled(parts: DayParts, context: NodeContext, chain: DerivativeChain, done: Settled): void {
  const at = Math.floor(context.now() / 1000);
  const dates = { businessDate: dayNumber(context.date), due: dayNumber(parts.calendar.settlementDay(context.date, 1)) };
  const scope = { root: context.root, date: context.date, node: context.key, at };
  standAs(booksOf(context.root), scope, postings(chain, done, { ...dates, at }));
}

interface Dates {
  readonly businessDate: number;
  readonly due: number;
  readonly at: number;
}

function* postings(chain: DerivativeChain, { settled, expiries }: Settled, dates: Dates): Generator<PostingRequest> {
  const own = settlementOf(chain, ' ', dates);
  for (const [client, { premium, markToMarket }] of settled) {
    const found = [settlementPosting('PREMIUM', dates, client, own, premium), settlementPosting('MTM', dates, client, own, markToMarket)];
    for (const posting of found) if (posting !== undefined) yield posting;
  }
  for (const { client, stt, stamp, brokerage, gst } of expiries) {
    const debit = clientAccount(client);
    const transfers = [
      { debit, credit: 'LEVIES/STT', amount: stt },
      { debit, credit: 'LEVIES/STAMP', amount: stamp },
      { debit, credit: 'BROKERAGE', amount: brokerage },
      { debit, credit: 'LEVIES/GST', amount: gst },
    ].filter(({ amount }) => amount > 0);
    if (transfers.length === 0) continue;
    const { businessDate, at, due: valueDate } = dates;
    const narration = brokerage === 0 ? EXPIRY_TAXES : `${EXPIRY_TAXES}, brokerage and GST on what they deliver`;
    yield { key: `CHARGES ${businessDate} ${client} expiry ${chain}`, kind: 'CHARGES', businessDate, valueDate, at, narration, transfers };
  }
}
