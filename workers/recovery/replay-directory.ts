// Folds a whole directory's journal from nothing and holds the result against the tables the checkpoints stored: equal, or the slot is
// named. Reads beside a running owner; changes nothing.
import { SLOT_COUNT } from '../../engine/index.ts';
import { loadFirstSnapshot } from '../checkpoint/slot-snapshots.ts';
import type { FoldedSlot, SlotFold } from '../slot-fold.ts';
import { SlotReplay } from './replay.ts';
import { openNewestStore, restoreSlots } from './restore.ts';
import { type JournalSurvey, surveyJournal } from './survey.ts';

export interface ReplayedSlot {
  readonly slot: number;
  readonly sequence: number;
  readonly hash: string;
}

export interface DirectoryReplay {
  /** Slots that have folded anything, ascending, at the end of the journal. */
  readonly slots: readonly ReplayedSlot[];
  /** Slots whose stored tables differ from the fold at the same sequence: what each says. */
  readonly differences: readonly string[];
  /** Stored slots compared. */
  readonly compared: number;
  readonly commands: number;
  readonly seconds: number;
}

/** An empty slot, or its sealed snapshot when the journal before that has been archived. */
function firstState<S extends FoldedSlot>(dataDir: string, survey: JournalSurvey, slot: number, fold: SlotFold<S>): S {
  const state = fold.create(slot);
  const first = survey.segments.find(({ header }) => header.ownedSlots.includes(slot));
  const start = first?.header.startSequences[slot] ?? 0;
  if (start > 0) loadFirstSnapshot(dataDir, state, start);
  fold.rebuild(state);
  return state;
}

/** Every slot at the end of the journal, folded from the first command it holds. Throws JournalDamage. */
export function foldWhole<S extends FoldedSlot>(dataDir: string, fold: SlotFold<S>): { readonly states: readonly S[]; readonly commands: number } {
  const survey = surveyJournal(dataDir, { repair: false });
  const states = Array.from({ length: SLOT_COUNT }, (_, slot) => firstState(dataDir, survey, slot, fold));
  return { states, commands: new SlotReplay(fold, states).run(survey).folded };
}

/** Replays from the first command the journal holds. Throws JournalDamage where the journal or an answer in it is not what it was. */
export async function replayDirectory<S extends FoldedSlot>(dataDir: string, fold: SlotFold<S>): Promise<DirectoryReplay> {
  const started = performance.now();
  const survey = surveyJournal(dataDir, { repair: false });
  const all = Array.from({ length: SLOT_COUNT }, (_, slot) => slot);
  const states = all.map((slot) => firstState(dataDir, survey, slot, fold));
  const store = openNewestStore(dataDir);
  const stored = restoreSlots(store, all, fold);
  await store?.close();
  const until = Float64Array.from(stored, (state) => state?.sequence ?? 0);
  let commands = new SlotReplay(fold, states, until).run(survey).folded;
  const differences: string[] = [];
  let compared = 0;
  for (const state of states) {
    const tables = state === undefined ? undefined : stored[state.slot];
    if (state === undefined || tables === undefined || tables.sequence === 0) continue;
    compared += 1;
    const [folded, kept] = [state.hash(), tables.hash()];
    if (state.sequence !== tables.sequence)
      differences.push(`slot ${state.slot}: tables are as of command ${tables.sequence}, the journal ends at ${state.sequence}`);
    else if (folded !== kept) differences.push(`slot ${state.slot}: at command ${state.sequence} the fold gives ${folded}, the tables hold ${kept}`);
  }
  commands += new SlotReplay(fold, states).run(survey).folded;
  const slots = states
    .filter((state) => state !== undefined && state.sequence > 0)
    .map((state) => ({ slot: state?.slot ?? 0, sequence: state?.sequence ?? 0, hash: state?.hash() ?? '' }));
  return { slots, differences, compared, commands, seconds: (performance.now() - started) / 1000 };
}
