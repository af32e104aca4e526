// A broadcast that takes its time in each slot (a new parameter table, a margin snapshot) on its way through the slots of a shard: one command per
// slot, journalled as such, a few between two batches, so that trading goes on. Slots not yet reached are judged by the old table, which the journal
// shows.
import { assert, CommandView, type LoadParametersBody } from '../engine/index.ts';
import { decodeRareBody } from './rare-body.ts';

export class ParameterRollout {
  /** The command for the slot `next` gave. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Table of a LoadParameters; '' for whatever else. */
  tableHash = '';
  private readonly view = new CommandView();
  private slots: readonly number[] = [];
  private done = 0;

  get isActive(): boolean {
    return this.done < this.slots.length;
  }

  /** Takes over a broadcast command for `slots`. */
  start(from: Uint8Array, at: number, length: number, slots: readonly number[]): void {
    assert(!this.isActive, 'a broadcast is still on its way through the slots');
    this.bytes = from.slice(at, at + length);
    this.view.wrap(this.bytes, new DataView(this.bytes.buffer), 0);
    const body = decodeRareBody(this.view) as Partial<LoadParametersBody> | undefined;
    this.tableHash = typeof body?.tableHash === 'string' ? body.tableHash : '';
    this.slots = slots;
    this.done = 0;
  }

  /** Drops the table: nothing has been folded. */
  abandon(): void {
    this.slots = [];
    this.done = 0;
  }

  /** Addresses the command to the next slot, at a time not before what that slot may have seen. */
  next(time: number): number {
    const slot = this.slots[this.done];
    assert(slot !== undefined, 'no slot left to take over the table');
    this.done += 1;
    this.view.slot = slot;
    this.view.time = Math.max(this.view.time, time);
    return slot;
  }
}
