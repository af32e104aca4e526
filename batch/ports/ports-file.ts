// ports.json of a data directory: where the outside is. Loopback unless it says otherwise; secrets are named by file, never written here. A typo is
// refused with its place. The sandbox writes one; an operator writes the real one.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PermanentFault } from '../runner/index.ts';
import { DirectoryPort } from './directory-port.ts';
import type { FilePort } from './file-port.ts';
import { HttpPort } from './http-port.ts';
import { SftpPort } from './sftp-port.ts';

/** Files over SFTP. */
export interface SftpWay {
  readonly kind: 'sftp';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly passwordFile?: string | undefined;
  readonly privateKeyFile?: string | undefined;
  /** SHA-256 of the host key, base64. */
  readonly hostKey: string;
}

/** Files in a directory. */
export interface DirectoryWay {
  readonly kind: 'directory';
  readonly path: string;
}

/** One source of files: its endpoint, and a second one. */
export interface FilesEntry {
  readonly primary: SftpWay | DirectoryWay;
  readonly alternate?: SftpWay | DirectoryWay | undefined;
}

/** A counterparty over HTTP. */
export interface CallEntry {
  readonly base: string;
  readonly path: string;
  readonly tokenFile: string;
  readonly timeoutSeconds: number;
}

/** Where mail goes out. */
export interface MailEntry {
  readonly host: string;
  readonly port: number;
  readonly from: string;
  readonly user?: string | undefined;
  readonly passwordFile?: string | undefined;
}

const sftp: z.ZodType<SftpWay> = z.strictObject({
  kind: z.literal('sftp'),
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  user: z.string().min(1),
  passwordFile: z.string().optional(),
  privateKeyFile: z.string().optional(),
  hostKey: z.string().regex(/^[A-Za-z0-9+/]{43}=?$/, 'must be the SHA-256 of the host key in base64'),
});
const directory: z.ZodType<DirectoryWay> = z.strictObject({ kind: z.literal('directory'), path: z.string().min(1) });
const way = z.union([sftp, directory]);
const files: z.ZodType<FilesEntry> = z.strictObject({ primary: way, alternate: way.optional() });
const call: z.ZodType<CallEntry> = z.strictObject({
  base: z.string().regex(/^https?:\/\/[^/]+$/, 'must be http(s)://host:port'),
  path: z.string().startsWith('/'),
  tokenFile: z.string().min(1),
  timeoutSeconds: z.number().positive().max(300),
});
const mail: z.ZodType<MailEntry> = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  from: z.string().min(3),
  user: z.string().optional(),
  passwordFile: z.string().optional(),
});

/** Counterparties that take instructions over HTTP. */
export const CALL_TARGETS = ['bank', 'depository', 'clearing', 'exchange', 'registry'] as const;
/** One of CALL_TARGETS. */
export type CallTarget = (typeof CALL_TARGETS)[number];

const portsSchema: z.ZodType<PortsFile> = z.strictObject({
  exchange: files,
  clearing: files,
  depository: files,
  calls: z
    .strictObject({
      bank: call.optional(),
      depository: call.optional(),
      clearing: call.optional(),
      exchange: call.optional(),
      registry: call.optional(),
    })
    .optional(),
  mail: mail.optional(),
  practice: z.literal(true).optional(),
});

/** Sources of files, by who offers them. */
export const FILE_SOURCES = ['exchange', 'clearing', 'depository'] as const;
/** One of FILE_SOURCES. */
export type FileSource = (typeof FILE_SOURCES)[number];
/** Two ways to the same files. */
export interface FileWays {
  readonly primary: FilePort;
  /** The primary again where no second endpoint is configured. */
  readonly alternate: FilePort;
}
/** What ports.json says. */
export type PortsFile = Readonly<Record<FileSource, FilesEntry>> & {
  readonly calls?: Readonly<Partial<Record<CallTarget, CallEntry | undefined>>> | undefined;
  readonly mail?: MailEntry | undefined;
  /** It is all a sandbox: layouts that are not public may be practised with. */
  readonly practice?: true | undefined;
};

/** Name of the file in a data directory. */
export const PORTS_FILE = 'ports.json';

/** Reads ports.json. Throws with file and field on anything it does not understand. */
export function readPortsFile(dataDirectory: string): PortsFile {
  const path = join(dataDirectory, PORTS_FILE);
  if (!existsSync(path))
    throw new Error(`${path}: is not there; it says where exchange, clearing and depository are (tarazu-batch sandbox writes one for practice)`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = portsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`${path}: ${parsed.error.issues.map(({ path: at, message }) => `${z.core.toDotPath(at)}: ${message}`).join('; ')}`);
}

/** The port to a counterparty. Throws PermanentFault when ports.json names none. */
export function callPort(config: PortsFile, target: CallTarget): HttpPort {
  const entry = config.calls?.[target];
  if (entry === undefined) throw new PermanentFault(`${PORTS_FILE}: names no ${target} under "calls"`);
  const { base, path, tokenFile, timeoutSeconds } = entry;
  return new HttpPort(target, { base, path, token: readFileSync(tokenFile, 'utf8').trimEnd(), timeoutSeconds });
}

/** Opens the two ways to each source of files. Nothing is connected before it is used. */
export function openFileWays(config: PortsFile): { readonly ways: Readonly<Record<FileSource, FileWays>>; close(): Promise<void> } {
  const opened: FilePort[] = [];
  const port = (name: string, way: SftpWay | DirectoryWay): FilePort => {
    const made = way.kind === 'directory' ? new DirectoryPort(name, way.path) : new SftpPort(name, withSecrets(way));
    opened.push(made);
    return made;
  };
  const ways = (source: FileSource): FileWays => {
    const { primary, alternate } = config[source];
    const first = port(source, primary);
    return { primary: first, alternate: alternate === undefined ? first : port(`${source} (alternate)`, alternate) };
  };
  return {
    ways: { exchange: ways('exchange'), clearing: ways('clearing'), depository: ways('depository') },
    close: async () => {
      for (const each of opened) await each.close();
    },
  };
}

function withSecrets({ host, port, user, passwordFile, privateKeyFile, hostKey }: SftpWay): ConstructorParameters<typeof SftpPort>[1] {
  const secret = (path: string | undefined): string | undefined => (path === undefined ? undefined : readFileSync(path, 'utf8').trimEnd());
  return { host, port, user, password: secret(passwordFile), privateKey: secret(privateKeyFile), hostKey };
}
