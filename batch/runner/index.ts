// The runner's door: open a night, advance it, act on it, look at it.
export { auditPack } from './audit-pack.ts';
export type { Deadline } from './deadlines.ts';
export { isTerminal, needsSomeone, type Status } from './instance-state.ts';
export { istDate, istMicros, istTime } from './ist-clock.ts';
export { NightStore, NoNight } from './night-store.ts';
export {
  type CallPort,
  type Inquiry,
  type NodeBody,
  type NodeContext,
  type Outcome,
  PermanentFault,
  TransientFault,
  UnansweredCall,
} from './node-body.ts';
export { Operator } from './operator.ts';
export type { Gate, HumanAction, InstanceRecord, Output, Outputs, Run } from './record.ts';
export { type RunDifference, runDifferences } from './run-diff.ts';
export { NightRunner } from './runner.ts';
export { type QueueEntry, workQueue } from './work-queue.ts';
