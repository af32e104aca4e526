// CPU time a process has used over all its threads, from /proc: on a machine that others share it says more than the clock on the wall. Linux only;
// elsewhere there is none to show.
import { readdirSync, readFileSync } from 'node:fs';

/** Microseconds on a processor since its start, all threads that still live; NaN where the system does not say. */
export function cpuMicros(pid: number): number {
  let nanoseconds = 0;
  try {
    for (const task of readdirSync(`/proc/${pid}/task`))
      nanoseconds += Number.parseInt(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8'), 10);
  } catch {
    return Number.NaN;
  }
  return nanoseconds / 1000;
}
