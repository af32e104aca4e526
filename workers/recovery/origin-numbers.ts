// Which numbers of an origin (a FIX session's MsgSeqNum, an inbox record) the journal holds. Within one shard they rise, so each shard's
// chain is read backwards, segment by segment, until one lies before the number asked from.
import { ALL_SLOTS } from '../../engine/index.ts';
import type { OriginKey } from '../slot-fold.ts';
import { walkSegment } from './segment-walk.ts';
import type { JournalSurvey, SurveyedSegment } from './survey.ts';

/** Numbers of `key` at or above `from`, ascending, each once. One sent to all slots counts only when every shard holds it. */
export function heldOriginNumbers(survey: JournalSurvey, key: OriginKey, from: number): number[] {
  const held = new HeldNumbers(key, from);
  const done = new Set<string>();
  for (const segment of survey.segments.toReversed()) {
    const { epoch } = segment.file;
    const chain = chainOf(segment);
    if (done.has(chain)) continue;
    if (held.collect(segment) >= from) continue;
    done.add(chain);
    // Shards of an earlier epoch held other slots; once every shard of one epoch has begun before `from`, so has the origin.
    if (survey.segments.every((other) => other.file.epoch !== epoch || done.has(chainOf(other)))) break;
  }
  return held.ascending();
}

const chainOf = ({ file }: SurveyedSegment): string => `${file.epoch}/${file.shard}`;

class HeldNumbers {
  private readonly key: OriginKey;
  private readonly from: number;
  private readonly held = new Set<number>();
  /** Numbers sent to all slots, by epoch, and how many shards were seen to hold them. */
  private readonly partly = new Map<string, number>();

  constructor(key: OriginKey, from: number) {
    this.key = key;
    this.from = from;
  }

  /** Adds the numbers of one segment; returns the lowest it saw of the origin, Infinity when none. */
  collect(segment: SurveyedSegment): number {
    const { key } = this;
    let lowest = Number.POSITIVE_INFINITY;
    let recordAt = -1;
    walkSegment(segment, (_slot, _sequence, command, reader) => {
      if (command.originKind !== key.originKind || command.origin !== key.origin || command.incarnation !== key.incarnation) return;
      // A command of all slots is visited once for each.
      if (reader.recordAt === recordAt) return;
      recordAt = reader.recordAt;
      const number = command.originNumber;
      if (number < lowest) lowest = number;
      if (number >= this.from) this.add(number, segment.file.epoch, command.slot === ALL_SLOTS ? segment.header.shardCount : 1);
    });
    return lowest;
  }

  ascending(): number[] {
    return [...this.held].sort((a, b) => a - b);
  }

  private add(number: number, epoch: number, shardsNeeded: number): void {
    const key = `${epoch}/${number}`;
    const seen = (this.partly.get(key) ?? 0) + 1;
    if (seen >= shardsNeeded) this.held.add(number);
    else this.partly.set(key, seen);
  }
}
