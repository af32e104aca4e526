// The last rejections of orders, with what was asked and why not, kept as plain values: the state remembers only that a ClOrdID was used and refused.
import { ACCOUNT_BYTES, CLORDID_BYTES, EventField, EventKind, type EventView, RejectCode, Side } from '../../engine/index.ts';
import { rejectName, rejectText } from '../reject-text.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { type InstrumentName, instrumentName, nameIn, rupees } from './order-answer.ts';

/** Rejections kept. */
const KEPT = 4_096;

/** One rejection. */
export interface RejectAnswer extends InstrumentName {
  /** Id of the request, for explain. */
  readonly id: string;
  readonly account: string;
  readonly cl_ord_id: string;
  /** PLACE, REPLACE or CANCEL. */
  readonly request: string;
  /** Microseconds since 1970. */
  readonly time_micros: number;
  readonly side: string;
  readonly quantity: number;
  /** Rupees. */
  readonly price: number;
  readonly code: number;
  readonly name: string;
  readonly message: string;
  /** What the client lacks, paise; null when margin was not the reason. */
  readonly needs_paise: number | null;
}

const REQUESTS: Readonly<Record<number, string>> = {
  [EventKind.OrderRejected]: 'PLACE',
  [EventKind.ReplaceRejected]: 'REPLACE',
  [EventKind.CancelRejected]: 'CANCEL',
};

/** Figures of a rejection, kept small until somebody asks. */
interface Kept {
  readonly slot: number;
  readonly sequence: number;
  readonly kind: number;
  readonly time: number;
  readonly account: string;
  readonly clOrdId: string;
  readonly segment: number;
  readonly token: number;
  readonly side: number;
  readonly quantity: number;
  readonly price: number;
  readonly code: number;
  readonly lacking: number;
}

export class RejectWatch {
  private readonly instruments: InstrumentResolver;
  private readonly kept: Kept[] = [];
  private next = 0;

  constructor(instruments: InstrumentResolver) {
    this.instruments = instruments;
  }

  /** Takes note of an event; every durable event is shown here. */
  handle(event: EventView): void {
    if (event.rejectCode === 0 || REQUESTS[event.kind] === undefined) return;
    this.kept[this.next % KEPT] = {
      slot: event.slot,
      sequence: event.slotSequence,
      kind: event.kind,
      time: event.f64(EventField.time),
      account: event.text(EventField.account, ACCOUNT_BYTES),
      clOrdId: event.text(EventField.clOrdId, CLORDID_BYTES),
      segment: event.u8(EventField.segment),
      token: event.u32(EventField.token),
      side: event.u8(EventField.side),
      quantity: event.f64(EventField.orderQuantity),
      price: event.f64(EventField.price),
      code: event.rejectCode,
      lacking: event.f64(EventField.requirementAfter) - event.f64(EventField.available),
    };
    this.next += 1;
  }

  /** The newest rejections first, at most `limit`, of those `isAsked` lets through. */
  last(limit: number, isAsked: (reject: { readonly account: string; readonly code: number }) => boolean): RejectAnswer[] {
    const found: RejectAnswer[] = [];
    for (let at = this.next - 1; at >= 0 && at >= this.next - KEPT && found.length < limit; at--) {
      const kept = this.kept[at % KEPT];
      if (kept !== undefined && isAsked(kept)) found.push(this.answer(kept));
    }
    return found;
  }

  private answer(kept: Kept): RejectAnswer {
    return {
      id: `${kept.slot}-${kept.sequence}`,
      account: kept.account,
      cl_ord_id: kept.clOrdId,
      request: REQUESTS[kept.kind] ?? '',
      time_micros: kept.time,
      ...instrumentName(this.instruments.symbols, kept.segment, kept.token),
      side: nameIn(Side, kept.side),
      quantity: kept.quantity,
      price: rupees(kept.price),
      code: kept.code,
      name: rejectName(kept.code),
      message: rejectText(kept.code).text,
      needs_paise: kept.code === RejectCode.insufficientMargin ? Math.max(0, kept.lacking) : null,
    };
  }
}
