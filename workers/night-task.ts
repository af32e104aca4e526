// What the night pool runs beside live shards: looks at the past, never at the rings. One function per task, named for the pool.
import { EventView, type Explanation, type OrderMargin, ParameterTable } from '../engine/index.ts';
import { EngineFold } from './engine-fold.ts';
import { type LiveAnswer, LiveMargins, type LiveQuestion } from './live-margin.ts';
import { parametersDirectory, tableSource } from './parameter-files.ts';
import { foldSlotTo } from './recovery/fold-slot-to.ts';
import { type DirectoryReplay, replayDirectory } from './recovery/replay-directory.ts';
import { type StoodUnder, standUnder } from './recovery/stand-under.ts';

/** Which command of which slot. */
export interface CommandAddress {
  readonly dataDir: string;
  readonly slot: number;
  readonly sequence: number;
}

/** An order's decision, run again. */
export interface ExplainedCommand {
  readonly explanation: Explanation;
  /** The client's margin before it and with it; undefined where margin was not weighed. */
  readonly margin: OrderMargin | undefined;
  /** Kinds and reject codes journalled then, in order. */
  readonly journalled: readonly { readonly kind: number; readonly rejectCode: number }[];
  /** The command's bytes. */
  readonly command: Uint8Array;
  /** Commands folded again to get there, and the seconds that took. */
  readonly folded: number;
  readonly seconds: number;
}

const foldOf = (dataDir: string): EngineFold =>
  new EngineFold(tableSource(new Map<string, ParameterTable>(), parametersDirectory(dataDir), () => undefined));

/** Runs the slot up to the command and asks the engine for every check. Undefined when the journal has no such command. */
export function explainCommand({ dataDir, slot, sequence }: CommandAddress): ExplainedCommand | undefined {
  const started = performance.now();
  const fold = foldOf(dataDir);
  const moment = foldSlotTo(dataDir, slot, sequence, fold);
  if (moment === undefined) return undefined;
  const explanation = fold.query(moment.state, { type: 'explain', command: moment.command.bytes }) as Explanation;
  const margin = fold.query(moment.state, { type: 'orderMargin', command: moment.command.bytes }) as OrderMargin | undefined;
  const view = new EventView();
  const journalled = moment.events.map((bytes) => {
    view.wrap(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0);
    return { kind: view.kind, rejectCode: view.rejectCode };
  });
  const seconds = (performance.now() - started) / 1000;
  return { explanation, margin, journalled, command: moment.command.bytes, folded: moment.folded, seconds };
}

/** Folds a whole directory again; see replayDirectory. */
export function replayAll(dataDir: string): Promise<DirectoryReplay> {
  return replayDirectory(dataDir, foldOf(dataDir));
}

/** Every client of a directory under another table; see standUnder. */
export function standAll({ dataDir, buffer }: { readonly dataDir: string; readonly buffer: SharedArrayBuffer }): Promise<StoodUnder> {
  return standUnder(dataDir, foldOf(dataDir), new ParameterTable(buffer));
}

const liveMargins = new LiveMargins();

/** Clients under the prices of now; see LiveMargins. */
export function liveMargin(question: LiveQuestion): LiveAnswer | undefined {
  return liveMargins.answer(question);
}
