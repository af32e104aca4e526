// The RiskDesk behind the HTTP routes: asks the owners of slots, sends control commands, runs explain beside the live shards.
import {
  ALL_SLOTS,
  type BreakList,
  type ClientView,
  CommandKind,
  type DayView,
  ExchangeSegment,
  newCommandView,
  OrdType,
  PlaceOrder,
  Product,
  RejectCode,
  Side,
  SLOT_COUNT,
  TimeInForce,
  type Verdict,
} from '../../engine/index.ts';
import type { NightPool, ShardQuery, Shards } from '../../workers/index.ts';
import { HttpError } from '../http/http-error.ts';
import type { Readiness, RiskDesk, WhatIfVerdict } from '../http/risk-desk.ts';
import type { KillSwitchOrder, WhatIfOrder } from '../http/routes.ts';
import { rejectText } from '../reject-text.ts';
import type { AccountDirectory } from './account-directory.ts';
import type { CommandSender } from './command-sender.ts';
import { explainOrder } from './explain-order.ts';
import { parseOrderId } from './id-text.ts';
import type { ParameterDesk } from './parameter-desk.ts';
import type { RiskSession } from './risk-session.ts';

/** ClOrdID of what-if orders: one no OMS sends, so that it is never taken for a repeat. */
const WHAT_IF_ID = '\x7fwhat-if';
const TICKS_PER_RUPEE = 10_000;
/** Breaks in one answer. */
const BREAKS_SHOWN = 1_000;

/** What the desk is made of. */
export interface DeskParts {
  readonly shards: Shards;
  readonly accounts: AccountDirectory;
  readonly sender: CommandSender;
  readonly parameters: ParameterDesk;
  readonly sessions: readonly RiskSession[];
  readonly dataDirectory: string;
  readonly pool: NightPool;
}

export class GatewayDesk implements RiskDesk {
  private readonly parts: DeskParts;
  private day: DayView | undefined;

  constructor(parts: DeskParts) {
    this.parts = parts;
  }

  /** Looks at the day again; readiness shows what was seen last. Resolves to the hash of the parameter table of slot 0. */
  async refresh(): Promise<string> {
    const day = (await this.ask(0, { type: 'day' })) as DayView;
    this.day = day;
    return day.parametersHash;
  }

  /** Business date seen open last, yyyymmdd; 0 when none is. */
  get openDate(): number {
    return this.day?.isOpen === true ? this.day.businessDate : 0;
  }

  readiness(): Readiness {
    const missing: string[] = [];
    if (this.parts.parameters.hash === '') missing.push('parameters');
    if (this.day?.isOpen !== true) missing.push('open day');
    return { ready: missing.length === 0, missing };
  }

  status(): object {
    const { shards, parameters, sessions, accounts } = this.parts;
    const { recovered } = shards;
    return {
      ...this.readiness(),
      business_date: this.day?.businessDate ?? 0,
      firm_killed: this.day?.firmKilled ?? false,
      parameters: { hash: parameters.hash, label: parameters.label },
      accounts: accounts.size,
      shards: { count: shards.shardCount, ...shards.gauges() },
      recovered: { epoch: recovered.epoch, commands: recovered.folded, seconds: recovered.seconds, torn_batches: recovered.torn.length },
      sessions: sessions.map(({ name, store, session }) => ({
        name,
        logged_on: session?.loggedOn === true,
        next_inbound: store.nextInbound,
        next_outbound: store.nextOutbound,
        incarnation: store.incarnation,
        settled_inbound: store.log.watermark,
      })),
    };
  }

  async margin(account: string): Promise<object | undefined> {
    const client = (await this.askClient(account, 'client')) as ClientView | undefined;
    if (client === undefined) return undefined;
    const { requirement, available } = client;
    return { ...client, excess: available - requirement };
  }

  async positions(account: string): Promise<object | undefined> {
    const portfolio = (await this.askClient(account, 'portfolio')) as object | undefined;
    return portfolio === undefined ? undefined : { account, ...portfolio };
  }

  async whatIf(order: WhatIfOrder): Promise<WhatIfVerdict | undefined> {
    const slot = this.parts.accounts.find(order.account);
    if (slot < 0) return undefined;
    const verdict = (await this.ask(slot, { type: 'whatIf', command: this.whatIfCommand(order, slot) })) as Verdict;
    // Margin is weighed last: an earlier refusal leaves these figures unknown, which is not zero.
    const isWeighed = verdict.code === RejectCode.none || verdict.code === RejectCode.insufficientMargin;
    return {
      code: verdict.code,
      requirementBeforePaise: isWeighed ? verdict.requirementBefore : null,
      requirementAfterPaise: isWeighed ? verdict.requirementAfter : null,
      availablePaise: isWeighed ? verdict.available : null,
      shortfallPaise: isWeighed ? Math.max(0, verdict.requirementAfter - verdict.available) : null,
      value: verdict.value,
      limit: verdict.limit,
      level: verdict.level,
    };
  }

  async explain(orderId: string): Promise<object | undefined> {
    const order = parseOrderId(orderId);
    if (order === undefined) throw new HttpError(400, 'TZ-ORDER-ID', 'an order id has the form SLOT-SEQUENCE, for example 17-204');
    try {
      return await explainOrder(this.parts.pool, this.parts.dataDirectory, order.slot, order.sequence);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new HttpError(404, 'TZ-NOT-AN-ORDER', `${orderId} was decided by nobody: ${error.message}`);
    }
  }

  async breaks(): Promise<object> {
    const slots = Array.from({ length: SLOT_COUNT }, (_, slot) => this.ask(slot, { type: 'breaks' }) as Promise<BreakList>);
    const lists = await Promise.all(slots);
    const breaks = lists.flatMap((list) => list.breaks).sort((a, b) => a.time - b.time);
    const dropped = lists.reduce((sum, list) => sum + list.dropped, 0);
    return { open: breaks.length, dropped, breaks: breaks.slice(0, BREAKS_SHOWN) };
  }

  async killSwitch(order: KillSwitchOrder): Promise<object> {
    const { action, scope, account, reason, by } = order;
    const slot = account === undefined ? ALL_SLOTS : this.parts.accounts.find(account);
    if (slot < 0) throw new HttpError(404, 'TZ-NOT-FOUND', 'the account is not known here');
    const kind = action === 'engage' ? CommandKind.EngageKillSwitch : CommandKind.ReleaseKillSwitch;
    const answer = await this.parts.sender.ask(kind, slot, { scope, reason, by, ...(account === undefined ? {} : { account }) });
    if (answer.refused > 0) throw new HttpError(409, 'TZ-REFUSED', rejectText(answer.rejectCode).text);
    await this.refresh();
    return { action, scope, ...(account === undefined ? {} : { account }), reason, by };
  }

  async closeDay(): Promise<object> {
    await this.refresh();
    const businessDate = this.day?.businessDate ?? 0;
    const answer = await this.parts.sender.ask(CommandKind.CloseDay, ALL_SLOTS, { businessDate });
    if (answer.refused > 0) throw new HttpError(409, 'TZ-REFUSED', rejectText(answer.rejectCode).text);
    await this.refresh();
    return { closed: businessDate };
  }

  async loadParameters(file: string, elm: string | undefined): Promise<object> {
    try {
      return await this.parts.parameters.swap(file, elm);
    } catch (error) {
      throw new HttpError(422, 'TZ-PARAMETERS', error instanceof Error ? error.message : String(error));
    }
  }

  private askClient(account: string, type: 'client' | 'portfolio'): Promise<unknown> {
    const slot = this.parts.accounts.find(account);
    return slot < 0 ? Promise.resolve(undefined) : this.ask(slot, { type, account });
  }

  private ask(slot: number, query: ShardQuery): Promise<unknown> {
    return this.parts.shards.query(slot, query);
  }

  private whatIfCommand(order: WhatIfOrder, slot: number): Uint8Array {
    const segment = ExchangeSegment[order.exchange];
    const command = newCommandView(PlaceOrder.BYTES).begin(CommandKind.PlaceOrder, PlaceOrder.BYTES, slot);
    const isCash = segment === ExchangeSegment.NSE || segment === ExchangeSegment.BSE;
    command.setText(PlaceOrder.account, 16, order.account);
    command.setText(PlaceOrder.clOrdId, 40, WHAT_IF_ID);
    command.setU32(PlaceOrder.token, order.token ?? this.tokenOf(segment, order.symbol ?? ''));
    command.setU8(PlaceOrder.segment, segment);
    command.setU8(PlaceOrder.side, Side[order.side]);
    command.setU8(PlaceOrder.ordType, OrdType[order.order_type]);
    command.setU8(PlaceOrder.timeInForce, TimeInForce[order.validity]);
    command.setU8(PlaceOrder.product, order.product === undefined ? (isCash ? Product.CNC : Product.NRML) : Product[order.product]);
    command.setF64(PlaceOrder.quantity, order.quantity);
    command.setF64(PlaceOrder.price, Math.round(order.price * TICKS_PER_RUPEE));
    command.setF64(PlaceOrder.stopPx, Math.round(order.trigger_price * TICKS_PER_RUPEE));
    return command.bytes;
  }

  private tokenOf(segment: number, symbol: string): number {
    const names = Buffer.from(symbol, 'latin1');
    const row = this.parts.parameters.symbols?.find(segment, names, 0, names.length) ?? -1;
    return row < 0 ? 0 : (this.parts.parameters.table?.token[row] ?? 0);
  }
}
