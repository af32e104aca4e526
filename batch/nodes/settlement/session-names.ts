// Names by which T+0's lists, files and bookings are told from those of the cash segment in the same run.
import type { FileRoleName } from '../../ports/file-names.ts';
import type { NodeContext } from '../../runner/index.ts';

type Scope = Pick<NodeContext, 'segment'>;

/** A list's role, or a kind of booking of a run, apart for T+0. */
export const ofSession = ({ segment }: Scope, name: string): string => (segment === 'T0' ? `${name}-t0` : name);

/** Key of what an instance books once a run. */
export const runKey = (context: Pick<NodeContext, 'segment' | 'runId'>, kind: string): string => ofSession(context, `${kind} ${context.runId}`);

/** Roles of a pay-out's files. */
export interface PayOutRoles {
  readonly payOut: FileRoleName;
  readonly credits: FileRoleName;
  readonly units: FileRoleName;
  readonly pool: FileRoleName;
}

/** See PayOutRoles. */
export const payOutRoles = ({ segment }: Scope): PayOutRoles =>
  segment === 'T0'
    ? { payOut: 'pay-out-t0', credits: 'credits-t0', units: 'units-statement-t0', pool: 'pool-statement-t0' }
    : { payOut: 'pay-out-cm', credits: 'credits-cm', units: 'units-statement', pool: 'pool-statement' };
