// Alerts of margin trading funding (MTF): whose pledge is on its last day, whose has lapsed, and whose funded shares have lost most of the money
// behind them. A walk over the slots, one a second, where the house funds anybody; what is over is cleared as the walk comes by.
import { type DueClient, type FundingView, type PledgeStep, pledgeStep } from '../../engine/index.ts';
import type { Shards } from '../../workers/index.ts';
import { tradingDayBefore, tradingDaysBetween } from '../../workers/reference/index.ts';
import { PLEDGE_DAYS } from '../risk/funding-desk.ts';
import { SlotWalk } from '../slot-walk.ts';
import type { AlertKind } from './alert.ts';
import type { AlertBook } from './alert-book.ts';

const WALK_MS = 1_000;
/** When commodities close does not matter to shares: never, minutes after midnight. */
const NEVER = 24 * 60;

const TEXTS = {
  pledgeLastDay: 'Shares bought with funding (MTF) must be pledged by 17:00 today; what is not is squared off tomorrow',
  pledgeLapsed: 'Shares bought with funding (MTF) were not pledged in time: they are due to be squared off',
  fundedLoss: 'Shares bought with funding (MTF) have lost most of the money behind them: they are due to be squared off',
} as const satisfies Partial<Record<AlertKind, string>>;
type FundedAlert = keyof typeof TEXTS;

export class FundedWatch {
  private readonly shards: Pick<Shards, 'query'>;
  private readonly book: AlertBook;
  private readonly walk = new SlotWalk({ look: (slot) => this.walkSlot(slot) });

  constructor(shards: Pick<Shards, 'query'>, book: AlertBook) {
    this.shards = shards;
    this.book = book;
  }

  /** Begins the walk over the slots. */
  start(): void {
    this.walk.start(WALK_MS);
  }

  stop(): void {
    this.walk.stop();
  }

  /** Looks at one slot. */
  async walkSlot(slot: number): Promise<void> {
    const funded = (await this.shards.query(slot, { type: 'funding' })) as readonly FundingView[];
    const [first] = funded;
    if (first === undefined) return;
    const pledgeLapsed = tradingDayBefore(first.businessDate, PLEDGE_DAYS);
    const due = (await this.shards.query(slot, { type: 'squareOff', commodityClose: NEVER, pledgeLapsed })) as readonly DueClient[];
    const has = (account: string, cause: string): boolean =>
      due.some((client) => client.account === account && client.reasons.some((reason) => reason.cause === cause));
    for (const view of funded) {
      const { account } = view;
      this.tell('pledgeLastDay', account, isOnLastDay(view));
      this.tell('pledgeLapsed', account, has(account, 'unpledged'));
      this.tell('fundedLoss', account, has(account, 'fundedLoss'));
    }
  }

  private tell(kind: FundedAlert, account: string, isOn: boolean): void {
    if (!isOn) this.book.clear(kind, account);
    else if (this.book.standing(kind, account) === undefined) this.book.raise(kind, account, TEXTS[kind]);
  }
}

function isOnLastDay({ lots, businessDate }: FundingView): boolean {
  const stepOf = ({ units, pledged, boughtOn }: FundingView['lots'][number]): PledgeStep =>
    pledgeStep(units - pledged, tradingDaysBetween(boughtOn, businessDate));
  return lots.some((lot) => stepOf(lot) === 'lastDay');
}
