// Depositories and the clearing corporation's securities side put together for a day: books opened, instructions answered, the list of demat accounts
// offered, and everything shown to whoever asks with a token.

import { FILE_NAMES, MEMBER_CODE, pathOf } from '../ports/file-names.ts';
import type { CallTarget } from '../ports/ports-file.ts';
import type { MoneyBooks } from './bank-money.ts';
import { ClearingDesk } from './clearing-desk.ts';
import { ClearingUnits } from './clearing-units.ts';
import { DepositoryBooks } from './depository-books.ts';
import { type Desk, depositoryDesk } from './depository-desk.ts';
import type { FaultSwitches } from './faults.ts';
import type { FileTree } from './file-tree.ts';
import { csvText, fileBytes } from './files/csv-text.ts';
import type { SeenTrade } from './files/evening-files.ts';
import type { CorporateAction } from './files/morning-lists.ts';
import type { MarketDay } from './market-day.ts';
import { POOL_ACCOUNTS } from './pool-books.ts';

/** Securities as the other side has them. */
export interface UnitBooks {
  readonly depository: DepositoryBooks;
  readonly clearing: ClearingUnits;
  readonly desk: ClearingDesk;
}

/** What the day's books are opened with. */
export interface UnitParts {
  readonly day: MarketDay;
  /** With ex date on the day. */
  readonly actions: readonly CorporateAction[];
  readonly trades: readonly SeenTrade[];
  readonly faults: FaultSwitches;
  readonly tree: FileTree;
  readonly money?: MoneyBooks | undefined;
}

/** Columns of the list of demat accounts: clients' by code, primary (Y) or not, and the member's own pool accounts (P). */
const DEMAT_COLUMNS: readonly string[] = ['ClntId', 'Dpstry', 'BnfcryAcct', 'Prmry', 'Sts'];

/** Opens the books of a day and takes over its instructions. */
export function openUnitBooks({ day, actions, trades, faults, tree, money }: UnitParts, desks: Map<CallTarget, Desk>): UnitBooks {
  const depository = new DepositoryBooks(day, actions);
  const clearing = new ClearingUnits(depository, faults);
  const desk = new ClearingDesk({ units: clearing, depository, faults, tree, money });
  desk.openDay(day, trades);
  desks.set('depository', depositoryDesk(depository, faults));
  desks.set('clearing', desk.decide);
  offerDemat(tree, day, depository);
  return { depository, clearing, desk };
}

/** Offers the list of demat accounts on a day. */
export function offerDemat(tree: FileTree, { date, before }: Pick<MarketDay, 'date' | 'before'>, depository: DepositoryBooks): void {
  const rows = [...depository.accounts.values()].map(({ client, depository: Dpstry, bo }) => ({
    ClntId: client,
    Dpstry,
    BnfcryAcct: bo,
    Prmry: 'Y',
    Sts: depository.closed.has(client) ? 'CLOSED' : 'ACTIVE',
  }));
  const pools = Object.entries(POOL_ACCOUNTS).map(([Dpstry, BnfcryAcct]) => ({ ClntId: MEMBER_CODE, Dpstry, BnfcryAcct, Prmry: 'P', Sts: 'ACTIVE' }));
  tree.offer(
    pathOf('demat-accounts', date, before),
    fileBytes(FILE_NAMES['demat-accounts'].name(date, before), csvText(DEMAT_COLUMNS, [...rows, ...pools])),
  );
}

/** A page of the books below /depository or /clearing; undefined when there is no such page. Reading changes nothing. */
export function unitPage({ depository, clearing, desk }: UnitBooks, target: string, name: string): unknown {
  switch (`${target}/${name}`) {
    case 'depository/holdings':
      return Object.fromEntries([...depository.holdings()].map(([client, held]) => [client, Object.fromEntries(held)]));
    case 'depository/delivered':
      return Object.fromEntries(depository.atClearing);
    case 'depository/pool':
      return depository.pool.lines;
    case 'clearing/securities':
      return {
        paidOut: Object.fromEntries(clearing.paidOut),
        auctions: Object.fromEntries(desk.auctions),
        earlyPayIns: Object.fromEntries(clearing.earlyPayIns),
      };
    default:
      return undefined;
  }
}
