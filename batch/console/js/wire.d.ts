// What is read from the night's routes; types only. batch/night/night-view.ts, node-detail.ts and past-days.ts say what each field means.
export type Status = 'waiting' | 'running' | 'retry' | 'manual' | 'failed' | 'inDoubt' | 'gate' | 'done' | 'skipped';
export type Phase = 'bod' | 'th' | 'eod' | 'set';

export interface Me {
  readonly name: string;
  readonly may: 'read' | 'act';
  readonly people: readonly { readonly name: string; readonly may: 'read' | 'act' }[];
  /** Microseconds since 1970, by the server. */
  readonly now: number;
}

export interface Proposal {
  readonly action: string;
  readonly by: string;
  readonly reason: string;
  readonly at: number;
}

export interface Instance {
  readonly key: string;
  readonly node: string;
  readonly phase: Phase;
  readonly operation: string;
  readonly segment: string;
  readonly effect: string;
  readonly status: Status;
  readonly waitsFor: readonly string[];
  readonly waitingFor: readonly string[];
  readonly attempt: number;
  readonly way: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly nextAt: number;
  readonly until: number;
  readonly dueAt: number;
  readonly isCutoff: boolean;
  readonly predictedAt: number;
  readonly typical: number;
  readonly risk: 'none' | 'atRisk' | 'breached';
  readonly error: string;
  readonly note: string;
  readonly held: string;
  readonly owner: string;
  readonly stale: boolean;
  readonly call: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly openGates: readonly { readonly name: string; readonly left: number; readonly right: number }[];
  readonly proposed: Proposal | null;
  readonly isTwoPerson: boolean;
  readonly isOnce: boolean;
  readonly surface: string;
  readonly generation: number;
}

export interface Run {
  readonly id: string;
  readonly date: string;
  readonly phase: Phase;
  readonly cycle: number;
  readonly openedAt: number;
  readonly openedBy: string;
  readonly definition: string;
  readonly corrects: readonly string[];
}

export interface RunView {
  readonly run: Run;
  readonly isGreen: boolean;
  readonly instances: readonly Instance[];
}

export interface QueueEntry {
  readonly runId: string;
  readonly key: string;
  readonly operation: string;
  readonly surface: string;
  readonly surfaceWords: string;
  readonly status: Status;
  readonly error: string;
  readonly since: number;
  readonly owner: string;
  readonly hint: string;
}

export interface NightView {
  readonly date: string;
  readonly now: number;
  readonly runs: readonly RunView[];
  readonly queue: readonly QueueEntry[];
}

export interface RunBrief {
  readonly id: string;
  readonly phase: Phase;
  readonly cycle: number;
  readonly health: 'green' | 'open' | 'attention';
  readonly done: number;
  readonly total: number;
  readonly openedAt: number;
  readonly finishedAt: number;
  readonly states: Readonly<Record<string, Status>>;
}

export interface Day {
  readonly date: string;
  readonly isTraded: boolean;
  readonly isSettled: boolean;
  readonly runs: readonly RunBrief[];
}

/** A date in a line; batch/night/day-sums.ts. */
export interface DaySum {
  readonly date: string;
  readonly settlesOn: string;
  readonly phases: readonly {
    readonly phase: Phase;
    readonly health: 'green' | 'open' | 'attention' | 'none';
    readonly done: number;
    readonly total: number;
  }[];
  readonly tieOuts: number;
  readonly open: readonly { readonly key: string; readonly name: string; readonly left: number; readonly right: number }[];
  readonly notes: number;
  readonly files: number;
  readonly close?: { readonly root: string; readonly sum: string; readonly accounts: number };
}

/** Amounts in paise. */
export interface NoteLine {
  readonly number: string;
  readonly group: string;
  readonly client: string;
  readonly version: number;
  readonly reason: string;
  readonly trades: number;
  readonly charges: number;
  readonly net: number;
}

/** Amounts in paise. */
export interface Books {
  readonly accounts: number;
  readonly standing: number;
  readonly sum: string;
  readonly root: string;
  readonly lines: readonly { readonly account: string; readonly title: string; readonly debit: number; readonly credit: number }[];
}

export interface StepRecord {
  readonly kind: string;
  readonly at: number;
  readonly attempt?: number;
  readonly way?: string;
  readonly role?: string;
  readonly file?: string;
  readonly sha256?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly gates?: readonly { readonly name: string; readonly left: number; readonly right: number }[];
  readonly stale?: boolean;
  readonly note?: string;
  readonly error?: string;
  readonly next?: { readonly status: string; readonly at?: number; readonly way?: string };
  readonly call?: string;
  readonly askAt?: number;
  readonly from?: string;
  readonly by?: string;
  readonly reason?: string;
  readonly owner?: string;
  readonly action?: string;
}

export interface Call {
  readonly key: string;
  readonly port: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly at: number;
  readonly answer?: Readonly<Record<string, unknown>>;
  readonly refused?: string;
  readonly answeredAt?: number;
}

export interface NodeDetail {
  readonly key: string;
  readonly row: Readonly<Record<string, unknown>>;
  readonly waitsFor: readonly string[];
  readonly below: readonly string[];
  readonly run?: Run;
  readonly view?: Instance;
  readonly records: readonly StepRecord[];
  readonly calls: readonly Call[];
}

export interface Difference {
  readonly key: string;
  readonly what: 'status' | 'input' | 'output';
  readonly name: string;
  readonly left: unknown;
  readonly right: unknown;
}

export interface BackfillDate {
  readonly date: string;
  readonly phase: Phase;
  readonly state: 'green' | 'not green' | 'not run';
}

/** Input files of a phase by role, and what would run again if they came anew. */
export interface InputRole {
  readonly role: string;
  readonly file: string;
  readonly sha256: string;
  readonly users: readonly string[];
  readonly again: readonly string[];
}

/** A statement as data; a cell is text or an amount. */
export interface Statement {
  readonly title: string;
  readonly client: { readonly code: string; readonly name: string; readonly pan: string };
  readonly columns: readonly { readonly title: string; readonly isAmount: boolean }[];
  readonly rows: readonly (readonly (string | { readonly amount_paise: number })[])[];
  readonly remarks: readonly string[];
}

/** One side of a trade; price in ticks of a hundredth of a paisa. */
export interface TradeSide {
  readonly client: string;
  readonly side: 'B' | 'S';
  readonly token: number;
  readonly quantity: number;
  readonly price: number;
  readonly isCancelled: boolean;
}

/** A difference between our trades and the exchange's, and what became of it. */
export interface TradeBreak {
  readonly id: string;
  readonly date: string;
  readonly segment: string;
  readonly class: string;
  readonly list: 'engine' | 'oms';
  readonly owner: string;
  readonly assigned: string;
  readonly tradeId: string;
  readonly side: 'B' | 'S';
  readonly client: string;
  readonly state: string;
  readonly raisedAt: number;
  readonly reason: string;
  readonly proposedBy: string;
  readonly approvedBy: string;
  readonly ours?: TradeSide;
  readonly theirs?: TradeSide;
  readonly correction?: { readonly to?: string; readonly product?: string };
}
