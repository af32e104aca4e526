// Which topics an event of the engine touches. Runs for every event beside the path of orders: reads a few bytes, and makes a string only for an account
// that somebody follows.
import { ACCOUNT_BYTES, EventField, EventKind, type EventView } from '../../engine/index.ts';
import { ByteIndex } from '../risk/byte-index.ts';

/** Kinds that touch every client of their slot. */
const WHOLE_SLOT: readonly number[] = [
  EventKind.ParametersLoaded,
  EventKind.DayOpened,
  EventKind.DayClosed,
  EventKind.KillSwitchEngaged,
  EventKind.KillSwitchReleased,
];

/** What is told of touches. */
export interface Touched {
  account(account: string): void;
  slot(slot: number): void;
  everyClient(): void;
}

export class EventTouch {
  private readonly touched: Touched;
  /** Followed accounts by their bytes: index into `names`. */
  private index = new ByteIndex(256);
  private names: string[] = [];

  constructor(touched: Touched) {
    this.touched = touched;
  }

  /** Events of this account matter from now on. Idempotent. */
  follow(account: string): void {
    const bytes = Buffer.from(account, 'latin1');
    if (this.index.get(0, bytes, 0, bytes.length) >= 0) return;
    this.index.set(0, bytes, 0, bytes.length, this.names.length);
    this.names.push(account);
  }

  /** Sees an event. */
  see(event: EventView): void {
    const { kind } = event;
    this.touched.slot(event.slot);
    if (WHOLE_SLOT.includes(kind)) this.touched.everyClient();
    if (this.names.length === 0) return;
    const { bytes } = event;
    const at = event.at + EventField.account;
    let length = 0;
    while (length < ACCOUNT_BYTES && bytes[at + length] !== 0) length += 1;
    if (length === 0) return;
    const name = this.index.get(0, bytes, at, length);
    if (name >= 0) this.touched.account(this.names[name] ?? '');
  }
}
