// What the desk watches over the whole house: stuck orders, rejections, breaks, and where the risk sits. Asks every slot; keeps nothing.
import type { BreakList, BreakView, NearDelivery, OrderView, RejectList, UnderlyingExposure } from '../../engine/index.ts';
import { Side } from '../../engine/index.ts';
import { rejectName, rejectText } from '../reject-text.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { type InstrumentName, instrumentName, nameIn, type OrderAnswer, orderAnswer, rupees } from './order-answer.ts';
import type { RejectAnswer, RejectWatch } from './reject-watch.ts';
import type { SlotQuestions } from './slot-questions.ts';

/** Breaks in one answer. */
const BREAKS_SHOWN = 1_000;
const STUCK_SHOWN = 1_000;
const TOP_CLIENTS = 5;

/** One break. */
export interface BreakAnswer extends InstrumentName {
  readonly id: string;
  /** Microseconds since 1970. */
  readonly time_micros: number;
  readonly kind: string;
  readonly account: string;
  /** Id of the order it is about; '' when it is about none. */
  readonly order_id: string;
  readonly side: string;
  readonly quantity: number;
  /** Rupees. */
  readonly price: number;
}

/** Open positions of one underlying. */
export interface ConcentrationAnswer {
  readonly underlying: string;
  readonly long_paise: number;
  readonly short_paise: number;
  readonly gross_paise: number;
  /** Part of the house's gross value, 0 to 1. */
  readonly share: number;
  readonly clients: readonly { readonly account: string; readonly gross_paise: number }[];
}

/** A position in a stock derivative that nears its delivery. */
export interface DeliveryAnswer extends InstrumentName {
  readonly account: string;
  readonly underlying: string;
  /** yyyymmdd. */
  readonly expiry: number;
  /** Days of trading, 0 = today. */
  readonly days_to_expiry: number;
  readonly net: number;
  /** To be taken +, to be given -. */
  readonly shares: number;
  readonly value_paise: number;
}

/** How often a reason was given today. */
export interface RejectCount {
  readonly code: number;
  readonly name: string;
  readonly message: string;
  readonly count: number;
}

export class HouseDesk {
  private readonly questions: SlotQuestions;
  private readonly instruments: InstrumentResolver;
  private readonly rejected: RejectWatch;

  constructor(questions: SlotQuestions, instruments: InstrumentResolver, rejected: RejectWatch) {
    this.questions = questions;
    this.instruments = instruments;
    this.rejected = rejected;
  }

  /** Orders the exchange has not answered in time: how many, and the first thousand. */
  async stuck(): Promise<{ count: number; orders: OrderAnswer[] }> {
    const orders = (await this.questions.askAll<readonly OrderView[]>({ type: 'stuck' })).flat();
    return { count: orders.length, orders: orders.slice(0, STUCK_SHOWN).map((order) => orderAnswer(order, this.instruments.symbols)) };
  }

  /** Reasons of today's rejections, most frequent first, and the last `limit` rejections this gateway has seen. */
  async rejects(limit: number, code: number | undefined): Promise<{ total: number; by_code: RejectCount[]; last: RejectAnswer[] }> {
    const counts = new Map<number, number>();
    for (const list of await this.questions.askAll<RejectList>({ type: 'rejects', limit: 0 }))
      for (const [each, count] of list.counts) counts.set(each, (counts.get(each) ?? 0) + count);
    const byCode = [...counts]
      .map(([each, count]) => ({ code: each, name: rejectName(each), message: rejectText(each).text, count }))
      .sort((a, b) => b.count - a.count || a.code - b.code);
    const last = this.rejected.last(limit, (reject) => code === undefined || reject.code === code);
    return { total: byCode.reduce((sum, { count }) => sum + count, 0), by_code: byCode, last };
  }

  /** The account's last rejections that this gateway has seen, newest first. */
  rejectsOf(account: string, limit: number): RejectAnswer[] {
    return this.rejected.last(limit, (reject) => reject.account === account);
  }

  /** Open breaks: how many, how many no slot had room to keep, and the first thousand by time. */
  async breaks(): Promise<{ open: number; dropped: number; breaks: BreakAnswer[] }> {
    const lists = await this.questions.askAll<BreakList>({ type: 'breaks' });
    const breaks = lists.flatMap((list) => list.breaks).sort((a, b) => a.time - b.time);
    const dropped = lists.reduce((sum, list) => sum + list.dropped, 0);
    return { open: breaks.length, dropped, breaks: breaks.slice(0, BREAKS_SHOWN).map((each) => this.breakAnswer(each)) };
  }

  /** Open positions by underlying, largest gross value first, each with its largest clients. */
  async concentration(limit: number): Promise<{ gross_paise: number; underlyings: ConcentrationAnswer[] }> {
    const merged = new Map<string, { long: number; short: number; clients: { account: string; gross: number }[] }>();
    for (const each of (await this.questions.askAll<readonly UnderlyingExposure[]>({ type: 'exposure', top: TOP_CLIENTS })).flat()) {
      const sum = merged.get(each.underlying) ?? { long: 0, short: 0, clients: [] };
      merged.set(each.underlying, { long: sum.long + each.long, short: sum.short + each.short, clients: [...sum.clients, ...each.clients] });
    }
    const gross = [...merged.values()].reduce((sum, { long, short }) => sum + long + short, 0);
    const underlyings = [...merged]
      .sort(([, a], [, b]) => b.long + b.short - a.long - a.short)
      .slice(0, limit)
      .map(([underlying, { long, short, clients }]) => ({
        underlying,
        long_paise: long,
        short_paise: short,
        gross_paise: long + short,
        share: gross === 0 ? 0 : Math.round(((long + short) / gross) * 10_000) / 10_000,
        clients: clients
          .sort((a, b) => b.gross - a.gross)
          .slice(0, TOP_CLIENTS)
          .map((client) => ({ account: client.account, gross_paise: client.gross })),
      }));
    return { gross_paise: gross, underlyings };
  }

  /** Positions in stock derivatives that end in shares within so many days of trading: soonest first, then largest. */
  async deliveries(within: number): Promise<DeliveryAnswer[]> {
    return this.inOrder((await this.questions.askAll<readonly NearDelivery[]>({ type: 'deliveries', within })).flat());
  }

  /** The same of one account; undefined when it is not known. */
  async deliveriesOf(account: string, within: number): Promise<DeliveryAnswer[] | undefined> {
    const found = await this.questions.askAbout<readonly NearDelivery[]>(account, { type: 'deliveries', within });
    return found === undefined ? undefined : this.inOrder(found.filter((each) => each.account === account));
  }

  private inOrder(found: readonly NearDelivery[]): DeliveryAnswer[] {
    return [...found]
      .sort((a, b) => a.daysTo - b.daysTo || b.value - a.value || (a.account < b.account ? -1 : 1))
      .map(({ account, segment, token, underlying, expiry, daysTo, net, shares, value }) => ({
        account,
        ...instrumentName(this.instruments.symbols, segment, token),
        underlying,
        expiry,
        days_to_expiry: daysTo,
        net,
        shares,
        value_paise: value,
      }));
  }

  private breakAnswer(each: BreakView): BreakAnswer {
    return {
      id: `${each.slot}-${each.sequence}`,
      time_micros: each.time,
      kind: each.kind,
      account: each.account,
      order_id: each.orderSequence === 0 ? '' : `${each.slot}-${each.orderSequence}`,
      ...instrumentName(this.instruments.symbols, each.segment, each.token),
      side: nameIn(Side, each.side),
      quantity: each.quantity,
      price: rupees(each.price),
    };
  }
}
