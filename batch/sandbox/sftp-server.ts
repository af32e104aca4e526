// The exchange's and clearing corporation's file server: SFTP version 3 over a file tree, enough of it for any client to list, fetch, put and rename.
// One user; a host key made at the start and shown, so that clients can pin it.
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import ssh2, { type Server, type SFTPWrapper } from 'ssh2';
import type { FileTree } from './file-tree.ts';

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;
const FOLDER_MODE = 0o040755;
const FILE_MODE = 0o100644;
const MILLIS = 1000;

/** A running server. */
export interface SftpServer {
  readonly port: number;
  /** SHA-256 of the host key, base64. */
  readonly hostKey: string;
  close(): Promise<void>;
}

/** Starts one on loopback. `refuses` true = connections are dropped before they begin. */
export async function startSftpServer(
  tree: FileTree,
  account: { readonly user: string; readonly password: string },
  refuses: () => boolean,
  port = 0,
): Promise<SftpServer> {
  const { privateKey, publicKey } = hostKeyPair();
  const connections = new Set<{ end(): void }>();
  const server: Server = new ssh2.Server({ hostKeys: [privateKey] }, (client) => {
    if (refuses()) {
      client.end();
      return;
    }
    connections.add(client);
    // Small packets both ways: with Nagle's wait every request takes a delayed acknowledgement.
    (client as unknown as { setNoDelay(isOn: boolean): void }).setNoDelay(true);
    client.on('error', () => undefined);
    client.on('close', () => connections.delete(client));
    client.on('authentication', (context) => {
      if (context.method === 'password' && context.username === account.user && context.password === account.password) context.accept();
      else context.reject(['password']);
    });
    client.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => serveFiles(acceptSftp(), tree));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    hostKey: createHash('sha256').update(publicKey).digest('base64'),
    close: () =>
      new Promise((resolve) => {
        for (const connection of connections) connection.end();
        server.close(() => resolve());
      }),
  };
}

/** Keys ssh2 makes now and then that it cannot read itself; more in a row than this does not happen by chance. */
const UNREADABLE_MAX = 20;

/** A host key that the server can be started with, and its public part as SSH sends it. */
function hostKeyPair(): { readonly privateKey: string; readonly publicKey: Buffer } {
  for (let attempt = 1; ; attempt++) {
    const { private: privateKey } = ssh2.utils.generateKeyPairSync('ed25519');
    try {
      const parsed = ssh2.utils.parseKey(privateKey);
      if (parsed instanceof Error) throw parsed;
      return { privateKey, publicKey: parsed.getPublicSSH() };
    } catch (error) {
      if (attempt === UNREADABLE_MAX) throw error;
    }
  }
}

/** What a handle of one session stands for. */
type Handle =
  | { readonly kind: 'folder'; readonly path: string; isListed: boolean }
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | { readonly kind: 'write'; readonly path: string; bytes: Buffer };

/** Open handles of one session, as the protocol names them. */
class Handles {
  private readonly byId = new Map<number, Handle>();
  private next = 1;

  open(handle: Handle): Buffer {
    const name = Buffer.alloc(4);
    name.writeUInt32BE(this.next);
    this.byId.set(this.next, handle);
    this.next += 1;
    return name;
  }

  of(name: Buffer): Handle | undefined {
    return this.byId.get(name.readUInt32BE(0));
  }

  close(name: Buffer): Handle | undefined {
    const handle = this.of(name);
    this.byId.delete(name.readUInt32BE(0));
    return handle;
  }
}

function serveFiles(sftp: SFTPWrapper, tree: FileTree): void {
  const handles = new Handles();
  serveFolders(sftp, tree, handles);
  sftp.on('OPEN', (id, path, flags) => {
    if ((flags & OPEN_MODE.WRITE) !== 0) return sftp.handle(id, handles.open({ kind: 'write', path, bytes: Buffer.alloc(0) }));
    const bytes = tree.read(path);
    return bytes === undefined ? sftp.status(id, STATUS_CODE.NO_SUCH_FILE) : sftp.handle(id, handles.open({ kind: 'read', bytes }));
  });
  sftp.on('READ', (id, name, offset, length) => {
    const handle = handles.of(name);
    if (handle?.kind !== 'read') return sftp.status(id, STATUS_CODE.FAILURE);
    const part = handle.bytes.subarray(offset, offset + length);
    return part.length === 0 ? sftp.status(id, STATUS_CODE.EOF) : sftp.data(id, Buffer.from(part));
  });
  sftp.on('WRITE', (id, name, offset, data) => {
    const handle = handles.of(name);
    if (handle?.kind !== 'write') return sftp.status(id, STATUS_CODE.FAILURE);
    const missing = offset + data.length - handle.bytes.length;
    if (missing > 0) handle.bytes = Buffer.concat([handle.bytes, Buffer.alloc(missing)]);
    data.copy(handle.bytes, offset);
    return sftp.status(id, STATUS_CODE.OK);
  });
  sftp.on('CLOSE', (id, name) => {
    const handle = handles.close(name);
    if (handle?.kind === 'write') tree.put(handle.path, handle.bytes);
    sftp.status(id, STATUS_CODE.OK);
  });
  sftp.on('RENAME', (id, from, to) => sftp.status(id, tree.rename(from, to) ? STATUS_CODE.OK : STATUS_CODE.FAILURE));
  for (const event of ['SETSTAT', 'FSETSTAT'] as const) sftp.on(event, (id: number) => sftp.status(id, STATUS_CODE.OK));
}

/** Folders are made of the paths of files: any may be made, all exist that have something in them. */
function serveFolders(sftp: SFTPWrapper, tree: FileTree, handles: Handles): void {
  const stat = (id: number, path: string): void => {
    const bytes = tree.read(path);
    if (bytes !== undefined) sftp.attrs(id, attributes(FILE_MODE, bytes.length, 0));
    else if (tree.list(path).length > 0 || path === '/') sftp.attrs(id, attributes(FOLDER_MODE, 0, 0));
    else sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
  };
  sftp.on('REALPATH', (id, path) => sftp.name(id, [{ filename: path === '.' ? '/' : path, longname: path, attrs: attributes(FOLDER_MODE, 0, 0) }]));
  sftp.on('STAT', stat);
  sftp.on('LSTAT', stat);
  sftp.on('FSTAT', (id, name) => {
    const handle = handles.of(name);
    sftp.attrs(id, attributes(FILE_MODE, handle !== undefined && 'bytes' in handle ? handle.bytes.length : 0, 0));
  });
  sftp.on('MKDIR', (id) => sftp.status(id, STATUS_CODE.OK));
  sftp.on('OPENDIR', (id, path) => sftp.handle(id, handles.open({ kind: 'folder', path, isListed: false })));
  sftp.on('READDIR', (id, name) => {
    const handle = handles.of(name);
    const files = handle?.kind === 'folder' && !handle.isListed ? tree.list(handle.path) : [];
    if (handle?.kind === 'folder') handle.isListed = true;
    if (files.length === 0) return sftp.status(id, STATUS_CODE.EOF);
    return sftp.name(
      id,
      files.map(({ name: filename, file }) => ({ filename, longname: filename, attrs: attributes(FILE_MODE, file.bytes.length, file.modifiedAt) })),
    );
  });
}

function attributes(
  mode: number,
  size: number,
  modifiedMillis: number,
): { mode: number; uid: number; gid: number; size: number; atime: number; mtime: number } {
  const time = Math.floor(modifiedMillis / MILLIS);
  return { mode, uid: 0, gid: 0, size, atime: time, mtime: time };
}
