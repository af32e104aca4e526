// A basket of new orders, weighed without being placed: each leg by itself, in sequence as the live code would place it, all of them working (initial)
// and all of them filled (final). Three copies of the client are traded on, by the fold itself and by the margin book; nothing is computed twice.
// Long baskets are weighed in slices: what a slice leaves behind is carried to the next as bytes, so that nothing is kept between questions.
import { applyPlace } from '../apply.ts';
import { assert } from '../assert.ts';
import { DecisionContext } from '../checks/decision-context.ts';
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { quantityInvalid } from '../checks/quantity-invalid.ts';
import { resolvePlace } from '../checks/resolve.ts';

import { CommandView } from '../command/command-view.ts';
import { CLORDID_BYTES, PlaceOrder } from '../command/layout.ts';
import { EventWriter } from '../event/event-writer.ts';
import type { Fold } from '../fold.ts';
import { InstrumentKind, Side } from '../instrument.ts';
import { openPosition } from '../lifecycle/open-position.ts';
import { InstrumentFlag } from '../parameters/parameter-table.ts';
import { RejectCode } from '../reject-code.ts';
import { availableFunds } from '../state/available-funds.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Position } from '../state/position-table.ts';
import { isMarginedAlone } from '../state/pre-open-orders.ts';
import { SlotMemory } from '../state/slot-memory.ts';
import type { SlotState } from '../state/slot-state.ts';
import { valueOfUp } from '../units.ts';
import { Verdict } from '../verdict.ts';
import { aloneMargin } from './alone-margin.ts';
import { copyClient, ONLY_CLIENT, restoreCopy } from './basket-client.ts';
import { type MarginParts, marginParts } from './basket-parts.ts';
import { Contract } from './contract-row.ts';
import { OrderTerms } from './order-terms.ts';

/** Legs of a basket at most, and of one slice: a slice holds its shard for a few milliseconds. */
export const BASKET_LEGS_MAX = 1_000;
/** See BASKET_LEGS_MAX. */
export const BASKET_SLICE_LEGS = 50;

/** One leg. Amounts in paise. */
export interface BasketLeg {
  /** The verdict it would get now if it came alone. */
  readonly alone: Readonly<Verdict>;
  /** The verdict it would get after the legs before it had been placed (those that pass). */
  readonly inSequence: Readonly<Verdict>;
  /** Can it be margined at all? Else it is in neither initial nor final, and `alone` says why. */
  readonly counted: boolean;
  /** Margin of this order for a client who has nothing else: working, and its parts filled. */
  readonly own: MarginParts;
  readonly ownFilled: MarginParts;
  /** Option premium paid for it (+), received (-), were it filled at its price. */
  readonly premium: number;
}

/** What a slice leaves to the next; opaque bytes of copies. */
export interface BasketCarry {
  readonly parametersHash: string;
  readonly base: Uint8Array;
  readonly sequence: Uint8Array;
  readonly initial: Uint8Array;
  readonly final: Uint8Array;
  readonly legs: number;
  readonly premium: number;
}

/** A slice's answer. The figures of the whole basket so far are those of the last slice. */
export interface BasketSlice {
  /** Slot sequence and table the basket is weighed as of. */
  readonly sequence: number;
  readonly parametersHash: string;
  readonly legs: readonly BasketLeg[];
  /** Funds that count, as they are now. */
  readonly available: number;
  /** The client as now; with every leg working; with every leg filled. Paise. */
  readonly before: MarginParts;
  readonly initial: MarginParts;
  readonly final: MarginParts;
  /** Premium of all legs if filled at their prices: paid +, received -. */
  readonly premium: number;
  readonly carry: BasketCarry;
}

/** Where a slice begins. */
export interface BasketAsk {
  readonly client: number;
  /** PlaceOrder records, one behind the other. */
  readonly legs: Uint8Array;
  /** On top of what the client holds and works, or as if there were nothing. */
  readonly onPositions: boolean;
  readonly carry?: BasketCarry | undefined;
}

interface Lanes {
  readonly base: SlotState;
  readonly sequence: SlotState;
  readonly initial: SlotState;
  readonly final: SlotState;
}

/**
 * Weighs the next legs. Changes nothing in `state`. Undefined when the parameters have changed since the first slice: begin again.
 * Throws RangeError when `legs` are not PlaceOrder records, or too many.
 */
export function weighBasket(engine: Fold, state: SlotState, ask: BasketAsk): BasketSlice | undefined {
  const count = ask.legs.length / PlaceOrder.BYTES;
  if (!Number.isInteger(count) || count > BASKET_SLICE_LEGS)
    throw new RangeError(`a slice has at most ${BASKET_SLICE_LEGS} legs of ${PlaceOrder.BYTES} bytes`);
  const { parametersHash } = state;
  if (ask.carry !== undefined && ask.carry.parametersHash !== parametersHash) return undefined;
  const lanes = openLanes(state, ask);
  const empty = copyClient(state, ask.client, new SlotMemory(), false).snapshot();
  const data = new DataView(ask.legs.buffer, ask.legs.byteOffset, ask.legs.byteLength);
  const weigher = new LegWeigher(engine, state, lanes, empty);
  const first = ask.carry?.legs ?? 0;
  let premium = ask.carry?.premium ?? 0;
  const legs: BasketLeg[] = [];
  for (let i = 0; i < count; i++) {
    const command = new CommandView().wrap(ask.legs, data, i * PlaceOrder.BYTES);
    // Each under an id of its own that no OMS sends, so that none is taken for a repeat.
    command.setText(PlaceOrder.clOrdId, CLORDID_BYTES, `\x7fleg-${first + i}`);
    const leg = weigher.weigh(command);
    legs.push(leg);
    premium += leg.premium;
  }
  return {
    sequence: lanes.base.sequence,
    parametersHash,
    legs,
    available: weigher.available,
    before: marginParts(lanes.base, ONLY_CLIENT),
    initial: marginParts(lanes.initial, ONLY_CLIENT),
    final: marginParts(lanes.final, ONLY_CLIENT),
    premium,
    carry: {
      parametersHash,
      base: lanes.base.snapshot(),
      sequence: lanes.sequence.snapshot(),
      initial: lanes.initial.snapshot(),
      final: lanes.final.snapshot(),
      legs: first + count,
      premium,
    },
  };
}

function openLanes(state: SlotState, { client, onPositions, carry }: BasketAsk): Lanes {
  const base = carry === undefined ? copyClient(state, client, new SlotMemory(), onPositions) : restoreCopy(state, carry.base, new SlotMemory());
  const copied = carry === undefined ? base.snapshot() : undefined;
  const lane = (of: Uint8Array | undefined): SlotState => restoreCopy(state, of ?? (copied as Uint8Array), new SlotMemory());
  return { base, sequence: lane(carry?.sequence), initial: lane(carry?.initial), final: lane(carry?.final) };
}

/** Takes legs one by one through the lanes. */
class LegWeigher {
  /** Funds of the client as they are. */
  readonly available: number;
  private readonly engine: Fold;
  private readonly lanes: Lanes;
  private readonly alone: SlotState;
  private readonly context = new DecisionContext();
  private readonly terms = new OrderTerms();
  private readonly events = new EventWriter();

  constructor(engine: Fold, state: SlotState, lanes: Lanes, empty: Uint8Array) {
    this.engine = engine;
    this.lanes = lanes;
    this.alone = restoreCopy(state, empty, new SlotMemory());
    this.available = availableFunds(lanes.base, ONLY_CLIENT);
  }

  weigh(command: CommandView): BasketLeg {
    const { engine, lanes, events } = this;
    const alone = new Verdict();
    engine.whatIf(lanes.base, command, alone);
    const inSequence = new Verdict();
    engine.whatIf(lanes.sequence, command, inSequence);
    if (inSequence.code === RejectCode.none) {
      events.reset();
      engine.fold(lanes.sequence, command, undefined, events);
    }
    resolvePlace(this.context, lanes.base, command);
    const counted = canBeMargined(this.context);
    const nothing: MarginParts = { requirement: 0, span: 0, exposure: 0, cash: 0 };
    if (!counted) return { alone, inSequence, counted, own: nothing, ownFilled: nothing, premium: 0 };
    this.work(lanes.initial, command);
    const premium = this.fill(lanes.final, command);
    return { alone, inSequence, counted, ...this.weighOwn(command), premium };
  }

  /** Places the order whatever the verdict: the margin it would hold. */
  private work(state: SlotState, command: CommandView): void {
    const { context } = this;
    state.meta.addF64(META_ROW, Meta.sequence, 1);
    resolvePlace(context, state, command);
    applyPlace(context);
  }

  /** Adds the order to the position as if filled; the premium that costs, paise. */
  private fill(state: SlotState, command: CommandView): number {
    const { context: d } = this;
    resolvePlace(d, state, command);
    const product = isCashSegment(d.segment) ? d.product : 0;
    const row = openPosition(state, ONLY_CLIENT, d.segment, d.token, product);
    const units = d.side === Side.BUY ? d.quantity : -d.quantity;
    state.positions.addF64(row, Position.net, units);
    state.derived.book?.addPosition(ONLY_CLIENT, d.instrument, d.product, units);
    const isOption = (d.contracts[d.contractAt + Contract.kind] as number) >= InstrumentKind.CE;
    return isOption ? Math.sign(units) * valueOfUp(d.valuation, d.quantity) : 0;
  }

  /** Margin of the order for a client with nothing else: the book is asked, then left as it was. */
  private weighOwn(command: CommandView): { readonly own: MarginParts; readonly ownFilled: MarginParts } {
    const { alone, context: d, terms } = this;
    resolvePlace(d, alone, command);
    const { book } = alone.derived;
    assert(book !== undefined, 'a leg is margined without parameters');
    terms.copy(d.adding);
    const isGross = isMarginedAlone(alone, d.segment, d.instrument);
    const { rules } = alone;
    const [buys, sells] = terms.side === Side.BUY ? [terms.quantity, 0] : [0, terms.quantity];
    const apart = isGross && rules !== undefined ? aloneMargin(rules, d.instrument, buys, sells) : 0;
    if (isGross) book.addApart(ONLY_CLIENT, apart);
    else book.addOrder(ONLY_CLIENT, terms);
    const own = marginParts(alone, ONLY_CLIENT);
    if (isGross) book.addApart(ONLY_CLIENT, -apart);
    else book.removeOrder(ONLY_CLIENT, terms);
    const units = terms.side === Side.BUY ? terms.quantity : -terms.quantity;
    book.addPosition(ONLY_CLIENT, terms.instrument, terms.product, units);
    const ownFilled = marginParts(alone, ONLY_CLIENT);
    book.addPosition(ONLY_CLIENT, terms.instrument, terms.product, -units);
    return { own, ownFilled };
  }
}

/** Can the book weigh the resolved order, whatever the other checks say? */
function canBeMargined(d: DecisionContext): boolean {
  if (d.client === 0 || d.instrument < 0 || quantityInvalid(d) !== 0) return false;
  const isDerivative = d.contracts[d.contractAt + Contract.kind] !== InstrumentKind.EQ;
  return !isDerivative || ((d.contracts[d.contractAt + Contract.flags] as number) & InstrumentFlag.NO_RISK_ARRAY) === 0;
}
