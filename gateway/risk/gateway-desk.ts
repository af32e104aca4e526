// The gateway as a whole, for HTTP: is it ready, what day is it, what stands in force; the day's end and the next parameter file.
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { ALL_SLOTS, CommandKind, type DayView } from '../../engine/index.ts';
import type { Shards } from '../../workers/index.ts';
import { refusal } from '../http/http-error.ts';
import type { AccountDirectory } from './account-directory.ts';
import type { CommandSender } from './command-sender.ts';
import type { ParameterDesk } from './parameter-desk.ts';
import type { PeakWatch } from './peak-watch.ts';
import type { SessionAnswer, SessionDesk } from './session-desk.ts';
import type { SlotQuestions } from './slot-questions.ts';
import { segmentName } from './symbol-index.ts';
import { tellEngine } from './tell-engine.ts';

/** What the desk is made of. */
export interface DeskParts {
  readonly shards: Shards;
  readonly accounts: AccountDirectory;
  readonly questions: SlotQuestions;
  readonly sender: CommandSender;
  readonly parameters: ParameterDesk;
  readonly sessions: SessionDesk;
  readonly peaks: PeakWatch;
}

/** Is the gateway able to judge orders, and if not, what is missing? */
export interface Readiness {
  readonly ready: boolean;
  readonly missing: readonly string[];
}

/** What the gateway says of itself. */
export interface StatusAnswer extends Readiness {
  readonly business_date: number;
  readonly firm_killed: boolean;
  /** Exchange segments that are not open. */
  readonly segments_held: readonly { readonly segment: string; readonly state: string }[];
  readonly parameters: { readonly hash: string; readonly label: string };
  readonly accounts: number;
  readonly shards: {
    readonly count: number;
    readonly folded: number;
    readonly checkpoint_lag: number;
    readonly backlog_bytes: readonly number[];
  };
  readonly recovered: { readonly epoch: number; readonly commands: number; readonly seconds: number; readonly torn_batches: number };
  readonly sessions: readonly SessionAnswer[];
}

/** The parameter table in force. */
export interface ParametersAnswer {
  readonly label: string;
  readonly hash: string;
  readonly business_date: number;
  readonly instruments: number;
  readonly underlyings: number;
  /** Age of the file as it lies on disk; null when it does not any more. */
  readonly sources: readonly { readonly role: string; readonly file: string; readonly sha256: string; readonly age_seconds: number | null }[];
}

/** A table that was loaded. */
export interface LoadedParameters {
  readonly hash: string;
  readonly instruments: number;
  readonly business_date: number;
}

export class GatewayDesk {
  private readonly parts: DeskParts;
  private day: DayView | undefined;
  private sourcesOf = '';
  private sources: readonly { readonly role: string; readonly file: string; readonly sha256: string }[] = [];

  constructor(parts: DeskParts) {
    this.parts = parts;
  }

  /** Looks at the day again; readiness shows what was seen last. Resolves to the hash of the parameter table of slot 0. */
  async refresh(): Promise<string> {
    const day = await this.parts.questions.ask<DayView>(0, { type: 'day' });
    this.day = day;
    this.parts.peaks.useDay(day.businessDate);
    return day.parametersHash;
  }

  /** Business date seen open last, yyyymmdd; 0 when none is. */
  get openDate(): number {
    return this.day?.isOpen === true ? this.day.businessDate : 0;
  }

  /** Is the firm's kill switch engaged, as seen last? */
  get isFirmKilled(): boolean {
    return this.day?.firmKilled ?? false;
  }

  readiness(): Readiness {
    const missing: string[] = [];
    if (this.parts.parameters.hash === '') missing.push('parameters');
    if (this.day?.isOpen !== true) missing.push('open day');
    return { ready: missing.length === 0, missing };
  }

  status(): StatusAnswer {
    const { shards, parameters, sessions, accounts } = this.parts;
    const { recovered } = shards;
    const { folded, checkpointLag, backlogBytes } = shards.gauges();
    return {
      ...this.readiness(),
      business_date: this.day?.businessDate ?? 0,
      firm_killed: this.isFirmKilled,
      segments_held: (this.day?.gates ?? []).map(({ segment, state }) => ({ segment: segmentName(segment), state })),
      parameters: { hash: parameters.hash, label: parameters.label },
      accounts: accounts.size,
      shards: { count: shards.shardCount, folded, checkpoint_lag: checkpointLag, backlog_bytes: [...backlogBytes] },
      recovered: { epoch: recovered.epoch, commands: recovered.folded, seconds: recovered.seconds, torn_batches: recovered.torn.length },
      sessions: sessions.list(),
    };
  }

  parameters(): ParametersAnswer {
    const { label, hash, table, paths } = this.parts.parameters;
    // The details are megabytes of JSON, read again only for another table.
    if (this.sourcesOf !== hash) [this.sourcesOf, this.sources] = [hash, table?.details.sources ?? []];
    const age = (file: string): number | null => ageOf(paths.find((path) => basename(path) === basename(file)) ?? file);
    return {
      label,
      hash,
      business_date: table?.businessDate ?? 0,
      instruments: table?.instruments ?? 0,
      underlyings: table?.underlyings ?? 0,
      sources: this.sources.map(({ role, file, sha256 }) => ({ role, file, sha256, age_seconds: age(file) })),
    };
  }

  /** Expires what is open and closes the day. Refuses with 409 when none is open. */
  async closeDay(): Promise<{ closed: number }> {
    await this.refresh();
    const businessDate = this.day?.businessDate ?? 0;
    await tellEngine(this.parts.sender, { kind: CommandKind.CloseDay, slot: ALL_SLOTS, body: { businessDate } });
    await this.refresh();
    return { closed: businessDate };
  }

  /** Brings the next SPAN file into force (and another ELM file, if given). Refuses with 422, nothing changed, when it cannot be used. */
  async loadParameters(file: string, elm: string | undefined): Promise<LoadedParameters> {
    try {
      const { hash, instruments, businessDate } = await this.parts.parameters.swap(file, elm);
      return { hash, instruments, business_date: businessDate };
    } catch (error) {
      throw refusal('TZ-PARAMETERS', error instanceof Error ? error.message : String(error));
    }
  }
}

function ageOf(file: string): number | null {
  try {
    return Math.max(0, Math.round((Date.now() - statSync(file).mtimeMs) / 1_000));
  } catch {
    return null;
  }
}
