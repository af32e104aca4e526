// Starts this very process once more, in place (same pid, terminal and signals), with large pages for big buffers and for Node's code, where Linux gives them
// only to those that ask: the C library asks, and is told so by its environment alone. A fold waits for memory; with 2 MB a page it waits less.
// What else only a start can be told goes with it: how much V8 compiles into one function. TARAZU_LARGE_PAGES=0 leaves both.
import { readFileSync } from 'node:fs';

// Named here as in workers/thread-start.ts: to import that through its door would load all of workers in a process that is about to be started anew.
const CODE_CACHE = new URL('../../workers/bin/code-cache.js', import.meta.url).href;

const SETTING = 'glibc.malloc.hugetlb';
/**
 * Bytecode that may be compiled into one function, 920 unless told: an order passes through hundreds of small functions, and a call costs as much as
 * most of them do.
 */
const INLINING = '--max-inlined-bytecode-size-cumulative=2000';
const SYSTEM_FILE = '/sys/kernel/mm/transparent_hugepage/enabled';

/** Does not return when the process is started again; returns at once when that is not wanted, not needed or not possible. */
export function useLargePages(): void {
  const tunables = process.env['GLIBC_TUNABLES'] ?? '';
  if (process.env['TARAZU_LARGE_PAGES'] === '0' || tunables.includes(SETTING) || process.execve === undefined || !areOnRequest()) return;
  const arguments_ = [process.execPath, '--use-largepages=silent', INLINING, '--import', CODE_CACHE, ...process.execArgv, ...process.argv.slice(1)];
  const added = tunables === '' ? `${SETTING}=1` : `${tunables}:${SETTING}=1`;
  process.execve(process.execPath, arguments_, { ...process.env, GLIBC_TUNABLES: added });
}

function areOnRequest(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return readFileSync(SYSTEM_FILE, 'latin1').includes('[madvise]');
  } catch {
    return false;
  }
}
