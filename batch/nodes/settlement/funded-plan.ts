// Units bought with funding (MTF) as they are to lie when a date's trades have settled: by client, share and day of purchase, from the risk engine,
// because no exchange and no depository knows the product of a trade. A list made once per run; what the books of units differ from it is what is to
// be pledged or released.
import { ExchangeSegment } from '../../../engine/index.ts';
import { readBhavcopy } from '../../../workers/reference/index.ts';
import { type NodeContext, type Outputs, PermanentFault } from '../../runner/index.ts';
import { csmfaAccount, fundedAccount } from '../../securities/unit-accounts.ts';
import type { UnitsLedger } from '../../securities/units-ledger.ts';
import { readPledgeStatus } from '../begin-of-day/carried-checks.ts';
import { type DayParts, dayNumber, recordOf, refusing, textOf } from '../end-of-day/day-parts.ts';
import type { EngineState } from '../engine/engine-state.ts';
import { type CloseTerms, isFundingHeld, lotsAtClose, type ShareNames, shareNames } from '../engine/funded-units.ts';
import { fetchBody, fileRole } from '../fetch-file.ts';
import { depositoryLists, type KeptList, type ListRow, listOnce } from './securities-files.ts';
import { unitsOf } from './securities-opening.ts';

/** Role the list is kept under. */
export const FUNDED_PLAN = 'funded-plan';
const COLUMNS = ['client', 'isin', 'lot', 'units'];
/** Where funded units lie in the books. */
const PLACES = ['FUNDED/', 'CSMFA/'] as const;

/** Units of one lot in the books: waiting for the client's acceptance, and pledged. */
export interface LotInBooks {
  readonly client: string;
  readonly isin: string;
  /** Day of the purchase, "20261119". */
  readonly lot: string;
  readonly waiting: number;
  readonly pledged: number;
}

/** Has anybody bought with funding, by the engine, the books or a list of the date? Else there is nothing to be done of all this. */
export const isFundingInUse = ({ files }: DayParts, context: NodeContext, engine: EngineState): boolean =>
  isFundingHeld(engine) || lotsInBooks(unitsOf(context)).length > 0 || files.of(FUNDED_PLAN, context.date) !== undefined;

/** The list of this run, by what is pledged in the books: the engine has been told of it. Throws PermanentFault for a share no list names. */
export function fundedPlan(parts: DayParts, context: NodeContext, engine: EngineState, isins: FundedIsins): KeptList {
  const make = (): ListRow[] => planRows(engine, context, isins, shareNames(parts.dataDirectory, engine));
  return listOnce(parts, context, FUNDED_PLAN, () => ({ columns: COLUMNS, rows: make() }));
}

/** Lots of all clients, both listings of a share together; of an engine that has gone on, what it still has of lots up to the date. */
function planRows({ slots, clients }: EngineState, context: NodeContext, isins: FundedIsins, shareName: ShareNames): ListRow[] {
  const date = dayNumber(context.date);
  const isOnDate = slots.every(({ businessDate }) => businessDate === date);
  const units = new Map<string, number>();
  for (const client of clients.values()) {
    const pledgedOf = pledgedInBooks(unitsOf(context), client.account, isins);
    const lots = isOnDate
      ? lotsAtClose(client, { businessDate: date, pledgedOf, shareName })
      : (client.lots ?? []).filter(({ boughtOn }) => boughtOn <= date);
    for (const lot of lots) {
      const key = `${client.account} ${isins(lot)} ${lot.boughtOn}`;
      units.set(key, (units.get(key) ?? 0) + lot.units);
    }
  }
  return [...units].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, sum]) => rowOf(key, sum));
}

/** What the books have pledged of a client's lots; of two listings of one share, the first is pledged first. */
export function pledgedInBooks(ledger: UnitsLedger, client: string, isins: FundedIsins): CloseTerms['pledgedOf'] {
  const given = new Map<string, number>();
  return (lot) => {
    const name = `${isins(lot)} ${lot.boughtOn}`;
    const all = ledger.units(csmfaAccount(client, `${lot.boughtOn}`), isins(lot));
    const units = Math.min(lot.units, all - (given.get(name) ?? 0));
    given.set(name, (given.get(name) ?? 0) + units);
    return units;
  };
}

function rowOf(key: string, units: number): ListRow {
  const [client = '', isin = '', lot = ''] = key.split(' ');
  return { client, isin, lot, units: `${units}` };
}

/** The ISIN of a share as the engine names it. Throws PermanentFault when no list of the day does. */
export type FundedIsins = (share: { readonly segment: number; readonly token: number }) => string;

/** ISINs by the depository's list of units and the exchanges' prices of the day. */
export async function fundedIsins(parts: DayParts, context: NodeContext): Promise<FundedIsins> {
  const isins = new Map<string, string>();
  for (const { token, isin } of await refusing(async () => readPledgeStatus((await depositoryLists(parts, context)).units)))
    isins.set(`${ExchangeSegment.NSE} ${token}`, isin);
  const exchanges = [
    { role: 'bhavcopy-cm', segment: ExchangeSegment.NSE },
    ...(context.chains.includes('BSE') ? [{ role: 'bhavcopy-bse', segment: ExchangeSegment.BSE } as const] : []),
  ] as const;
  for (const { role, segment } of exchanges) {
    const add = ({ token, isin }: { readonly token: number; readonly isin: string }): unknown => isins.set(`${segment} ${token}`, isin);
    const check = async (file: string): Promise<Outputs> => ({ digest: (await readBhavcopy(file, () => undefined)).sha256 });
    const { outputs = {} } = await fetchBody(parts, fileRole(role, check))(context);
    await refusing(() => readBhavcopy(textOf(recordOf(outputs[role], role), 'file'), add));
  }
  return ({ segment, token }) => {
    const isin = isins.get(`${segment} ${token}`);
    if (isin === undefined) throw new PermanentFault(`share ${token} of segment ${segment}, bought with funding, is in no list of ${context.date}`);
    return isin;
  };
}

/** Every funded lot the books have units of, by client, ISIN and day. */
export function lotsInBooks(ledger: UnitsLedger): LotInBooks[] {
  const found = new Map<string, { client: string; isin: string; lot: string; waiting: number; pledged: number }>();
  for (const place of PLACES) {
    for (const { account, isin, units } of ledger.balancesOf(place)) {
      const [client = '', lot = ''] = account.slice(place.length).split('@');
      const known = found.get(`${client} ${isin} ${lot}`) ?? { client, isin, lot, waiting: 0, pledged: 0 };
      if (place === 'CSMFA/') known.pledged += units;
      else known.waiting += units;
      found.set(`${client} ${isin} ${lot}`, known);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, lot]) => lot);
}

/** Units of a lot. */
export interface LotUnits {
  readonly lot: string;
  readonly units: number;
}

/** What is to come to funded lots and is not there: whoever gets units of such a share fills its lots first. */
export class FundedClaims {
  /** By `client ISIN`, the oldest lot first. */
  private readonly missing = new Map<string, { lot: string; units: number }[]>();

  /** By `client ISIN`: units in lots beyond what they are to have. */
  private readonly beyond = new Map<string, number>();

  /** By `client ISIN`: units of purchases that were sold again before they came. */
  private readonly sold: Map<string, number>;

  /** `plan`: rows of the list; none: nothing is claimed. `sold`: units sold before they came, by `client ISIN`. */
  constructor(plan: readonly ListRow[], ledger: UnitsLedger, sold: ReadonlyMap<string, number> = new Map()) {
    this.sold = new Map(sold);
    const targets = new Map(plan.map(({ client, isin, lot, units }) => [`${client} ${isin} ${lot}`, Number(units)]));
    for (const { client, isin, lot, waiting, pledged } of plan.length === 0 ? [] : lotsInBooks(ledger)) {
      const units = Math.max(0, waiting + pledged - (targets.get(`${client} ${isin} ${lot}`) ?? 0));
      this.beyond.set(`${client} ${isin}`, (this.beyond.get(`${client} ${isin}`) ?? 0) + units);
    }
    for (const { client = '', isin = '', lot = '', units = '0' } of plan) {
      const short = Number(units) - ledger.units(fundedAccount(client, lot), isin) - ledger.units(csmfaAccount(client, lot), isin);
      if (short <= 0) continue;
      const lots = this.missing.get(`${client} ${isin}`) ?? [];
      this.missing.set(`${client} ${isin}`, lots);
      lots.push({ lot, units: short });
    }
  }

  /** Units that were sold out of a client's lots and whose pledge is not released. */
  readonly unreleased = (client: string, isin: string): number => this.beyond.get(`${client} ${isin}`) ?? 0;

  /** Of `units` that came and no lot takes, those that were sold out of one before: nobody's, until their sale is paid in. They are known no more. */
  takeSold(client: string, isin: string, units: number): number {
    const taken = Math.min(units, this.sold.get(`${client} ${isin}`) ?? 0);
    this.sold.set(`${client} ${isin}`, (this.sold.get(`${client} ${isin}`) ?? 0) - taken);
    return taken;
  }

  /** Clients and shares with lots that are not whole. */
  get all(): readonly { readonly client: string; readonly isin: string; readonly units: number }[] {
    return [...this.missing].map(([key, lots]) => {
      const [client = '', isin = ''] = key.split(' ');
      return { client, isin, units: lots.reduce((sum, { units }) => sum + units, 0) };
    });
  }

  /** Units of `units` that funded lots take, and which; `first`: the lot they were bought for. They are claimed no more. */
  take(client: string, isin: string, units: number, first = ''): LotUnits[] {
    const lots = this.missing.get(`${client} ${isin}`) ?? [];
    const taken: LotUnits[] = [];
    let left = units;
    for (const lot of [...lots].sort((a, b) => Number(b.lot === first) - Number(a.lot === first))) {
      const some = Math.min(left, lot.units);
      if (some <= 0) continue;
      taken.push({ lot: lot.lot, units: some });
      lot.units -= some;
      left -= some;
    }
    return taken;
  }
}

/** Units of rows together. */
export const unitsOfLots = (lots: readonly LotUnits[]): number => lots.reduce((sum, { units }) => sum + units, 0);
