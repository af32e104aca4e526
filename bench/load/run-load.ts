// Runs a load plan in a client process of its own and brings its figures back.
import { fork } from 'node:child_process';
import type { LoadPlan, PhaseResult } from './plan.ts';

/** One result per phase, in order; rejects when the client cannot connect, is logged out or dies. */
export function runLoad(plan: LoadPlan): Promise<PhaseResult[]> {
  const child = fork(new URL('client.ts', import.meta.url), []);
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      const { results, error } = message as { results?: PhaseResult[]; error?: string };
      if (results === undefined) reject(new Error(`load client: ${error}`));
      else resolve(results);
    });
    child.once('exit', (code) => reject(new Error(`load client ended with ${code}`)));
    child.send(plan);
  });
}
