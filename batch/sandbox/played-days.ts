// The days a sandbox plays, one after the other, over the same books: a morning offers the files of its day, an evening those that follow from the
// trades. A day that follows another begins with what clients have by these books, whatever its own files make up.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SAME_DAY_TYPE } from '../calendar/settlement-windows.ts';
import type { MoneyBooks } from './bank-money.ts';
import { carriedClients } from './carried-clients.ts';
import { Counterparties } from './counterparties.ts';
import { offerDemat, openUnitBooks, type UnitBooks } from './depository-doors.ts';
import type { FaultSwitches } from './faults.ts';
import type { FileTree } from './file-tree.ts';
import { fundsBySettlement, readSeenTrades, type SeenTrade } from './files/evening-files.ts';
import { type CorporateAction, corporateActions, marginInFull } from './files/morning-lists.ts';
import { pledgedWorth } from './files/pledged-worth.ts';
import { reportedBalances } from './files/reported-balances.ts';
import { type MarketDay, readMarketDay } from './market-day.ts';
import { offerEvening, offerMorning, type SeenDay } from './offered-files.ts';

/** Of the days in a row, every so many has corporate actions: the first, the sixth, … */
const DAYS_BETWEEN_ACTIONS = 5;
const TURNS_MAX = 20;

/** What the days share. */
export interface PlayedParts {
  readonly seed: number;
  readonly faults: FaultSwitches;
  readonly tree: FileTree;
  readonly money: MoneyBooks;
}

/** See the file's head. */
export class PlayedDays {
  readonly books: Counterparties;
  readonly units: UnitBooks;
  /** Files offered in the last morning. */
  offered = 0;
  private readonly parts: PlayedParts;
  private current: MarketDay;
  private seen: readonly SeenTrade[] = [];
  /** What the member reported of its clients' ledgers, paise. */
  private balances: ReadonlyMap<string, number> = new Map();
  /** Corporate actions of the day, until its evening makes the depositories' units what they are after them. */
  private acting: readonly CorporateAction[] = [];
  /** ISINs that were traded for delivery so far. */
  private readonly moving = new Set<string>();
  private count = 0;
  /** Date whose T+0 session was last closed. */
  private sameDayClosed = '';

  private constructor(made: MarketDay, parts: PlayedParts) {
    this.parts = parts;
    const actions = this.actions(made);
    marginInFull(made, parts.seed);
    const first = withPledges(made, actions);
    this.current = first;
    this.books = new Counterparties(first, parts.faults, parts.money);
    this.units = openUnitBooks({ day: first, actions, trades: [], ...parts }, this.books.desks);
    this.books.securities = this.units;
    this.units.desk.beginDay(first, actions);
    this.offered = offerMorning(parts.tree, first, { seed: parts.seed, actions, unpaid: this.unpaid, funded: this.funded([]) });
    offerEvening(parts.tree, first, { trades: [], undelivered: [] });
  }

  /** Plays the first day's morning. */
  static async begin(directory: string, parts: PlayedParts): Promise<PlayedDays> {
    return new PlayedDays(await readMarketDay(directory), parts);
  }

  /** The day that is played. */
  get day(): MarketDay {
    return this.current;
  }

  /** T+0's session is over: what follows from its trades is offered and owed, once; the market goes on. */
  sameDayClose(file: string): void {
    const { current, parts } = this;
    if (current.sameDayShares.size === 0 || this.sameDayClosed === current.date) return;
    this.sameDayClosed = current.date;
    this.seen = readSeenTrades(file).filter(({ segment }) => segment === 'T0');
    offerEvening(parts.tree, current, this.seenDay);
    this.units.desk.openDay(current, this.seen, 'T0');
    this.oblige((number) => number.startsWith(SAME_DAY_TYPE));
  }

  /** The close: what follows from the trades (JSON lines: see files/evening-files.ts) is offered and owed. */
  evening(file: string): void {
    const { current, parts } = this;
    this.sameDayClose(file);
    this.seen = readSeenTrades(file);
    this.units.depository.adjust(this.acting);
    this.acting = [];
    this.units.depository.funded.accept(parts.faults);
    offerEvening(parts.tree, current, this.seenDay);
    this.units.desk.openDay(current, this.seen);
    for (const dues of this.units.clearing.dues.values()) for (const { isin } of dues.values()) this.moving.add(isin);
    this.oblige(() => true);
  }

  /** The close of a segment that trades longer than equity: what follows from its trades takes the place of what was offered of it, and is owed. */
  late(segment: 'CD' | 'COM', file: string): void {
    const { current, parts } = this;
    this.seen = readSeenTrades(file);
    offerEvening(parts.tree, current, this.seenDay, segment);
    this.oblige((number) => number.startsWith(segment));
  }

  private get seenDay(): SeenDay {
    return { trades: this.seen, undelivered: this.units.desk.undeliveredOn(this.current.date) };
  }

  private oblige(isOwed: (number: string) => boolean): void {
    const { current, parts } = this;
    parts.money.change(({ clearing }) => {
      for (const [settlement, net] of fundsBySettlement(current, this.seen)) {
        const [name = '', number = ''] = settlement.split('-');
        if (isOwed(number)) clearing.oblige(name, number, net);
      }
    });
  }

  /** Takes the member's report of its clients' money and collateral: charges and interest of the house are known from there only. */
  report(text: string): void {
    this.balances = reportedBalances(text);
  }

  /** The next day's morning. Writes who has what into the day's directory, for whoever trades it. */
  async morning(directory: string): Promise<void> {
    const made = await readMarketDay(directory);
    this.count += 1;
    const actions = this.actions(made);
    marginInFull(made, this.parts.seed);
    const next = withPledges({ ...made, clients: this.carried(made) }, actions);
    writeFileSync(join(directory, 'clients.jsonl'), `${next.clients.map((client) => JSON.stringify(client)).join('\n')}\n`);
    this.current = next;
    this.seen = [];
    this.acting = actions;
    this.units.desk.beginDay(next, actions);
    this.offered = offerMorning(this.parts.tree, next, { seed: this.parts.seed, actions, unpaid: this.unpaid, funded: this.funded(actions) });
    offerEvening(this.parts.tree, next, this.seenDay);
    offerDemat(this.parts.tree, next, this.units.depository);
  }

  private carried(next: MarketDay): MarketDay['clients'] {
    const { current, seen, units, balances } = this;
    return carriedClients(current, seen, units, next).map((client) => ({ ...client, cash: balances.get(client.account) ?? client.cash }));
  }

  /** By the depository's books. */
  private readonly unpaid = (account: string, isin: string): number =>
    [...(this.units.depository.lines.get(account)?.get(isin)?.unpaid.values() ?? [])].reduce((sum, units) => sum + units, 0);

  /** By the depository's books, as `actions` will make them. */
  private readonly funded =
    (actions: readonly CorporateAction[]) =>
    (account: string, isin: string): number =>
      this.units.depository.funded.units(account, isin, actions);

  /** Never in a share that is on its way or in the T+0 session: its units are what the settlement says. */
  private actions(day: MarketDay): CorporateAction[] {
    if (this.count % DAYS_BETWEEN_ACTIONS !== 0) return [];
    const inSession = new Set([...day.sameDayShares.values()].map(({ isin }) => isin));
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      const found = corporateActions(day, this.parts.seed + this.count + turn);
      if (!found.some(({ isin }) => this.moving.has(isin) || inSession.has(isin))) return found;
    }
    return [];
  }
}

/** Pledged shares count for what they are worth on the morning, whatever the day's own files make up. */
function withPledges(day: MarketDay, actions: readonly CorporateAction[]): MarketDay {
  return { ...day, clients: day.clients.map((client) => ({ ...client, nonCash: pledgedWorth(day, client, actions) })) };
}
