// Shares bought with funding (MTF) in the morning's comparison. The engine has them as positions, in lots, from the close of their purchase on;
// depository and clearing corporation list units and know no product: on their way, then pledged to the funding account or about to be. So what the
// lots account for is taken out of a client's other units, and a gate asks that the whole of the lots was found. Pure but for the lists of the
// evening before.
import type { BusinessCalendar } from '../../calendar/business-calendar.ts';
import { type PlannedCommand, planned } from '../engine/engine-inbox.ts';
import type { EngineClient } from '../engine/engine-state.ts';
import type { NightFiles } from '../night-files.ts';
import { FUNDED_PLAN } from '../settlement/funded-plan.ts';
import { newestList } from '../settlement/securities-files.ts';
import type { DepositoryUnits } from './carried-checks.ts';
import type { MasterClient } from './client-master.ts';
import { become, sharesOf, type UnitRatio } from './corporate-actions.ts';

/** Whose lots are looked at. */
export interface FundedBooks {
  readonly engine: { readonly clients: ReadonlyMap<string, Pick<EngineClient, 'lots' | 'holdings'>> };
  readonly clients: ReadonlyMap<string, MasterClient>;
  readonly actions: readonly UnitRatio[];
  readonly homeToken: (share: { readonly segment: number; readonly token: number }) => number;
  readonly evenings?: FundedEvenings;
}

/** What the evenings whose settlement is still to come knew of lots, by `account ISIN`. */
export interface FundedEvenings {
  /** Units that left lots and stayed with their client. */
  readonly freed: ReadonlyMap<string, number>;
  /** Units each of them had bought that day (yyyymmdd). */
  readonly bought: ReadonlyMap<string, readonly { readonly boughtOn: number; readonly units: number }[]>;
}

/** A depository's row with what lots account for taken out. */
export interface UnfundedUnits {
  readonly free: number;
  readonly t1: number;
  /** Units of lots that were found. */
  readonly found: number;
  /** Units on their way that lots account for, and those sold out of them before they came; the latter alone. */
  readonly coming: number;
  readonly gone: number;
  /** Units the engine still has on their way, bought on a day on which as many were sold out of lots: no settlement brings them. */
  readonly netted: number;
}

/** Units of lots by `account token` of NSE, after the day's actions, which cut each lot by itself; of clients the engine meets today those they come with. */
export function lotUnits({ engine, clients, actions, homeToken }: FundedBooks): Map<string, number> {
  const found = new Map<string, number>();
  const shares = sharesOf(actions);
  const add = (account: string, lots: readonly { readonly segment: number; readonly token: number; readonly units: number }[]): void => {
    for (const lot of lots) {
      const action = shares.find(({ segment, token }) => segment === lot.segment && token === lot.token);
      const key = `${account} ${homeToken(lot)}`;
      found.set(key, (found.get(key) ?? 0) + (action === undefined ? lot.units : become(lot.units, action)));
    }
  };
  for (const [account, { lots = [] }] of engine.clients) add(account, lots);
  for (const [account, { fundedLots = [] }] of clients) if (!engine.clients.has(account)) add(account, fundedLots);
  return found;
}

/** See UnfundedUnits; `lots`: units of the client's lots of the share. What is on its way beyond what the engine expects free is theirs. */
export function withoutLots(row: DepositoryUnits, lots: number, books: FundedBooks): UnfundedUnits {
  const { engine, evenings, homeToken } = books;
  const { account, token, free, t1, funded = 0 } = row;
  const expected = (engine.clients.get(account)?.holdings ?? []).reduce((sum, held) => (homeToken(held) === token ? sum + held.t1 : sum), 0);
  const [surplus, missing] = [Math.max(0, funded - lots), Math.max(0, lots - funded)];
  const coming = Math.min(missing, Math.max(0, t1 - expected));
  const loose = Math.min(missing - coming, free + surplus);
  const gone = Math.min(soldBeforeTheyCame(row, books), Math.max(0, t1 - coming - expected));
  const netted = Math.min(evenings?.freed.get(`${account} ${row.isin}`) ?? 0, Math.max(0, expected - (t1 - coming)));
  const found = funded - surplus + coming + loose;
  return { free: free + surplus - loose, t1: t1 - coming - gone, found, coming: coming + gone, gone, netted };
}

/** Units of purchases still on their way that are in no lot any more: sold on a later day that is traded and does not settle. */
function soldBeforeTheyCame({ account, isin, token }: DepositoryUnits, { engine, evenings, homeToken }: FundedBooks): number {
  const lots = (engine.clients.get(account)?.lots ?? []).filter((lot) => homeToken(lot) === token);
  const left = (day: number): number => lots.reduce((sum, { boughtOn, units }) => (boughtOn === day ? sum + units : sum), 0);
  const bought = evenings?.bought.get(`${account} ${isin}`) ?? [];
  return bought.reduce((sum, { boughtOn, units }) => sum + Math.max(0, units - left(boughtOn)), 0);
}

/** Lots that clients the engine meets today come with; their positions are imported beside them. */
export const lotCommands = (date: string, account: string, slot: number, { fundedLots = [] }: MasterClient): PlannedCommand[] =>
  fundedLots.map((lot) =>
    planned(date, `ImportFundedLot/${account}`, { kind: 'ImportFundedLot', slot, body: { account, ...lot, reference: 'clients.jsonl' } }),
  );

/** By the newest lists of the evenings whose settlement is still to come on `date`. */
export function fundedEvenings(
  { files, calendar }: { readonly files: NightFiles; readonly calendar: BusinessCalendar },
  date: string,
): FundedEvenings {
  const freed = new Map<string, number>();
  const bought = new Map<string, { readonly boughtOn: number; readonly units: number }[]>();
  for (let traded = calendar.tradedBefore(date); calendar.settlementDay(traded, 1) >= date; traded = calendar.tradedBefore(traded)) {
    const boughtOn = Number(traded.replaceAll('-', ''));
    for (const { client, isin, lot, units } of newestList(files, FUNDED_PLAN, traded)?.rows ?? [])
      if (Number(lot) === boughtOn) bought.set(`${client} ${isin}`, [...(bought.get(`${client} ${isin}`) ?? []), { boughtOn, units: Number(units) }]);
    for (const { to, client, isin, units } of newestList(files, 'funded-released', traded)?.rows ?? [])
      if (to === '') freed.set(`${client} ${isin}`, (freed.get(`${client} ${isin}`) ?? 0) + Number(units));
    for (const { client, isin, units } of newestList(files, 'funded-pledged', traded)?.rows ?? [])
      freed.set(`${client} ${isin}`, Math.max(0, (freed.get(`${client} ${isin}`) ?? 0) - Number(units)));
  }
  return { freed, bought };
}
