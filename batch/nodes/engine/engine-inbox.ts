// How the night reaches the engine: keyed commands in the night's inbox, and their taking. Beside a running gateway the commands wait there and the
// gateway feeds them; with the gateway down, the shards are hosted here for as long as it takes, so that the morning's tie-outs rest on what the
// engine has done, not on what it was sent. Either way each command is taken once: the key dedupes the append, the number the fold.
import { readFileSync } from 'node:fs';
import { ALL_SLOTS, CommandKind, type CommandName, EventKind } from '../../../engine/index.ts';
import { DirectoryLocked, InboxFeed, InboxStore, rareCommand, type ShardOptions, type Shards, startShards } from '../../../workers/index.ts';
import { sha256Of } from '../../ports/fetched-file.ts';
import { type CallPort, type Inquiry, type Outputs, PermanentFault, TransientFault } from '../../runner/index.ts';
import { type EngineState, NIGHT_ORIGIN, readEngine } from './engine-state.ts';
import { whileHosting } from './engine-turns.ts';

/** One command, as it stands in a plan file. */
export interface PlannedCommand {
  readonly key: string;
  readonly kind: CommandName;
  /** 'all', or the slot it goes to. */
  readonly slot: number | 'all';
  readonly body: object;
}

/** One for a single slot. */
export type SlotCommand = PlannedCommand & { readonly slot: number };

/** A command with a key made of date, what it is about and its content: the same again is the same. */
export function planned(date: string, about: string, command: Omit<PlannedCommand, 'key'>): PlannedCommand {
  const content = sha256Of(Buffer.from(JSON.stringify(command))).slice(0, 16);
  return { key: `${date}/${about}/${content}`, ...command };
}

/** Appends the commands of a plan file, in order: exactly once by their keys, whatever was appended before. */
export class EngineInbox implements CallPort {
  readonly name = 'engine inbox';
  private readonly dataDirectory: string;

  constructor(dataDirectory: string) {
    this.dataDirectory = dataDirectory;
  }

  /** `request` names the plan file and its SHA-256. */
  async call(_key: string, request: Outputs): Promise<Outputs> {
    const { file, sha256 } = request;
    const bytes = readFileSync(String(file));
    if (sha256Of(bytes) !== sha256) throw new PermanentFault(`${String(file)}: is not what the reload was begun with`);
    const commands = commandsOf(bytes.toString('utf8'));
    return { last: await appendAll(this.dataDirectory, commands), commands: commands.length };
  }

  /** Appending again is harmless, so that "nothing" is always a true enough answer. */
  async inquire(): Promise<Inquiry> {
    return { found: 'nothing' };
  }
}

/** Commands of a plan file: lines that have a key. */
export function commandsOf(text: string): PlannedCommand[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Partial<PlannedCommand>)
    .filter((line): line is PlannedCommand => line.key !== undefined);
}

/** Appends them; the number of the last. */
export function appendAll(dataDirectory: string, commands: readonly PlannedCommand[]): Promise<number> {
  const bytesOf = ({ kind, slot, body }: PlannedCommand): Uint8Array => rareCommand(CommandKind[kind], slot === 'all' ? ALL_SLOTS : slot, body).bytes;
  return appendKeyed(
    dataDirectory,
    commands.map((command) => ({ key: command.key, bytes: bytesOf(command) })),
  );
}

/** A command as the inbox takes it. */
export interface KeyedCommand {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** Appends commands that are written already; the number of the last. */
export async function appendKeyed(dataDirectory: string, commands: readonly KeyedCommand[]): Promise<number> {
  const inbox = new InboxStore(dataDirectory, NIGHT_ORIGIN, 'write');
  try {
    let last = inbox.last;
    for (const { key, bytes } of commands) last = inbox.append(bytes, key);
    return last;
  } finally {
    await inbox.close();
  }
}

/**
 * Appends commands for single slots and gives the engine a while to fold them, so that whoever reads it next reads it with them. A running gateway
 * that takes longer than half a minute has them later: what is compared then says so itself.
 */
export function appendTaken(dataDirectory: string, commands: readonly SlotCommand[]): Promise<void> {
  return oneAtATime(dataDirectory, async () => {
    const numbers = new Map<number, number>();
    for (const slot of new Set(commands.map((each) => each.slot))) {
      const own = commands.filter((each) => each.slot === slot);
      numbers.set(slot, await appendAll(dataDirectory, own));
    }
    const isTaken = ({ slots }: EngineState): boolean => slots.every(({ slot, taken }) => taken >= (numbers.get(slot) ?? 0));
    await takenState(dataDirectory, isTaken).catch((error: unknown) => {
      if (!(error instanceof TransientFault)) throw error;
    });
  });
}

/** What hosting the shards showed. */
export interface Taking {
  /** False: another process has the engine and feeds the inbox itself. */
  readonly isHosted: boolean;
  /** Commands the engine refused while they were fed here. */
  readonly refused: number;
}

const POLL_LIMIT = 10_000;

const queues = new Map<string, Promise<unknown>>();

/** One body at a time: they share a process, and the engine's directory has one owner. */
export function oneAtATime<Result>(dataDirectory: string, work: () => Promise<Result>): Promise<Result> {
  const turn = (queues.get(dataDirectory) ?? Promise.resolve()).catch(() => undefined).then(work);
  queues.set(dataDirectory, turn);
  return turn;
}

/** How long a running gateway has to take the commands. */
const WAIT_MILLIS = 30_000;
const LOOK_MILLIS = 250;
/** Memory reserved each time shards are hosted here: a night hosts them many times, and starts programs in between. */
const HOSTED_BYTES = 2 ** 25;

/**
 * Makes the engine take the inbox, and reads its state once `isTaken` holds of it; a running gateway gets a while. `now`: the night's clock (see
 * takeInbox). Throws TransientFault when it has not by then.
 */
export async function takenState(
  dataDirectory: string,
  isTaken: (state: EngineState) => boolean,
  now?: () => number,
): Promise<Taking & { readonly state: EngineState }> {
  const taking = await takeInbox(dataDirectory, now);
  for (let waited = 0; ; waited += LOOK_MILLIS) {
    const state = await readEngine(dataDirectory);
    if (taking.isHosted || isTaken(state)) return { ...taking, state };
    if (waited >= WAIT_MILLIS) throw new TransientFault('the running gateway has not taken the commands from its inbox yet');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
  }
}

/**
 * Makes the engine take what is in the inboxes, when no other process has it; commands bear the time of `now` (EpochMicros; the wall clock's unless
 * given), so that a rehearsed morning is not later than the day that follows it.
 */
export function takeInbox(dataDirectory: string, now?: () => number): Promise<Taking> {
  return whileHosting(dataDirectory, () => hostForInbox(dataDirectory, now === undefined ? {} : { clock: held(now) }));
}

/** A clock that never steps back. */
function held(now: () => number): () => number {
  let last = 0;
  return () => {
    last = Math.max(last, now());
    return last;
  };
}

async function hostForInbox(dataDirectory: string, clock: Pick<ShardOptions, 'clock'>): Promise<Taking> {
  let shards: Shards;
  try {
    shards = await startShards({ dataDir: dataDirectory, shards: 1, mode: 'inline', durability: 'power', memoryBytes: HOSTED_BYTES, ...clock });
  } catch (error) {
    if (error instanceof DirectoryLocked) return { isHosted: false, refused: 0 };
    throw error;
  }
  const feed = new InboxFeed(dataDirectory, shards);
  let refused = 0;
  const drain = (): number =>
    shards.poll((event) => {
      if (event.kind === EventKind.CommandRefused) refused += 1;
    }, POLL_LIMIT);
  try {
    for (;;) {
      const fed = feed.pump();
      shards.flush();
      const drained = drain();
      if (fed === 0 && drained === 0 && feed.isSettled) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    await feed.close();
    await shards.stop();
  }
  return { isHosted: true, refused };
}
