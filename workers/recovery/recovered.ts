// What a start finds in a data directory, for the gateway: who is where, what was answered, what the sessions must resume from.
import { EVENT_BYTES, EventField, EventView } from '../../engine/index.ts';
import type { ShardRecovery } from '../shard-setup.ts';
import type { LastNumber, OriginKey } from '../slot-fold.ts';
import { heldOriginNumbers } from './origin-numbers.ts';
import { walkSegment } from './segment-walk.ts';
import type { JournalSurvey, TornTail } from './survey.ts';

export class Recovered {
  /** Number of this start: the epoch its journal is written under. */
  readonly epoch: number;
  /** Batches cut off because they were being written when the process died; never answered. */
  readonly torn: readonly TornTail[];
  /** Commands folded again, once per slot, and the seconds the slowest shard took. */
  readonly folded: number;
  readonly seconds: number;
  /** Time of the latest command, EpochMicros. */
  readonly time: number;
  /** Parameter tables in force and in how many slots; more than one means that a roll-out was cut short: load the table again. */
  readonly parameters: ReadonlyMap<string, number>;
  private readonly shards: readonly ShardRecovery[];
  private readonly survey: JournalSurvey;

  constructor(survey: JournalSurvey, shards: readonly ShardRecovery[]) {
    this.survey = survey;
    this.shards = shards;
    this.epoch = survey.nextEpoch;
    this.torn = survey.torn;
    this.folded = shards.reduce((sum, shard) => sum + shard.folded, 0);
    this.seconds = shards.reduce((most, shard) => Math.max(most, shard.seconds), 0);
    this.time = shards.reduce((latest, shard) => Math.max(latest, shard.time), 0);
    const parameters = new Map<string, number>();
    for (const shard of shards)
      for (const [hash, slots] of Object.entries(shard.parameters)) parameters.set(hash, (parameters.get(hash) ?? 0) + slots);
    this.parameters = parameters;
  }

  /** Every account and its slot. */
  *accounts(): Generator<readonly [account: string, slot: number]> {
    for (const shard of this.shards) for (const { slot, accounts } of shard.accounts) for (const account of accounts) yield [account, slot];
  }

  /**
   * Events journalled before this start that lie past a cursor (per slot, the last slotSequence already dealt with; missing = 0), slot by
   * slot in order. The view is valid inside the callback.
   */
  eventsAfter(cursor: (slot: number) => number, visit: (event: EventView) => void): void {
    const view = new EventView();
    for (const segment of this.survey.segments) {
      if (!segment.header.ownedSlots.some((slot) => (segment.endSequences[slot] ?? 0) > cursor(slot))) continue;
      let recordAt = -1;
      walkSegment(segment, (_slot, _sequence, _command, reader) => {
        if (reader.recordAt === recordAt) return;
        recordAt = reader.recordAt;
        for (let i = 0; i < reader.events; i++) {
          const at = reader.eventsAt + i * EVENT_BYTES;
          const slot = reader.data.getUint16(at + EventField.slot, true);
          if (reader.data.getFloat64(at + EventField.slotSequence, true) > cursor(slot)) visit(view.wrap(reader.bytes, reader.data, at));
        }
      });
    }
  }

  /** Every origin known and the highest number the journal holds of its latest incarnation. */
  origins(): LastNumber[] {
    const last = new Map<string, LastNumber>();
    for (const shard of this.shards) {
      for (const found of shard.origins) {
        const key = `${found.originKind}/${found.origin}`;
        const known = last.get(key);
        const later =
          known === undefined || found.incarnation > known.incarnation || (found.incarnation === known.incarnation && found.number > known.number);
        if (later) last.set(key, found);
      }
    }
    return [...last.values()];
  }

  /**
   * Which of an origin's numbers from `from` on the journal holds, ascending: whatever is missing between them was lost on a ring and
   * was never answered. Reads the journal backwards and only as far as needed.
   */
  originNumbers(origin: OriginKey, from: number): number[] {
    const last = this.origins().find(({ originKind, origin: id }) => originKind === origin.originKind && id === origin.origin);
    if (last === undefined || last.incarnation < origin.incarnation || (last.incarnation === origin.incarnation && last.number < from)) return [];
    return heldOriginNumbers(this.survey, origin, from);
  }
}
