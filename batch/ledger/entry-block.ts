// A block of the journal: some hundred entries in order, packed, as one value of the database under the number of its first entry. It names the
// accounts that were opened in it, and has an index: for each account with lines in it, where the account's chain of blocks goes on backwards, and
// lines and balance after the block. So entries, statements and the directory of accounts are one value, written once, hashed whole, never changed.
//
// Bytes, little-endian: head of 40; opened account ids (length, text); offsets of entries (u32 each); index rows of 40 by account number; entries, each at a
// multiple of 8: fixed 40, transfers of 16 (debit u32, credit u32, paise f64), then kind, key, narration (UTF-8), approvals (u16 length, UTF-8).
import { assert } from '../../engine/index.ts';
import { ENTRY_TYPES, type Entry } from './entry.ts';
import type { Transfer } from './posting.ts';

/** 'TZL2'. */
export const BLOCK_MAGIC = 0x324c5a54;
/** Offsets in a block's head. */
export const BlockCell = { MAGIC: 0, ENTRIES: 4, FIRST: 8, ACCOUNTS: 16, OPENED: 20, OFFSETS: 24, INDEX: 28, INDEXED: 32, BYTES: 40 } as const;
/** Offsets in an entry. */
export const EntryCell = {
  TYPE: 0,
  KIND: 1,
  KEY: 2,
  APPROVALS: 3,
  TRANSFERS: 4,
  NARRATION: 6,
  DATE: 8,
  VALUE_DATE: 12,
  LINK: 16,
  EXPIRES: 24,
  AT: 32,
  BYTES: 40,
} as const;
export const TRANSFER_BYTES = 16;
/** Offsets in an index row. */
export const IndexCell = { ACCOUNT: 0, DEPTH: 4, PREVIOUS: 8, ANCHOR: 16, LINES: 24, BALANCE: 32, BYTES: 40 } as const;
/** Every so many blocks of a chain one is an anchor: from block to anchor to anchor, a reader comes far back in few steps. */
export const ANCHOR_EVERY = 64;

/** What a block knows of an account with lines in it. */
export interface BlockAccount {
  readonly account: number;
  /** Blocks of the chain up to and with this one. */
  readonly depth: number;
  /** First entries of the block before in the chain, and of the newest anchor before this block; 0 = none. */
  readonly previous: number;
  readonly anchor: number;
  /** Lines of the account, and its balance (paise), after this block. */
  readonly lines: number;
  readonly balance: number;
}

/** A block as read. Assertions fail for bytes that are no block. */
export class EntryBlock {
  readonly bytes: Buffer;
  readonly entries: number;
  readonly first: number;
  /** Accounts there were before it. */
  readonly accounts: number;
  readonly indexed: number;
  private readonly offsets: number;
  private readonly index: number;

  constructor(bytes: Buffer) {
    assert(bytes.length >= BlockCell.BYTES && bytes.readUInt32LE(BlockCell.MAGIC) === BLOCK_MAGIC, 'these bytes are no block of entries');
    this.bytes = bytes;
    this.entries = bytes.readUInt32LE(BlockCell.ENTRIES);
    this.first = bytes.readDoubleLE(BlockCell.FIRST);
    this.accounts = bytes.readUInt32LE(BlockCell.ACCOUNTS);
    this.offsets = bytes.readUInt32LE(BlockCell.OFFSETS);
    this.index = bytes.readUInt32LE(BlockCell.INDEX);
    this.indexed = bytes.readUInt32LE(BlockCell.INDEXED);
    assert(this.index === this.offsets + this.entries * 4 && this.index + this.indexed * IndexCell.BYTES <= bytes.length, 'a block is cut');
  }

  /** Number of the last entry. */
  get last(): number {
    return this.first + this.entries - 1;
  }

  /** Ids of accounts opened in it, in the order of their numbers. */
  opened(): string[] {
    const ids: string[] = [];
    let at: number = BlockCell.BYTES;
    for (let left = this.bytes.readUInt32LE(BlockCell.OPENED); left > 0; left--) {
      const length = this.bytes.readUInt8(at);
      ids.push(this.bytes.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    return ids;
  }

  /** An entry by its number, which must be in here; `idOf` gives accounts their ids. */
  entry(sequence: number, idOf: (account: number) => string): Entry {
    const { bytes } = this;
    const at = this.offsetOf(sequence);
    const transfers: Transfer[] = [];
    let text = this.eachTransfer(at, (debit, credit, amount) => transfers.push({ debit: idOf(debit), credit: idOf(credit), amount }));
    const take = (length: number): string => {
      text += length;
      return bytes.toString('utf8', text - length, text);
    };
    const kind = take(bytes.readUInt8(at + EntryCell.KIND));
    const key = take(bytes.readUInt8(at + EntryCell.KEY));
    const narration = take(bytes.readUInt16LE(at + EntryCell.NARRATION));
    const approvals: string[] = [];
    for (let left = bytes.readUInt8(at + EntryCell.APPROVALS); left > 0; left--) {
      const length = bytes.readUInt16LE(text);
      text += 2;
      approvals.push(take(length));
    }
    return {
      sequence,
      type: ENTRY_TYPES[bytes.readUInt8(at)] ?? 'posted',
      key,
      kind,
      businessDate: bytes.readUInt32LE(at + EntryCell.DATE),
      valueDate: bytes.readUInt32LE(at + EntryCell.VALUE_DATE),
      narration,
      transfers,
      link: bytes.readDoubleLE(at + EntryCell.LINK),
      approvals,
      expiresAt: bytes.readDoubleLE(at + EntryCell.EXPIRES),
      at: bytes.readDoubleLE(at + EntryCell.AT),
    };
  }

  /** Visits the transfers of the posted entries that debit or credit an account, in order. */
  eachLine(account: number, visit: (sequence: number, transfer: number, isDebit: boolean, amount: number) => void): void {
    for (let sequence = this.first; sequence <= this.last; sequence++) {
      const at = this.offsetOf(sequence);
      if (ENTRY_TYPES[this.bytes.readUInt8(at)] === 'pending') continue;
      let transfer = 0;
      this.eachTransfer(at, (debit, credit, amount) => {
        if (debit === account || credit === account) visit(sequence, transfer, debit === account, amount);
        transfer += 1;
      });
    }
  }

  /** The index row of an account; undefined when it has no line in here. */
  accountRow(account: number): BlockAccount | undefined {
    let [low, high] = [0, this.indexed];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.bytes.readUInt32LE(this.index + middle * IndexCell.BYTES) < account) low = middle + 1;
      else high = middle;
    }
    const row = low < this.indexed ? this.indexRow(low) : undefined;
    return row?.account === account ? row : undefined;
  }

  /** The `place`-th index row. */
  indexRow(place: number): BlockAccount {
    assert(place < this.indexed, 'a place in the index of a block must be in it');
    const { bytes } = this;
    const at = this.index + place * IndexCell.BYTES;
    return {
      account: bytes.readUInt32LE(at),
      depth: bytes.readUInt32LE(at + IndexCell.DEPTH),
      previous: bytes.readDoubleLE(at + IndexCell.PREVIOUS),
      anchor: bytes.readDoubleLE(at + IndexCell.ANCHOR),
      lines: bytes.readDoubleLE(at + IndexCell.LINES),
      balance: bytes.readDoubleLE(at + IndexCell.BALANCE),
    };
  }

  private offsetOf(sequence: number): number {
    const place = sequence - this.first;
    assert(place >= 0 && place < this.entries, 'an entry must be in its block');
    return this.bytes.readUInt32LE(this.offsets + place * 4);
  }

  /** Returns where the texts begin. */
  private eachTransfer(at: number, visit: (debit: number, credit: number, amount: number) => void): number {
    const { bytes } = this;
    const end = at + EntryCell.BYTES + bytes.readUInt16LE(at + EntryCell.TRANSFERS) * TRANSFER_BYTES;
    for (let from = at + EntryCell.BYTES; from < end; from += TRANSFER_BYTES)
      visit(bytes.readUInt32LE(from), bytes.readUInt32LE(from + 4), bytes.readDoubleLE(from + 8));
    return end;
  }
}
