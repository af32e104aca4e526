// Commands that do not come over FIX: loading a day, kill switches, parameter swaps. Each waits for room, and `ask` for its answer: the event that
// every such command gives, once per slot.
import { setTimeout as pause } from 'node:timers/promises';
import { ALL_SLOTS, CommandKind, type CommandView, EventField, EventKind, type EventView, OriginKind, SLOT_COUNT } from '../../engine/index.ts';
import { type Lane, rareCommand, type Shards } from '../../workers/index.ts';

const RETRY_MS = 2;
const isMassAnswer = (kind: number): boolean => kind === EventKind.MassCancelAccepted || kind === EventKind.MassCancelRejected;

/** The answer to a command: how many slots refused it, and why. */
export interface CommandAnswer {
  readonly refused: number;
  /** RejectCode of a refusal; 0 = none. */
  readonly rejectCode: number;
}

interface Waiting {
  left: number;
  refused: number;
  rejectCode: number;
  /** A mass cancel's answer comes after the events of its orders; any other command's is its first event. */
  readonly isMass: boolean;
  /** Told of each event of the command. */
  readonly look: ((event: EventView) => void) | undefined;
  readonly resolve: (answer: CommandAnswer) => void;
}

export class CommandSender {
  private readonly shards: Shards;
  private readonly onSettled: () => void;
  /** Distinguishes this process from earlier ones in the exactly-once key. */
  private readonly origin: number;
  /** Refusals of commands of the process's own, which have no one waiting (a day being loaded); reset by whoever counts. */
  refusals = 0;
  private number = 0;
  /** Told the key of each command with an answer, so that the request it serves can be tied to it. */
  onNumbered: ((origin: number, number: number) => void) | undefined;
  private readonly waiting = new Map<number, Waiting>();

  /** `onSettled` takes events off the rings, so that refusals are counted when settled() resolves. */
  constructor(shards: Shards, onSettled: () => void) {
    this.onSettled = onSettled;
    this.shards = shards;
    this.origin = shards.recovered.epoch;
  }

  /** Puts a whole command on its ring, or on all for ALL_SLOTS; waits while there is no room. */
  async enqueue(record: CommandView): Promise<void> {
    while (!this.tryEnqueue(record)) await pause(RETRY_MS);
  }

  /** Did a process before this one send commands of its own under `origin` (a day's load)? */
  hasJournalled(origin: number): boolean {
    return this.shards.recovered.origins().some((known) => known.originKind === OriginKind.SYSTEM && known.origin === origin);
  }

  /** Sends a rare command and resolves to what the slots said. */
  async ask(kind: number, slot: number, body: object): Promise<CommandAnswer> {
    this.number += 1;
    const number = this.number;
    this.onNumbered?.(this.origin, number);
    const record = rareCommand(kind, slot, body).setOrigin(OriginKind.HTTP, this.origin, 0, number);
    const answer = new Promise<CommandAnswer>((resolve) => {
      this.waiting.set(number, { left: slot === ALL_SLOTS ? SLOT_COUNT : 1, refused: 0, rejectCode: 0, isMass: false, look: undefined, resolve });
    });
    await this.enqueue(record);
    return answer;
  }

  /**
   * Sends an order command and resolves when each slot it is for has answered; `look` sees every event of it, valid inside the call only. Resolves to
   * undefined, with nothing sent, when the lane has no room: orders are never queued here.
   */
  async askOrder(record: CommandView, lane: Lane, look: (event: EventView) => void): Promise<CommandAnswer | undefined> {
    this.number += 1;
    const number = this.number;
    this.onNumbered?.(this.origin, number);
    const isMass = record.kind === CommandKind.MassCancel;
    record.setOrigin(OriginKind.HTTP, this.origin, 0, number);
    const answer = new Promise<CommandAnswer>((resolve) => {
      this.waiting.set(number, { left: record.slot === ALL_SLOTS ? SLOT_COUNT : 1, refused: 0, rejectCode: 0, isMass, look, resolve });
    });
    if (this.tryEnqueue(record, lane)) return answer;
    this.waiting.delete(number);
    return undefined;
  }

  /** Resolves when everything sent so far is in the journals. */
  async settled(): Promise<void> {
    const { shards } = this;
    const positions = Array.from({ length: shards.shardCount }, (_, slot) => shards.position(slot));
    while (positions.some((position, slot) => !shards.isDurable(slot, position))) await pause(RETRY_MS);
    this.onSettled();
  }

  /** Takes note of an answer; every event of the rings is shown here. */
  handle(event: EventView): void {
    if (event.kind === EventKind.CommandRefused && event.u16(EventField.originKind) === OriginKind.SYSTEM) this.refusals += 1;
    if (this.waiting.size === 0 || event.u16(EventField.originKind) !== OriginKind.HTTP || event.u32(EventField.origin) !== this.origin) return;
    const number = event.f64(EventField.originNumber);
    const waiting = this.waiting.get(number);
    if (waiting === undefined) return;
    waiting.look?.(event);
    const isAnswer = waiting.isMass ? isMassAnswer(event.kind) : event.index === 0;
    if (!isAnswer) return;
    if (event.kind === EventKind.CommandRefused) {
      waiting.refused += 1;
      waiting.rejectCode = event.rejectCode;
    }
    waiting.left -= 1;
    if (waiting.left > 0) return;
    this.waiting.delete(number);
    waiting.resolve({ refused: waiting.refused, rejectCode: waiting.rejectCode });
  }

  private tryEnqueue(record: CommandView, lane: Lane = 'reserved'): boolean {
    const { shards } = this;
    if (record.slot === ALL_SLOTS) {
      if (!shards.broadcast(record.bytes)) return false;
    } else {
      const claimed = shards.claim(record.slot, record.length, lane);
      if (claimed === null) {
        shards.flush();
        return false;
      }
      claimed.bytes.set(record.bytes, claimed.at);
      shards.commit();
    }
    shards.flush();
    return true;
  }
}
