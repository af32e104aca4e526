// Squaring off as the desk has it: who is due, plans made of that, the second person for large ones, the dealer's basket while no order system is
// there. Plans live in this process: after a restart what is still open is due again, and the orders of the plan are in the journal.
import { randomBytes } from 'node:crypto';
import type { DueClient, OrderView, SquareOffCause } from '../../engine/index.ts';
import { tradingDayBefore } from '../../workers/reference/index.ts';
import { refusal } from '../http/http-error.ts';
import type { FeedDesk } from '../market-data/feed-view.ts';
import { PLEDGE_DAYS } from './funding-desk.ts';
import { instrumentName } from './order-answer.ts';
import { type DueAnswer, dueAnswer, type PlanAnswer, type PlanState, planAnswer } from './square-off-answer.ts';
import { basketText } from './square-off-basket.ts';
import { chosenDue, type Exit, exitOf, limitsOf, protectedPrice, slicesOf, type Unpriced, worthOf } from './square-off-plan.ts';
import { type ClientRun, type RunGround, SquareOffRun } from './square-off-run.ts';

/** When commodities close, minutes after midnight, India: the earlier of the two. */
const COMMODITY_CLOSE = 23 * 60 + 30;
const ADVANCE_MS = 250;
const PLANS_KEPT = 200;
const PAISE = 100;

/** What a plan is to be about. */
export interface PlanRequest {
  readonly accounts?: readonly string[] | undefined;
  readonly causes?: readonly SquareOffCause[] | undefined;
  readonly reason: string;
}

/** One plan. */
export interface Plan {
  readonly id: string;
  readonly reason: string;
  readonly by: string;
  approvedBy: string | undefined;
  readonly madeAt: number;
  /** Paise its exits were worth when it was made. */
  readonly worth: number;
  state: PlanState;
  readonly run: SquareOffRun;
}

/** What the desk stands on; the rest of a run's ground it makes itself. */
export type SquareOffGround = Omit<RunGround, 'priceOf'>;

export class SquareOffDesk {
  private readonly ground: RunGround;
  private readonly plans = new Map<string, Plan>();
  private feed: FeedDesk | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(ground: SquareOffGround) {
    this.ground = { ...ground, priceOf: (segment, token, mark) => this.priceOf(segment, token, mark) };
  }

  /** Prices come from here from now on; without it the engine's marks are traded on. */
  useFeed(feed: FeedDesk): void {
    this.feed = feed;
  }

  /** Everybody who is due now. */
  async due(): Promise<readonly DueAnswer[]> {
    const { symbols } = this.ground.instruments;
    return (await this.everyDue()).map((client) =>
      dueAnswer(client, symbols, ({ segment, token, mark }) => unpricedOf(this.priceOf(segment, token, mark))),
    );
  }

  /** Makes a plan of what is due, and begins it unless it is too large for one person. Refuses when nothing of it is due. */
  async plan(request: PlanRequest, by: string): Promise<PlanAnswer> {
    const due = chosenDue(await this.everyDue(), request).filter(({ account }) => !this.isUnderWay(account));
    if (due.length === 0) throw refusal('TZ-NOT-FOUND', 'nothing of this is due now, or it is under way already');
    const id = randomBytes(4).toString('hex');
    const clients = due.map((client) => this.clientRun(client));
    const worth = worthOf(clients.flatMap(({ legs }) => legs.map(({ exit }) => exit)));
    const isLarge = worth > this.ground.policy.approvalAbove * PAISE;
    const run = new SquareOffRun(id, clients, this.ground);
    const state = !this.ground.isRouted() ? 'basket' : isLarge ? 'awaitingApproval' : 'running';
    const plan: Plan = { id, reason: request.reason, by, approvedBy: undefined, madeAt: this.ground.now(), worth, state, run };
    this.keep(plan);
    this.wake();
    return this.answer(plan);
  }

  /** Plans of this process, newest first. */
  list(): PlanAnswer[] {
    return [...this.plans.values()].reverse().map((plan) => this.answer(plan));
  }

  find(id: string): PlanAnswer | undefined {
    const plan = this.plans.get(id);
    return plan === undefined ? undefined : this.answer(plan);
  }

  /** A second person lets a large plan begin. */
  approve(id: string, by: string): PlanAnswer {
    const plan = this.known(id);
    if (plan.state !== 'awaitingApproval') throw refusal('TZ-REFUSED', `plan ${id} is ${plan.state}: it waits for nobody`);
    if (plan.by === by) throw refusal('TZ-TWO-PERSONS', `${by} made this plan: another person must approve it`);
    plan.approvedBy = by;
    plan.state = 'running';
    this.wake();
    return this.answer(plan);
  }

  /** No more orders of it; what works at the exchange stays there. */
  halt(id: string): PlanAnswer {
    const plan = this.known(id);
    if (plan.state === 'running' || plan.state === 'awaitingApproval') plan.state = 'halted';
    return this.answer(plan);
  }

  /** The dealer's file: what is left of the plan, order by order, at protected limits. */
  basket(id: string): string {
    const { run } = this.known(id);
    const { instruments, policy, maxOrderValue } = this.ground;
    const table = instruments.symbols?.table;
    const rows = run.clients.flatMap(({ account, legs, cancels }) => [
      ...[...cancels.keys()].map((sequence) => ({ account, action: 'CANCEL', order: `${this.ground.questions.slotOf(account)}-${sequence}` })),
      ...legs.flatMap(({ exit, left }) => {
        const price = this.priceOf(exit.segment, exit.token, exit.mark);
        const limits = limitsOf(table, exit, maxOrderValue);
        if (typeof price === 'string' || limits === undefined) return [{ account, action: 'BY HAND', exit, units: left, price: 0 }];
        const limit = protectedPrice(exit, price, limits, policy, 0);
        return slicesOf(left, limit, limits).map((units) => ({ account, action: 'ORDER', exit, units, price: limit }));
      }),
    ]);
    return basketText(rows, (exit: Exit) => instrumentName(instruments.symbols, exit.segment, exit.token));
  }

  /** Stops looking after plans. */
  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const plan of this.plans.values()) if (plan.state === 'running') plan.state = 'halted';
  }

  private async everyDue(): Promise<DueClient[]> {
    const { questions, instruments } = this.ground;
    const today = instruments.symbols?.table.businessDate;
    const lapsed = today === undefined ? {} : { pledgeLapsed: tradingDayBefore(today, PLEDGE_DAYS) };
    return (await questions.everySlot<readonly DueClient[]>({ type: 'squareOff', commodityClose: COMMODITY_CLOSE, ...lapsed })).flat();
  }

  private clientRun({ account, reasons, orders, positions }: DueClient): ClientRun {
    const table = this.ground.instruments.symbols?.table;
    const legs = positions.map((due) => {
      const exit = exitOf(due, table);
      return { exit, left: exit.units, attempt: 0, state: 'waiting' as const, note: '', working: undefined };
    });
    const cancels = new Map(orders.map(({ sequence }: OrderView) => [sequence, 0]));
    return { account, cause: reasons[0]?.cause ?? 'killed', phase: 'cancelling', cancels, legs, note: '' };
  }

  /** A client is in one plan at a time. */
  private isUnderWay(account: string): boolean {
    return [...this.plans.values()].some(
      ({ state, run }) =>
        (state === 'running' || state === 'awaitingApproval') &&
        run.clients.some((client) => client.account === account && client.phase !== 'done' && client.phase !== 'failed'),
    );
  }

  /** The feed's last believed price where there is a feed, else the engine's mark. A stale price closes nobody out. */
  private priceOf(segment: number, token: number, mark: number): number | Unpriced {
    if (this.ground.instruments.symbols?.table.find(segment, token) === -1) return 'notInFile';
    if (this.feed?.isStale(segment, token) === true) return 'stale';
    const price = this.feed?.quote(segment, token)?.price ?? mark;
    return price > 0 ? price : 'neverMarked';
  }

  private known(id: string): Plan {
    const plan = this.plans.get(id);
    if (plan === undefined) throw refusal('TZ-NOT-FOUND', 'there is no such plan');
    return plan;
  }

  private keep(plan: Plan): void {
    this.plans.set(plan.id, plan);
    for (const [id, { state }] of this.plans) {
      if (this.plans.size <= PLANS_KEPT) break;
      if (state !== 'running' && state !== 'awaitingApproval') this.plans.delete(id);
    }
  }

  private answer(plan: Plan): PlanAnswer {
    return planAnswer(plan, this.ground.instruments.symbols, (account) => this.ground.questions.slotOf(account));
  }

  private wake(): void {
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.advance();
    }, ADVANCE_MS);
  }

  private async advance(): Promise<void> {
    for (const plan of this.plans.values()) {
      if (plan.state !== 'running') continue;
      try {
        await plan.run.advance();
        if (plan.run.isOver && plan.state === 'running')
          plan.state = plan.run.clients.every(({ phase }) => phase === 'done') ? 'done' : 'needsPerson';
      } catch {
        // The engine did not answer in time; the plan goes on with the next look.
      }
    }
    if ([...this.plans.values()].some(({ state }) => state === 'running')) this.wake();
  }
}

const unpricedOf = (price: number | Unpriced): Unpriced | undefined => (typeof price === 'string' ? price : undefined);
