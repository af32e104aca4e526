// One FIX session seen from the risk side: its log, what of it is in flight, and the way from an event to a report. Reports of a session that is
// not connected get their number and wait in the log; the counterparty asks for them after its next Logon.
import type { EventView } from '../../engine/index.ts';
import { type Shards, TIMED_MASK } from '../../workers/index.ts';
import type { MessageWriter } from '../fix/codec/message-writer.ts';
import type { Session } from '../fix/session/session.ts';
import type { Figures } from '../http/figures.ts';
import { ActionType, actionTypeOf } from './action-report.ts';
import { InboundTracker } from './inbound-tracker.ts';
import { type ReportEncoder, ReportType, reportTypeOf } from './report-encoder.ts';
import type { SessionStore } from './session-store.ts';

const MSG_TYPE_TEXT: readonly string[] = ((): string[] => {
  const texts: string[] = [];
  for (const code of [...Object.values(ReportType), ...Object.values(ActionType)]) texts[code] = String.fromCharCode(code);
  return texts;
})();

/** How often a quiet session writes its watermark down, milliseconds. */
const WATERMARK_MS = 1_000;
/** How often garbled input is worth a log line, milliseconds. */
const GARBLED_LINE_MS = 60_000;

export class RiskSession {
  /** Origin of its commands and destination of its reports. */
  readonly id: number;
  readonly name: string;
  readonly store: SessionStore;
  readonly tracker: InboundTracker;
  /** Set when the FIX layer has made the session. */
  session: Session | undefined;
  /** Appends to each report what is not the event's own: a trace. Absent from a report sent again, whose body is a function of the event alone. */
  trail: ((writer: MessageWriter, event: EventView) => void) | undefined;
  /** It has messages that were not handed to the socket yet. */
  touched = false;
  /** Garbled messages, and runs of bytes that are none, dropped since the start. */
  garbled = 0;
  private sends = 0;
  private garbledLineAt = Number.NEGATIVE_INFINITY;
  private watermarkAt = 0;

  constructor(id: number, name: string, store: SessionStore, shards: Shards) {
    this.id = id;
    this.name = name;
    this.store = store;
    this.tracker = new InboundTracker(shards);
    store.onReset = () => this.tracker.clear();
  }

  /** Reports an event, or acts on one without destination, unless the log says it was. Allocates nothing. Returns whether a report was made. */
  report(event: EventView, encoder: ReportEncoder, now: number): boolean {
    const type = event.destination === 0 ? actionTypeOf(event) : reportTypeOf(event.kind);
    const { log } = this.store;
    if (type === 0 || log.hasReported(event.slot, event.slotSequence, event.index)) return false;
    const { session } = this;
    const msgSeqNum = this.store.nextOutbound;
    if (session?.open(MSG_TYPE_TEXT[type] ?? '', msgSeqNum)) {
      log.appendEvent(event, type, session.time);
      encoder.write(session.writer, event);
      this.trail?.(session.writer, event);
      session.seal();
    } else log.appendEvent(event, type, now);
    this.touched = true;
    return true;
  }

  /** Hands out what was reported since the last call: log first, socket after. */
  send(figures: Figures): void {
    if (!this.touched) return;
    this.touched = false;
    this.sends += 1;
    const isTimed = (this.sends & TIMED_MASK) === 1;
    const began = isTimed ? performance.now() : 0;
    this.store.log.settleInbound(this.tracker.watermark(this.store.nextInbound));
    this.store.commit();
    const logged = isTimed ? performance.now() : 0;
    this.session?.flush();
    if (!isTimed) return;
    figures.observeStage('log', (logged - began) * 1_000, 1);
    figures.observeStage('socket', (performance.now() - logged) * 1_000, 1);
  }

  /** Counts garbled input; returns whether a log line about it is due. `now` in milliseconds. */
  countGarbled(now: number): boolean {
    this.garbled += 1;
    if (now - this.garbledLineAt < GARBLED_LINE_MS) return false;
    this.garbledLineAt = now;
    return true;
  }

  /** Writes the watermark down now and then although nothing is reported; `now` in milliseconds. */
  note(now: number): void {
    if (now - this.watermarkAt < WATERMARK_MS) return;
    this.watermarkAt = now;
    const watermark = this.tracker.watermark(this.store.nextInbound);
    if (watermark <= this.store.log.watermark) return;
    this.store.log.settleInbound(watermark);
    this.store.log.flushWatermark();
  }
}

/** Stable number of a session from its name: FNV-1a cut to 30 bits (so that engines keep it unboxed), never 0. */
export function sessionNumber(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 30)) & 0x3fffffff || 1;
}
