// The Application behind the FIX sessions: requests become commands, durable events become reports, and a ResendRequest is answered from the
// journal. Owns the order of things: command durable, then log, then socket. Judges nothing.
import type { EventView } from '../../engine/index.ts';
import { EventField, EventKind, SLOT_COUNT } from '../../engine/index.ts';
import { type EventReader, type Shards, TIMED_MASK } from '../../workers/index.ts';
import { MessageView } from '../fix/codec/message-view.ts';
import type { Application } from '../fix/session/application.ts';
import { sendKeptAgain } from '../fix/session/outbound-messages.ts';
import type { Session } from '../fix/session/session.ts';
import { Figures } from '../http/figures.ts';
import type { Logger } from '../log.ts';
import type { CommandTraces } from '../trace/command-traces.ts';
import type { AccountDirectory } from './account-directory.ts';
import { refuseMessage } from './business-reject.ts';
import { type CommandIntake, Intake } from './command-intake.ts';
import type { CommandSender } from './command-sender.ts';
import type { ReportEncoder } from './report-encoder.ts';
import type { RiskSession } from './risk-session.ts';
import { EntryKind } from './session-log-layout.ts';
import type { StatusDesk } from './status-desk.ts';

/** What the application is made of. */
export interface RiskParts {
  readonly shards: Shards;
  readonly accounts: AccountDirectory;
  readonly intake: CommandIntake;
  readonly encoder: ReportEncoder;
  readonly status: StatusDesk;
  readonly reader: EventReader;
  readonly figures: Figures;
  readonly log: Logger;
  readonly traces: CommandTraces;
  /** Told of every event, for answers to commands that did not come over FIX. */
  readonly sender: CommandSender;
  /** Microseconds since 1970. */
  readonly now: () => number;
  /** Name of the session that is told of what did not come over FIX; undefined: none is. */
  readonly actionSession?: string | undefined;
}

/** Events handed out in one turn of the loop, so that reading goes on beside a flood of reports. */
const EVENTS_PER_TURN = 4_096;
/** How often session logs note how far all events are dealt with, milliseconds. */
const CURSOR_MS = 5_000;

const discard = (): void => undefined;

export class RiskApplication implements Application {
  private readonly parts: RiskParts;
  private readonly byOrigin = new Map<number, RiskSession>();
  private readonly action: RiskSession | undefined;
  private readonly bySession = new Map<Session, RiskSession>();
  private readonly keptView = new MessageView();
  private readonly held: Session[] = [];
  /** Last event taken off the rings, by slot. */
  private readonly seenSequence = new Float64Array(SLOT_COUNT);
  private readonly seenIndex = new Float64Array(SLOT_COUNT);
  private seenCount = 0;
  private notedCount = 0;
  private notedAt = 0;
  private flushWanted = false;
  /** Messages taken since the turn's first, and when that came, milliseconds; 0 in a turn that is not timed. */
  private taken = 0;
  private turns = 0;
  private turnBegan = 0;
  private closed = false;
  private now = 0;
  private readonly watchers: ((event: EventView) => void)[] = [];
  private readonly onEvent = (event: EventView): void => this.handleEvent(event);

  constructor(parts: RiskParts, sessions: readonly RiskSession[]) {
    this.parts = parts;
    for (const each of sessions) {
      const other = this.byOrigin.get(each.id);
      if (other !== undefined) throw new RangeError(`sessions ${other.name} and ${each.name} share number ${each.id}: rename one`);
      this.byOrigin.set(each.id, each);
    }
    this.action = sessions.find(({ name }) => name === parts.actionSession);
    if (parts.actionSession !== undefined && this.action === undefined) throw new RangeError(`actionSession ${parts.actionSession} is no session`);
    parts.shards.onEvents(() => this.pump());
  }

  /** Ties a FIX session to its risk side; once, before it is used. */
  bind(session: Session): void {
    const risk = [...this.byOrigin.values()].find(({ name }) => name === session.id);
    if (risk === undefined) throw new RangeError(`session ${session.id} has no log`);
    risk.session = session;
    this.bySession.set(session, risk);
  }

  /** Shows `watcher` every durable event, reported over FIX or not, in order. The view is valid inside the call only; it must be quick. */
  watch(watcher: (event: EventView) => void): void {
    this.watchers.push(watcher);
  }

  onLogon(session: Session): void {
    this.parts.log.info({ session: session.id, nextInbound: session.store.nextInbound, nextOutbound: session.store.nextOutbound }, 'logged on');
  }

  onLogout(session: Session, reason: string): void {
    this.parts.log.info({ session: session.id, reason }, 'logged out');
  }

  onReset(session: Session): void {
    this.parts.log.warn({ session: session.id, incarnation: session.incarnation }, 'sequence numbers restarted');
  }

  onReject(session: Session, reject: MessageView): void {
    this.parts.log.warn({ session: session.id, refSeqNum: reject.int(45), text: reject.text(58) }, 'the counterparty rejected one of our messages');
  }

  onGarbled(session: Session): void {
    const risk = this.bySession.get(session);
    if (risk?.countGarbled(this.parts.now() / 1_000) === true)
      this.parts.log.warn({ session: session.id, garbled: risk.garbled }, 'garbled FIX input dropped: CheckSum, BodyLength or fields are broken');
  }

  onMessage(session: Session, view: MessageView, msgSeqNum: number): boolean {
    const risk = this.bySession.get(session);
    if (risk === undefined) return true;
    const { store } = risk;
    if (store.log.answered.size > 0 && store.log.answered.delete(msgSeqNum)) return true;
    if (session.congested) return this.hold(session);
    // Only what is sent before this returns answers this message.
    store.answering = msgSeqNum;
    const isTaken = this.handleMessage(risk, session, view, msgSeqNum);
    store.answering = 0;
    return isTaken || this.hold(session);
  }

  /** False when there is no room for it now. */
  private handleMessage(risk: RiskSession, session: Session, view: MessageView, msgSeqNum: number): boolean {
    const { intake, status, figures } = this.parts;
    this.wantFlush();
    if (status.takes(view.msgType)) {
      status.answer(session, view);
      return true;
    }
    const result = intake.take(risk, view, msgSeqNum);
    if (result === Intake.HELD) return false;
    if (result === Intake.REFUSED) {
      Figures.count(figures.businessRejects, intake.refusal.reason);
      refuseMessage(session, view, intake.refusal);
    } else {
      Figures.count(figures.commands, view.msgType);
      this.taken += 1;
      this.parts.traces.takeFix(risk.id, msgSeqNum, view);
    }
    return true;
  }

  onInputEnd(): void {
    if (this.flushWanted) this.flush();
  }

  /** Re-encodes a logged message: reports from the journal, rejects from their kept bytes; the rest is gap-filled. */
  reencode(session: Session, msgSeqNum: number): boolean {
    const entry = this.bySession.get(session)?.store.log.read(msgSeqNum);
    if (entry?.kind === EntryKind.BODY) {
      if (this.keptView.scan(entry.payload, 0, entry.payload.length) !== 0) return false;
      sendKeptAgain(session, this.keptView, msgSeqNum);
      return true;
    }
    if (entry?.kind !== EntryKind.EVENT) return false;
    try {
      const event = this.parts.reader.readEvent(entry.journalFile, entry.journalPosition);
      this.parts.encoder.write(session.openResend(String.fromCharCode(entry.msgType), msgSeqNum, entry.sendingTime), event);
    } catch (error) {
      session.writer.abandon();
      this.parts.log.error({ session: session.id, msgSeqNum, error }, 'a report could not be re-encoded and is gap-filled');
      return false;
    }
    session.seal();
    this.parts.figures.resent += 1;
    return true;
  }

  onDrain(session: Session): void {
    session.resume();
  }

  /** Re-emits what the journals hold past each session's cursor: events made durable but not logged when the process died. */
  reportMissed(): number {
    const { shards, encoder } = this.parts;
    const sessions = [...this.byOrigin.values()];
    let count = 0;
    this.now = this.parts.now();
    const cursor = (slot: number): number => Math.min(...sessions.map(({ store }) => store.log.reportedThrough(slot)));
    shards.recovered.eventsAfter(
      (slot) => Math.max(0, cursor(slot) - 1),
      (event) => {
        if (this.sessionOf(event)?.report(event, encoder, this.now) === true) count += 1;
      },
    );
    for (const session of sessions) session.send(this.parts.figures);
    return count;
  }

  /** Takes durable events off the rings and sends their reports. Called when there are some; calling it for nothing is cheap. */
  pump(): void {
    if (this.closed) {
      // Not reported, so the next start will: the logs' cursors stand before them.
      this.parts.shards.poll(discard);
      return;
    }
    this.now = this.parts.now();
    const count = this.parts.shards.poll(this.onEvent, EVENTS_PER_TURN);
    for (const session of this.byOrigin.values()) session.send(this.parts.figures);
    if (count > 0) this.releaseHeld();
  }

  /** A second passed: watermarks of quiet sessions, held input. */
  tick(): void {
    const nowMs = this.parts.now() / 1_000;
    for (const session of this.byOrigin.values()) session.note(nowMs);
    if (this.seenCount !== this.notedCount && nowMs - this.notedAt >= CURSOR_MS) this.noteCursors(nowMs);
    this.releaseHeld();
  }

  /** Writes down how far events have been dealt with; call when stopping, too. */
  noteCursors(nowMs: number = this.parts.now() / 1_000): void {
    this.notedAt = nowMs;
    this.notedCount = this.seenCount;
    for (const { store } of this.byOrigin.values()) store.log.noteCursor(this.seenSequence, this.seenIndex);
  }

  /** Hands out what is left, notes how far everything is dealt with, closes the logs. After the acceptor, before the shards. */
  async close(): Promise<void> {
    this.parts.shards.flush();
    await this.parts.sender.settled();
    this.pump();
    for (const { store } of this.byOrigin.values()) store.commit();
    if (this.seenCount !== this.notedCount) this.noteCursors();
    this.closed = true;
    for (const { store } of this.byOrigin.values()) store.close();
  }

  /** Wakes the shards for the commands of this turn, and sends at once what an inline shard answers. */
  private flush(): void {
    this.flushWanted = false;
    if (this.taken > 0 && this.turnBegan > 0)
      this.parts.figures.observeStage('decode', ((performance.now() - this.turnBegan) * 1_000) / this.taken, this.taken);
    this.taken = 0;
    if (this.closed) return;
    this.parts.shards.flush();
    this.pump();
  }

  private wantFlush(): void {
    if (this.flushWanted) return;
    this.flushWanted = true;
    this.turns += 1;
    this.turnBegan = (this.turns & TIMED_MASK) === 1 ? performance.now() : 0;
  }

  private hold(session: Session): boolean {
    if (!this.held.includes(session)) this.held.push(session);
    this.wantFlush();
    return false;
  }

  private releaseHeld(): void {
    if (this.held.length === 0) return;
    for (const session of this.held.splice(0)) {
      if (session.congested) this.held.push(session);
      else session.resume();
    }
  }

  /** Who hears of an event: its destination, or the session that acts on what has none. */
  private sessionOf(event: EventView): RiskSession | undefined {
    return event.destination === 0 ? this.action : this.byOrigin.get(event.destination);
  }

  private handleEvent(event: EventView): void {
    const { accounts, encoder, figures, sender } = this.parts;
    this.seenSequence[event.slot] = event.slotSequence;
    this.seenIndex[event.slot] = event.index;
    this.seenCount += 1;
    if (event.kind === EventKind.AccountOpened) accounts.learn(event.bytes, event.at + EventField.account, event.slot);
    sender.handle(event);
    for (let i = 0; i < this.watchers.length; i++) this.watchers[i]?.(event);
    if (event.destination === 0) {
      this.action?.report(event, encoder, this.now);
      return;
    }
    if (this.byOrigin.get(event.destination)?.report(event, encoder, this.now) !== true) return;
    Figures.count(figures.reports, event.kind);
    if (event.rejectCode !== 0) Figures.count(figures.rejects, event.rejectCode);
    figures.observeLatency(Math.max(0, this.now - event.f64(EventField.time)));
  }
}
