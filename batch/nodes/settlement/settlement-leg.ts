// A node of settlement has two halves, money and securities, each written on its own: a leg. Legs of a node run one after the other whatever became of the
// first, because a bank that is down must not keep shares from being delivered; what they leave stands under the leg's name, and they commit together.
import { type NodeBody, type NodeContext, type Outcome, type Output, PermanentFault, TransientFault } from '../../runner/index.ts';
import { InDoubt } from '../../runner/port-call.ts';

/** One half of a node. */
export interface SettlementLeg {
  readonly name: 'funds' | 'securities';
  /** As a node's body; call names must be its own (start them with the leg's name). Run again after a crash or a failure of the other leg. */
  readonly run: NodeBody;
}

/** Legs by node id. */
export type SettlementLegs = Readonly<Record<string, SettlementLeg>>;

/**
 * A body made of legs. Outputs: each leg's under its name; gates and notes one after the other; commits in one transaction. When legs fail, the
 * gravest fault is thrown and says what all of them met: in doubt, then unforeseen, then transient, then permanent.
 */
export function ofLegs(...legs: readonly SettlementLeg[]): NodeBody {
  return async (context) => {
    const done: (readonly [SettlementLeg, Outcome])[] = [];
    const faults: (readonly [SettlementLeg, unknown])[] = [];
    for (const leg of legs) {
      const outcome = await leg.run(context).catch((error: unknown) => {
        faults.push([leg, error]);
      });
      if (outcome !== undefined) done.push([leg, outcome]);
    }
    if (faults.length > 0) throw gravest(faults);
    return joined(done);
  };
}

/** What a leg of another node left. Throws PermanentFault when that node has no such leg. */
export function legOutputs(context: NodeContext, key: string, leg: SettlementLeg['name']): Readonly<Record<string, Output>> {
  const value = context.outputsOf(key)[leg];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new PermanentFault(`${key} left nothing of ${leg}`);
  return value as Readonly<Record<string, Output>>;
}

const RANK: readonly ((error: unknown) => boolean)[] = [
  (error) => error instanceof InDoubt,
  (error) => !(error instanceof TransientFault || error instanceof PermanentFault),
  (error) => error instanceof TransientFault,
];

function rankOf(error: unknown): number {
  const rank = RANK.findIndex((is) => is(error));
  return rank < 0 ? RANK.length : rank;
}

function gravest(faults: readonly (readonly [SettlementLeg, unknown])[]): unknown {
  const [first] = [...faults].sort(([, a], [, b]) => rankOf(a) - rankOf(b));
  const error = first?.[1];
  if (faults.length === 1 || !(error instanceof Error)) return error;
  error.message = faults.map(([{ name }, each]) => `${name}: ${each instanceof Error ? each.message : String(each)}`).join('; ');
  return error;
}

function joined(done: readonly (readonly [SettlementLeg, Outcome])[]): Outcome {
  return {
    outputs: Object.fromEntries(done.map(([{ name }, { outputs = {} }]) => [name, outputs])),
    gates: done.flatMap(([, { gates = [] }]) => gates),
    stale: done.some(([, { stale }]) => stale === true),
    note: done.flatMap(([{ name }, { note = '' }]) => (note === '' ? [] : [`${name}: ${note}`])).join('; '),
    commit: () => {
      for (const [, { commit }] of done) commit?.();
    },
  };
}
