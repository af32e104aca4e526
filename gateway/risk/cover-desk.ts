// The exits of cover and bracket orders: as soon as an entry fills, its stop-loss is placed, and its target where it has one; as it fills further, or
// an exit does, each leg is changed to what is left, and taken back when nothing is: so one cancels the other. Each is an ordinary order of the
// engine (journalled, judged, reserved) that goes out over the action session; nothing is kept here: after a restart, or when the exchange has
// cancelled a leg, the engine's own state says what is to be done. Owns no rule of what a leg may be.
import { type CoverLeg, type CoverOrder, EventField, type EventView, type ExchangeSegment, Product, RejectCode, Side } from '../../engine/index.ts';
import type { Logger } from '../log.ts';
import { rejectText } from '../reject-text.ts';
import type { CommandSender } from './command-sender.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { cancelCommand, enteredBy, type OrderTermsBody, placeCommand, type RequestName, replaceCommand } from './order-terms.ts';
import type { SlotQuestions } from './slot-questions.ts';
import { segmentName } from './symbol-index.ts';

/** When a refused or unanswered request is tried again; for a client who may not trade, when he is looked at again. Milliseconds. */
const RETRY_MS = 1_000;
const STOPPED_MS = 30_000;
const TICKS_PER_RUPEE = 10_000;
const ACCOUNT_BYTES = 16;
/** The two exits: first letters of the ClOrdIDs of their requests, and what the log calls them. */
const EXITS = { stop: { letters: 'CX', name: 'stop-loss' }, target: { letters: 'CT', name: 'target' } } as const;
type Exit = (typeof EXITS)[keyof typeof EXITS];
const STOPPED: ReadonlySet<number> = new Set([RejectCode.firmKilled, RejectCode.accountKilled, RejectCode.accountNotActive]);

/** What the desk stands on. */
export interface CoverGround {
  readonly questions: SlotQuestions;
  readonly sender: CommandSender;
  readonly instruments: InstrumentResolver;
  readonly log: Logger;
  /** Do its orders reach an order system? Without one cover orders should not be taken: the policy's coverRange asks for an action session. */
  readonly isRouted: boolean;
}

export class CoverDesk {
  private readonly ground: CoverGround;
  /** Accounts to be looked at, and not before when (milliseconds since 1970). */
  private readonly due = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private isWorking = false;
  private isClosed = false;

  constructor(ground: CoverGround) {
    this.ground = ground;
  }

  /** What was left undone when the last process ended. */
  async start(): Promise<void> {
    const everywhere = await this.ground.questions.everySlot<readonly CoverOrder[]>({ type: 'coverOrders' });
    for (const { account } of everywhere.flat()) this.due.set(account, 0);
    this.wake(0);
  }

  /** Shown every durable event; most concern no cover order. */
  see(event: EventView): void {
    const product = event.u8(EventField.product);
    if ((product !== Product.CO && product !== Product.BO) || this.isClosed) return;
    this.due.set(event.text(EventField.account, ACCOUNT_BYTES), 0);
    this.wake(0);
  }

  /** No more legs. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private wake(delay: number): void {
    if (this.isClosed || this.isWorking) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.advance(), delay);
    this.timer.unref();
  }

  private async advance(): Promise<void> {
    this.isWorking = true;
    const now = Date.now();
    for (const [account, at] of [...this.due]) {
      if (at > now) continue;
      this.due.delete(account);
      const again = await this.look(account);
      if (again > 0 && !this.due.has(account)) this.due.set(account, Date.now() + again);
    }
    this.isWorking = false;
    if (this.due.size > 0) this.wake(Math.max(0, Math.min(...this.due.values()) - Date.now()));
  }

  /** Does what is next for each cover order of the account; milliseconds until it is to be looked at again, 0 = the next event will say. */
  private async look(account: string): Promise<number> {
    let again = 0;
    try {
      const covers = (await this.ground.questions.askAbout<readonly CoverOrder[]>(account, { type: 'coverOrders', account })) ?? [];
      for (const cover of covers) {
        again = Math.max(again, await this.settle(cover, EXITS.stop, cover.leg));
        if (cover.targetPx > 0) again = Math.max(again, await this.settle(cover, EXITS.target, cover.target));
      }
    } catch (error) {
      this.ground.log.warn({ account, error }, 'exits could not be looked at and are tried again');
      return RETRY_MS;
    }
    return again;
  }

  /** Brings one exit to what is uncovered. */
  private async settle(cover: CoverOrder, exit: Exit, leg: CoverLeg | null): Promise<number> {
    const { uncovered } = cover;
    if (leg === null) return uncovered === 0 ? 0 : this.place(cover, exit);
    if (leg.isPending || leg.leavesQuantity === uncovered) return 0;
    const name = nameOf(cover, exit);
    if (uncovered === 0) return this.send(cover, exit, cancelCommand(name, leg.sequence, true));
    const terms = {
      quantity: leg.cumQuantity + uncovered,
      price: leg.price / TICKS_PER_RUPEE,
      trigger_price: leg.stopPx / TICKS_PER_RUPEE,
      disclosed_quantity: 0,
    };
    return this.send(cover, exit, replaceCommand(name, leg.sequence, terms));
  }

  private place(cover: CoverOrder, exit: Exit): Promise<number> {
    if (!this.ground.isRouted)
      this.ground.log.error({ account: cover.account, order: cover.sequence }, `a linked order filled and no action session takes its ${exit.name}`);
    const isStop = exit === EXITS.stop;
    const body: OrderTermsBody = {
      account: cover.account,
      exchange: segmentName(cover.segment) as keyof typeof ExchangeSegment,
      token: cover.token,
      side: cover.side === Side.BUY ? 'SELL' : 'BUY',
      quantity: cover.uncovered,
      order_type: isStop ? 'STOP' : 'LIMIT',
      validity: 'DAY',
      product: cover.product === Product.BO ? 'BO' : 'CO',
      price: isStop ? 0 : cover.targetPx / TICKS_PER_RUPEE,
      trigger_price: isStop ? cover.stopPx / TICKS_PER_RUPEE : 0,
      disclosed_quantity: 0,
    };
    const nature = { ...enteredBy(false), entry: cover.sequence };
    return this.send(cover, exit, placeCommand(nameOf(cover, exit), body, this.ground.instruments.symbols, nature));
  }

  private async send(cover: CoverOrder, exit: Exit, command: Parameters<CommandSender['askOrder']>[0]): Promise<number> {
    let code: number = RejectCode.none;
    const answer = await this.ground.sender.askOrder(command, 'reserved', (event) => {
      code = event.rejectCode;
    });
    if (answer === undefined) return RETRY_MS;
    if (code === RejectCode.none) return 0;
    this.ground.log.warn({ account: cover.account, order: cover.sequence, reason: rejectText(code).text }, `a ${exit.name} request was refused`);
    return STOPPED.has(code) ? STOPPED_MS : RETRY_MS;
  }
}

/** A name no request of the client had: of the entry, of the exit, and of the moment. */
const nameOf = ({ account, slot, sequence, asOf }: CoverOrder, { letters }: Exit): RequestName => ({
  account,
  slot,
  clOrdId: `${letters}${sequence}-${asOf}`,
});
