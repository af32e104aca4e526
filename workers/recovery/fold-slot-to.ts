// One slot as it stood just before one of its commands: from the nearest snapshot, folded on through the journal. For explain and replay,
// in the night pool; reads beside a running owner and changes nothing.
import { CommandView, EVENT_BYTES } from '../../engine/index.ts';
import { loadSlotSnapshot } from '../checkpoint/slot-snapshots.ts';
import type { FoldedSlot, SlotFold } from '../slot-fold.ts';
import { SlotReplay } from './replay.ts';
import { walkSegment } from './segment-walk.ts';
import { type SurveyedSegment, surveySegments } from './survey.ts';

/** A slot before one command, the command, and what it gave. */
export interface SlotMoment<S> {
  readonly state: S;
  readonly command: CommandView;
  /** Events journalled with it, each EVENT_BYTES long. */
  readonly events: readonly Uint8Array[];
  /** Commands folded to get there. */
  readonly folded: number;
}

/** The moment of command `sequence` of `slot`, or undefined when the journal does not hold it. Throws JournalDamage. */
export function foldSlotTo<S extends FoldedSlot>(dataDir: string, slot: number, sequence: number, fold: SlotFold<S>): SlotMoment<S> | undefined {
  const segments = surveySegments(dataDir);
  const found = findCommand(segments, slot, sequence);
  if (found === undefined) return undefined;
  const state = fold.create(slot);
  loadSlotSnapshot(dataDir, state, sequence);
  fold.rebuild(state);
  const states: (S | undefined)[] = [];
  states[slot] = state;
  const until = new Float64Array(slot + 1);
  until[slot] = sequence - 1;
  const { folded } = new SlotReplay(fold, states, until).run({ segments });
  return { state, folded, ...found };
}

function findCommand(
  segments: readonly SurveyedSegment[],
  slot: number,
  sequence: number,
): { command: CommandView; events: Uint8Array[] } | undefined {
  for (const segment of segments) {
    if (!segment.header.ownedSlots.includes(slot)) continue;
    if ((segment.header.startSequences[slot] ?? 0) >= sequence || (segment.endSequences[slot] ?? 0) < sequence) continue;
    let found: { command: CommandView; events: Uint8Array[] } | undefined;
    walkSegment(
      segment,
      (of, at, command, reader) => {
        if (of !== slot || at !== sequence) return;
        const bytes = command.bytes.slice(command.at, command.at + command.length);
        const events: Uint8Array[] = [];
        for (let i = 0; i < reader.events; i++) {
          const from = reader.eventsAt + i * EVENT_BYTES;
          events.push(reader.bytes.slice(from, from + EVENT_BYTES));
        }
        found = { command: new CommandView().wrap(bytes, new DataView(bytes.buffer), 0), events };
      },
      () => found !== undefined,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
