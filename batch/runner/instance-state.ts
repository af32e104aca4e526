// The state of one instance as the fold over its records. Pure: no clock, no store.
import type { Gate, HumanAction, InstanceRecord, Outputs, Way } from './record.ts';

/** Where an instance stands. waiting covers everything not started: what it waits for is readiness.ts's question. */
export type Status = 'waiting' | 'running' | 'retry' | 'manual' | 'failed' | 'inDoubt' | 'gate' | 'done' | 'skipped';

/** A person's wish that another has yet to approve. */
export interface Proposal {
  readonly action: HumanAction;
  readonly by: string;
  readonly reason: string;
  readonly outputs: Outputs;
  readonly at: number;
}

/** See the file's head. Times in microseconds since 1970; 0 = never. */
export interface InstanceState {
  status: Status;
  /** Attempts begun since it was last cleared, by the way at hand. */
  attempt: number;
  way: Way;
  firstStartedAt: number;
  startedAt: number;
  finishedAt: number;
  /** Earliest next attempt, or next question to the other side. */
  nextAt: number;
  /** In doubt: when a person has to decide. */
  until: number;
  /** In doubt: key of the call whose outcome is unknown. */
  call: string;
  firstFailedAt: number;
  error: string;
  held: string;
  owner: string;
  stale: boolean;
  note: string;
  /** Two persons let it start. */
  isReleased: boolean;
  outputs: Outputs;
  openGates: readonly Gate[];
  inputs: Readonly<Record<string, string>>;
  proposal: Proposal | undefined;
  /** Times it was cleared. */
  generation: number;
}

/** An instance nothing has happened to. */
export const untouched = (): InstanceState => ({
  status: 'waiting',
  attempt: 0,
  way: 'usual',
  firstStartedAt: 0,
  startedAt: 0,
  finishedAt: 0,
  nextAt: 0,
  until: 0,
  call: '',
  firstFailedAt: 0,
  error: '',
  held: '',
  owner: '',
  stale: false,
  note: '',
  isReleased: false,
  outputs: {},
  openGates: [],
  inputs: {},
  proposal: undefined,
  generation: 0,
});

/** Nothing more will happen to it by itself, and what waits for it may go on. */
export const isTerminal = ({ status }: InstanceState): boolean => status === 'done' || status === 'skipped';

/** Someone has to look at it. */
export const needsSomeone = (state: InstanceState): boolean =>
  state.status === 'manual' || state.status === 'failed' || state.status === 'inDoubt' || state.status === 'gate' || state.proposal !== undefined;

/** Folds one record in. */
export function applyRecord(state: InstanceState, record: InstanceRecord): void {
  switch (record.kind) {
    case 'started':
      Object.assign(state, { status: 'running', attempt: record.attempt, way: record.way, startedAt: record.at, error: '', call: '' });
      if (state.firstStartedAt === 0) state.firstStartedAt = record.at;
      break;
    case 'input':
      state.inputs = { ...state.inputs, [record.role]: record.sha256 };
      break;
    case 'done':
      finish(state, record.at, record.outputs, record.gates);
      state.stale = record.stale;
      state.note = record.note;
      break;
    case 'inherited':
      finish(state, record.at, record.outputs, []);
      state.note = `as in ${record.from}`;
      break;
    case 'failed':
      applyFailure(state, record);
      break;
    case 'interrupted':
      Object.assign(state, { status: 'retry', nextAt: record.at, attempt: Math.max(0, state.attempt - 1) });
      break;
    case 'inDoubt':
      Object.assign(state, { status: 'inDoubt', call: record.call, error: record.error, nextAt: record.askAt, until: record.until });
      break;
    default:
      applyHuman(state, record);
  }
}

function finish(state: InstanceState, at: number, outputs: Outputs, gates: readonly Gate[]): void {
  state.openGates = gates.filter(({ left, right }) => left !== right);
  state.status = state.openGates.length === 0 ? 'done' : 'gate';
  Object.assign(state, { finishedAt: at, outputs, nextAt: 0, error: '' });
}

function applyFailure(state: InstanceState, { at, error, next }: InstanceRecord & { kind: 'failed' }): void {
  state.error = error;
  if (state.firstFailedAt === 0) state.firstFailedAt = at;
  state.status = next.status;
  if (next.status === 'retry') Object.assign(state, { nextAt: next.at, way: next.way, attempt: next.attempt - 1 });
  else state.finishedAt = at;
}

type HumanRecord = Exclude<InstanceRecord, { kind: 'started' | 'input' | 'done' | 'inherited' | 'failed' | 'interrupted' | 'inDoubt' }>;

function applyHuman(state: InstanceState, record: HumanRecord): void {
  switch (record.kind) {
    case 'cleared': {
      const { generation, owner, held } = state;
      Object.assign(state, untouched(), { generation: generation + 1, owner, held });
      break;
    }
    case 'held':
      state.held = record.reason === '' ? 'held' : record.reason;
      break;
    case 'released':
      state.held = '';
      break;
    case 'assigned':
      state.owner = record.owner;
      break;
    case 'proposed':
      state.proposal = { action: record.action, by: record.by, reason: record.reason, outputs: record.outputs, at: record.at };
      break;
    case 'withdrawn':
      state.proposal = undefined;
      break;
    case 'approved':
      applyApproval(state, record.at);
      break;
  }
}

function applyApproval(state: InstanceState, at: number): void {
  const { proposal } = state;
  state.proposal = undefined;
  switch (proposal?.action) {
    case 'start':
      state.isReleased = true;
      break;
    case 'skip':
      Object.assign(state, { status: 'skipped', finishedAt: at, note: proposal.reason });
      break;
    case 'resolve':
      finish(state, at, proposal.outputs, []);
      state.note = proposal.reason;
      break;
    case 'fail':
      Object.assign(state, { status: 'failed', finishedAt: at, error: proposal.reason });
      break;
    case 'again':
      Object.assign(state, { status: 'retry', nextAt: at, attempt: 0 });
      break;
    case 'explain':
      Object.assign(state, { status: 'done', openGates: [], note: proposal.reason });
      break;
    case undefined:
      break;
  }
}
