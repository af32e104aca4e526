// Statement lines: one per transfer and account, numbered from 1 within the account, with the balance after it. The number is the cursor: a reader that names
// the last line it has gets the next ones, for ever, whatever was booked meanwhile. Pending entries have no lines; they are not booked. Lines are not stored by
// themselves: the account's chain of blocks leads to the entries they are of.
import { assert } from '../../engine/index.ts';
import type { AccountState } from './account-state.ts';
import type { Entry, EntryType } from './entry.ts';
import { type BlockAccount, EntryBlock } from './entry-block.ts';
import type { LedgerStore } from './ledger-store.ts';

/** One line. Amounts in paise; `amount` raises the balance when above zero. */
export interface StatementLine {
  readonly line: number;
  readonly entry: number;
  readonly type: EntryType;
  readonly kind: string;
  readonly businessDate: number;
  readonly valueDate: number;
  readonly narration: string;
  readonly counter: string;
  readonly amount: number;
  readonly balance: number;
}

/** A page of an account. */
export interface Statement {
  readonly account: string;
  readonly title: string;
  readonly balance: number;
  readonly available: number;
  readonly lines: readonly StatementLine[];
  /** Pass as `after` for the next page; undefined when this is the last one for now. */
  readonly next: number | undefined;
}

/** A block of an account's chain. */
interface Link {
  readonly block: EntryBlock;
  readonly row: BlockAccount;
}

type IdOf = (account: number) => string;

/** A page of `limit` lines of an account after line `after`. */
export function readStatement(
  store: LedgerStore,
  state: AccountState,
  idOf: IdOf,
  page: { readonly after: number; readonly limit: number },
): Statement {
  const last = Math.min(state.lines, page.after + page.limit);
  const lines: StatementLine[] = [];
  while (page.after + lines.length < last) {
    const [from, count] = [page.after + lines.length, lines.length];
    for (const link of chainAfter(store, state, from)) {
      for (const line of linesOf(state, link, idOf)) if (line.line > page.after + lines.length && line.line <= last) lines.push(line);
      if (page.after + lines.length >= last) break;
    }
    assert(lines.length > count, 'a statement line is missing');
  }
  return {
    account: state.id,
    title: state.row.title,
    balance: state.balance,
    available: state.available,
    lines,
    next: last < state.lines ? last : undefined,
  };
}

/** Blocks of the chain in order, from the one with line `after` + 1 on; at most as many as one walk from an anchor finds. */
function chainAfter(store: LedgerStore, { number, last }: AccountState, after: number): Link[] {
  let links: Link[] = [];
  let link = linkOf(store, last, number);
  for (;;) {
    const { previous, anchor } = link.row;
    const far = anchor !== 0 && anchor !== previous ? linkOf(store, anchor, number) : undefined;
    if (far !== undefined && far.row.lines > after) {
      links = [];
      link = far;
      continue;
    }
    links.push(link);
    const before = previous === 0 ? undefined : linkOf(store, previous, number);
    if (before === undefined || before.row.lines <= after) return links.reverse();
    link = before;
  }
}

function linkOf(store: LedgerStore, first: number, account: number): Link {
  const bytes = store.blocks.get(first);
  assert(bytes !== undefined, 'a statement names a block that is missing');
  const block = new EntryBlock(bytes);
  const row = block.accountRow(account);
  assert(row !== undefined, 'a block of a statement must know its account');
  return { block, row };
}

/** Lines of an account in one block, with the balances that lead to the one the block has after it. */
function linesOf(state: AccountState, { block, row }: Link, idOf: IdOf): StatementLine[] {
  const found: { readonly sequence: number; readonly transfer: number; readonly isDebit: boolean; readonly amount: number }[] = [];
  let change = 0;
  block.eachLine(state.number, (sequence, transfer, isDebit, paid) => {
    const amount = isDebit === state.debitNatured ? paid : -paid;
    change += amount;
    found.push({ sequence, transfer, isDebit, amount });
  });
  let balance = row.balance - change;
  let entry: Entry | undefined;
  return found.map(({ sequence, transfer, isDebit, amount }, index) => {
    if (entry?.sequence !== sequence) entry = block.entry(sequence, idOf);
    const moved = entry.transfers[transfer];
    assert(moved !== undefined, 'a statement line names a transfer that is missing');
    balance += amount;
    const { type, kind, businessDate, valueDate, narration } = entry;
    const line = row.lines - found.length + index + 1;
    return { line, entry: sequence, type, kind, businessDate, valueDate, narration, counter: isDebit ? moved.credit : moved.debit, amount, balance };
  });
}
