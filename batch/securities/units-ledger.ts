// Securities by double entry: every move takes units of an ISIN from one place and puts them into another, so each ISIN sums to zero over all places
// at every commit, and no place that holds units ever holds fewer than none. Append-only; commits with whatever else its transaction writes. Money is
// the other ledger's.
import { createHash } from 'node:crypto';
import type { Database, RootDatabase } from 'lmdb';
import { assert } from '../../engine/index.ts';
import { clientOf, isIsin, unitPlace } from './unit-accounts.ts';

/** Units of one ISIN from one account to another; whole, above zero. */
export interface UnitMove {
  readonly isin: string;
  readonly from: string;
  readonly to: string;
  readonly units: number;
}

/** What a posting is about. */
export const UNIT_KINDS = [
  'OPENING',
  'CORPORATE_ACTION',
  'DEPOSITORY',
  'OBLIGATION',
  'BLOCK',
  'UNBLOCK',
  'PAY_IN',
  'PAY_OUT',
  'RELEASE',
  'DISPOSAL',
  'AUCTION',
  'CLOSE_OUT',
  'POOL_OUT',
  'INTER_SETTLEMENT',
  'FUNDING',
  'FUNDING_PLEDGE',
  'FUNDING_RELEASE',
] as const;
/** One of UNIT_KINDS. */
export type UnitKind = (typeof UNIT_KINDS)[number];

/** Moves that happen together or not at all. */
export interface UnitPosting {
  /** Names it for ever: the same key again does nothing; with other moves it is an error. */
  readonly key: string;
  readonly kind: UnitKind;
  /** Business date, YYYY-MM-DD. */
  readonly date: string;
  readonly moves: readonly UnitMove[];
}

/** A posting as it stands in the journal. */
export interface UnitEntry extends UnitPosting {
  readonly sequence: number;
}

/** Where the journal stands. */
export interface UnitsHead {
  readonly sequence: number;
  /** Hex SHA-256 over the hash before and the entry. */
  readonly hash: string;
}

/** A posting that cannot be: a malformed move, a key of something else, more units than there are. Nothing of it happens. */
export class UnitsError extends Error {
  override readonly name = 'UnitsError';
}

type BalanceKey = [account: string, isin: string];
const HEAD = 'head';
const GENESIS: UnitsHead = { sequence: 0, hash: '0'.repeat(64) };
const KEY = /^[\x20-\x7e]{1,160}$/;

/** See the file's head. */
export class UnitsLedger {
  private readonly root: RootDatabase;
  private readonly entries: Database<UnitEntry, number>;
  private readonly keys: Database<{ readonly sequence: number; readonly meaning: string }, string>;
  private readonly balances: Database<number, BalanceKey>;
  private readonly meta: Database<UnitsHead, string>;

  constructor(root: RootDatabase) {
    this.root = root;
    this.entries = root.openDB({ name: 'units-entries', encoding: 'msgpack' });
    this.keys = root.openDB({ name: 'units-keys', encoding: 'msgpack' });
    this.balances = root.openDB({ name: 'units-balances', encoding: 'msgpack' });
    this.meta = root.openDB({ name: 'units-meta', encoding: 'msgpack' });
  }

  /** Books postings in one transaction (or the caller's): all of them, or none. Returns how many were new. Throws UnitsError. */
  post(postings: readonly UnitPosting[]): number {
    let made = 0;
    // A block body: a returned promise would make lmdb take it for an asynchronous transaction.
    this.root.transactionSync(() => {
      made = this.book(postings);
    });
    return made;
  }

  /** Units of an ISIN in an account. */
  units(account: string, isin: string): number {
    return this.balances?.get([account, isin]) ?? 0;
  }

  /** Every balance that is not zero, of accounts that begin with `prefix`, in order. */
  *balancesOf(prefix = ''): Generator<{ readonly account: string; readonly isin: string; readonly units: number }> {
    if (this.balances === undefined) return;
    for (const { key, value } of this.balances.getRange({ start: [prefix, ''], end: [`${prefix}\uffff`, ''] }))
      if (value !== 0) yield { account: key[0], isin: key[1], units: value };
  }

  /** What the depository holds for clients by client, then ISIN: units in all their states. */
  dematHoldings(): Map<string, Map<string, number>> {
    const found = new Map<string, Map<string, number>>();
    for (const { account, isin, units } of this.balancesOf()) {
      const client = clientOf(account);
      if (client === '') continue;
      const held = found.get(client) ?? new Map<string, number>();
      held.set(isin, (held.get(isin) ?? 0) + units);
      found.set(client, held);
    }
    return found;
  }

  /** The entry a key made; undefined when the key is not known. */
  entryOf(key: string): UnitEntry | undefined {
    const known = this.keys?.get(key);
    return known === undefined ? undefined : this.entries.get(known.sequence);
  }

  get head(): UnitsHead {
    return this.meta?.get(HEAD) ?? GENESIS;
  }

  /** Hex SHA-256 over all balances in order: equal balances, equal root. */
  root256(): string {
    const hash = createHash('sha256');
    for (const { account, isin, units } of this.balancesOf()) hash.update(`${account} ${isin} ${units}\n`);
    return hash.digest('hex');
  }

  /** Books everything anew from the journal and compares: what differs, in words; nothing when all is well. */
  verify(): string[] {
    const found: string[] = [];
    const folded = new Map<string, number>();
    let { sequence, hash } = GENESIS;
    for (const { value } of this.entries.getRange({})) {
      sequence += 1;
      if (value.sequence !== sequence) found.push(`entry ${value.sequence} stands where entry ${sequence} should`);
      hash = chained(hash, value);
      for (const { isin, from, to, units } of value.moves) {
        folded.set(`${from} ${isin}`, (folded.get(`${from} ${isin}`) ?? 0) - units);
        folded.set(`${to} ${isin}`, (folded.get(`${to} ${isin}`) ?? 0) + units);
      }
    }
    if (this.head.sequence !== sequence || this.head.hash !== hash) found.push('the head is not that of the journal');
    const sums = new Map<string, number>();
    for (const { account, isin, units } of this.balancesOf()) {
      sums.set(isin, (sums.get(isin) ?? 0) + units);
      if (folded.get(`${account} ${isin}`) !== units) found.push(`${account} ${isin}: ${units} units stored`);
      folded.delete(`${account} ${isin}`);
    }
    for (const [name, units] of folded) if (units !== 0) found.push(`${name}: ${units} units by the journal, none stored`);
    for (const [isin, sum] of sums) if (sum !== 0) found.push(`${isin}: sums to ${sum} units, not to zero`);
    return found;
  }

  private book(postings: readonly UnitPosting[]): number {
    let { sequence, hash } = this.head;
    const before = sequence;
    for (const posting of postings) {
      checkPosting(posting);
      const meaning = meaningOf(posting);
      const known = this.keys.get(posting.key);
      if (known !== undefined && known.meaning !== meaning) throw new UnitsError(`${posting.key}: the key stands for other moves`);
      if (known !== undefined || posting.moves.length === 0) continue;
      for (const move of posting.moves) this.apply(posting, move);
      sequence += 1;
      const entry: UnitEntry = { ...posting, sequence };
      hash = chained(hash, entry);
      this.entries.putSync(sequence, entry);
      this.keys.putSync(posting.key, { sequence, meaning });
    }
    if (sequence > before) this.meta.putSync(HEAD, { sequence, hash });
    return sequence - before;
  }

  private apply({ key }: UnitPosting, { isin, from, to, units }: UnitMove): void {
    const [left, right] = [this.units(from, isin) - units, this.units(to, isin) + units];
    if (left < 0 && unitPlace(from)?.signed !== true) throw new UnitsError(`${key}: ${from} has ${left + units} units of ${isin}, not ${units}`);
    assert(Number.isSafeInteger(left) && Number.isSafeInteger(right), 'units must stay whole and countable');
    this.balances.putSync([from, isin], left);
    this.balances.putSync([to, isin], right);
  }
}

function checkPosting({ key, kind, moves }: UnitPosting): void {
  if (!KEY.test(key)) throw new UnitsError(`key ${JSON.stringify(key)?.slice(0, 60)}: 1 to 160 printable characters are needed`);
  if (!UNIT_KINDS.includes(kind)) throw new UnitsError(`${key}: ${JSON.stringify(kind)} is not a kind of posting`);
  for (const { isin, from, to, units } of moves) {
    if (!isIsin(isin)) throw new UnitsError(`${key}: ${JSON.stringify(isin)} is not an ISIN`);
    for (const account of [from, to]) if (unitPlace(account) === undefined) throw new UnitsError(`${key}: ${account} is not a place of units`);
    if (from === to) throw new UnitsError(`${key}: moves from ${from} to itself`);
    if (!Number.isSafeInteger(units) || units <= 0) throw new UnitsError(`${key}: ${units} is not a whole number of units above zero`);
  }
}

const textOf = ({ kind, moves }: UnitPosting): string =>
  `${kind} ${moves.map(({ isin, from, to, units }) => `${isin} ${from} ${to} ${units}`).join('\n')}`;
const meaningOf = (posting: UnitPosting): string => createHash('sha256').update(textOf(posting)).digest('hex');
const chained = (hash: string, entry: UnitEntry): string =>
  createHash('sha256')
    .update(`${hash} ${entry.sequence} ${entry.key} ${entry.date} ${textOf(entry)}`)
    .digest('hex');
