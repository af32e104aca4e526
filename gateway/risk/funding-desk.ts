// Margin trading funding (MTF) at the desk: pledges of lots as the depository tells them, and the lots whose pledge the client has still to accept,
// with what their clock says.
import {
  CommandKind,
  ExchangeSegment,
  type FundingView,
  PLEDGE_WITHIN_DAYS,
  type PledgeFundedBody,
  type PledgeStep,
  pledgeStep,
} from '../../engine/index.ts';
import { tradingDaysBetween } from '../../workers/reference/index.ts';
import type { CommandSender } from './command-sender.ts';
import { dashedDate } from './funding-answer.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { shareToken } from './named-share.ts';
import { type InstrumentName, instrumentName } from './order-answer.ts';
import type { SlotQuestions } from './slot-questions.ts';
import { tellEngine } from './tell-engine.ts';

/** A pledge accepted (units above zero) or released, of the lot bought on a date (yyyymmdd) of a share named by symbol or token. */
export interface FundedPledge {
  readonly exchange: 'NSE' | 'BSE';
  readonly symbol?: string | undefined;
  readonly token?: number | undefined;
  readonly boughtOn: number;
  readonly quantity: number;
  readonly reference: string;
}

/** A lot with units that are not pledged. */
export interface UnpledgedAnswer extends InstrumentName {
  readonly account: string;
  readonly bought_on: string;
  readonly units: number;
  readonly unpledged: number;
  /** Trading days since the purchase. */
  readonly days: number;
  readonly step: Exclude<PledgeStep, 'none'>;
}

export class FundingDesk {
  private readonly questions: SlotQuestions;
  private readonly sender: CommandSender;
  private readonly instruments: InstrumentResolver;

  constructor(questions: SlotQuestions, sender: CommandSender, instruments: InstrumentResolver) {
    this.questions = questions;
    this.sender = sender;
    this.instruments = instruments;
  }

  /** Notes it; false when the account is not known. Refuses with 404 a share nobody knows, with 409 a lot that is not there and more than is left of it. */
  async pledge(account: string, pledge: FundedPledge): Promise<boolean> {
    const slot = this.questions.slotOf(account);
    if (slot < 0) return false;
    const { exchange, boughtOn, quantity, reference } = pledge;
    const segment = ExchangeSegment[exchange];
    const token = shareToken(this.instruments, segment, pledge);
    const body: PledgeFundedBody = { account, segment, token, boughtOn, quantity, reference };
    await tellEngine(this.sender, { kind: CommandKind.PledgeFunded, slot, body }, MALFORMED);
    return true;
  }

  /** Lots of every client `sees` lets through that are not pledged whole, the oldest first. */
  async unpledged(sees: (account: string) => boolean): Promise<UnpledgedAnswer[]> {
    const slots = await this.questions.everySlot<readonly FundingView[]>({ type: 'funding' });
    return slots
      .flat()
      .filter(({ account }) => sees(account))
      .flatMap((view) => this.unpledgedOf(view))
      .sort((a, b) => b.days - a.days || (a.account < b.account ? -1 : 1));
  }

  private unpledgedOf({ account, businessDate, lots }: FundingView): UnpledgedAnswer[] {
    return lots.flatMap(({ segment, token, boughtOn, units, pledged }) => {
      // A lot from before the calendar's month is long since due.
      const days = Math.min(tradingDaysBetween(boughtOn, businessDate), 99);
      const step = pledgeStep(units - pledged, days);
      if (step === 'none') return [];
      const name = instrumentName(this.instruments.symbols, segment, token);
      return [{ account, ...name, bought_on: dashedDate(boughtOn), units, unpledged: units - pledged, days, step }];
    });
  }
}

/** Trading days after which a purchase whose pledge is not accepted is squared off. */
export const PLEDGE_DAYS: number = PLEDGE_WITHIN_DAYS + 1;

/** What is left for commandMalformed once the body was checked here. */
const MALFORMED = 'there is no such lot, or fewer units are left to pledge or release';
