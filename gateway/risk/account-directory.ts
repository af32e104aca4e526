// Which slot an account's risk group lives in. Filled from recovered state and AccountOpened events; an account not in it goes to the hash of
// its own bytes, where the engine refuses it (journalled like everything) or, for a fill, opens it frozen.
import { ACCOUNT_BYTES, slotOfAccountBytes } from '../../engine/index.ts';
import { ByteIndex } from './byte-index.ts';

export class AccountDirectory {
  private readonly index = new ByteIndex(4096);
  private readonly field = new Uint8Array(ACCOUNT_BYTES);

  /** Accounts known. */
  get size(): number {
    return this.index.size;
  }

  /** Learns an account from a zero-padded field of a command or event. Idempotent. */
  learn(bytes: Uint8Array, at: number, slot: number): void {
    let length = 0;
    while (length < ACCOUNT_BYTES && bytes[at + length] !== 0) length += 1;
    this.index.set(0, bytes, at, length, slot);
  }

  /** Learns an account by name. */
  learnText(account: string, slot: number): void {
    const bytes = Buffer.from(account, 'latin1');
    this.index.set(0, bytes, 0, bytes.length, slot);
  }

  /** Slot of the account, known or not. Allocates nothing. */
  slotOf(bytes: Uint8Array, at: number, length: number): number {
    const slot = this.index.get(0, bytes, at, length);
    if (slot >= 0) return slot;
    for (let i = 0; i < ACCOUNT_BYTES; i++) this.field[i] = i < length ? (bytes[at + i] ?? 0) : 0;
    return slotOfAccountBytes(this.field, 0);
  }

  /** Slot by name; -1 when the account was never opened. */
  find(account: string): number {
    const bytes = Buffer.from(account, 'latin1');
    return this.index.get(0, bytes, 0, bytes.length);
  }
}
