// Steps through the commands of a segment with the sequence each has in its slot: stamped for commands of one slot, counted for
// those of all slots. The one place that knows how sequences lie in the journal.
import { ALL_SLOTS, CommandView } from '../../engine/index.ts';
import { JournalDamage } from '../journal/journal.ts';
import { SegmentReader } from '../journal/segment-reader.ts';
import type { SurveyedSegment } from './survey.ts';

/** One command as one slot folded it. `command` and the events lie in `reader.bytes`; valid until the next step. */
export type CommandVisitor = (slot: number, sequence: number, command: CommandView, reader: SegmentReader) => void;

/** Visits every command of the segment once per slot that folded it, in the order they were folded. Stops early when `stop` says so. */
export function walkSegment(segment: SurveyedSegment, visit: CommandVisitor, stop?: () => boolean): { batches: number; commands: number } {
  const reader = new SegmentReader(segment.file.path);
  const { ownedSlots } = reader.header;
  const sequences = reader.header.startSequences.slice();
  const command = new CommandView();
  let batches = 0;
  let commands = 0;
  while (stop?.() !== true && reader.nextBatch()) {
    batches += 1;
    while (reader.nextRecord()) {
      commands += 1;
      command.wrap(reader.bytes, reader.data, reader.commandAt);
      if (command.slot === ALL_SLOTS) {
        for (const slot of ownedSlots) visit(slot, advance(sequences, slot), command, reader);
      } else {
        const { slot } = command;
        const sequence = advance(sequences, slot);
        if (command.slotSequence !== sequence) damaged(reader, `slot ${slot} goes from command ${sequence - 1} to ${command.slotSequence}`);
        visit(slot, sequence, command, reader);
      }
    }
    let digest = 0;
    for (const slot of ownedSlots) digest += sequences[slot] ?? 0;
    if (digest !== reader.digest) damaged(reader, `commands add up to ${digest}, the digest says ${reader.digest}`);
  }
  return { batches, commands };
}

function advance(sequences: Float64Array, slot: number): number {
  const sequence = (sequences[slot] ?? 0) + 1;
  sequences[slot] = sequence;
  return sequence;
}

function damaged(reader: SegmentReader, what: string): never {
  throw new JournalDamage(reader.path, reader.recordAt, reader.sequence, what);
}
