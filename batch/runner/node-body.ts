// What a node does, seen from the runner: a body per node id, the context it works in, the outcome it returns, the three ways it may fail.
// Bodies hold no state of their own; whatever they need they ask of the context, so that a crash and a second try see the same.
import type { RootDatabase } from 'lmdb';
import type { Chain } from '../graph/node-row.ts';
import type { Gate, Outputs, Way } from './record.ts';

/** It may work the next time (time-out before anything was sent, file not there yet). */
export class TransientFault extends Error {
  override readonly name = 'TransientFault';
}

/** It will not work the next time either: a malformed file, a business rule. Names the place. */
export class PermanentFault extends Error {
  override readonly name = 'PermanentFault';
}

/** The other side may or may not have done it: never repeated before it was asked. */
export class UnansweredCall extends Error {
  override readonly name = 'UnansweredCall';
}

/** What the other side says when asked about a key. */
export type Inquiry =
  | { readonly found: 'done'; readonly answer: Outputs }
  /** It refused it: final. */
  | { readonly found: 'refused'; readonly reason: string }
  /** It has it and has not decided. */
  | { readonly found: 'pending' }
  /** It never had it: sending it again is safe. */
  | { readonly found: 'nothing' };

/** A counterparty that can be called once by key, and asked about a key. */
export interface CallPort {
  readonly name: string;
  /** Does it. Throws TransientFault when nothing was sent, PermanentFault when it was refused, UnansweredCall when nobody knows. */
  call(key: string, request: Outputs): Promise<Outputs>;
  /** What became of a key. Throws TransientFault when it cannot be asked. */
  inquire(key: string): Promise<Inquiry>;
}

/** What a body works with. */
export interface NodeContext {
  readonly runId: string;
  readonly key: string;
  /** Business date, YYYY-MM-DD. */
  readonly date: string;
  readonly segment: Chain | undefined;
  /** Chains of the house's graph. */
  readonly chains: readonly Chain[];
  readonly instant: number;
  readonly way: Way;
  readonly attempt: number;
  /** Input roles this run corrects for; empty in a first run. */
  readonly corrects: readonly string[];
  /** The night's environment: what Outcome.commit writes to tables of it is stored with the node's being done, or not at all. */
  readonly root: RootDatabase;
  /** Microseconds since 1970, as the runner sees it. */
  now(): number;
  /** Outputs of a finished instance of this date, any phase; of an earlier cycle when this one inherited it. Throws RangeError when it is not finished. */
  outputsOf(key: string): Outputs;
  /** Who proposed and who approved what last happened to an instance of this run (skip, resolve, explain); empty when nobody had to. */
  peopleOf(key: string): readonly string[];
  /** Notes a file or list that is being used, by its content. Throws PermanentFault when this run already used another version in that role. */
  pin(role: string, file: string, sha256: string): void;
  /** Calls a counterparty exactly once by a key made of run, instance and `name`; after a crash the stored answer, or what it says when asked. */
  call(port: CallPort, name: string, request: Outputs): Promise<Outputs>;
  /** The same; but when it was refused and a person lets the node run again, it is made anew under another key. Not for what is looked up by its key. */
  instruct(port: CallPort, name: string, request: Outputs): Promise<Outputs>;
  /**
   * Was an instruction of that name answered before a person let the node run again? Then what the answer refused in parts may be asked anew under a
   * name of its own.
   */
  isSeen(name: string): boolean;
}

/** What a body has done. */
export interface Outcome {
  readonly outputs?: Outputs;
  readonly gates?: readonly Gate[];
  /** Worked with yesterday's list: what rests on it is tagged for review. */
  readonly stale?: boolean;
  readonly note?: string;
  /** For class ledger: runs inside the transaction that records the node as done. Synchronous; throwing undoes both. */
  readonly commit?: () => void;
}

/** A node's work. */
export type NodeBody = (context: NodeContext) => Promise<Outcome>;
