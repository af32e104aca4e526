// Instructions about securities to the clearing corporation: early pay-in, units a client has not paid for, the pay-out. A pay-out leaves the
// clearing corporation's and the depository's files of it, and the auction of what was short.
import { BusinessCalendar } from '../calendar/business-calendar.ts';
import { SAME_DAY_TYPE, settlementDateOf, settlementWindow } from '../calendar/settlement-windows.ts';
import { FILE_NAMES, type FileRoleName, PAY_OUT_ROLES, pathOf } from '../ports/file-names.ts';
import type { MoneyBooks } from './bank-money.ts';
import { type AuctionOutcome, DELIVERY_COLUMNS, holdAuction, netOf, settlementCells, valuationRows } from './clearing-auction.ts';
import type { ClearingUnits, PaidOut } from './clearing-units.ts';
import type { DepositoryBooks, UnitRow } from './depository-books.ts';
import { type Decision, type Desk, decided, unitRows } from './depository-desk.ts';
import type { FaultSwitches } from './faults.ts';
import type { FileTree } from './file-tree.ts';
import { csvText, fileBytes, type Row } from './files/csv-text.ts';
import type { SeenTrade } from './files/evening-files.ts';
import type { ShortDelivery } from './files/margin-files.ts';
import type { CorporateAction } from './files/morning-lists.ts';
import type { MarketDay } from './market-day.ts';
import { POOL_ACCOUNTS, type PoolLine, poolOf } from './pool-books.ts';

/** Columns of the depository's list of credits of a settlement. */
const CREDIT_COLUMNS: readonly string[] = ['SttlmTp', 'SctiesSttlmTxId', 'ClntId', 'BnfcryAcct', 'ISIN', 'Qty', 'UnpdQty'];

/** Columns of the depository's statement of units. */
const STATEMENT_COLUMNS: readonly string[] = ['ClntId', 'ISIN', 'FreeQty', 'PldgdQty', 'BlckdQty', 'UnpdQty', 'MtfQty'];

/** Columns of the depository's statement of the broker's pool accounts. */
const POOL_COLUMNS: readonly string[] = ['BnfcryAcct', 'SttlmTp', 'SctiesSttlmTxId', 'ISIN', 'Qty'];

/** What the desk works with. */
export interface ClearingDeskParts {
  readonly units: ClearingUnits;
  readonly depository: DepositoryBooks;
  readonly faults: FaultSwitches;
  readonly tree: FileTree;
  /** Where an auction's money is owed, if money is played. */
  readonly money?: MoneyBooks | undefined;
}

/** See the file's head; auctions by settlement, as far as they were held. */
export class ClearingDesk {
  readonly auctions: Map<string, AuctionOutcome> = new Map();
  private readonly parts: ClearingDeskParts;
  /** Trade day of a settlement. */
  private readonly days = new Map<string, MarketDay>();
  /** Days that began, by date, with their corporate actions. */
  private readonly traded = new Map<string, { readonly day: MarketDay; readonly actions: readonly CorporateAction[] }>();
  private readonly held = new Set<string>();
  private readonly credited = new Set<string>();

  constructor(parts: ClearingDeskParts) {
    this.parts = parts;
  }

  /** The morning of a day, and the shares that go ex on it. */
  beginDay(day: MarketDay, actions: readonly CorporateAction[] = []): void {
    this.traded.set(day.date, { day, actions });
    this.parts.units.beginDay(day);
  }

  /** Takes in the cash trades of a day, or those of its T+0 session. */
  openDay(day: MarketDay, trades: readonly SeenTrade[], settled: 'CM' | 'T0' = 'CM'): void {
    this.days.set(this.parts.units.openDay(day, trades, settled), day);
  }

  /** Decides an instruction; undefined for what is not about securities. */
  readonly decide: Desk = (request) => {
    const { units } = this.parts;
    const settlement = String(request['settlement'] ?? '');
    const rowByRow = (work: (row: UnitRow) => string | undefined): Decision => ({
      answer: { rows: unitRows(request['rows']).map((row) => decided(row, work(row))) },
    });
    switch (request['kind']) {
      case 'early-pay-in':
        return rowByRow((row) => units.earlyPayIn(settlement, row.client, row.isin, row.units));
      case 'unpaid':
        return rowByRow((row) => units.markUnpaid(settlement, row.client, row.isin, row.units));
      case 'pay-out':
        return settlement.startsWith('A') ? this.creditAuctions(settlement, unitRows(request['rows'])) : this.payOut(settlement);
      default:
        return undefined;
    }
  };

  /** Units bought in for a client and not credited yet, by ISIN. */
  boughtFor(client: string): Map<string, number> {
    const found = new Map<string, number>();
    for (const { settlement, credits } of this.auctions.values())
      for (const one of credits)
        if (one.client === client && !this.credited.has(`${settlement}|${client}|${one.isin}`))
          found.set(one.isin, (found.get(one.isin) ?? 0) + one.units);
    return found;
  }

  /**
   * What clients have sold before a date and not delivered, with the minute of the date from which it asks no margin: that of its pay-out, never
   * where that is on a later day.
   */
  undeliveredOn(date: string): ShortDelivery[] {
    const calendar = new BusinessCalendar();
    return [...this.days].flatMap(([settlement, day]) => {
      if (day.date >= date) return [];
      const window = settlementWindow(settlement.slice(0, 1), day.date, calendar);
      if (window.date < date) return [];
      const until = window.date === date ? window.payOutBy : Number.POSITIVE_INFINITY;
      return this.parts.units.undelivered(settlement).map(({ client, token, units }) => ({ client, token, units, until }));
    });
  }

  private payOut(settlement: string): Decision {
    const { units } = this.parts;
    const [day, made] = [this.days.get(settlement), units.payOut(settlement)];
    if (day === undefined || made === undefined) return { refused: `there is no settlement ${settlement}` };
    if (!this.held.has(settlement)) {
      this.held.add(settlement);
      this.offerPayOut(day, settlement, made);
      if (made.shortages.length > 0) this.hold(this.auction(day, settlement, made));
    }
    return { answer: { rows: made.rows.length, units: made.rows.reduce((sum, row) => sum + row.units, 0), shortages: made.shortages.length } };
  }

  /** Holds the auction of a day's shortages by what was traded, and who went ex, until then. */
  private auction(day: MarketDay, settlement: string, made: PaidOut): AuctionOutcome {
    const held = new BusinessCalendar().settlementDay(day.date, 1);
    const after = [...this.traded].filter(([date]) => date > day.date && date <= held).sort(([a], [b]) => (a < b ? -1 : 1));
    const acting = new Set(after.flatMap(([, { actions }]) => actions.map(({ isin }) => isin)));
    return holdAuction([day, ...after.map(([, one]) => one.day)], settlement, made, this.parts.faults, acting);
  }

  /** Takes an auction's outcome in; auctions of one day are one settlement. */
  private hold(auction: AuctionOutcome): void {
    const before = this.auctions.get(auction.settlement);
    const whole = { ...auction, rows: [...(before?.rows ?? []), ...auction.rows], credits: [...(before?.credits ?? []), ...auction.credits] };
    this.auctions.set(auction.settlement, whole);
    this.offer('auction-cm', auction.held, csvText(DELIVERY_COLUMNS, whole.rows));
    this.parts.money?.change(({ clearing }) => clearing.oblige('NCL', auction.settlement, netOf(whole.rows)));
  }

  /** Credits units bought in, row by row, and says to which account they went. */
  private creditAuctions(settlement: string, rows: readonly UnitRow[]): Decision {
    const answered = rows.map((row) => ({
      ...decided(row, this.creditAuction(settlement, row)),
      bo: this.parts.depository.payOutAccount(row.client, false),
    }));
    return { answer: { rows: answered } };
  }

  /** Credits units bought in for a client, once; the reason when there are none for it. */
  private creditAuction(settlement: string, { client, isin, units }: UnitRow): string | undefined {
    const key = `${settlement}|${client}|${isin}`;
    const bought = this.auctions.get(settlement)?.credits.filter((one) => one.client === client && one.isin === isin) ?? [];
    if (this.credited.has(key) || bought.reduce((sum, one) => sum + one.units, 0) !== units) return 'no such units were bought in';
    this.credited.add(key);
    const { depository } = this.parts;
    const pool = poolOf(depository.payOutAccount(client, false));
    if (pool === undefined) depository.credit(settlement, { client, isin }, units, 0);
    else depository.pool.receive({ depository: pool, settlement, client, isin, units });
    return undefined;
  }

  private offerPayOut(day: MarketDay, settlement: string, made: PaidOut): void {
    const settled = settlement.startsWith(SAME_DAY_TYPE) ? 'T0' : 'CM';
    const DueDt = settlementDateOf(settled, day.date, new BusinessCalendar());
    const cells = settlementCells(settlement);
    const rows: Row[] = made.rows.map(({ client, bo, isin, symbol, units, unpaid }) => ({
      ...cells,
      ClntId: client,
      TckrSymb: symbol,
      ISIN: isin,
      QtyORShrtQty: units,
      UnpdQty: unpaid,
      BnfcryAcct: bo,
      TxInd: 'DPO',
      TxTp: 'O',
      DueDt,
    }));
    for (const { client, symbol, isin, units, side } of made.shortages) {
      const shortage = { ...cells, ClntId: client, TckrSymb: symbol, ISIN: isin, QtyORShrtQty: units, DueDt };
      rows.push({ ...shortage, TxInd: side === 'internal' ? 'INT' : 'SHT', TxTp: side === 'payOut' ? 'O' : 'I' });
    }
    const { payOut, credits, units, pool } = PAY_OUT_ROLES[settled];
    this.offer(payOut, day.date, csvText(DELIVERY_COLUMNS, [...rows, ...valuationRows(day, settlement, made)]));
    this.offer(credits, day.date, csvText(CREDIT_COLUMNS, this.credits(settlement)));
    this.offer(units, day.date, csvText(STATEMENT_COLUMNS, this.statement()));
    this.offer(pool, day.date, csvText(POOL_COLUMNS, this.poolRows(this.parts.depository.pool.lines)));
  }

  /** All units at the depositories as they are now. */
  private statement(): Row[] {
    const sum = (by: ReadonlyMap<string, number>): number => [...by.values()].reduce((all, each) => all + each, 0);
    const { lines, funded } = this.parts.depository;
    return [...lines].flatMap(([ClntId, held]) =>
      [...held].map(([ISIN, { free, pledged, blocked, unpaid }]) => ({
        ClntId,
        ISIN,
        FreeQty: free,
        PldgdQty: pledged,
        BlckdQty: sum(blocked),
        UnpdQty: sum(unpaid),
        MtfQty: funded.units(ClntId, ISIN),
      })),
    );
  }

  /** What the depository credited in a settlement, by account. */
  private credits(settlement: string): Row[] {
    const { depository } = this.parts;
    const pooled = this.poolRows(depository.pool.credits(settlement)).map((row) => ({ ...row, ClntId: '', UnpdQty: 0 }));
    const own = depository.credits(settlement).map(({ client, isin, units, unpaid }) => ({
      ...settlementCells(settlement),
      ClntId: client,
      BnfcryAcct: depository.accounts.get(client)?.bo ?? '',
      ISIN: isin,
      Qty: units,
      UnpdQty: unpaid,
    }));
    return [...own, ...pooled];
  }

  /** Lines of the pools by account, settlement and share: the account is the broker's, so no client stands there. */
  private poolRows(lines: readonly PoolLine[]): Row[] {
    const sums = new Map<string, { readonly line: PoolLine; units: number }>();
    for (const line of lines) {
      const key = `${line.depository} ${line.settlement} ${line.isin}`;
      const sum = sums.get(key) ?? { line, units: 0 };
      sum.units += line.units;
      sums.set(key, sum);
    }
    return [...sums.values()].map(({ line: { depository, settlement, isin }, units }) => ({
      ...settlementCells(settlement),
      BnfcryAcct: POOL_ACCOUNTS[depository],
      ISIN: isin,
      Qty: units,
    }));
  }

  private offer(role: FileRoleName, date: string, text: string): void {
    const before = new BusinessCalendar().tradedBefore(date);
    const path = pathOf(role, date, before);
    this.parts.tree.offer(path, fileBytes(FILE_NAMES[role].name(date, before), text));
  }
}
