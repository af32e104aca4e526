// Which numbers of an origin (a FIX session's MsgSeqNum, an inbox record) the journal holds. Within one shard they rise, so each shard's
// chain is read backwards, segment by segment, until one lies before the number asked from.

import type { OriginKey } from '../slot-fold.ts';
import { walkSegment } from './segment-walk.ts';
import type { JournalSurvey, SurveyedSegment } from './survey.ts';

/** Numbers of `key` at or above `from`, ascending, each once. */
export function heldOriginNumbers(survey: JournalSurvey, key: OriginKey, from: number): number[] {
  const held = new Set<number>();
  const done = new Set<string>();
  for (const segment of survey.segments.toReversed()) {
    const { epoch, shard } = segment.file;
    const chain = `${epoch}/${shard}`;
    if (done.has(chain)) continue;
    const lowest = collect(segment, key, from, held);
    if (lowest < from) done.add(chain);
    // Shards of an earlier epoch held other slots; once all of one epoch have been seen to begin before `from`, so has the origin.
    if (lowest < from && chainsOf(survey, epoch).every((other) => done.has(other))) break;
  }
  return [...held].sort((a, b) => a - b);
}

/** Adds the numbers of one segment; returns the lowest it saw of the origin, Infinity when none. */
function collect(segment: SurveyedSegment, key: OriginKey, from: number, held: Set<number>): number {
  let lowest = Number.POSITIVE_INFINITY;
  walkSegment(segment, (_slot, _sequence, command) => {
    if (command.originKind !== key.originKind || command.origin !== key.origin || command.incarnation !== key.incarnation) return;
    const number = command.originNumber;
    if (number < lowest) lowest = number;
    if (number >= from) held.add(number);
  });
  return lowest;
}

function chainsOf(survey: JournalSurvey, epoch: number): string[] {
  return [...new Set(survey.segments.filter(({ file }) => file.epoch === epoch).map(({ file }) => `${file.epoch}/${file.shard}`))];
}
