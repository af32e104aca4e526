// Files over SFTP (ssh2): one connection, opened when first needed, its host key pinned; opened anew after it broke. Time-outs and refusals are
// transient; a wrong host key is not.
import { createHash, timingSafeEqual } from 'node:crypto';
import { basename, dirname } from 'node:path';
import ssh2, { type Client, type SFTPWrapper } from 'ssh2';
import { PermanentFault, TransientFault } from '../runner/index.ts';
import { fetchedFile, sha256Of } from './fetched-file.ts';
import { type FetchedFile, type FilePort, type ListedFile, sidecarOf } from './file-port.ts';

/** Where and who. `hostKey` is the SHA-256 of the server's host key, base64 as `ssh-keygen -l` shows it, without "SHA256:". */
export interface SftpEndpoint {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string | undefined;
  /** Private key, PEM. */
  readonly privateKey?: string | undefined;
  readonly hostKey: string;
}

/** SFTP status of a file that is not there (SSH_FX_NO_SUCH_FILE). */
const NO_SUCH_FILE = 2;
const READY_MILLIS = 30_000;
const MICROS = 1e6;

/** See the file's head. */
export class SftpPort implements FilePort {
  readonly name: string;
  private readonly endpoint: SftpEndpoint;
  private client: Client | undefined;
  private opening: Promise<SFTPWrapper> | undefined;

  constructor(name: string, endpoint: SftpEndpoint) {
    this.name = name;
    this.endpoint = endpoint;
  }

  async list(folder: string): Promise<readonly ListedFile[]> {
    const entries = await this.ask<readonly { filename: string; attrs: { size: number; mtime: number } }[]>(
      folder,
      (sftp, done) => sftp.readdir(folder, done),
      [],
    );
    return entries
      .filter(({ filename }) => !filename.endsWith('.part'))
      .map(({ filename, attrs }) => ({ name: filename, size: attrs.size, modified: attrs.mtime * MICROS }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async fetch(path: string): Promise<FetchedFile> {
    const bytes = await this.ask<Buffer | undefined>(path, (sftp, done) => sftp.readFile(path, done), undefined);
    if (bytes === undefined) throw new TransientFault(`${this.name}: ${path} is not there`);
    const promised = await this.ask<Buffer | undefined>(path, (sftp, done) => sftp.readFile(sidecarOf(path), done), undefined);
    return fetchedFile(basename(path), bytes, promised?.toString('latin1'));
  }

  async put(path: string, bytes: Uint8Array): Promise<void> {
    const known = await this.ask<Buffer | undefined>(path, (sftp, done) => sftp.readFile(path, done), undefined);
    if (known !== undefined) {
      if (sha256Of(known) === sha256Of(bytes)) return;
      throw new PermanentFault(`${this.name}: ${path} is there with other content`);
    }
    await this.makeFolders(dirname(path));
    const part = `${path}.part`;
    await this.ask(path, (sftp, done) => sftp.writeFile(part, Buffer.from(bytes), (error) => done(error ?? undefined, undefined)));
    await this.ask(path, (sftp, done) => sftp.rename(part, path, (error) => done(error ?? undefined, undefined)));
  }

  /** Makes every level: an existing one answers with a failure that has no code of its own, so whether it can be written to shows in the next step. */
  private async makeFolders(folder: string): Promise<void> {
    const parts = folder.split('/').filter((part) => part !== '');
    for (let depth = 1; depth <= parts.length; depth++) {
      const level = `/${parts.slice(0, depth).join('/')}`;
      await this.ask<undefined>(level, (sftp, done) => sftp.mkdir(level, () => done(undefined, undefined)));
    }
  }

  async close(): Promise<void> {
    this.client?.end();
    this.client = undefined;
    this.opening = undefined;
  }

  /** Runs one request; `absent` is the answer for a file or folder that is not there, without it that is a fault. */
  private async ask<Result>(
    path: string,
    request: (sftp: SFTPWrapper, done: (error: Error | undefined | null, result: Result) => void) => void,
    ...absent: [] | [Result]
  ): Promise<Result> {
    const sftp = await this.session();
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new TransientFault(`${this.name}: the connection ended while ${path} was asked for`));
      this.client?.once('close', ended);
      request(sftp, (error, result) => {
        this.client?.removeListener('close', ended);
        if (error === undefined || error === null) resolve(result);
        else if ((error as { code?: number }).code === NO_SUCH_FILE && absent.length === 1) resolve(absent[0]);
        else reject(new TransientFault(`${this.name}: ${path}: ${error.message}`));
      });
    });
  }

  private session(): Promise<SFTPWrapper> {
    this.opening ??= this.open().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  private open(): Promise<SFTPWrapper> {
    const { host, port, user, password, privateKey, hostKey } = this.endpoint;
    const client = new ssh2.Client();
    this.client = client;
    let isForeign = false;
    return new Promise((resolve, reject) => {
      client.on('connect', () => client.setNoDelay(true));
      client.on('ready', () =>
        client.sftp((error, sftp) => (error === undefined ? resolve(sftp) : reject(new TransientFault(`${this.name}: ${error.message}`)))),
      );
      client.on('error', (error) =>
        reject(
          isForeign
            ? new PermanentFault(`${this.name}: ${host}:${port} shows another host key than the pinned one`)
            : new TransientFault(`${this.name}: ${host}:${port}: ${error.message}`),
        ),
      );
      client.on('close', () => {
        this.opening = undefined;
        reject(new TransientFault(`${this.name}: ${host}:${port} closed the connection`));
      });
      client.connect({
        host,
        port,
        username: user,
        readyTimeout: READY_MILLIS,
        ...(password === undefined ? {} : { password }),
        ...(privateKey === undefined ? {} : { privateKey }),
        hostVerifier: (key: Buffer) => {
          isForeign = !isPinned(key, hostKey);
          return !isForeign;
        },
      });
    });
  }
}

/** Is this the host key that was pinned? */
function isPinned(key: Buffer, pinned: string): boolean {
  const digest = createHash('sha256').update(key).digest();
  const expected = Buffer.from(pinned, 'base64');
  return expected.length === digest.length && timingSafeEqual(digest, expected);
}
