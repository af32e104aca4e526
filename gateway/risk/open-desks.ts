// The desks of a gateway, put together: what HTTP and the stream ask of the risk side.
import { businessDate, type EventView } from '../../engine/index.ts';
import type { NightPool, Shards } from '../../workers/index.ts';
import type { Desks } from '../http/desks.ts';
import { brokeragePlan, type ChargesConfig } from '../kite/charges-config.ts';
import { indianDay } from '../kite/charges-route.ts';
import type { Logger } from '../log.ts';
import type { AccountDirectory } from './account-directory.ts';
import { BasketDesk } from './basket-desk.ts';
import { ClientDesk } from './client-desk.ts';
import { CollateralDesk } from './collateral-desk.ts';
import type { CommandSender } from './command-sender.ts';
import { ConversionDesk } from './conversion-desk.ts';
import { CoverDesk } from './cover-desk.ts';
import { EarlyPayInDesk } from './early-pay-in-desk.ts';
import { FundingDesk } from './funding-desk.ts';
import { GatewayDesk } from './gateway-desk.ts';
import { HouseDesk } from './house-desk.ts';
import { InstrumentDesk } from './instrument-desk.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { KillDesk } from './kill-desk.ts';
import { LimitDesk } from './limit-desk.ts';
import type { MemberMarks } from './member-level.ts';
import { MemberWatch } from './member-watch.ts';
import { OrderDesk } from './order-desk.ts';
import type { ParameterDesk } from './parameter-desk.ts';
import type { PeakWatch } from './peak-watch.ts';
import { PreviewDesk } from './preview-desk.ts';
import { RejectWatch } from './reject-watch.ts';
import type { RiskSession } from './risk-session.ts';
import { SegmentDesk } from './segment-desk.ts';
import { SessionDesk } from './session-desk.ts';
import { type MemberLimits, SliceDesk } from './slice-desk.ts';
import { SlotQuestions } from './slot-questions.ts';
import { SnapshotDesk } from './snapshot-desk.ts';
import { SquareOffDesk } from './square-off-desk.ts';
import type { SquareOffPolicy } from './square-off-plan.ts';

/** What desks stand on. */
export interface DeskGround {
  readonly shards: Shards;
  readonly accounts: AccountDirectory;
  readonly sender: CommandSender;
  readonly parameters: ParameterDesk;
  readonly instruments: InstrumentResolver;
  readonly sessions: readonly RiskSession[];
  readonly peaks: PeakWatch;
  readonly pool: NightPool;
  readonly dataDirectory: string;
  /** Marks of the member's use at clearing corporations (undefined = it is not acted on), and what it may use there at most. */
  readonly member: { readonly marks: MemberMarks | undefined; readonly limits: MemberLimits };
  readonly log: Logger;
  readonly charges: ChargesConfig;
  /** How the house squares off; largest value of an order in paise; session its orders go to. */
  readonly squareOff: { readonly policy: SquareOffPolicy; readonly maxOrderValue: number; readonly actionSession: string | undefined };
  /** Microseconds since 1970. */
  readonly now: () => number;
}

/** Desks, the questions they ask by, and what they want to see of events. */
export interface OpenedDesks {
  readonly desks: Desks;
  readonly questions: SlotQuestions;
  /** Keeps exit legs of cover orders; to be started once the day is there. */
  readonly covers: CoverDesk;
  /** No more orders of the house. */
  close(): void;
  /** To be shown every durable event. */
  see(event: EventView): void;
}

/** The day that trades, or outside one today's, with the plan and states of the house. */
function chargesBasis(charges: DeskGround['charges'], gateway: GatewayDesk): Desks['charges'] {
  return {
    date: () => (gateway.openDate > 0 ? businessDate(gateway.openDate) : indianDay(Date.now())),
    plan: brokeragePlan(charges),
    states: { member: charges.memberState, client: charges.clientState },
  };
}

/** Puts the desks together. */
export function openDesks(ground: DeskGround): OpenedDesks {
  const { shards, accounts, sender, parameters, instruments, peaks, pool, dataDirectory } = ground;
  const questions = new SlotQuestions(shards, accounts);
  const rejected = new RejectWatch(instruments);
  const sessions = new SessionDesk(ground.sessions, ground.log, ground.now);
  const gateway = new GatewayDesk({ shards, accounts, questions, sender, parameters, sessions, peaks });
  const clients = new ClientDesk(questions, instruments, peaks);
  const orders = new OrderDesk(questions, sender, instruments, { pool, dataDirectory });
  const cancelOrders = (account: string | undefined, by: string): Promise<unknown> =>
    orders.massCancel(account === undefined ? {} : { account }, { subject: by, idempotencyKey: '', isDealer: true });
  const slices = new SliceDesk(questions, sender, { limits: ground.member.limits, dataDirectory, log: ground.log });
  const covers = new CoverDesk({ questions, sender, instruments, log: ground.log, isRouted: ground.squareOff.actionSession !== undefined });
  const desks: Desks = {
    gateway,
    clients,
    limits: new LimitDesk(questions, sender),
    orders,
    baskets: new BasketDesk(questions, instruments),
    previews: new PreviewDesk(questions, parameters, { pool, dataDirectory }),
    house: new HouseDesk(questions, instruments, rejected),
    kills: new KillDesk(questions, sender, clients, () => gateway.refresh(), ground.squareOff.actionSession === undefined ? undefined : cancelOrders),
    segments: new SegmentDesk(questions, sender, () => gateway.refresh()),
    snapshots: new SnapshotDesk(questions, sender),
    squareOff: new SquareOffDesk({
      questions,
      sender,
      instruments,
      policy: ground.squareOff.policy,
      maxOrderValue: ground.squareOff.maxOrderValue,
      isRouted: () => ground.sessions.some(({ name, session }) => name === ground.squareOff.actionSession && session?.loggedOn === true),
      now: Date.now,
    }),
    conversions: new ConversionDesk(questions, sender, instruments),
    earlyPayIns: new EarlyPayInDesk(questions, sender, instruments),
    fundings: new FundingDesk(questions, sender, instruments),
    collateral: new CollateralDesk(questions, sender),
    member: new MemberWatch(questions, sender, ground.member.marks, () => ground.now() / 1_000),
    slices,
    sessions,
    instruments: new InstrumentDesk(instruments),
    charges: chargesBasis(ground.charges, gateway),
  };
  return {
    desks,
    questions,
    covers,
    close() {
      for (const each of [desks.squareOff, covers]) each.close();
    },
    see(event) {
      covers.see(event);
      peaks.handle(event);
      rejected.handle(event);
      slices.see(event);
    },
  };
}
