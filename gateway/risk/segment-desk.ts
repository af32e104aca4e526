// Exchange segments: one person closes or limits one, two let orders in again; the journalled command names both. (The morning's gate opens a segment by
// itself when its own preparation is green: that way goes through the inbox, not through here.)
import { ALL_SLOTS, CommandKind, type DayView, ExchangeSegment, type SegmentGateName, type SetSegmentStateBody } from '../../engine/index.ts';
import { refusal } from '../http/http-error.ts';
import type { CommandSender } from './command-sender.ts';
import type { SlotQuestions } from './slot-questions.ts';
import { tellEngine } from './tell-engine.ts';
import { type AskedFor, TwoPersons } from './two-persons.ts';

/** Exchange segment by name. */
export type SegmentName = keyof typeof ExchangeSegment;

/** Which segment is to be in which state. */
export interface SegmentTarget {
  readonly segment: SegmentName;
  readonly state: SegmentGateName;
  /** PRE_OPEN only: when the segment opens by itself, milliseconds since 1970; null: when that is said. */
  readonly opens_at: number | null;
}

/** Who set a segment's state last, as far as this gateway has seen it. */
export interface SegmentChange extends SegmentTarget {
  readonly reason: string;
  readonly by: readonly string[];
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A segment and its gate. */
export interface SegmentAnswer extends Omit<SegmentTarget, 'opens_at'> {
  readonly last_change: SegmentChange | null;
}

/** A change that waits for the second person. Times in milliseconds since 1970. */
export interface SegmentRequest extends SegmentTarget {
  readonly id: string;
  readonly reason: string;
  readonly requested_by: string;
  readonly requested_at: number;
  readonly expires_at: number;
}

/** How much a state keeps out. */
const STRICTNESS: Readonly<Record<SegmentGateName, number>> = { OPEN: 0, PRE_OPEN: 1, REDUCE_ONLY: 2, CLOSED: 3 };
const SEGMENTS = Object.keys(ExchangeSegment) as SegmentName[];
const NAME_BYTES = 64;

export class SegmentDesk {
  private readonly questions: SlotQuestions;
  private readonly sender: CommandSender;
  private readonly onChange: () => Promise<unknown>;
  private readonly asked = new TwoPersons<SegmentTarget>('change of a segment');
  private readonly changes = new Map<SegmentName, SegmentChange>();

  /** `onChange` is awaited after every change, so that status shows it. */
  constructor(questions: SlotQuestions, sender: CommandSender, onChange: () => Promise<unknown>) {
    this.questions = questions;
    this.sender = sender;
    this.onChange = onChange;
  }

  /** Every segment with its state, and what waits for a second person. */
  async list(): Promise<{ readonly segments: readonly SegmentAnswer[]; readonly requests: readonly SegmentRequest[] }> {
    const states = await this.states();
    const segments = SEGMENTS.map((segment) => ({ segment, state: states[segment], last_change: this.changes.get(segment) ?? null }));
    return { segments, requests: this.asked.waiting.map(segmentRequest) };
  }

  /** Sets a state that keeps out at least as much as the one in force. Refuses with 409 what would let orders in: that takes two persons. */
  async limit(target: SegmentTarget, reason: string, by: string): Promise<SegmentChange> {
    const { segment, state } = target;
    const before = (await this.states())[segment];
    if (STRICTNESS[state] < STRICTNESS[before])
      throw refusal('TZ-TWO-PERSONS', `${segment} is ${before}: letting orders in takes two persons, of whom one asks and another approves`);
    return this.change(target, reason, [by]);
  }

  /** Asks for a state; another person approves it. */
  request(target: SegmentTarget, reason: string, by: string): SegmentRequest {
    return segmentRequest(this.asked.ask(target, reason, by));
  }

  /** Sets what another person asked for. */
  approve(id: string, by: string): Promise<SegmentChange> {
    const { target, reason, requestedBy } = this.asked.approve(id, by);
    return this.change(target, reason, [requestedBy, by]);
  }

  private async change(target: SegmentTarget, reason: string, by: readonly string[]): Promise<SegmentChange> {
    const { segment, state, opens_at } = target;
    const body: SetSegmentStateBody = {
      segment: ExchangeSegment[segment],
      state,
      reason,
      by: by.map((name) => name.slice(0, NAME_BYTES)),
      ...(opens_at === null ? {} : { opensAt: opens_at * 1_000 }),
    };
    await tellEngine(this.sender, { kind: CommandKind.SetSegmentState, slot: ALL_SLOTS, body });
    await this.onChange();
    const change: SegmentChange = { ...target, reason, by, at: Date.now() };
    this.changes.set(segment, change);
    return change;
  }

  /** Gates are set by broadcast: every slot has the same, so slot 0 is asked. */
  private async states(): Promise<Record<SegmentName, SegmentGateName>> {
    const { gates } = await this.questions.ask<DayView>(0, { type: 'day' });
    const stateOf = (segment: SegmentName): SegmentGateName => gates.find((gate) => gate.segment === ExchangeSegment[segment])?.state ?? 'OPEN';
    return Object.fromEntries(SEGMENTS.map((segment) => [segment, stateOf(segment)])) as Record<SegmentName, SegmentGateName>;
  }
}

function segmentRequest({ id, target, reason, requestedBy, requestedAt, expiresAt }: AskedFor<SegmentTarget>): SegmentRequest {
  return { id, ...target, reason, requested_by: requestedBy, requested_at: requestedAt, expires_at: expiresAt };
}
