// Believed prices into MarkPrices commands: at most two a second, only instruments held or worked, the newest price of each. A ring without room
// keeps them for the next turn; nothing queues.
import { ALL_SLOTS, CommandKind, MARKS_PER_RECORD_MAX, MarkPrices, newCommandView } from '../../engine/index.ts';
import type { Shards } from '../../workers/index.ts';
import { segmentOf, tokenOf } from './instrument-key.ts';
import type { PriceBoard } from './price-board.ts';

/** Two a second (design section 3). */
export const MARK_MILLIS = 500;

/** One published price, ticks. */
export interface Mark {
  readonly segment: number;
  readonly token: number;
  readonly price: number;
}

export class MarkPublisher {
  /** MarkPrices commands sent, and prices in them. */
  commands = 0;
  marks = 0;
  private readonly board: PriceBoard;
  private readonly shards: Pick<Shards, 'broadcast' | 'flush'>;
  private readonly isHeld: (key: number) => boolean;
  private readonly listeners: ((marks: readonly Mark[]) => void)[] = [];

  constructor(board: PriceBoard, shards: Pick<Shards, 'broadcast' | 'flush'>, isHeld: (key: number) => boolean) {
    this.board = board;
    this.shards = shards;
    this.isHeld = isHeld;
  }

  /** Calls back with what went to the shards. */
  onMarks(listener: (marks: readonly Mark[]) => void): void {
    this.listeners.push(listener);
  }

  /** Sends one command with what changed since the last; false when there was nothing, or no room. */
  publish(): boolean {
    const keys = this.board.takeUnpublished(MARKS_PER_RECORD_MAX, this.isHeld);
    if (keys.length === 0) return false;
    const marks = keys.map((key) => ({ segment: segmentOf(key), token: tokenOf(key), price: this.board.price(key) }));
    if (!this.shards.broadcast(marksCommand(marks))) {
      for (const key of keys) this.board.republish(key);
      return false;
    }
    this.shards.flush();
    this.commands += 1;
    this.marks += marks.length;
    for (const listener of this.listeners) listener(marks);
    return true;
  }
}

/** The MarkPrices command of some prices, for every slot. */
function marksCommand(marks: readonly Mark[]): Uint8Array {
  const length = MarkPrices.entries + marks.length * MarkPrices.ENTRY_BYTES;
  const command = newCommandView(length).begin(CommandKind.MarkPrices, length, ALL_SLOTS);
  command.setU32(MarkPrices.count, marks.length);
  for (const [index, { segment, token, price }] of marks.entries()) {
    const at = MarkPrices.entries + index * MarkPrices.ENTRY_BYTES;
    command.setU32(at, token);
    command.setU32(at + 4, segment);
    command.setF64(at + 8, price);
  }
  return command.bytes;
}
