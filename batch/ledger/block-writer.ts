// Packs entries into the block that is being filled. Entries lie first while it grows; sealing puts head, opened accounts, offsets and index before them. Knows
// nothing of what entries mean; accounts come as numbers.
import { assert } from '../../engine/index.ts';
import { type AccountTable, COLUMNS, Column } from './account-table.ts';
import type { Draft } from './draft.ts';
import { ENTRY_TYPES } from './entry.ts';
import { ANCHOR_EVERY, BLOCK_MAGIC, BlockCell, EntryCell, IndexCell, TRANSFER_BYTES } from './entry-block.ts';

const TARGET_BYTES = 56 * 1024;
const FIRST_BYTES = 1 << 13;
const UTF8_MAX = 3;
const ASCII_END = 0x80;

/** Transfers of one entry by account number. */
export interface Moves {
  count: number;
  readonly debits: Uint32Array;
  readonly credits: Uint32Array;
  readonly amounts: Float64Array;
}

/** See the file's head. */
export class BlockWriter {
  /** Number of the first entry in it; 0 = it is empty. */
  first = 0;
  private readonly table: AccountTable;
  private bytes: Buffer = Buffer.alloc(0);
  private words = new Uint32Array(0);
  private doubles = new Float64Array(0);
  private readonly offsets: number[] = [];
  private readonly touched: number[] = [];
  /** Previous block of each touched account, and the anchor before. */
  private readonly previous: number[] = [];
  private readonly anchors: number[] = [];
  private length = 0;
  private accounts = 0;

  constructor(table: AccountTable) {
    this.table = table;
    this.accounts = table.size;
    this.resize(FIRST_BYTES);
  }

  get isFull(): boolean {
    return this.length >= TARGET_BYTES;
  }

  /** Adds an entry; the accounts of a posted one get their lines. */
  add(sequence: number, draft: Draft, moves: Moves): void {
    if (this.first === 0) this.first = sequence;
    assert(sequence === this.first + this.offsets.length, 'entries of a block follow one another');
    this.reserve(draft, moves.count);
    const at = this.length;
    this.offsets.push(at);
    this.head(at, draft, moves.count);
    this.transfers(at, moves);
    let end = at + EntryCell.BYTES + moves.count * TRANSFER_BYTES;
    end = this.text(draft.kind, end, at + EntryCell.KIND, 1);
    end = this.text(draft.key, end, at + EntryCell.KEY, 1);
    end = this.text(draft.narration, end, at + EntryCell.NARRATION, 2);
    for (const name of draft.approvals) end = this.text(name, end + 2, end, 2);
    while ((end & 7) !== 0) this.bytes[end++] = 0;
    this.length = end;
    if (draft.type === 'pending') return;
    for (let i = 0; i < moves.count; i++) {
      this.line(moves.debits[i] as number);
      this.line(moves.credits[i] as number);
    }
  }

  /** The block's bytes, valid until the next entry is added; it is empty again. */
  seal(): Buffer {
    const opened = this.openedIds();
    const order = this.inOrder();
    const offsetsAt = padded(BlockCell.BYTES + opened.length, 4);
    const indexAt = offsetsAt + this.offsets.length * 4;
    const entriesAt = padded(indexAt + order.length * IndexCell.BYTES, 8);
    const block = Buffer.alloc(entriesAt + this.length);
    block.writeUInt32LE(BLOCK_MAGIC, BlockCell.MAGIC);
    block.writeUInt32LE(this.offsets.length, BlockCell.ENTRIES);
    block.writeDoubleLE(this.first, BlockCell.FIRST);
    block.writeUInt32LE(this.accounts, BlockCell.ACCOUNTS);
    block.writeUInt32LE(this.table.size - this.accounts, BlockCell.OPENED);
    block.writeUInt32LE(offsetsAt, BlockCell.OFFSETS);
    block.writeUInt32LE(indexAt, BlockCell.INDEX);
    block.writeUInt32LE(order.length, BlockCell.INDEXED);
    opened.copy(block, BlockCell.BYTES);
    for (const [i, offset] of this.offsets.entries()) block.writeUInt32LE(entriesAt + offset, offsetsAt + i * 4);
    for (const [i, place] of order.entries()) this.indexRow(block, indexAt + i * IndexCell.BYTES, place);
    this.bytes.copy(block, entriesAt, 0, this.length);
    this.reset();
    return block;
  }

  /** A line of an account: its chain goes on through this block. */
  private line(account: number): void {
    const { figures } = this.table;
    const row = account * COLUMNS;
    figures[row + Column.LINES] = (figures[row + Column.LINES] as number) + 1;
    const last = figures[row + Column.LAST] as number;
    if (last === this.first) return;
    this.touched.push(account);
    this.previous.push(last);
    this.anchors.push(figures[row + Column.ANCHOR] as number);
    const depth = (figures[row + Column.DEPTH] as number) + 1;
    figures[row + Column.DEPTH] = depth;
    figures[row + Column.LAST] = this.first;
    if (depth % ANCHOR_EVERY === 0) figures[row + Column.ANCHOR] = this.first;
  }

  private head(at: number, draft: Draft, transfers: number): void {
    const word = at >> 2;
    assert(draft.approvals.length < 256, 'an entry has at most 255 approvals');
    this.words[word] = ENTRY_TYPES.indexOf(draft.type) | (draft.approvals.length << 24);
    this.words[word + 1] = transfers;
    this.words[word + EntryCell.DATE / 4] = draft.businessDate;
    this.words[word + EntryCell.VALUE_DATE / 4] = draft.valueDate;
    const double = at >> 3;
    this.doubles[double + EntryCell.LINK / 8] = draft.link;
    this.doubles[double + EntryCell.EXPIRES / 8] = draft.expiresAt;
    this.doubles[double + EntryCell.AT / 8] = draft.at;
  }

  private transfers(at: number, { count, debits, credits, amounts }: Moves): void {
    const { words, doubles } = this;
    for (let i = 0, from = at + EntryCell.BYTES; i < count; i++, from += TRANSFER_BYTES) {
      words[from >> 2] = debits[i] as number;
      words[(from >> 2) + 1] = credits[i] as number;
      doubles[(from >> 3) + 1] = amounts[i] as number;
    }
  }

  /** Writes a text at `at` and its length in bytes (of `width` bytes) at `lengthAt`; returns where it ends. */
  private text(text: string, at: number, lengthAt: number, width: 1 | 2): number {
    const { bytes } = this;
    let length = text.length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= ASCII_END) {
        length = bytes.write(text, at, 'utf8');
        break;
      }
      bytes[at + i] = code;
    }
    assert(length < 256 ** width, 'a text of an entry must fit its length');
    bytes[lengthAt] = length & 0xff;
    if (width === 2) bytes[lengthAt + 1] = length >> 8;
    return at + length;
  }

  private indexRow(block: Buffer, at: number, place: number): void {
    const account = this.touched[place] as number;
    block.writeUInt32LE(account, at);
    block.writeUInt32LE(this.table.figure(account, Column.DEPTH), at + IndexCell.DEPTH);
    block.writeDoubleLE(this.previous[place] as number, at + IndexCell.PREVIOUS);
    block.writeDoubleLE(this.anchors[place] as number, at + IndexCell.ANCHOR);
    block.writeDoubleLE(this.table.figure(account, Column.LINES), at + IndexCell.LINES);
    block.writeDoubleLE(this.table.balance(account), at + IndexCell.BALANCE);
  }

  /** Places of touched accounts, by account number. */
  private inOrder(): number[] {
    return [...this.touched.keys()].sort((a, b) => (this.touched[a] as number) - (this.touched[b] as number));
  }

  private openedIds(): Buffer {
    const parts: Buffer[] = [];
    for (let number = this.accounts; number < this.table.size; number++) {
      const id = Buffer.from(this.table.idOf(number), 'latin1');
      parts.push(Buffer.from([id.length]), id);
    }
    return Buffer.concat(parts);
  }

  private reserve({ kind, key, narration, approvals }: Draft, transfers: number): void {
    let texts = kind.length + key.length + narration.length * UTF8_MAX;
    for (const name of approvals) texts += 2 + name.length * UTF8_MAX;
    const needed = this.length + EntryCell.BYTES + transfers * TRANSFER_BYTES + texts + 8;
    if (needed > this.bytes.length) this.resize(2 ** Math.ceil(Math.log2(needed)));
  }

  private resize(size: number): void {
    const bytes = Buffer.from(new ArrayBuffer(size));
    this.bytes.copy(bytes, 0, 0, this.length);
    this.bytes = bytes;
    this.words = new Uint32Array(bytes.buffer);
    this.doubles = new Float64Array(bytes.buffer);
  }

  private reset(): void {
    this.accounts = this.table.size;
    [this.first, this.length] = [0, 0];
    for (const list of [this.offsets, this.touched, this.previous, this.anchors]) list.length = 0;
  }
}

const padded = (length: number, to: number): number => Math.ceil(length / to) * to;
