// What a run remembers: a header, and per instance an append-only list of records. The state of an instance is the fold over its records
// (instance-state.ts) and is stored nowhere else, so that a crash between two records leaves exactly what was true.
import type { Phase } from '../graph/graph.ts';

/** One phase of one business date; a correction of a run is a run of its own with the next cycle. */
export interface Run {
  /** `YYYY-MM-DD/phase/cycle`. */
  readonly id: string;
  readonly date: string;
  readonly phase: Phase;
  /** 1 = the first; above, a correction run. */
  readonly cycle: number;
  /** Microseconds since 1970. */
  readonly openedAt: number;
  readonly openedBy: string;
  /** Hash of the graph it is interpreted by. */
  readonly definition: string;
  /** Input roles whose new versions this run corrects for; empty in a first run. */
  readonly corrects: readonly string[];
}

/** A value a node leaves for others: text, number, or a hash of something large kept elsewhere. */
export type Output = string | number | boolean | null | readonly Output[] | { readonly [name: string]: Output };
/** Outputs by name. */
export type Outputs = Readonly<Record<string, Output>>;

/** Two sums that must be equal before the day is green. Paise, or units where the name says so. */
export interface Gate {
  readonly name: string;
  readonly left: number;
  readonly right: number;
}

/** By which way a node is tried. */
export type Way = 'usual' | 'alternate' | 'stale';

/** What follows a failure; decided when it happened, and written down with it. */
export type Next =
  | { readonly status: 'retry'; readonly at: number; readonly way: Way; readonly attempt: number }
  | { readonly status: 'manual' }
  | { readonly status: 'failed' };

/** One thing that happened to an instance. `at` in microseconds since 1970. */
export type InstanceRecord =
  | { readonly kind: 'started'; readonly at: number; readonly attempt: number; readonly way: Way }
  | { readonly kind: 'input'; readonly at: number; readonly role: string; readonly file: string; readonly sha256: string }
  | {
      readonly kind: 'done';
      readonly at: number;
      readonly outputs: Outputs;
      readonly gates: readonly Gate[];
      readonly stale: boolean;
      readonly note: string;
    }
  | { readonly kind: 'failed'; readonly at: number; readonly transient: boolean; readonly error: string; readonly next: Next }
  /** The runner ended while the node ran; it goes on where its calls stand. */
  | { readonly kind: 'interrupted'; readonly at: number }
  | { readonly kind: 'inDoubt'; readonly at: number; readonly call: string; readonly error: string; readonly askAt: number; readonly until: number }
  | { readonly kind: 'inherited'; readonly at: number; readonly from: string; readonly outputs: Outputs }
  | { readonly kind: 'cleared'; readonly at: number; readonly by: string; readonly reason: string }
  | { readonly kind: 'held'; readonly at: number; readonly by: string; readonly reason: string }
  | { readonly kind: 'released'; readonly at: number; readonly by: string; readonly reason: string }
  | { readonly kind: 'assigned'; readonly at: number; readonly by: string; readonly owner: string }
  | {
      readonly kind: 'proposed';
      readonly at: number;
      readonly by: string;
      readonly action: HumanAction;
      readonly reason: string;
      readonly outputs: Outputs;
    }
  | { readonly kind: 'approved'; readonly at: number; readonly by: string }
  | { readonly kind: 'withdrawn'; readonly at: number; readonly by: string; readonly reason: string };

/**
 * What a person may ask of an instance and another approve. start: let a node that waits for people begin. skip: go on without it. resolve: it is
 * done, by other means. fail: it was not done (in doubt only). again: the other side never had it, so it may be sent again. explain: an open gate
 * is accepted with its reason.
 */
export type HumanAction = 'start' | 'skip' | 'resolve' | 'fail' | 'again' | 'explain';
