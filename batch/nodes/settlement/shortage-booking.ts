// Shortages of a pay-out: the clearing corporation's list laid beside what our clients did not deliver, valued, kept until auction or close-out, and
// debited where one client owes another (a fifth above the settlement price, by noon of the settlement day).
import { businessDate, internalShortageDebit, paise } from '../../../engine/index.ts';
import { settlementDateOf } from '../../calendar/settlement-windows.ts';
import { settlementPosting } from '../../ledger/client-postings.ts';
import type { Gate, NodeContext } from '../../runner/index.ts';
import { ShortageStore, type UnitShortage } from '../../securities/shortage-store.ts';
import { booksOf, type DayParts, dayNumber } from '../end-of-day/day-parts.ts';
import { standAs } from '../end-of-day/node-postings.ts';
import { deliveredUnits } from './promised-units.ts';
import type { ListRow } from './securities-files.ts';
import { unitsOf } from './securities-opening.ts';
import type { PayOutFile } from './securities-payout-files.ts';
import { runKey } from './session-names.ts';
import { type DayPrices, dayPrices } from './shortage-prices.ts';

/** Shortages of a pay-out with what has to agree about them. */
export interface FoundShortages {
  readonly list: readonly UnitShortage[];
  readonly units: number;
  readonly gates: readonly Gate[];
  readonly note: string;
  /** Auction settlement's pay-in date, yyyymmdd. */
  readonly due: number;
}

const SHOWN_MAX = 5;
const MILLIS = 1000;

/** What was short in the pay-outs of `plan`'s settlements. */
export async function shortagesOf(parts: DayParts, context: NodeContext, plan: readonly ListRow[], file: PayOutFile): Promise<FoundShortages> {
  const own = undelivered(context, plan);
  const auctionOn = settlementDateOf(context.segment, context.date, parts.calendar);
  const due = dayNumber(parts.calendar.settlementDay(auctionOn, 1));
  const prices = file.short.length === 0 ? undefined : await dayPrices(parts, context);
  const tokens = new Map(plan.map((row) => [row['isin'] ?? '', Number(row['token'])]));
  const dates = { tradeDate: context.date, auctionOn };
  const list = file.short.map((one) => ({ ...valued(one, prices, dates), token: tokens.get(one.isin) ?? 0 }));
  const failed = list.filter(({ side }) => side !== 'buyer');
  const shown = list.slice(0, SHOWN_MAX).map(({ side, client, isin, units }) => `${side} ${client} ${isin} ${units}`);
  return {
    list,
    units: sum(failed, ({ units }) => units),
    gates: [
      {
        name: 'units our clients were short, ours = clearing',
        left: sum([...own.values()], (units) => units),
        right: sum(failed, ({ units }) => units),
      },
      {
        name: 'valuation debits of internal shortages, ours = clearing (paise)',
        left: sum(list, ({ valuation }) => valuation),
        right: sum([...file.valuations.values()], (amount) => amount),
      },
    ],
    note: list.length === 0 ? '' : `${list.length} shortages, first: ${shown.join('; ')}`,
    due,
  };
}

const sum = <One>(list: readonly One[], of: (one: One) => number): number => list.reduce((total, one) => total + of(one), 0);

/** Units each client owed and did not deliver, by our books: by `settlement client ISIN`. */
function undelivered(context: NodeContext, plan: readonly ListRow[]): Map<string, number> {
  const delivered = deliveredUnits(unitsOf(context), runKey(context, 'PAY_IN'));
  const found = new Map<string, number>();
  for (const { settlement = '', client = '', isin = '', deliver = '0' } of plan) {
    const short = Number(deliver) - delivered(settlement, client, isin);
    if (short > 0) found.set(`${settlement} ${client} ${isin}`, short);
  }
  return found;
}

function valued(
  one: PayOutFile['short'][number],
  prices: DayPrices | undefined,
  dates: Pick<UnitShortage, 'tradeDate' | 'auctionOn'>,
): Omit<UnitShortage, 'token'> {
  const { settlement, client, isin, side, units } = one;
  const settlementPrice = prices?.get(isin)?.settlement ?? 0;
  const valuation = side === 'internal' ? internalShortageDebit(settlementPrice, units) : 0;
  return { settlement, client, isin, side, units, settlementPrice, valuation, ...dates };
}

/** Keeps the shortages and debits valuations; to be called in the node's commit. */
export function bookShortages(context: NodeContext, { list, due }: FoundShortages): void {
  const store = new ShortageStore(context.root);
  for (const one of list) if (store.of(one.settlement).every((known) => !isSame(known, one) || known.outcome === undefined)) store.put(one);
  const at = Math.floor(context.now() / MILLIS);
  const day = { businessDate: businessDate(dayNumber(context.date)), at };
  const wanted = list.flatMap(({ settlement, client, isin, valuation, auctionOn }) => {
    const account = { clearing: 'NCL', number: auctionNumber(auctionOn), due };
    const posting = valuation === 0 ? undefined : settlementPosting('AUCTION', day, client, account, paise(-valuation));
    return posting === undefined
      ? []
      : [
          {
            ...posting,
            key: `AUCTION valuation ${settlement} ${client} ${isin}`,
            narration: `internal shortage of ${isin} in ${settlement}, valued at 120 %`,
          },
        ];
  });
  standAs(booksOf(context.root), { root: context.root, date: context.date, node: context.key, at }, wanted);
}

const isSame = (a: UnitShortage, b: UnitShortage): boolean => a.client === b.client && a.isin === b.isin && a.side === b.side;

/** Ledger number of the auction held on a date, until its file names the settlement: shortages of two trade dates auctioned together share it. */
export const auctionNumber = (auctionOn: string): string => `AUC${dayNumber(auctionOn)}`;
