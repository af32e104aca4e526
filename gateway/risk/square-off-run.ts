// A square-off under way: cancels first, nothing else until the exchange has confirmed them; then the exits, purchases before sales, one slice of a
// position at a time; a slice that is not filled in time is cancelled and tried again with a wider limit; after the last try a person is needed.
// Every order is an ordinary one of the engine (journalled, judged, reserved); its ClOrdID begins with SQ, the cause's letter and the plan. Owns no
// clock: advance() is called.
import {
  type CommandView,
  EventField,
  type ExchangeSegment,
  type OrderView,
  OrdStatus,
  type PositionView,
  Product,
  RejectCode,
  Side,
  type SquareOffCause,
} from '../../engine/index.ts';
import { rejectText } from '../reject-text.ts';
import type { CommandSender } from './command-sender.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { cancelCommand, enteredBy, placeCommand, type RequestName } from './order-terms.ts';
import type { SlotQuestions } from './slot-questions.ts';
import { type Exit, limitsOf, protectedPrice, type SquareOffPolicy, sliceUnits, type Unpriced } from './square-off-plan.ts';
import { segmentName } from './symbol-index.ts';

/** Letter of a cause in a ClOrdID. */
export const CAUSE_LETTER: Readonly<Record<SquareOffCause, string>> = {
  productTime: 'T',
  marginShortfall: 'M',
  lossLimit: 'L',
  killed: 'K',
  unpledged: 'P',
  fundedLoss: 'F',
};
const TICKS_PER_RUPEE = 10_000;

/** What a run stands on. */
export interface RunGround {
  readonly questions: SlotQuestions;
  readonly sender: CommandSender;
  readonly instruments: InstrumentResolver;
  readonly policy: SquareOffPolicy;
  /** Largest value of one order, paise; 0 = none. */
  readonly maxOrderValue: number;
  /** Can orders reach the exchange now? */
  isRouted(): boolean;
  /** A price that can be traded on, ticks; or why there is none. */
  priceOf(segment: number, token: number, mark: number): number | Unpriced;
  /** Milliseconds since 1970. */
  now(): number;
}

export type LegState = 'waiting' | 'working' | 'waitingForPrice' | 'done' | 'failed';
export type ClientPhase = 'cancelling' | 'closing' | 'done' | 'failed';

/** One position on its way out. */
export interface Leg {
  readonly exit: Exit;
  /** Units still to be closed. */
  left: number;
  attempt: number;
  state: LegState;
  note: string;
  working: { readonly sequence: number; readonly units: number; readonly sentAt: number; isCancelled: boolean } | undefined;
}

/** One client on the way. */
export interface ClientRun {
  readonly account: string;
  readonly cause: SquareOffCause;
  phase: ClientPhase;
  /** Sequences of orders that are to go, and when each cancel was sent last. */
  readonly cancels: Map<number, number>;
  readonly legs: readonly Leg[];
  note: string;
}

export class SquareOffRun {
  readonly clients: readonly ClientRun[];
  private readonly plan: string;
  private readonly ground: RunGround;
  private requests = 0;

  /** `plan` is its id, 8 characters. */
  constructor(plan: string, clients: readonly ClientRun[], ground: RunGround) {
    this.plan = plan;
    this.clients = clients;
    this.ground = ground;
  }

  /** Is there nothing more to do, or nothing that can be done without a person? */
  get isOver(): boolean {
    return this.clients.every(({ phase }) => phase === 'done' || phase === 'failed');
  }

  /** Looks at every client once and does what is next. */
  async advance(): Promise<void> {
    for (const client of this.clients) {
      if (client.phase === 'done' || client.phase === 'failed') continue;
      if (!this.ground.isRouted()) {
        client.note = 'the order system is down: take the dealer basket';
        continue;
      }
      if (client.phase === 'cancelling') await this.cancelOrders(client);
      if (client.phase === 'closing') await this.closePositions(client);
    }
  }

  private async cancelOrders(client: ClientRun): Promise<void> {
    const open = await this.openOrders(client.account);
    const still = open.filter(({ sequence }) => client.cancels.has(sequence));
    const { now, policy } = this.ground;
    for (const order of still) {
      const sentAt = client.cancels.get(order.sequence) ?? 0;
      const isLate = now() - sentAt > policy.answerSeconds * 1_000;
      if (order.ordStatus === OrdStatus.PENDING_CANCEL || !isLate) continue;
      client.cancels.set(order.sequence, now());
      await this.cancel(client, order.sequence);
    }
    client.note = still.length === 0 ? '' : `${still.length} cancels wait for the exchange`;
    if (still.length === 0) client.phase = client.legs.length === 0 ? 'done' : 'closing';
  }

  private async closePositions(client: ClientRun): Promise<void> {
    const open = await this.openOrders(client.account);
    const portfolio = await this.ground.questions.askAbout<{ readonly positions: readonly PositionView[] }>(client.account, {
      type: 'portfolio',
      account: client.account,
    });
    const unfinished = client.legs.filter(({ state }) => state !== 'done' && state !== 'failed');
    const side = unfinished[0]?.exit.side;
    for (const leg of unfinished) {
      if (leg.exit.side !== side) continue;
      const held = portfolio?.positions.find((each) => isOf(each, leg.exit));
      await this.closeLeg(client, leg, open, held);
    }
    if (client.legs.some(({ state }) => state !== 'done' && state !== 'failed')) return;
    const failed = client.legs.filter(({ state }) => state === 'failed');
    client.phase = failed.length === 0 ? 'done' : 'failed';
    client.note = failed.length === 0 ? '' : `${failed.length} positions need a person`;
  }

  private async closeLeg(client: ClientRun, leg: Leg, open: readonly OrderView[], held: PositionView | undefined): Promise<void> {
    if (leg.working !== undefined && !(await this.settleWorking(client, leg, open))) return;
    const net = held?.net ?? 0;
    // Never through zero: whoever closed some of it by another way leaves less for us.
    const units = Math.min(leg.left, leg.exit.side === Side.SELL ? Math.max(0, net) : Math.max(0, -net));
    if (units === 0) {
      leg.state = 'done';
      leg.note = '';
      return;
    }
    if (leg.attempt >= this.ground.policy.attempts) {
      leg.state = 'failed';
      return;
    }
    const price = this.ground.priceOf(leg.exit.segment, leg.exit.token, held?.mark ?? 0);
    if (typeof price === 'string') {
      leg.state = 'waitingForPrice';
      leg.note = price;
      return;
    }
    await this.sendSlice(client, leg, units, price);
  }

  /** True when the slice that worked has ended, and the next may be sent. */
  private async settleWorking(client: ClientRun, leg: Leg, open: readonly OrderView[]): Promise<boolean> {
    const { working } = leg;
    if (working === undefined) return true;
    if (open.some(({ sequence }) => sequence === working.sequence)) {
      if (this.ground.now() - working.sentAt <= this.ground.policy.answerSeconds * 1_000 || working.isCancelled) return false;
      working.isCancelled = true;
      await this.cancel(client, working.sequence);
      return false;
    }
    const order = await this.ground.questions.askAbout<OrderView>(client.account, { type: 'orderAt', sequence: working.sequence });
    const filled = order?.cumQuantity ?? 0;
    leg.left = Math.max(0, leg.left - filled);
    if (filled < working.units) {
      leg.attempt += 1;
      leg.note = `${filled} of ${working.units} filled in attempt ${leg.attempt}`;
    }
    leg.working = undefined;
    return true;
  }

  private async sendSlice(client: ClientRun, leg: Leg, units: number, mark: number): Promise<void> {
    const { exit } = leg;
    const { symbols } = this.ground.instruments;
    const limits = limitsOf(symbols?.table, exit, this.ground.maxOrderValue);
    if (limits === undefined) {
      leg.state = 'failed';
      leg.note = 'the file of the day does not name the instrument';
      return;
    }
    const price = protectedPrice(exit, mark, limits, this.ground.policy, leg.attempt);
    const slice = Math.min(units, sliceUnits(units, price, limits));
    const body = {
      account: client.account,
      exchange: segmentName(exit.segment) as keyof typeof ExchangeSegment,
      token: exit.token,
      side: exit.side === Side.SELL ? ('SELL' as const) : ('BUY' as const),
      quantity: slice,
      order_type: 'LIMIT' as const,
      validity: 'DAY' as const,
      product: productOf(exit),
      price: price / TICKS_PER_RUPEE,
      trigger_price: 0,
      disclosed_quantity: 0,
    };
    const said = await this.send(placeCommand(this.name(client), body, symbols, enteredBy(true)));
    if (said === undefined) return;
    if (said.code !== RejectCode.none) {
      leg.attempt += 1;
      leg.state = leg.attempt >= this.ground.policy.attempts ? 'failed' : 'waiting';
      leg.note = rejectText(said.code).text;
      return;
    }
    leg.state = 'working';
    leg.note = '';
    leg.working = { sequence: said.sequence, units: slice, sentAt: this.ground.now(), isCancelled: false };
  }

  private async cancel(client: ClientRun, sequence: number): Promise<void> {
    await this.send(cancelCommand(this.name(client), sequence, true));
  }

  /** Undefined when there was no room: the next advance() tries again. */
  private async send(command: CommandView): Promise<{ readonly code: number; readonly sequence: number } | undefined> {
    let said: { code: number; sequence: number } | undefined;
    await this.ground.sender.askOrder(command, 'reserved', (event) => {
      said ??= { code: event.rejectCode, sequence: event.f64(EventField.orderSequence) || event.slotSequence };
    });
    return said;
  }

  private name({ account, cause }: ClientRun): RequestName {
    this.requests += 1;
    return { account, clOrdId: `SQ${CAUSE_LETTER[cause]}${this.plan}-${this.requests}`, slot: this.ground.questions.slotOf(account) };
  }

  private async openOrders(account: string): Promise<readonly OrderView[]> {
    return (await this.ground.questions.askAbout<readonly OrderView[]>(account, { type: 'openOrders', account })) ?? [];
  }
}

const isOf = (position: PositionView, { segment, token, product }: Exit): boolean =>
  position.segment === segment && position.token === token && position.product === product;

/** Product of an exit: what the position has; a derivative's by its cause, as derivatives net whatever the product. */
function productOf({ product, cause }: Exit): keyof typeof Product {
  const known = (Object.keys(Product) as (keyof typeof Product)[]).find((name) => Product[name] === product);
  return known ?? (cause === 'productTime' ? 'MIS' : 'NRML');
}
