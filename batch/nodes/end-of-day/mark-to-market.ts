// EOD-MTM-EOD: final mark to market, premium, and on expiry final settlement, exercise, assignment and delivery, booked client by client in the commit that
// records the node. Leaves the day's positions as the position file's rows. Cash shares are not marked: what they come to is their settlement.
import { businessDate, exerciseTax } from '../../../engine/index.ts';
import { clientAccount } from '../../ledger/account-chart.ts';
import { settlementPosting } from '../../ledger/client-postings.ts';
import type { PostingRequest } from '../../ledger/posting.ts';
import { compactDate } from '../../ports/file-names.ts';
import type { Gate, NodeBody, NodeContext } from '../../runner/index.ts';
import { netOfBook, paiseOfTickUnits } from './client-charges.ts';
import { booksOf, type DayParts, dayNumber, keepMade, segmentOf } from './day-parts.ts';
import { closingRole, closingsOf, type DerivativeSegment, derivativeDay } from './derivative-day.ts';
import type { PositionDay } from './derivative-positions.ts';
import { endedPositions } from './expiries.ts';
import { standAs } from './node-postings.ts';
import { printPositions } from './position-file.ts';
import { settleEngine, sharesBooked, sharesByName } from './settle-engine.ts';
import { settlementOf } from './settlements.ts';

const MICROS_PER_TICK = 100;

/** What one client's derivatives come to, paise; above zero the client receives. */
export interface ClientSettlement {
  premium: number;
  markToMarket: number;
  /** Price × units of what is delivered against payment. */
  delivery: number;
  /** Tax on exercise, whole rupees in paise; the client owes it. */
  exerciseTax: number;
}

/** Body of EOD-MTM-EOD. Outputs: `file` (closing positions, 46 columns) with its hash, sums in paise. */
export function markToMarketBody(parts: DayParts): NodeBody {
  return async (context) => {
    const segment = segmentOf(context);
    if (segment === 'CM') {
      const end = await settleEngine(parts, context, segment, { booked: sharesBooked(context), prices: [], ended: [] });
      return { note: `cash shares are not marked to market; ${end.note}`, gates: end.gates, outputs: end.outputs };
    }
    const { days, book, note, contracts } = await derivativeDay(parts, context, segment);
    const { date } = context;
    const name = `${closingRole(segment)}-${compactDate(date)}.csv`;
    const made = keepMade(parts, closingRole(segment), date, { name, bytes: Buffer.from(printPositions(segment, date, days), 'latin1') });
    const settled = settledByClient(days, dayNumber(date));
    const sums = sumsOf(settled);
    const prices = [...contracts.values()].filter(({ settlement }) => settlement > 0).map(({ token, settlement }) => ({ token, price: settlement }));
    const shareOf = await sharesByName(parts);
    const ended = endedPositions(days, dayNumber(date), shareOf);
    const end = await settleEngine(parts, context, segment, { booked: sums.premium + sums.markToMarket + sums.delivery, prices, ended });
    return {
      outputs: { file: made.path, sha256: made.sha256, positions: days.length, ...sums, ...end.outputs },
      gates: [netGate(days, netOfBook(book)), ...end.gates],
      note: [note, end.note].filter((words) => words !== '').join('; '),
      commit: () => {
        closingsOf(context.root).putSync([segment, date], { file: made.path, sha256: made.sha256 });
        bookSettled(parts, context, segment, settled);
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
export function settledByClient(days: readonly PositionDay[], date: number): Map<string, ClientSettlement> {
  const found = new Map<string, ClientSettlement>();
  for (const day of days) {
    const sum = found.get(day.client) ?? { premium: 0, markToMarket: 0, delivery: 0, exerciseTax: 0 };
    sum.premium += paiseOfTickUnits(day.premium);
    sum.markToMarket += paiseOfTickUnits(day.markToMarket) + paiseOfTickUnits(day.finalSettlement) + paiseOfTickUnits(day.exercise);
    sum.delivery -= paiseOfTickUnits(BigInt(day.delivery) * BigInt(day.deliveryPrice));
    sum.exerciseTax += taxOf(day, date);
    found.set(day.client, sum);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** STT on what the client exercised; options on currencies carry none. */
function taxOf({ exercised, contract }: PositionDay, date: number): number {
  if (exercised === 0 || contract.option === '' || !/^(ST|ID|SO|IO)/.test(contract.type)) return 0;
  const { strike, underlying, option } = contract;
  const exercise = { segment: 'OPT', kind: option, strike: strike * MICROS_PER_TICK, settlementPrice: underlying * MICROS_PER_TICK } as const;
  return exerciseTax({ ...exercise, quantity: exercised }, businessDate(date)).note;
}

function sumsOf(settled: ReadonlyMap<string, ClientSettlement>): Readonly<ClientSettlement> {
  const sums = { premium: 0, markToMarket: 0, delivery: 0, exerciseTax: 0 };
  for (const one of settled.values()) for (const part of ['premium', 'markToMarket', 'delivery', 'exerciseTax'] as const) sums[part] += one[part];
  return sums;
}

function bookSettled(parts: DayParts, context: NodeContext, segment: DerivativeSegment, settled: ReadonlyMap<string, ClientSettlement>): void {
  const at = Math.floor(context.now() / 1000);
  const dates = { businessDate: dayNumber(context.date), due: dayNumber(parts.calendar.settlementDay(context.date, 1)) };
  const scope = { root: context.root, date: context.date, node: context.key, at };
  standAs(booksOf(context.root), scope, postings(segment, settled, { ...dates, at }));
}

interface Dates {
  readonly businessDate: number;
  readonly due: number;
  readonly at: number;
}

function* postings(segment: DerivativeSegment, settled: ReadonlyMap<string, ClientSettlement>, dates: Dates): Generator<PostingRequest> {
  const own = settlementOf(segment, ' ', dates);
  const delivery = { ...own, number: `${own.number}P` };
  for (const [client, { premium, markToMarket, delivery: delivered, exerciseTax: tax }] of settled) {
    const found = [
      settlementPosting('PREMIUM', dates, client, own, premium),
      settlementPosting('MTM', dates, client, own, markToMarket),
      settlementPosting('TRADE', dates, client, delivery, delivered),
    ];
    for (const posting of found) if (posting !== undefined) yield posting;
    if (tax > 0)
      yield {
        key: `CHARGES ${dates.businessDate} ${client} exercise ${segment}`,
        kind: 'CHARGES',
        businessDate: dates.businessDate,
        at: dates.at,
        narration: 'securities transaction tax on exercise',
        transfers: [{ debit: clientAccount(client), credit: 'LEVIES/STT', amount: tax }],
      };
  }
}
