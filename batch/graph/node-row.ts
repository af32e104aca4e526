// One row of a graph, as the plan's tables (dag/*.tsv) have it, with what the plan leaves open decided: class of effect, partition, trigger. The
// plan's phrases stay as they are, so that a reviewer can lay both side by side; graph.ts turns them into typed values and refuses what it cannot read.

/** Exchange segments of the night, each with its own close and its own chain. */
export const SEGMENTS = ['CM', 'FO', 'CD', 'COM'] as const;
/** One of SEGMENTS: cash, equity derivatives, currency derivatives, commodity. As clearing corporations part them. */
export type Segment = (typeof SEGMENTS)[number];

/**
 * Chains of the day, one per exchange segment: the plan's four (NSE, for commodity MCX), for members of BSE its cash and its derivatives, and for
 * those who offer it T+0 in NSE's cash segment (T0): a session with trade files, obligations and a settlement of its own on the day itself, netted
 * with nothing. Exchanges have a chain each for what they send themselves (contracts, trade files, prices); what a clearing corporation sends is one
 * per segment, whichever exchange its trades are from.
 */
export const CHAINS = ['CM', 'FO', 'CD', 'COM', 'BSE', 'BFO', 'T0'] as const;
/** One of CHAINS. */
export type Chain = (typeof CHAINS)[number];
/** Those of exchange segments, each with gates and prices of its own: T+0 is traded within NSE's cash segment. */
export const EXCHANGE_CHAINS: readonly Chain[] = CHAINS.filter((chain) => chain !== 'T0');
/** Segment a chain's trades are cleared in: whose margins, taxes and rules are theirs. */
export const SEGMENT_OF: Readonly<Record<Chain, Segment>> = { CM: 'CM', FO: 'FO', CD: 'CD', COM: 'COM', BSE: 'CM', BFO: 'FO', T0: 'CM' };
/** Of some chains those cleared in a segment. */
export const chainsIn = (segment: Segment, chains: readonly Chain[]): Chain[] => chains.filter((chain) => SEGMENT_OF[chain] === segment);

/** What settles by itself, with obligations, pay-in and pay-out of its own: the clearing segments at T+1, and T+0. */
export const SETTLED: readonly (Segment | 'T0')[] = [...SEGMENTS, 'T0'];
/** One of SETTLED. */
export type Settled = Segment | 'T0';
/** Where a chain's trades settle. */
export const SETTLED_IN: Readonly<Record<Chain, Settled>> = { ...SEGMENT_OF, T0: 'T0' };
/** Of some chains those that settle together. */
export const chainsSettledIn = (settled: Settled, chains: readonly Chain[]): Chain[] => chains.filter((chain) => SETTLED_IN[chain] === settled);

/**
 * What running a node again may do. pure: nothing, recompute freely. ledger: state, postings and outbox commit in one transaction, so exactly once.
 * external: intent, call by key, outcome; in doubt when the outcome is unknown. engine: happens in the order path, shown here, run there.
 */
export type Effect = 'pure' | 'ledger' | 'external' | 'engine';

/** Starts a node by the clock: minutes since midnight IST, `days` after the business date; several = several instances, numbered. */
export interface TimeTrigger {
  readonly minutes: readonly number[];
  readonly days: number;
  /** Segment each instant is for alone, in the order of `minutes`; undefined or absent: for all. */
  readonly segments?: readonly (Segment | undefined)[];
  /** Minutes are counted from the segment's close instead. */
  readonly fromClose?: boolean;
  /** Minutes are counted, on the day on which the date's trades settle, from when their pay-in can be made or their pay-out is due instead. */
  readonly settles?: 'payInFrom' | 'payOutBy';
}

/** One node. */
export interface NodeRow {
  readonly id: string;
  readonly operation: string;
  /** The plan's depends_on, as written. */
  readonly dependsOn: string;
  readonly blocks: string;
  readonly idempotent: string;
  readonly retry: string;
  readonly rollback: string;
  readonly sla: string;
  readonly surface: string;
  readonly source: string;
  readonly effect: Effect;
  /**
   * day: one instance; else one per chain named. A node of a clearing segment (CM) waits for all chains cleared in it (CM, BSE), unless it has one
   * for each itself.
   */
  readonly per: 'day' | readonly Chain[];
  /** Instances of other segments (`ID@SEGMENT`) that the instance of a segment waits for as well; `reading` says why. */
  readonly across?: Partial<Readonly<Record<Chain, readonly string[]>>>;
  /** Chains whose instance waits for nothing but its clock; `reading` says why. */
  readonly byClock?: readonly Chain[];
  /** Edges as they are run, when the plan's cannot be: ids, separated by commas, `(previous)` or `(last N)` after one for past dates; `reading` says why. */
  readonly after?: string;
  readonly trigger?: TimeTrigger;
  /** all (default): every edge done; any: one is enough. */
  readonly join?: 'all' | 'any';
  /** Starts only when one person has proposed it and another has approved. */
  readonly human?: 'two-person';
  /** Deadline as it is run, when the plan's is wrong; a phrase of the same grammar. */
  readonly due?: string;
  /** Compensation of a node that may not be repeated, by name. */
  readonly compensation?: string;
  /** Where the row departs from the plan, and the rule that says so. */
  readonly reading?: string;
}

/** Minutes since midnight of a time of day. */
export const at = (hour: number, minute: number): number => hour * 60 + minute;
