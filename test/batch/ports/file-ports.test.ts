// Both ways to files, over the same sheet: SFTP against the sandbox's server on loopback, and a plain directory; then what SFTP alone can do wrong.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryPort } from '../../../batch/ports/directory-port.ts';
import { sha256Of } from '../../../batch/ports/fetched-file.ts';
import type { FilePort } from '../../../batch/ports/file-port.ts';
import { SftpPort } from '../../../batch/ports/sftp-port.ts';
import { PermanentFault, TransientFault } from '../../../batch/runner/index.ts';
import { type FaultName, FaultSwitches } from '../../../batch/sandbox/faults.ts';
import { FileTree } from '../../../batch/sandbox/file-tree.ts';
import { type SftpServer, startSftpServer } from '../../../batch/sandbox/sftp-server.ts';

const ACCOUNT = { user: 'tarazu', password: 'for loopback only' };
const TRADES = Buffer.from('TradDt,TradQty\n2026-11-20,75\n'.repeat(5000));

interface Way {
  readonly port: FilePort;
  offer(path: string, bytes: Uint8Array): void;
  close(): Promise<void>;
}

async function sftpWay(): Promise<Way & { readonly faults: FaultSwitches; readonly server: SftpServer; later(millis: number): void }> {
  let now = 1_000_000;
  const faults = new FaultSwitches();
  const tree = new FileTree(faults, () => now);
  const server = await startSftpServer(tree, ACCOUNT, () => faults.isOn('primary-down'));
  const port = new SftpPort('exchange', { host: '127.0.0.1', port: server.port, ...ACCOUNT, hostKey: server.hostKey });
  const close = async (): Promise<void> => {
    await port.close();
    await server.close();
  };
  return { port, faults, server, offer: (path, bytes) => tree.offer(path, bytes), later: (millis) => (now += millis), close };
}

function directoryWay(): Way {
  const root = mkdtempSync(join(tmpdir(), 'files-'));
  const offer = (path: string, bytes: Uint8Array): void => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), bytes);
    writeFileSync(join(root, `${path}.sha256`), sha256Of(bytes));
  };
  return { port: new DirectoryPort('exchange', root), offer, close: async () => rmSync(root, { recursive: true, force: true }) };
}

describe.each<[string, () => Promise<Way>]>([
  ['SFTP', sftpWay],
  ['a directory', async () => directoryWay()],
])('files by %s', (_name, make) => {
  let way: Way;
  beforeEach(async () => {
    way = await make();
  });
  afterEach(() => way.close());

  it('lists and fetches, with the digest', async () => {
    way.offer('/exchange/2026-11-20/trades.csv', TRADES);
    expect((await way.port.list('/exchange/2026-11-20')).map(({ name, size }) => [name, size]).filter(([name]) => name === 'trades.csv')).toEqual([
      ['trades.csv', TRADES.length],
    ]);
    const file = await way.port.fetch('/exchange/2026-11-20/trades.csv');
    expect(file.sha256).toBe(sha256Of(TRADES));
    expect(Buffer.from(file.bytes).equals(TRADES)).toBe(true);
  });

  it('has nothing in a folder that is not there, and waits for a file that is not there yet', async () => {
    expect(await way.port.list('/exchange/2031-01-01')).toEqual([]);
    await expect(way.port.fetch('/exchange/none.csv')).rejects.toThrow(TransientFault);
  });

  it('puts a file once; again with the same content is nothing, with other content is refused', async () => {
    await way.port.put('/upload/2026-11-20/position.csv', TRADES);
    await way.port.put('/upload/2026-11-20/position.csv', TRADES);
    await expect(way.port.put('/upload/2026-11-20/position.csv', Buffer.from('other'))).rejects.toThrow(PermanentFault);
    expect((await way.port.fetch('/upload/2026-11-20/position.csv')).bytes.length).toBe(TRADES.length);
    expect((await way.port.list('/upload/2026-11-20')).filter(({ name }) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('what SFTP can do wrong', () => {
  let way: Awaited<ReturnType<typeof sftpWay>>;
  beforeEach(async () => {
    way = await sftpWay();
    way.offer('/exchange/a.csv', TRADES);
  });
  afterEach(() => way.close());

  it.each<[FaultName, string]>([
    ['half-file', 'half a file'],
    ['wrong-checksum', 'does not match its sidecar'],
    ['late-file', 'is not there'],
    ['primary-down', 'exchange: 127.0.0.1'],
  ])('%s is a transient fault that heals', async (fault, message) => {
    way.faults.switchOn(fault);
    await expect(way.port.fetch('/exchange/a.csv')).rejects.toThrow(message);
    way.faults.switchOff(fault);
    expect((await way.port.fetch('/exchange/a.csv')).bytes.length).toBe(TRADES.length);
  });

  it('a late file comes in the end', async () => {
    way.faults.switchOn('late-file');
    await expect(way.port.fetch('/exchange/a.csv')).rejects.toThrow(TransientFault);
    way.later(20_000);
    expect((await way.port.fetch('/exchange/a.csv')).sha256).toBe(sha256Of(TRADES));
  });

  it('a host key that is not the pinned one is final, and nothing is sent', async () => {
    const port = new SftpPort('exchange', { host: '127.0.0.1', port: way.server.port, ...ACCOUNT, hostKey: Buffer.alloc(32).toString('base64') });
    await expect(port.fetch('/exchange/a.csv')).rejects.toThrow(PermanentFault);
    await port.close();
  });

  it('a wrong password is said to be one', async () => {
    const port = new SftpPort('exchange', { host: '127.0.0.1', port: way.server.port, user: 'tarazu', password: 'no', hostKey: way.server.hostKey });
    await expect(port.fetch('/exchange/a.csv')).rejects.toThrow('authentication');
    await port.close();
  });

  it('refuses a fault it does not know', () => {
    expect(() => new FaultSwitches('late-file,gremlins')).toThrow('no fault "gremlins"');
    expect(new FaultSwitches('late-file,reject-3').list).toBe('late-file,reject-3');
  });
});
