// One process owns a data directory. The lock is an abstract unix socket named after the directory: the kernel frees it with the process,
// however it dies, so there is no stale lock file to clean up. Whoever connects is told the owner's pid.
import { createHash } from 'node:crypto';
import { realpathSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ASK_MS = 500;

/** Abstract on Linux; elsewhere a pipe or a socket file, which a killed owner may leave behind. */
function lockName(digest: string): string {
  if (process.platform === 'linux') return `\0tarazu-${digest}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\tarazu-${digest}`;
  return join(tmpdir(), `tarazu-${digest}.sock`);
}

/** Another process has the directory. */
export class DirectoryLocked extends Error {
  override readonly name = 'DirectoryLocked';
}

/** Takes the directory until the returned function is called or the process ends. Rejects with DirectoryLocked. */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const real = realpathSync(directory);
  const path = lockName(createHash('sha256').update(real).digest('hex').slice(0, 32));
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(String(process.pid));
  });
  try {
    await listen(server, path);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') throw error;
    const pid = await askOwner(path);
    if (pid === '' && process.platform !== 'linux' && process.platform !== 'win32') {
      // Nobody answers at the socket file: its owner was killed.
      unlinkSync(path);
      return lockDirectory(directory);
    }
    throw new DirectoryLocked(
      `data directory ${real} is in use by ${pid === '' ? 'another process' : `process ${pid}`}: stop it first, or give another --data`,
    );
  }
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/** The owner's pid, or '' when it does not say in time. */
function askOwner(path: string): Promise<string> {
  return new Promise((resolve) => {
    let pid = '';
    const socket = connect({ path });
    const done = (): void => {
      socket.destroy();
      resolve(pid);
    };
    socket.setTimeout(ASK_MS, done);
    socket.on('data', (bytes) => {
      pid += bytes.toString();
    });
    socket.on('end', done);
    socket.on('error', done);
  });
}
