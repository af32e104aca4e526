// Acts of people as data, so that the command line and the server do the same thing: checked, done, answered in a sentence.
import { z } from 'zod';
import type { HumanAction, Outputs } from '../runner/index.ts';
import { openBackfill } from './backfill.ts';
import type { Night } from './night.ts';

const by = z.string().min(1).max(64);
const reason = z.string().min(3).max(500);
const key = z.string().min(1).max(80);
const run = z.string().regex(/^\d{4}-\d{2}-\d{2}\/(bod|th|eod|set)\/\d+$/, 'must be DATE/PHASE/CYCLE, for example 2026-11-20/eod/1');
const outputs = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be YYYY-MM-DD');
const phase = z.enum(['bod', 'th', 'eod', 'set']);

type Phased = { readonly date: string; readonly phase: 'bod' | 'th' | 'eod' | 'set' };
type OnNode = { readonly by: string; readonly run: string; readonly key: string };

/** One act, validated. */
export type NightAct =
  | ({ readonly act: 'open'; readonly by: string } & Phased)
  | ({ readonly act: 'hold' | 'release' | 'retry' | 'withdraw'; readonly reason: string } & OnNode)
  | ({ readonly act: 'assign'; readonly owner: string } & OnNode)
  | ({ readonly act: 'clear'; readonly reason: string; readonly scope: 'one' | 'below' | 'failed' } & OnNode)
  | ({ readonly act: 'propose'; readonly reason: string; readonly action: HumanAction; readonly outputs?: Outputs | undefined } & OnNode)
  | ({ readonly act: 'approve' } & OnNode)
  | { readonly act: 'backfill'; readonly by: string; readonly phase: Phased['phase']; readonly from: string; readonly to: string }
  | ({ readonly act: 'correct'; readonly by: string; readonly reason: string; readonly roles: readonly string[] } & Phased);

/** Reads an act; refuses what is not one. */
export const nightAct: z.ZodType<NightAct> = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('open'), by, date, phase }),
  z.strictObject({ act: z.enum(['hold', 'release', 'retry', 'withdraw']), by, run, key, reason }),
  z.strictObject({ act: z.literal('assign'), by, run, key, owner: by }),
  z.strictObject({ act: z.literal('clear'), by, run, key, reason, scope: z.enum(['one', 'below', 'failed']) }),
  z.strictObject({
    act: z.literal('propose'),
    by,
    run,
    key,
    reason,
    action: z.enum(['start', 'skip', 'resolve', 'fail', 'again', 'explain']),
    outputs: outputs.optional(),
  }),
  z.strictObject({ act: z.literal('approve'), by, run, key }),
  z.strictObject({ act: z.literal('backfill'), by, phase, from: date, to: date }),
  z.strictObject({ act: z.literal('correct'), by, date, phase, reason, roles: z.array(z.string().min(1)).min(1).max(20) }),
]);

/** Does it and says what it did. Throws RangeError with what would be needed when it is not allowed now. */
export function doAct(night: Night, act: NightAct): string {
  const { runner, operator } = night;
  switch (act.act) {
    case 'open':
      return `run ${runner.open(act.date, act.phase, act.by).id} is open`;
    case 'hold':
      operator.hold(act.run, act.key, act);
      return `${act.key} is held: ${act.reason}`;
    case 'release':
      operator.release(act.run, act.key, act);
      return `${act.key} is released`;
    case 'retry':
      operator.retry(act.run, act.key, act);
      return `${act.key} tries again`;
    case 'assign':
      operator.assign(act.run, act.key, act.by, act.owner);
      return `${act.key} is ${act.owner}'s`;
    case 'clear':
      return `cleared: ${operator.clear(act.run, act.key, act.scope, act).join(', ') || 'nothing had failed'}`;
    case 'propose':
      operator.propose(act.run, act.key, act.action, { by: act.by, reason: act.reason, outputs: act.outputs ?? {} });
      return `${act.action} of ${act.key} is proposed by ${act.by}; another person has to approve`;
    case 'approve':
      operator.approve(act.run, act.key, act.by);
      return `${act.key}: approved by ${act.by}`;
    case 'withdraw':
      operator.withdraw(act.run, act.key, act);
      return `${act.key}: the proposal is withdrawn`;
    case 'backfill':
      return `open: ${openBackfill(night, act.phase, act.from, act.to, act.by).join(', ') || 'nothing, every date is green'}`;
    case 'correct':
      return `correction run ${operator.correct(act.date, act.phase, act.roles, act).id} is open`;
  }
}

/** Needs a person whom a token proves, always: maker and checker would else be two words of one person. */
export const needsPerson = ({ act }: Pick<NightAct, 'act'>): boolean => act === 'propose' || act === 'approve';

/** A readable list of what is wrong with an act. */
export function actFaults(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${z.core.toDotPath(path) || 'act'}: ${message}`).join('; ');
}
