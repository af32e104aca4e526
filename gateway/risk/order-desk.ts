// Orders that dealers and clients place over HTTP: the same commands as FIX, the same checks, the answer from the event. The ClOrdID is made of the
// caller's Idempotency-Key, so that the engine itself knows a repeat, also one after a crash, and it is answered with what became of the first.
import { createHash, randomUUID } from 'node:crypto';
import {
  ALL_SLOTS,
  CLORDID_BYTES,
  type CommandView,
  EventField,
  EventKind,
  type EventView,
  ExchangeSegment,
  LimitLevel,
  MarginBasis,
  MassCancel,
  type OrderView,
  OrdStatus,
  RejectCode,
  type RequestView,
  type Verdict,
} from '../../engine/index.ts';
import type { NightPool } from '../../workers/index.ts';
import { refusal } from '../http/http-error.ts';
import { rejectName, rejectText } from '../reject-text.ts';
import type { CommandSender } from './command-sender.ts';
import { type ExplainedOrder, explainOrder } from './explain-order.ts';
import { parseOrderId } from './id-text.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { nameIn, type OrderAnswer, orderAnswer, tokenOf } from './order-answer.ts';
import {
  cancelCommand,
  enteredBy,
  type MassCancelBody,
  massCancelCommand,
  type OrderTermsBody,
  placeCommand,
  type ReplaceBody,
  type RequestName,
  replaceCommand,
} from './order-terms.ts';
import type { SlotQuestions } from './slot-questions.ts';
import { refuseRefused } from './tell-engine.ts';

/** ClOrdID of what-if orders: one no OMS sends, so that it is never taken for a repeat. */
const WHAT_IF_ID = '\x7fwhat-if';
const ANSWER_MS = 5_000;
const HASH_TEXT_BYTES = 24;

/** A verdict in words and figures. Margin figures are null when an earlier check refused, before margin was weighed. */
export interface VerdictAnswer {
  /** RejectCode; 0 = accepted. */
  readonly code: number;
  readonly accepted: boolean;
  readonly reject: { readonly name: string; readonly message: string } | null;
  /** A sentence, with the shortfall when margin is the reason. */
  readonly text: string;
  readonly requirement_before_paise: number | null;
  readonly requirement_after_paise: number | null;
  readonly available_paise: number | null;
  readonly shortfall_paise: number | null;
  /** How the order counts: netted with positions and other orders, or gross, by itself, as in a pre-open session. */
  readonly margin_basis: 'netted' | 'gross';
  /** What the failing check measured and what it held it against, in the check's own unit, and who set that. */
  readonly value: number;
  readonly limit: number;
  readonly level: string;
}

/** A verdict without effect, and whether the market data under it is old. */
export interface WhatIfAnswer extends VerdictAnswer {
  readonly stale: boolean;
  /** What would let it pass, where margin or funding is what it lacks: money, an option to buy first, fewer units. */
  readonly fix: string | null;
}

/** The verdict on a request to place, replace or cancel. */
export interface OrderVerdictAnswer extends VerdictAnswer {
  /** Id of the order, or of the refused request (for explain). */
  readonly id: string;
  readonly account: string;
  readonly cl_ord_id: string;
  readonly state: string;
  /** The request had been decided before (its key was used): this is what became of it. */
  readonly repeated: boolean;
}

/** What the desk knows of the caller of an order request. */
export interface OrderCaller {
  readonly subject: string;
  readonly isDealer: boolean;
  readonly idempotencyKey: string;
}

/** What an event said, once the event is gone. */
interface Said {
  readonly kind: number;
  readonly code: number;
  readonly verdict: Verdict;
  readonly id: string;
  readonly ordStatus: number;
}

export class OrderDesk {
  private readonly questions: SlotQuestions;
  private readonly sender: CommandSender;
  private readonly instruments: InstrumentResolver;
  private readonly pool: NightPool;
  private readonly dataDirectory: string;

  constructor(
    questions: SlotQuestions,
    sender: CommandSender,
    instruments: InstrumentResolver,
    journal: { readonly pool: NightPool; readonly dataDirectory: string },
  ) {
    this.questions = questions;
    this.sender = sender;
    this.instruments = instruments;
    this.pool = journal.pool;
    this.dataDirectory = journal.dataDirectory;
  }

  /** The verdict an order would get now; undefined when the account is not known. Changes nothing. */
  async whatIf(body: OrderTermsBody): Promise<VerdictAnswer | undefined> {
    const slot = this.questions.slotOf(body.account);
    if (slot < 0) return undefined;
    const command = placeCommand({ account: body.account, clOrdId: WHAT_IF_ID, slot }, body, this.instruments.symbols, { flags: 0 });
    return verdictAnswer(await this.questions.ask<Verdict>(slot, { type: 'whatIf', command: command.bytes }));
  }

  /** The instrument an order names; token 0 when it names none. */
  instrumentOf({ exchange, symbol, token }: Pick<OrderTermsBody, 'exchange' | 'symbol' | 'token'>): {
    readonly segment: number;
    readonly token: number;
  } {
    const segment = ExchangeSegment[exchange];
    return { segment, token: token ?? tokenOf(this.instruments.symbols, segment, symbol ?? '') };
  }

  /** Places an order; undefined when the account is not known. */
  async place(body: OrderTermsBody, caller: OrderCaller): Promise<OrderVerdictAnswer | undefined> {
    const name = this.nameOf(body.account, caller, 'place');
    if (name.slot < 0) return undefined;
    const said = await this.send(placeCommand(name, body, this.instruments.symbols, enteredBy(caller.isDealer)));
    return answerOf(name, said, said.kind === EventKind.OrderStatusReported);
  }

  /** Asks to replace an order's terms. */
  replace(order: OrderAnswer, body: ReplaceBody, caller: OrderCaller): Promise<OrderVerdictAnswer> {
    const name = this.nameOf(order.account, caller, `replace ${order.id}`);
    return this.change(name, replaceCommand(name, this.sequenceOf(order.id).sequence, body), caller);
  }

  /** Asks to cancel an order. */
  cancel(order: OrderAnswer, caller: OrderCaller): Promise<OrderVerdictAnswer> {
    const name = this.nameOf(order.account, caller, `cancel ${order.id}`);
    return this.change(name, cancelCommand(name, this.sequenceOf(order.id).sequence), caller);
  }

  /** Asks to cancel all matching orders of an account, or of everyone; resolves to the ids of those it concerned. Undefined: no such account or instrument. */
  async massCancel(body: MassCancelBody, caller: OrderCaller): Promise<{ cl_ord_id: string; orders: string[] } | undefined> {
    const name = body.account === undefined ? this.firmName(caller) : this.nameOf(body.account, caller, 'mass-cancel');
    if (name.slot < 0) return undefined;
    const command = massCancelCommand(name, body, this.instruments.symbols);
    // Token 0 would mean every instrument.
    if (body.symbol !== undefined && command.u32(MassCancel.token) === 0) return undefined;
    const orders: string[] = [];
    let code = 0;
    await this.settle(command, 'reserved', (event) => {
      if (event.kind === EventKind.CancelAccepted) orders.push(`${event.slot}-${event.f64(EventField.orderSequence)}`);
      if (event.kind === EventKind.MassCancelRejected) code = event.rejectCode;
    });
    if (code !== 0 && code !== RejectCode.duplicateClOrdId) throw refusal('TZ-REFUSED', rejectText(code).text);
    return { cl_ord_id: name.clOrdId, orders };
  }

  /** An order of the day, by id; undefined when there is none. */
  async find(id: string): Promise<OrderAnswer | undefined> {
    const { slot, sequence } = this.sequenceOf(id);
    const order = await this.questions.ask<OrderView | undefined>(slot, { type: 'orderAt', sequence });
    return order === undefined ? undefined : orderAnswer(order, this.instruments.symbols);
  }

  /** Every check behind a verdict; undefined when the journal does not hold the request. Refuses with 404 what was no order. */
  async explain(id: string): Promise<ExplainedOrder | undefined> {
    const { slot, sequence } = this.sequenceOf(id);
    try {
      return await explainOrder(this.pool, this.dataDirectory, slot, sequence);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw refusal('TZ-NOT-FOUND', `${id} was decided by nobody: ${error.message}`);
    }
  }

  private sequenceOf(id: string): { readonly slot: number; readonly sequence: number } {
    const order = parseOrderId(id);
    if (order === undefined) throw refusal('TZ-ORDER-ID', 'an order id has the form SLOT-SEQUENCE, for example 17-204');
    return order;
  }

  private nameOf(account: string, caller: OrderCaller, route: string): RequestName {
    return { account, clOrdId: clOrdIdOf(caller, route, account), slot: this.questions.slotOf(account) };
  }

  private firmName(caller: OrderCaller): RequestName {
    return { account: '', clOrdId: clOrdIdOf(caller, 'mass-cancel', ''), slot: ALL_SLOTS };
  }

  /** A replace or cancel. One whose ClOrdID the engine knows is a repeat after a crash: what the engine remembers of the first is the answer. */
  private async change(name: RequestName, command: CommandView, caller: OrderCaller): Promise<OrderVerdictAnswer> {
    const said = await this.send(command);
    if (said.code !== RejectCode.duplicateClOrdId || caller.idempotencyKey === '') return answerOf(name, said, false);
    const first = await this.questions.askAbout<RequestView>(name.account, { type: 'request', account: name.account, clOrdId: name.clOrdId });
    if (first === undefined) return answerOf(name, said, false);
    const { rejectCode: code } = first;
    return answerOf(name, { ...said, code, verdict: { ...said.verdict, code, value: 0, limit: 0, level: 0 } }, true);
  }

  private async send(command: CommandView): Promise<Said> {
    let said: Said | undefined;
    await this.settle(command, 'order', (event) => {
      said ??= saidBy(event);
    });
    if (said === undefined) throw new Error('an order was answered by no event');
    return said;
  }

  /** Sends, and waits for the answer of every slot. Refuses with 503 when there is no room, with 504 when the answer is late. */
  private async settle(command: CommandView, lane: 'order' | 'reserved', look: (event: EventView) => void): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(refusal('TZ-TIMEOUT', 'the order was sent and not answered in time: ask again with the same key')), ANSWER_MS);
    });
    try {
      const answer = await Promise.race([this.sender.askOrder(command, lane, look), late]);
      if (answer === undefined)
        throw refusal('TZ-BUSY', 'the engine has no room for an order now; nothing was decided', { headers: { 'retry-after': '1' } });
      refuseRefused(answer);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** ClOrdID of a request: of its key, so that a repeat has the same; a new one without. */
function clOrdIdOf(caller: OrderCaller, route: string, account: string): string {
  if (caller.idempotencyKey === '') return `H${randomUUID().replaceAll('-', '')}`;
  const digest = createHash('sha256').update(`${caller.subject}\0${route}\0${account}\0${caller.idempotencyKey}`).digest();
  return `H${digest.subarray(0, HASH_TEXT_BYTES).toString('base64url')}`.slice(0, CLORDID_BYTES);
}

function saidBy(event: EventView): Said {
  const { rejectCode: code } = event;
  return {
    kind: event.kind,
    code,
    verdict: {
      code,
      value: event.f64(EventField.value),
      limit: event.f64(EventField.limit),
      level: event.u8(EventField.level),
      requirementBefore: event.f64(EventField.requirementBefore),
      requirementAfter: event.f64(EventField.requirementAfter),
      available: event.f64(EventField.available),
      marginBasis: event.u8(EventField.marginBasis),
    },
    id: `${event.slot}-${event.f64(EventField.orderSequence) || event.slotSequence}`,
    ordStatus: event.u8(EventField.ordStatus),
  };
}

function answerOf(name: RequestName, said: Said, repeated: boolean): OrderVerdictAnswer {
  const state = nameIn(OrdStatus, said.ordStatus);
  return { id: said.id, account: name.account, cl_ord_id: name.clOrdId, state, repeated, ...verdictAnswer(said.verdict) };
}

/** A verdict in words. */
function verdictAnswer(verdict: Verdict): VerdictAnswer {
  const { code } = verdict;
  // Margin is weighed last: an earlier refusal leaves these figures unknown, which is not zero.
  const isWeighed = code === RejectCode.none || code === RejectCode.insufficientMargin;
  const shortfall = isWeighed ? Math.max(0, verdict.requirementAfter - verdict.available) : null;
  const { text } = rejectText(code);
  return {
    code,
    accepted: code === RejectCode.none,
    reject: code === RejectCode.none ? null : { name: rejectName(code), message: text },
    text: code === RejectCode.insufficientMargin && shortfall !== null ? `${text}: needs Rs ${(shortfall / 100).toFixed(2)} more` : text,
    requirement_before_paise: isWeighed ? verdict.requirementBefore : null,
    requirement_after_paise: isWeighed ? verdict.requirementAfter : null,
    available_paise: isWeighed ? verdict.available : null,
    shortfall_paise: shortfall,
    margin_basis: verdict.marginBasis === MarginBasis.GROSS ? 'gross' : 'netted',
    value: verdict.value,
    limit: verdict.limit,
    level: nameIn(LimitLevel, verdict.level),
  };
}
