// Names by which T+0's lists and bookings are told from those of the cash segment in the same run.
import type { NodeContext } from '../../runner/index.ts';

type Scope = Pick<NodeContext, 'segment'>;

/** A list's role, or a kind of booking of a run, apart for T+0. */
export const ofSession = ({ segment }: Scope, name: string): string => (segment === 'T0' ? `${name}-t0` : name);

/** Key of what an instance books once a run. */
export const runKey = (context: Pick<NodeContext, 'segment' | 'runId'>, kind: string): string => ofSession(context, `${kind} ${context.runId}`);
