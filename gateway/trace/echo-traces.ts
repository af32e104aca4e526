// Sessions that asked for it get TraceParent on their reports.
import type { Config } from '../config.ts';
import type { RiskSession } from '../risk/risk-session.ts';
import type { CommandTraces } from './command-traces.ts';

/** Sets the trail of the sessions named in tracing.echoSessions; `sessions` in the order of the configuration. */
export function echoTraces(config: Pick<Config, 'fix' | 'tracing'>, sessions: readonly RiskSession[], traces: CommandTraces): void {
  for (const [index, { TargetCompID }] of config.fix.sessions.entries()) {
    const session = sessions[index];
    if (session !== undefined && config.tracing.echoSessions.includes(TargetCompID)) session.trail = (writer, event) => traces.echo(writer, event);
  }
}
