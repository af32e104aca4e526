// The clearing corporation's own books of securities: what each client owes or gets in a settlement by the trades the exchange saw, what was delivered, what it
// paid out straight to demat accounts, who was short and what the auction made of it. The market is served before the member's own buyers; of those, small
// claims before large ones. Knows nothing of our books.
import { SETTLED_IN } from '../graph/node-row.ts';
import type { DepositoryBooks } from './depository-books.ts';
import type { FaultSwitches } from './faults.ts';
import { sharesDue } from './files/ended-contracts.ts';
import type { SeenTrade } from './files/evening-files.ts';
import { type MarketDay, settlementOfDay, shareIn } from './market-day.ts';
import { poolOf } from './pool-books.ts';

/** One client's units of one ISIN in a settlement. */
export interface ClientDue {
  readonly client: string;
  readonly token: number;
  readonly isin: string;
  readonly symbol: string;
  /** Net units: above zero the client gets, below it delivers. */
  net: number;
}

/** Units that did not come, and whose they were. */
export interface SettlementShortage {
  readonly client: string;
  readonly isin: string;
  readonly symbol: string;
  readonly token: number;
  readonly units: number;
  /** payIn: the client did not deliver to the market; internal: to another client of the member; payOut: the client did not get them. */
  readonly side: 'payIn' | 'internal' | 'payOut';
}

/** One credit of a pay-out as the clearing corporation reports it. */
export interface PayOutRow {
  readonly client: string;
  readonly bo: string;
  readonly isin: string;
  readonly symbol: string;
  readonly units: number;
  /** Units of it pledged to the unpaid securities account. */
  readonly unpaid: number;
}

/** A settlement that was paid out. */
export interface PaidOut {
  readonly rows: readonly PayOutRow[];
  readonly shortages: readonly SettlementShortage[];
}

/** See the file's head. */
export class ClearingUnits {
  /** By settlement ("M2026224"), then `client|isin`. */
  readonly dues: Map<string, Map<string, ClientDue>> = new Map();
  /** Early pay-in booked, by `settlement|client|isin`. */
  readonly earlyPayIns: Map<string, number> = new Map();
  readonly paidOut: Map<string, PaidOut> = new Map();
  /** Settlements whose trading is not over: what clients will owe in them nobody knows yet. */
  private readonly trading = new Set<string>();
  private readonly unpaidMarks = new Map<string, number>();
  private readonly depository: DepositoryBooks;
  private readonly faults: FaultSwitches;

  constructor(depository: DepositoryBooks, faults: FaultSwitches) {
    this.depository = depository;
    this.faults = faults;
  }

  /** The morning of a day: early pay-in in its settlement is taken as it comes. */
  beginDay(day: MarketDay): void {
    this.trading.add(nameOf(day.date, 'CM'));
  }

  /** Takes in the cash trades of a day, and what its expired contracts deliver; or those of its T+0 session. Returns their settlement. */
  openDay(day: MarketDay, trades: readonly SeenTrade[], settled: 'CM' | 'T0' = 'CM'): string {
    const settlement = nameOf(day.date, settled);
    const dues = new Map<string, ClientDue>();
    const add = (client: string, { token, isin, symbol }: Pick<ClientDue, 'token' | 'isin' | 'symbol'>, units: number): void => {
      const due = dues.get(`${client}|${isin}`) ?? { client, token, isin, symbol, net: 0 };
      due.net += units;
      dues.set(`${client}|${isin}`, due);
    };
    for (const { segment, token, client, side, quantity, cancelled } of trades) {
      const share = SETTLED_IN[segment] === settled ? shareIn(day, segment, token) : undefined;
      if (cancelled !== true && share !== undefined) add(client, share, side === 'B' ? quantity : -quantity);
    }
    for (const { client, share, units } of settled === 'CM' ? sharesDue(day, trades) : []) add(client, share, units);
    this.dues.set(settlement, dues);
    this.trading.delete(settlement);
    for (const [key, units] of this.earlyPayIns) {
      const [of, due] = [key.slice(0, key.indexOf('|')), key.slice(key.indexOf('|') + 1)];
      // What is not owed after all is early pay-in no more, and the member may have it unblocked.
      if (of === settlement) this.earlyPayIns.set(key, Math.min(units, Math.max(0, -(dues.get(due)?.net ?? 0))));
    }
    return settlement;
  }

  /** Books early pay-in of blocked units; the reason when it does not. */
  earlyPayIn(settlement: string, client: string, isin: string, units: number): string | undefined {
    const key = `${settlement}|${client}|${isin}`;
    const all = (this.earlyPayIns.get(key) ?? 0) + units;
    const owed = Math.max(0, -(this.dues.get(settlement)?.get(`${client}|${isin}`)?.net ?? 0));
    if (!this.trading.has(settlement) && owed < all) return `owes ${owed} units in this settlement`;
    if ((this.depository.line(client, isin).blocked.get(settlement) ?? 0) < all) return 'not blocked at the depository';
    this.earlyPayIns.set(key, all);
    return undefined;
  }

  /** Notes that a member's client has not paid for units of a settlement; the reason when it does not. */
  markUnpaid(settlement: string, client: string, isin: string, units: number): string | undefined {
    if (this.paidOut.has(settlement)) return 'the settlement is paid out';
    const due = Math.max(0, this.dues.get(settlement)?.get(`${client}|${isin}`)?.net ?? 0);
    if (due < units) return `gets ${due} units in this settlement`;
    this.unpaidMarks.set(`${settlement}|${client}|${isin}`, units);
    return undefined;
  }

  /** Pays a settlement out, once. Undefined when it has no such settlement. */
  payOut(settlement: string): PaidOut | undefined {
    const dues = this.dues.get(settlement);
    if (dues === undefined) return undefined;
    const known = this.paidOut.get(settlement);
    if (known !== undefined) return known;
    const [rows, shortages]: [PayOutRow[], SettlementShortage[]] = [[], []];
    const isins = [...new Set([...dues.values()].map(({ isin }) => isin))].sort();
    for (const isin of isins)
      this.payOutIsin(
        settlement,
        [...dues.values()].filter((due) => due.isin === isin && due.net !== 0),
        { rows, shortages },
      );
    const made = { rows, shortages };
    this.paidOut.set(settlement, made);
    for (const row of rows) this.creditAccount(settlement, row);
    return made;
  }

  /** Units sellers of a settlement have not delivered: as its pay-out found, before it what is not at the clearing corporation or blocked for it. */
  undelivered(settlement: string): Omit<SettlementShortage, 'side'>[] {
    const paid = this.paidOut.get(settlement);
    if (paid !== undefined) return paid.shortages.filter(({ side }) => side !== 'payOut');
    return [...(this.dues.get(settlement)?.values() ?? [])].flatMap((due) => {
      const blocked = this.depository.line(due.client, due.isin).blocked.get(settlement) ?? 0;
      const units = -due.net - blocked - this.delivered(settlement, due);
      return units > 0 ? [{ ...claim(due), units }] : [];
    });
  }

  private delivered(settlement: string, { client, isin }: ClientDue): number {
    return this.depository.atClearing.get(`${settlement}|${client}|${isin}`) ?? 0;
  }

  private payOutIsin(settlement: string, dues: readonly ClientDue[], made: { rows: PayOutRow[]; shortages: SettlementShortage[] }): void {
    const sellers = dues.filter(({ net }) => net < 0);
    const buyers = dues.filter(({ net }) => net > 0).sort((a, b) => a.net - b.net || (a.client < b.client ? -1 : 1));
    const [sold, bought] = [sellers.reduce((sum, { net }) => sum - net, 0), buyers.reduce((sum, { net }) => sum + net, 0)];
    let internal = Math.min(
      bought,
      sold,
      sellers.reduce((sum, due) => sum - due.net - this.delivered(settlement, due), 0),
    );
    let left = bought - internal;
    for (const due of sellers) {
      const short = -due.net - this.delivered(settlement, due);
      const ours = Math.min(short, internal);
      internal -= ours;
      if (ours > 0) made.shortages.push({ ...claim(due), units: ours, side: 'internal' });
      if (short > ours) made.shortages.push({ ...claim(due), units: short - ours, side: 'payIn' });
    }
    for (const due of buyers) {
      const owed = Math.min(left, due.net);
      const units = owed > 1 && this.faults.play('market-short') ? owed >> 1 : owed;
      left -= owed;
      if (units < due.net) made.shortages.push({ ...claim(due), units: due.net - units, side: 'payOut' });
      if (units === 0) continue;
      const bo = this.depository.payOutAccount(due.client, this.faults.play('account-closed'));
      // What comes into the pool is not pledged there: the broker pledges it when it passes it on.
      const isPooled = poolOf(bo) !== undefined;
      const unpaid = isPooled ? 0 : Math.min(units, this.unpaidMarks.get(`${settlement}|${due.client}|${due.isin}`) ?? 0);
      made.rows.push({
        client: due.client,
        bo,
        isin: due.isin,
        symbol: due.symbol,
        units,
        unpaid,
      });
    }
  }

  /** What the depository does with a credit: as told, but for the faults of the way there. */
  private creditAccount(settlement: string, row: PayOutRow): void {
    if (this.faults.play('credit-missing')) return;
    const depository = poolOf(row.bo);
    if (depository !== undefined) {
      this.depository.pool.receive({ depository, settlement, client: row.client, isin: row.isin, units: row.units });
      return;
    }
    const other = this.faults.play('credit-elsewhere') ? [...this.depository.accounts.keys()].find((client) => client !== row.client) : undefined;
    this.depository.credit(settlement, { client: other ?? row.client, isin: row.isin }, row.units - row.unpaid, row.unpaid);
  }
}

const claim = ({ client, isin, symbol, token }: ClientDue): Omit<SettlementShortage, 'units' | 'side'> => ({ client, isin, symbol, token });

/** "M2026224", "52026224". */
function nameOf(date: string, settled: 'CM' | 'T0'): string {
  const { type, number } = settlementOfDay(date, settled);
  return `${type}${number}`;
}
