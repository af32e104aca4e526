// Baskets of new orders weighed without being placed: terms into commands, slices into one answer. A long basket is asked about in slices, so that the
// shard trades on between them; all slices are as of one moment, and new parameters in between begin it again.
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  BASKET_SLICE_LEGS,
  type BasketCarry,
  type BasketLeg,
  type BasketSlice,
  type CheapestFix,
  type CommandView,
  type MarginExplanation,
  type MarginForecast,
  PlaceOrder,
  RejectCode,
  type Verdict,
} from '../../engine/index.ts';
import { refusal } from '../http/http-error.ts';
import { rejectName, rejectText } from '../reject-text.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { fixText, type MarginLine, marginLines } from './margin-lines.ts';
import { type OrderTermsBody, placeCommand } from './order-terms.ts';
import type { SlotQuestions } from './slot-questions.ts';
import { segmentName } from './symbol-index.ts';

/** Times a basket is begun again because parameters changed under it. */
const BEGINNINGS_MAX = 3;

/** A basket weighed whole. */
export interface WeighedBasket extends Omit<BasketSlice, 'legs' | 'carry'> {
  readonly legs: readonly BasketLeg[];
}

/** A verdict in short. */
export interface LegVerdict {
  readonly code: number;
  readonly accepted: boolean;
  readonly name: string;
  readonly text: string;
}

/** What would let a refused order pass. */
export interface FixAnswer {
  /** Counted from 1. */
  readonly leg: number;
  readonly text: string;
  readonly add_paise: number;
  readonly hedge: {
    readonly exchange: string;
    readonly token: number;
    readonly symbol: string;
    readonly quantity: number;
    readonly price: number;
    readonly premium_paise: number;
    readonly requirement_after_paise: number;
    readonly available_after_paise: number;
  } | null;
}

/** A verdict in words. */
export function legVerdict({ code }: Pick<Verdict, 'code'>): LegVerdict {
  const accepted = code === RejectCode.none;
  return { code, accepted, name: accepted ? '' : rejectName(code), text: rejectText(code).text };
}

/** A client's margin, explained. */
export interface MarginExplained {
  readonly account: string;
  readonly as_of: number;
  readonly parameters_hash: string;
  readonly excess_paise: number;
  readonly lines: readonly MarginLine[];
}

export class BasketDesk {
  private readonly questions: SlotQuestions;
  private readonly instruments: InstrumentResolver;

  constructor(questions: SlotQuestions, instruments: InstrumentResolver) {
    this.questions = questions;
    this.instruments = instruments;
  }

  /** Weighs orders of one account; undefined when the account is not known. */
  async weigh(account: string, bodies: readonly OrderTermsBody[], onPositions: boolean): Promise<WeighedBasket | undefined> {
    const slot = this.questions.slotOf(account);
    if (slot < 0) return undefined;
    const commands = bodies.map((body) => this.commandOf(account, body, slot));
    for (let beginning = 0; beginning < BEGINNINGS_MAX; beginning++) {
      const basket = await this.weighOnce(slot, account, { commands, onPositions });
      if (basket !== 'moved') return basket;
    }
    throw refusal('TZ-BUSY', 'parameters change faster than the basket can be weighed', { headers: { 'retry-after': '1' } });
  }

  /** Exchange segment of an underlying of the table in force; 0 when it has none. */
  segmentOfUnderlying(underlying: number): number {
    const table = this.instruments.symbols?.table;
    return table?.segment[table.firstInstrument[underlying] ?? -1] ?? 0;
  }

  /** What would let the order pass; null when margin is not what it lacks. */
  async fix(account: string, body: OrderTermsBody, leg: number): Promise<FixAnswer | null> {
    const slot = this.questions.slotOf(account);
    const command = this.commandOf(account, body, slot);
    const found = await this.questions.ask<CheapestFix | undefined>(slot, { type: 'fix', command: command.bytes });
    if (found === undefined) return null;
    const { hedge } = found;
    return {
      leg,
      text: fixText(found),
      add_paise: found.add,
      hedge:
        hedge === null
          ? null
          : {
              exchange: segmentName(hedge.segment),
              token: hedge.token,
              symbol: hedge.name,
              quantity: hedge.units,
              price: hedge.price / 10_000,
              premium_paise: hedge.premium,
              requirement_after_paise: hedge.requirementAfter,
              available_after_paise: hedge.availableAfter,
            },
    };
  }

  /** A client's margin as a tree; undefined when the account is not known. */
  async explain(account: string): Promise<MarginExplained | undefined> {
    const found = await this.questions.askAbout<MarginExplanation>(account, { type: 'explainMargin', account });
    if (found === undefined) return undefined;
    const { requirement, available } = found;
    return {
      account,
      as_of: found.sequence,
      parameters_hash: found.parametersHash,
      excess_paise: available.amount - requirement.amount,
      lines: [...marginLines(requirement), ...marginLines(available)],
    };
  }

  /** What a client's positions will ask on the trading days ahead; undefined when the account is not known. */
  forecast(account: string): Promise<MarginForecast | undefined> {
    return this.questions.askAbout<MarginForecast>(account, { type: 'forecast', account });
  }

  private commandOf(account: string, body: OrderTermsBody, slot: number): CommandView {
    return placeCommand({ account, clOrdId: '\x7fbasket', slot }, body, this.instruments.symbols, { flags: 0 });
  }

  private async weighOnce(
    slot: number,
    account: string,
    { commands, onPositions }: { readonly commands: readonly CommandView[]; readonly onPositions: boolean },
  ): Promise<WeighedBasket | 'moved' | undefined> {
    const legs: BasketLeg[] = [];
    let carry: BasketCarry | undefined;
    let last: BasketSlice | undefined;
    for (let at = 0; at < commands.length; at += BASKET_SLICE_LEGS) {
      const part = new Uint8Array(Math.min(BASKET_SLICE_LEGS, commands.length - at) * PlaceOrder.BYTES);
      for (const [i, command] of commands.slice(at, at + BASKET_SLICE_LEGS).entries()) part.set(command.bytes, i * PlaceOrder.BYTES);
      const slice = await this.questions.ask<BasketSlice | 'moved' | undefined>(slot, { type: 'basket', account, legs: part, onPositions, carry });
      if (slice === undefined || slice === 'moved') return slice;
      legs.push(...slice.legs);
      carry = slice.carry;
      last = slice;
      await nextTurn();
    }
    return last === undefined ? undefined : { ...last, legs };
  }
}
