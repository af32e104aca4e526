// `tarazu run` starts itself once more for large pages: same process, same terminal, an orderly end; and not when told to leave it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const SHIM = new URL('../../../gateway/bin/tarazu.js', import.meta.url).pathname;
const SETTING = 'GLIBC_TUNABLES=glibc.malloc.hugetlb=1';

const onRequest = (): boolean => {
  try {
    return readFileSync('/sys/kernel/mm/transparent_hugepage/enabled', 'latin1').includes('[madvise]');
  } catch {
    return false;
  }
};

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function started(env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'tarazu-pages-'));
  folders.push(folder);
  const config = {
    dataDirectory: 'data',
    fix: { SocketAcceptPort: 0, sessions: [{ SenderCompID: 'TARAZU', TargetCompID: 'OMS' }] },
    http: { port: 0 },
  };
  writeFileSync(join(folder, 'tarazu.json'), JSON.stringify(config));
  const child = spawn(process.execPath, [SHIM, 'run', '--config', join(folder, 'tarazu.json')], {
    env: { ...process.env, GLIBC_TUNABLES: '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (text: Buffer) => text.includes('tarazu is up') && resolve());
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was up`)));
  });
  return child;
}

function ended(child: ChildProcess): Promise<number | null> {
  const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  child.kill('SIGTERM');
  return gone;
}

const environmentOf = (child: ChildProcess): string[] => readFileSync(`/proc/${child.pid}/environ`, 'latin1').split('\0');

describe.skipIf(!onRequest())('large pages, where the system gives them on request (elsewhere there is nothing to ask for)', () => {
  it('are asked for by the very process that was started', async () => {
    const child = await started({});
    expect(environmentOf(child)).toContain(SETTING);
    expect(await ended(child)).toBe(0);
  });

  it('are left alone with TARAZU_LARGE_PAGES=0', async () => {
    const child = await started({ TARAZU_LARGE_PAGES: '0' });
    expect(environmentOf(child)).not.toContain(SETTING);
    expect(await ended(child)).toBe(0);
  });
});
