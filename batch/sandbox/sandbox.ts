// The other side of the night in one process, on loopback: exchange, clearing corporation and depository as SFTP servers (two doors to the same files),
// bank, depository, clearing corporation and exchange over HTTP, a mail server, an exchange's FIX door. Writes where they are, and the secrets, into the
// data directory that is to practise with it. Keeps books of its own; never reads ours.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CALL_TARGETS, PORTS_FILE, type SftpWay } from '../ports/ports-file.ts';
import { MoneyBooks } from './bank-money.ts';
import type { Counterparties } from './counterparties.ts';
import type { UnitBooks } from './depository-doors.ts';
import { FaultSwitches } from './faults.ts';
import { FileTree } from './file-tree.ts';
import { type FixDoor, startFixDoor } from './fix-door.ts';
import { practiceHealth } from './health-sample.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import type { MarketDay } from './market-day.ts';
import { PlayedDays } from './played-days.ts';
import { RegistryBooks } from './registry-desk.ts';
import { type SftpServer, startSftpServer } from './sftp-server.ts';
import { answerUpload } from './upload-answer.ts';

/** What to play. */
export interface SandboxOptions {
  /** Directory that practises: ports.json and secrets go there. */
  readonly dataDirectory: string;
  /** Directory of a generated day. */
  readonly day: string;
  readonly seed: number;
  /** JSON lines of trades the exchange has seen: see files/evening-files.ts. */
  readonly trades?: string;
  /** File in which bank and clearing corporations keep their books from one day to the next; in memory only without it. */
  readonly books?: string;
  /** As on the command line: late-file,reject-3. */
  readonly faults?: string;
  /** Milliseconds since 1970, by which late files appear; the system's clock unless given. */
  readonly clock?: () => number;
  /** The member's own money at a fresh bank, paise; none unless given. */
  readonly own?: number;
}

/** A sandbox at work. */
export interface Sandbox {
  /** The day that is played, its evening, the next morning. */
  readonly days: PlayedDays;
  readonly faults: FaultSwitches;
  readonly tree: FileTree;
  readonly books: Counterparties;
  /** Securities at depositories and clearing corporation. */
  readonly units: UnitBooks;
  /** KRA and CKYC. */
  readonly registries: RegistryBooks;
  readonly mail: MailServer;
  /** What it offers, for a person. */
  readonly offers: readonly string[];
  /** Base address of the HTTP side; POST /faults switches faults. */
  readonly base: string;
  close(): Promise<void>;
}

const OWNER_ONLY = 0o600;
const TOKEN_BYTES = 24;

interface Doors {
  readonly primary: SftpServer;
  readonly alternate: SftpServer;
  readonly http: HttpServer;
  readonly mail: MailServer;
  readonly fix: FixDoor;
}

/** Starts it. Rejects when the day cannot be read or a fault is unknown; then nothing is left running. */
export async function startSandbox({
  dataDirectory,
  day: dayDirectory,
  seed,
  trades,
  clock,
  books: booksFile,
  faults: words = '',
  own = 0,
}: SandboxOptions): Promise<Sandbox> {
  const faults = new FaultSwitches(words);
  const tree = new FileTree(faults, clock);
  tree.onPut = (path, bytes) => answerUpload(tree, faults, path, bytes);
  const money = new MoneyBooks(booksFile);
  const days = await PlayedDays.begin(dayDirectory, { seed, faults, tree, money });
  const { books, units, day, offered } = days;
  const registries = new RegistryBooks(faults);
  books.desks.set('registry', registries.decide);
  openBank(money, day, own);
  if (trades !== undefined) days.evening(trades);
  mkdirSync(join(dataDirectory, 'secrets'), { recursive: true, mode: 0o700 });
  const [password, token] = [secret(dataDirectory, 'sftp-password'), secret(dataDirectory, 'http-token')];
  const account = { user: 'practice', password };
  const doors: Doors = {
    primary: await startSftpServer(tree, account, () => faults.isOn('primary-down') || faults.isOn('files-down')),
    alternate: await startSftpServer(tree, account, () => faults.isOn('files-down')),
    http: await startHttpServer(books, faults, token),
    mail: await startMailServer(faults),
    fix: await startFixDoor(faults),
  };
  writePorts(dataDirectory, doors);
  writeWhenAbsent(join(dataDirectory, 'clients.jsonl'), `${day.clients.map((client) => JSON.stringify(client)).join('\n')}\n`);
  writeWhenAbsent(join(dataDirectory, 'health.json'), practiceHealth(dataDirectory, day.date, doors.fix.port));
  const close = async (): Promise<void> => {
    await Promise.all([doors.primary.close(), doors.alternate.close(), doors.http.close(), doors.mail.close(), doors.fix.close()]);
  };
  const offers = [
    `market day ${day.date}: ${offered} files of exchange, clearing corporation and depository, ${day.clients.length} clients`,
    `files      sftp://practice@127.0.0.1:${doors.primary.port}  alternate :${doors.alternate.port}`,
    `calls      http://127.0.0.1:${doors.http.port}/{${CALL_TARGETS.join(',')}}/instructions`,
    `faults     POST http://127.0.0.1:${doors.http.port}/faults {"on":"late-file","off":"reject"}${words === '' ? '' : `  on: ${faults.list}`}`,
    `mail       smtp://127.0.0.1:${doors.mail.port}`,
    `fix        127.0.0.1:${doors.fix.port}`,
    `written    ${join(dataDirectory, PORTS_FILE)}, secrets beside it`,
  ];
  return { days, faults, tree, books, units, registries, mail: doors.mail, offers, base: `http://127.0.0.1:${doors.http.port}`, close };
}

/** The account in which client money lies at the practice bank. */
export const PRACTICE_ACCOUNT = 'USCNBA/HDFC';
/** The member's own account there. */
export const PRACTICE_OWN = 'OWN-BANK/HDFC';

/** A fresh bank has what the first day's clients begin with, and the member's own money. */
function openBank(money: MoneyBooks, { clients }: MarketDay, own: number): void {
  const cash = clients.reduce((sum, client) => sum + Math.max(0, client.cash), 0);
  money.change(({ bank }) => {
    if (Object.keys(bank.balances).length > 0) return;
    bank.openWith(PRACTICE_ACCOUNT, cash);
    bank.openWith(PRACTICE_OWN, own);
  });
}

/** A secret in a file only its owner reads; the file's path is what ports.json names. */
function secret(dataDirectory: string, name: string): string {
  const text = randomBytes(TOKEN_BYTES).toString('base64url');
  writeFileSync(secretPath(dataDirectory, name), `${text}\n`, { mode: OWNER_ONLY });
  return text;
}

const secretPath = (dataDirectory: string, name: string): string => join(dataDirectory, 'secrets', name);

function writePorts(dataDirectory: string, { primary, alternate, http, mail }: Doors): void {
  const way = ({ port, hostKey }: SftpServer): SftpWay => ({
    kind: 'sftp',
    host: '127.0.0.1',
    port,
    user: 'practice',
    passwordFile: secretPath(dataDirectory, 'sftp-password'),
    hostKey,
  });
  const files = { primary: way(primary), alternate: way(alternate) };
  const tokenFile = secretPath(dataDirectory, 'http-token');
  const base = `http://127.0.0.1:${http.port}`;
  const calls = Object.fromEntries(CALL_TARGETS.map((target) => [target, { base, path: `/${target}/instructions`, tokenFile, timeoutSeconds: 60 }]));
  const ports = {
    exchange: files,
    clearing: files,
    depository: files,
    calls,
    practice: true,
    mail: { host: '127.0.0.1', port: mail.port, from: 'notes@practice.example' },
  };
  writeFileSync(join(dataDirectory, PORTS_FILE), `${JSON.stringify(ports, null, 2)}\n`, { mode: OWNER_ONLY });
}

function writeWhenAbsent(path: string, text: string): void {
  if (!existsSync(path)) writeFileSync(path, text);
}
