// The depositories' own books: every client's demat account at CDSL or NSDL, what in it is free, pledged, blocked for a settlement or pledged as
// unpaid, and what members delivered to the clearing corporation. Moves units only as an instruction says and only if they are there; knows nothing
// of our books.
import { type CorporateAction, unitsAfter } from './files/morning-lists.ts';
import { FundedBooks } from './funded-books.ts';
import type { MarketDay } from './market-day.ts';
import { type DepositoryName, POOL_ACCOUNTS, PoolBooks } from './pool-books.ts';

/** A demat account. */
export interface DematAccount {
  readonly client: string;
  readonly depository: DepositoryName;
  /** CDSL: 16 digits. NSDL: IN and 6 digits of the participant, 8 digits of the client. */
  readonly bo: string;
}

/** Units of one ISIN in one demat account. */
export interface DematLine {
  free: number;
  pledged: number;
  /** By settlement ("M2026224"). */
  readonly blocked: Map<string, number>;
  /** Pledged to the unpaid securities account, by settlement. */
  readonly unpaid: Map<string, number>;
}

/** One client's units of one ISIN in an instruction. */
export interface UnitRow {
  readonly client: string;
  readonly bo: string;
  readonly isin: string;
  readonly units: number;
}

/** Units credited to a client's account; `unpaid` of them pledged as unpaid. */
export interface Credit {
  readonly client: string;
  readonly isin: string;
  readonly units: number;
  readonly unpaid: number;
}

const CDSL_PARTICIPANT = '12090001';
const NSDL_PARTICIPANT = 'IN300999';
const ACCOUNT_DIGITS = 8;

/** See the file's head. */
export class DepositoryBooks {
  readonly accounts: ReadonlyMap<string, DematAccount>;
  /** By client, then ISIN. */
  readonly lines: Map<string, Map<string, DematLine>> = new Map();
  /** Units with the clearing corporation by `settlement|client|isin`. */
  readonly atClearing: Map<string, number> = new Map();
  /** The broker's pool accounts. */
  readonly pool: PoolBooks = new PoolBooks();
  /** Units bought with the member's funding. */
  readonly funded: FundedBooks = new FundedBooks();
  /** Clients whose account takes nothing in. */
  readonly closed: Set<string> = new Set();
  private readonly credited: { readonly settlement: string; readonly credit: Credit }[] = [];

  /** Opens with what clients hold after the day's corporate actions; units of the day before's pay-out are in. */
  constructor(day: MarketDay, actions: readonly CorporateAction[]) {
    this.accounts = new Map(day.clients.map(({ account }, at) => [account, dematAccount(account, at)]));
    for (const { account, holdings, fundedLots = [] } of day.clients) {
      for (const { token, boughtOn, units, pledged } of fundedLots) {
        const isin = day.sharesBefore.get(token)?.isin;
        if (isin === undefined) continue;
        this.line(account, isin);
        this.funded.add(account, isin, `${boughtOn}`, units - pledged, pledged);
      }
      for (const { token, free, pledged, t1 } of holdings) {
        const isin = day.sharesBefore.get(token)?.isin;
        if (isin === undefined) continue;
        const line = this.line(account, isin);
        const after = (units: number): number => unitsAfter(actions, token, units);
        line.free += after(free) + after(t1);
        line.pledged += after(pledged);
      }
    }
    for (const action of actions) this.funded.adjust(action);
  }

  /** Corporate actions of a day, in its evening, when what was traded before has settled: units in accounts become what they are after them. */
  adjust(actions: readonly CorporateAction[]): void {
    for (const action of actions) this.funded.adjust(action);
    for (const action of actions) this.pool.adjust(action.isin, (units) => unitsAfter([action], action.token, units));
    for (const held of this.lines.values()) {
      for (const action of actions) {
        const line = held.get(action.isin);
        if (line === undefined) continue;
        line.free = unitsAfter([action], action.token, line.free);
        line.pledged = unitsAfter([action], action.token, line.pledged);
        for (const [settlement, units] of line.unpaid) line.unpaid.set(settlement, unitsAfter([action], action.token, units));
      }
    }
  }

  /** The units of an ISIN in an account, opened when it has none. */
  line(client: string, isin: string): DematLine {
    const held = this.lines.get(client) ?? new Map<string, DematLine>();
    this.lines.set(client, held);
    const line = held.get(isin) ?? { free: 0, pledged: 0, blocked: new Map(), unpaid: new Map() };
    held.set(isin, line);
    return line;
  }

  /** Why units of a row cannot be taken from its account; undefined when the account is the client's. */
  wrongAccount({ client, bo }: UnitRow): string | undefined {
    const account = this.accounts.get(client);
    if (account === undefined) return 'there is no such client here';
    return account.bo === bo ? undefined : "the account is not the client's";
  }

  /** Blocks free units for a settlement; the reason when it cannot. */
  block(settlement: string, row: UnitRow): string | undefined {
    const line = this.line(row.client, row.isin);
    if (line.free < row.units) return `insufficient balance: ${line.free} free`;
    line.free -= row.units;
    add(line.blocked, settlement, row.units);
    return undefined;
  }

  /** Frees blocked units of a settlement; the reason when it cannot. */
  unblock(settlement: string, row: UnitRow): string | undefined {
    const line = this.line(row.client, row.isin);
    if ((line.blocked.get(settlement) ?? 0) < row.units) return 'not blocked for this settlement';
    add(line.blocked, settlement, -row.units);
    line.free += row.units;
    return undefined;
  }

  /** Frees units pledged as unpaid, for the client (`to` empty) or into the block of a settlement they were sold in. */
  release(settlement: string, to: string, row: UnitRow): string | undefined {
    const line = this.line(row.client, row.isin);
    if ((line.unpaid.get(settlement) ?? 0) < row.units) return 'not pledged as unpaid in this settlement';
    add(line.unpaid, settlement, -row.units);
    if (to === '') line.free += row.units;
    else add(line.blocked, to, row.units);
    return undefined;
  }

  /** Sets free units up to be pledged to the member's funding account; the reason when it cannot. */
  fund(lot: string, row: UnitRow): string | undefined {
    const line = this.line(row.client, row.isin);
    if (line.free < row.units) return `insufficient balance: ${line.free} free`;
    line.free -= row.units;
    this.funded.add(row.client, row.isin, lot, row.units);
    return undefined;
  }

  /** Releases units of a lot from the funding account, for the client (`to` empty) or into the block of a settlement they were sold in. */
  unfund(lot: string, to: string, row: UnitRow): string | undefined {
    if (!this.funded.take(row.client, row.isin, lot, row.units)) return 'not pledged to the funding account in this lot';
    const line = this.line(row.client, row.isin);
    if (to === '') line.free += row.units;
    else add(line.blocked, to, row.units);
    return undefined;
  }

  /** Moves everything blocked for a settlement at one depository to the clearing corporation. Returns what moved. */
  deliver(settlement: string, depository: string): { readonly rows: number; readonly units: number } {
    let [rows, units] = [0, 0];
    for (const [client, held] of this.lines) {
      if (this.accounts.get(client)?.depository !== depository) continue;
      for (const [isin, line] of held) {
        const moved = line.blocked.get(settlement) ?? 0;
        if (moved === 0) continue;
        line.blocked.delete(settlement);
        add(this.atClearing, `${settlement}|${client}|${isin}`, moved);
        rows += 1;
        units += moved;
      }
    }
    for (const line of this.pool.deliver(settlement, depository)) {
      add(this.atClearing, `${settlement}|${line.client}|${line.isin}`, line.units);
      rows += 1;
      units += line.units;
    }
    return { rows, units };
  }

  /** The account that units paid out for a client go to: the client's own, or the broker's pool account when that takes none. */
  payOutAccount(client: string, isOwnRefused: boolean): string {
    const own = this.accounts.get(client);
    return own === undefined || this.closed.has(client) || isOwnRefused ? POOL_ACCOUNTS[own?.depository ?? 'CDSL'] : own.bo;
  }

  /** Passes units on from the pool to the client's account, free or pledged as unpaid; the reason when it cannot. */
  passOn(settlement: string, depository: DepositoryName, row: UnitRow, isUnpaid: boolean): string | undefined {
    if (this.closed.has(row.client)) return 'the account is closed';
    const refused = this.wrongAccount(row) ?? this.pool.take({ depository, settlement, client: row.client, isin: row.isin, units: row.units });
    if (refused !== undefined) return refused;
    const line = this.line(row.client, row.isin);
    if (isUnpaid) add(line.unpaid, settlement, row.units);
    else line.free += row.units;
    return undefined;
  }

  /** The clearing corporation credits a client's account: free, or pledged to the unpaid securities account. */
  credit(settlement: string, row: Pick<UnitRow, 'client' | 'isin'>, free: number, unpaid: number): void {
    const line = this.line(row.client, row.isin);
    line.free += free;
    if (unpaid > 0) add(line.unpaid, settlement, unpaid);
    this.credited.push({ settlement, credit: { client: row.client, isin: row.isin, units: free + unpaid, unpaid } });
  }

  /** Credits of a settlement, in order. */
  credits(settlement: string): Credit[] {
    return this.credited.filter((one) => one.settlement === settlement).map(({ credit }) => credit);
  }

  /** All units of clients by client and ISIN, in all their states. */
  holdings(): Map<string, Map<string, number>> {
    const sum = (line: DematLine): number => line.free + line.pledged + total(line.blocked) + total(line.unpaid);
    const all = (client: string, isin: string, line: DematLine): number => sum(line) + this.funded.units(client, isin);
    return new Map([...this.lines].map(([client, held]) => [client, new Map([...held].map(([isin, line]) => [isin, all(client, isin, line)]))]));
  }
}

const total = (by: ReadonlyMap<string, number>): number => [...by.values()].reduce((sum, each) => sum + each, 0);

function add(by: Map<string, number>, key: string, units: number): void {
  const after = (by.get(key) ?? 0) + units;
  if (after === 0) by.delete(key);
  else by.set(key, after);
}

/** Clients are at CDSL and NSDL by turns. */
function dematAccount(client: string, at: number): DematAccount {
  const number = String(at + 1).padStart(ACCOUNT_DIGITS, '0');
  return at % 2 === 0
    ? { client, depository: 'CDSL', bo: `${CDSL_PARTICIPANT}${number}` }
    : { client, depository: 'NSDL', bo: `${NSDL_PARTICIPANT}${number}` };
}
