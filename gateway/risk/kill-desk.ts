// Kill switches: one person engages, two release; the journalled command names both.
import { ALL_SLOTS, CommandKind } from '../../engine/index.ts';
import { refusal } from '../http/http-error.ts';
import type { ClientDesk } from './client-desk.ts';
import type { CommandSender } from './command-sender.ts';
import type { SlotQuestions } from './slot-questions.ts';
import { tellEngine } from './tell-engine.ts';
import { type AskedFor, TwoPersons } from './two-persons.ts';

/** `by` of the command has 64 characters for two names. */
const NAME_MAX = 29;

/** Which switch. */
export interface KillTarget {
  readonly scope: 'FIRM' | 'ACCOUNT';
  readonly account?: string | undefined;
}

/** A release that waits for the second person. Times in milliseconds since 1970. */
export interface ReleaseRequest {
  readonly id: string;
  readonly scope: 'FIRM' | 'ACCOUNT';
  readonly account: string | null;
  readonly reason: string;
  readonly requested_by: string;
  readonly requested_at: number;
  readonly expires_at: number;
}

/** A killed client is stopped only when the exchange has confirmed that nothing of it works any more. */
export type KillState = 'stopping' | 'killed';

/** Who did what to a switch last, as far as this gateway has seen it. */
export interface KillChange {
  readonly action: 'engage' | 'release';
  readonly scope: 'FIRM' | 'ACCOUNT';
  readonly account: string | null;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
}

export class KillDesk {
  private readonly questions: SlotQuestions;
  private readonly sender: CommandSender;
  private readonly clients: ClientDesk;
  private readonly onChange: () => Promise<unknown>;
  private readonly cancelOrders: ((account: string | undefined, by: string) => Promise<unknown>) | undefined;
  private readonly releases = new TwoPersons<KillTarget>('release');
  private readonly changes = new Map<string, KillChange>();

  /**
   * `onChange` is awaited after every change, so that status shows it. `cancelOrders` asks for the cancel of whatever works, of an account or of all:
   * only where there is a session to act on.
   */
  constructor(
    questions: SlotQuestions,
    sender: CommandSender,
    clients: ClientDesk,
    onChange: () => Promise<unknown>,
    cancelOrders?: (account: string | undefined, by: string) => Promise<unknown>,
  ) {
    this.questions = questions;
    this.sender = sender;
    this.clients = clients;
    this.onChange = onChange;
    this.cancelOrders = cancelOrders;
  }

  /** Switches as they stand: the firm's, the accounts killed, the releases that wait. */
  async list(isFirmKilled: boolean): Promise<{
    firm: { engaged: boolean; state: KillState | null; open_orders: number; last_change: KillChange | null };
    accounts: { account: string; state: KillState; open_orders: number; last_change: KillChange | null }[];
    releases: ReleaseRequest[];
  }> {
    const every = await this.clients.every();
    const killed = every.filter((client) => client.killed);
    const working = every.reduce((sum, { openOrders }) => sum + openOrders, 0);
    return {
      firm: { engaged: isFirmKilled, state: isFirmKilled ? stateOf(working) : null, open_orders: working, last_change: this.changes.get('') ?? null },
      accounts: killed.map(({ account, openOrders }) => ({
        account,
        state: stateOf(openOrders),
        open_orders: openOrders,
        last_change: this.changes.get(account) ?? null,
      })),
      releases: this.releases.waiting.map(releaseRequest),
    };
  }

  /** Engages a switch in every slot it concerns. */
  engage(target: KillTarget, reason: string, by: string): Promise<KillChange> {
    return this.change('engage', target, reason, by);
  }

  /** Opens a request to release; another person approves it. */
  request(target: KillTarget, reason: string, by: string): ReleaseRequest {
    this.slotOf(target);
    return releaseRequest(this.releases.ask(target, reason, by));
  }

  /** Releases what another person asked for. */
  async approve(id: string, by: string): Promise<KillChange> {
    const { target, reason, requestedBy } = this.releases.approve(id, by);
    return this.change('release', target, reason, `${requestedBy.slice(0, NAME_MAX)} and ${by.slice(0, NAME_MAX)}`);
  }

  private async change(action: 'engage' | 'release', target: KillTarget, reason: string, by: string): Promise<KillChange> {
    const { scope, account } = target;
    const slot = this.slotOf(target);
    const kind = action === 'engage' ? CommandKind.EngageKillSwitch : CommandKind.ReleaseKillSwitch;
    await tellEngine(this.sender, { kind, slot, body: { scope, reason, by, ...(account === undefined ? {} : { account }) } });
    this.questions.forget();
    if (action === 'engage') await this.cancelOrders?.(account, by);
    await this.onChange();
    const change: KillChange = { action, scope, account: account ?? null, reason, by, at: Date.now() };
    this.changes.set(account ?? '', change);
    return change;
  }

  private slotOf({ account }: KillTarget): number {
    const slot = account === undefined ? ALL_SLOTS : this.questions.slotOf(account);
    if (slot < 0) throw refusal('TZ-NOT-FOUND', 'the account is not known here');
    return slot;
  }
}

/** Open orders are the exchange's word: a cancel that was only asked for closes none. */
const stateOf = (openOrders: number): KillState => (openOrders === 0 ? 'killed' : 'stopping');

function releaseRequest({ id, target, reason, requestedBy, requestedAt, expiresAt }: AskedFor<KillTarget>): ReleaseRequest {
  const { scope, account } = target;
  return { id, scope, account: account ?? null, reason, requested_by: requestedBy, requested_at: requestedAt, expires_at: expiresAt };
}
