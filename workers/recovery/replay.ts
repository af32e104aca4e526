// Folds the journal's tail into restored slots and holds each command's events against those that were journalled: the same rule set
// must give the same answers. Refuses a gap, a difference and a rule set it does not know; repairs nothing.
import { type CommandView, EVENT_BYTES, EventField, EventWriter, isRareKind } from '../../engine/index.ts';
import { JournalDamage } from '../journal/journal.ts';
import type { SegmentReader } from '../journal/segment-reader.ts';
import { decodeRareBody } from '../rare-body.ts';
import type { FoldedSlot, SlotFold } from '../slot-fold.ts';
import { walkSegment } from './segment-walk.ts';
import type { JournalSurvey, SurveyedSegment } from './survey.ts';

export interface ReplayReport {
  /** Commands folded, once per slot. */
  readonly folded: number;
  /** Commands read. */
  readonly read: number;
  readonly segments: number;
}

/** One replay over the states given to it. */
export class SlotReplay<S extends FoldedSlot> {
  private readonly fold: SlotFold<S>;
  private readonly states: readonly (S | undefined)[];
  /** Per slot the last sequence to fold; Infinity = all. */
  private readonly until: Float64Array | undefined;
  private readonly events = new EventWriter();
  private folded = 0;
  /** How far the events of the record in hand have been compared: slots come in the order they were folded. A record is known by its segment, too. */
  private comparedSegment = '';
  private comparedRecord = -1;
  private comparedEvents = 0;

  /** `states` by slot, undefined where the slot is of no interest. */
  constructor(fold: SlotFold<S>, states: readonly (S | undefined)[], until?: Float64Array) {
    this.fold = fold;
    this.states = states;
    this.until = until;
  }

  /** Folds everything in the journal that the states have not seen. Throws JournalDamage. */
  run(survey: Pick<JournalSurvey, 'segments'>): ReplayReport {
    let read = 0;
    let segments = 0;
    for (const segment of survey.segments) {
      if (!this.isNeeded(segment)) continue;
      segments += 1;
      const visit = (slot: number, sequence: number, command: CommandView, reader: SegmentReader): void => this.step(slot, sequence, command, reader);
      read += walkSegment(segment, visit, this.until === undefined ? undefined : () => !this.isNeeded(segment)).commands;
    }
    return { folded: this.folded, read, segments };
  }

  private isNeeded(segment: SurveyedSegment): boolean {
    return segment.header.ownedSlots.some((slot) => {
      const state = this.states[slot];
      if (state === undefined) return false;
      const end = Math.min(segment.endSequences[slot] ?? 0, this.until?.[slot] ?? Number.POSITIVE_INFINITY);
      return end > state.sequence;
    });
  }

  private step(slot: number, sequence: number, command: CommandView, reader: SegmentReader): void {
    const state = this.states[slot];
    if (state === undefined || sequence <= state.sequence || sequence > (this.until?.[slot] ?? Number.POSITIVE_INFINITY)) return;
    if (sequence !== state.sequence + 1) this.refuse(reader, `slot ${slot} stands at ${state.sequence}, the journal goes on at ${sequence}`);
    const { events } = this;
    events.reset();
    this.fold.fold(state, command, isRareKind(command.kind) ? decodeRareBody(command) : undefined, events);
    this.folded += 1;
    if (state.sequence !== sequence) this.refuse(reader, `slot ${slot} counted ${state.sequence} folding command ${sequence}`);
    this.compareEvents(slot, sequence, reader);
  }

  /** Events of this slot's part of the record, without the stamps of the journal, must be those folded now. */
  private compareEvents(slot: number, sequence: number, reader: SegmentReader): void {
    const { events } = this;
    const first = this.findFirst(slot, sequence, reader);
    for (let i = 0; i < events.count; i++) {
      const from = i * EVENT_BYTES;
      const at = reader.eventsAt + (first + i) * EVENT_BYTES;
      if (first + i >= reader.events) this.refuse(reader, `slot ${slot} command ${sequence} now gives ${events.count} events`);
      events.data.setUint16(from + EventField.slot, slot, true);
      events.data.setFloat64(from + EventField.slotSequence, sequence, true);
      // Where it lies is the journal's, not the fold's.
      events.bytes.set(reader.bytes.subarray(at + EventField.journalPosition, at + EventField.shard + 2), from + EventField.journalPosition);
      const folded = events.bytes.subarray(from, from + EVENT_BYTES);
      if (Buffer.compare(folded, reader.bytes.subarray(at, at + EVENT_BYTES)) !== 0)
        this.refuse(reader, `slot ${slot} command ${sequence}: event ${i} is not what it was (another rule set or state schema?)`);
    }
    const next = first + events.count;
    // A slot without events has no place in the record: the next slot's are looked for from where they were.
    if (events.count > 0) this.comparedEvents = next;
    if (next < reader.events && this.isOf(slot, sequence, reader, next))
      this.refuse(reader, `slot ${slot} command ${sequence} gave more events then`);
  }

  private findFirst(slot: number, sequence: number, reader: SegmentReader): number {
    if (this.comparedRecord !== reader.recordAt || this.comparedSegment !== reader.path) {
      this.comparedSegment = reader.path;
      this.comparedRecord = reader.recordAt;
      this.comparedEvents = 0;
    }
    let index = this.comparedEvents;
    while (index < reader.events && !this.isOf(slot, sequence, reader, index)) index += 1;
    return index;
  }

  private isOf(slot: number, sequence: number, reader: SegmentReader, index: number): boolean {
    const at = reader.eventsAt + index * EVENT_BYTES;
    return reader.data.getUint16(at + EventField.slot, true) === slot && reader.data.getFloat64(at + EventField.slotSequence, true) === sequence;
  }

  private refuse(reader: SegmentReader, what: string): never {
    throw new JournalDamage(reader.path, reader.recordAt, reader.sequence, what);
  }
}
