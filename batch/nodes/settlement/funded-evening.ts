// The evening of units bought with funding (MTF), before the pay-in is planned: what clients have accepted of their pledges is booked and told to the risk engine; what they sold
// leaves the pledge, into the pay-in of its sale as far as it is owed there; what a lot lacks and lies free is pledged; and what is past its time is listed to be sold.
import { ExchangeSegment } from '../../../engine/index.ts';
import { type Gate, istMicros, type NodeContext, type Outputs } from '../../runner/index.ts';
import { freeAccount } from '../../securities/unit-accounts.ts';
import { UnitPrices } from '../../securities/unit-prices.ts';
import type { UnitsLedger } from '../../securities/units-ledger.ts';
import { type DayParts, dayNumber } from '../end-of-day/day-parts.ts';
import { appendAll, type PlannedCommand } from '../engine/engine-inbox.ts';
import { type EngineLot, type EngineState, readEngine } from '../engine/engine-state.ts';
import { lotsAtClose } from '../engine/funded-units.ts';
import {
  FundedClaims,
  type FundedIsins,
  fundedIsins,
  fundedPlan,
  isFundingInUse,
  type LotInBooks,
  lotsInBooks,
  pledgedInBooks,
} from './funded-plan.ts';
import {
  acceptedNow,
  FREED_COLUMNS,
  heldGate,
  instructPledges,
  openFundedLots,
  PLEDGE_COLUMNS,
  pledgePostings,
  releaseFunded,
  takeAcceptances,
} from './funded-pledges.ts';
import { type BlockedRow, readyUnits, refusalNote } from './pay-in-plan.ts';
import type { UnitDue } from './securities-dues.ts';
import { type Demat, depositoryLists, type ListRow, listOnce } from './securities-files.ts';
import { bringToDate, unitsOf } from './securities-opening.ts';
import { BASKET_COLUMNS } from './securities-unpaid-sale.ts';
import { unitsToCome } from './units-to-come.ts';

/** What the evening did. */
export interface FundedEvening {
  /** Units that went out of a pledge into a pay-in: told as early pay-in with what is blocked. */
  readonly released: readonly BlockedRow[];
  /** What is to come to lots; nothing is claimed where nobody has bought with funding. */
  readonly claims: () => FundedClaims;
  readonly outputs: Outputs;
  readonly gates: readonly Gate[];
  readonly note: string;
}

/** Days and time of day by which a client has to accept: 17:00 of the third day after the trade; the next day what was not accepted is sold. */
const ACCEPT_DAYS = 3;
const ACCEPT_BY = 17 * 60;
const SHOWN_MAX = 5;

/** See the file's head. */
export async function fundedEvening(parts: DayParts, context: NodeContext, dues: readonly UnitDue[]): Promise<FundedEvening> {
  const engine = await readEngine(parts.dataDirectory);
  if (!isFundingInUse(parts, context, engine))
    return { released: [], claims: () => new FundedClaims([], unitsOf(context)), outputs: {}, gates: [], note: '' };
  const isins = await fundedIsins(parts, context);
  const lists = await depositoryLists(parts, context);
  await bringToDate(context, lists);
  await openFundedLots(parts, context, lists);
  await takeAcceptances(parts, context);
  await tellPledged(parts, context, engine, isins);
  const list = fundedPlan(parts, context, engine, isins);
  const freed = listOnce(parts, context, 'funded-released', () => ({
    columns: FREED_COLUMNS,
    rows: freedRows(context, list.rows, dues, lists.demats),
  }));
  const released = await releaseFunded(parts, context, freed.rows);
  const wanted = (): ListRow[] => pledgeRows(parts, context, { plan: list.rows, dues, demats: lists.demats });
  const pledges = listOnce(parts, context, 'funded-pledged', () => ({ columns: PLEDGE_COLUMNS, rows: wanted() }));
  const pledged = await instructPledges(parts, context, 'funding', pledges.rows);
  unitsOf(context).post(pledgePostings(context, 'evening', pledged));
  const sale = saleOfUnaccepted(parts, context, engine, isins);
  const lots = lotsInBooks(unitsOf(context));
  return {
    released: released.flatMap(({ to, ...row }): BlockedRow[] => (to === '' ? [] : [{ ...row, settlement: to, way: 'block' }])),
    claims: () => new FundedClaims(list.rows, unitsOf(context)),
    outputs: {
      funded: { file: list.path, sha256: list.sha256 },
      fundedPledged: lots.reduce((sum, lot) => sum + lot.pledged, 0),
      fundedWaiting: lots.reduce((sum, lot) => sum + lot.waiting, 0),
      fundedReleased: released.reduce((sum, { units, refusal }) => (refusal === '' ? sum + units : sum), 0),
      ...(sale.orders === 0 ? {} : { fundedToSell: sale.orders, fundedSale: { file: sale.file, sha256: sale.sha256 } }),
    },
    gates: [await heldGate(parts, context)],
    note: [refusalNote('pledge not released', released), refusalNote('pledge not set up', pledged), sale.note]
      .filter((text) => text !== '')
      .join('; '),
  };
}

/** What lots have beyond what they are to have: into the pay-ins that want it, the rest free. */
function freedRows(context: NodeContext, plan: readonly ListRow[], dues: readonly UnitDue[], demats: ReadonlyMap<string, Demat>): ListRow[] {
  const ledger = unitsOf(context);
  const targets = new Map(plan.map(({ client, isin, lot, units }) => [`${client} ${isin} ${lot}`, Number(units)]));
  const owed = dues.map((due) => ({ due, missing: due.deliver - readyUnits(ledger, due.settlement, due.client, due.isin) }));
  return lotsInBooks(ledger).flatMap(({ client, isin, lot, waiting, pledged }) => {
    let left = waiting + pledged - (targets.get(`${client} ${isin} ${lot}`) ?? 0);
    const row = (to: string, units: number): ListRow => ({ lot, to, client, bo: demats.get(client)?.bo ?? '', isin, units: `${units}` });
    const rows: ListRow[] = [];
    for (const one of owed) {
      const units = one.due.client === client && one.due.isin === isin ? Math.min(left, one.missing) : 0;
      if (units <= 0) continue;
      one.missing -= units;
      left -= units;
      rows.push(row(one.due.settlement, units));
    }
    return left <= 0 ? rows : [...rows, row('', left)];
  });
}

interface PledgeParts {
  readonly plan: readonly ListRow[];
  readonly dues: readonly UnitDue[];
  readonly demats: ReadonlyMap<string, Demat>;
}

/** What lots lack, is not to come, and lies free beyond what the evening's pay-ins want: bought and sold on one day in two products, or refused before. */
function pledgeRows(parts: DayParts, context: NodeContext, { plan, dues, demats }: PledgeParts): ListRow[] {
  const ledger = unitsOf(context);
  const [claims, coming] = [new FundedClaims(plan, ledger), unitsToCome(parts, context, dues)];
  return claims.all.flatMap(({ client, isin, units }) => {
    const bo = demats.get(client)?.bo;
    const free = ledger.units(freeAccount(client), isin) - owedBy(ledger, dues, client, isin);
    const now = Math.min(units - (coming.get(`${client} ${isin}`) ?? 0), free);
    if (bo === undefined || now <= 0) return [];
    return claims.take(client, isin, now).map((taken): ListRow => ({ lot: taken.lot, client, bo, isin, units: `${taken.units}` }));
  });
}

function owedBy(ledger: UnitsLedger, dues: readonly UnitDue[], client: string, isin: string): number {
  const own = dues.filter((due) => due.client === client && due.isin === isin);
  return own.reduce((sum, { settlement, deliver }) => sum + Math.max(0, deliver - readyUnits(ledger, settlement, client, isin)), 0);
}

/** Tells the engine what clients have accepted since the evening before, lot by lot; by run, so that a second try sends nothing twice. Clients it does not know are left out. */
async function tellPledged({ dataDirectory }: DayParts, context: NodeContext, { clients }: EngineState, isins: FundedIsins): Promise<void> {
  const lots = lotsInBooks(unitsOf(context));
  const before = lots.map((lot) => ({ ...lot, pledged: lot.pledged - acceptedNow(context, lot) }));
  const [now, then] = [pledgedUnits(lots), pledgedUnits(before)];
  const commands: PlannedCommand[] = [];
  for (const { account, slot, lots: own = [] } of clients.values()) {
    for (const { segment, token, boughtOn, units } of byListing(own)) {
      const lot = `${account} ${isins({ segment, token })} ${boughtOn}`;
      const quantity = now.take(lot, units) - then.take(lot, units);
      if (quantity === 0) continue;
      const body = { account, segment, token, boughtOn, quantity, reference: `CSMFA ${context.date}` };
      commands.push({ key: `funded-pledge/${context.runId}/${account}/${segment}-${token}/${boughtOn}`, kind: 'PledgeFunded', slot, body });
    }
  }
  if (commands.length > 0) await appendAll(dataDirectory, commands);
}

/** Both listings of a share in one order, because the depository knows neither. */
const byListing = <Lot extends Pick<EngineLot, 'segment' | 'boughtOn'>>(lots: readonly Lot[]): Lot[] =>
  [...lots].sort((a, b) => a.segment - b.segment || a.boughtOn - b.boughtOn);

/** Units by lot that are handed out until there are none. */
interface Dealt {
  readonly take: (lot: string, units: number) => number;
}

function pledgedUnits(lots: readonly LotInBooks[]): Dealt {
  const left = new Map(lots.map(({ client, isin, lot, pledged }) => [`${client} ${isin} ${lot}`, pledged]));
  return {
    take: (lot, units) => {
      const taken = Math.min(units, left.get(lot) ?? 0);
      left.set(lot, (left.get(lot) ?? 0) - taken);
      return taken;
    },
  };
}

interface UnacceptedSale {
  readonly file: string;
  readonly sha256: string;
  readonly orders: number;
  readonly note: string;
}

/** Lots whose pledge was not accepted in time, as far as it was not: a basket for the dealer. Sales take what is not pledged first, so that they end it. */
function saleOfUnaccepted(parts: DayParts, context: NodeContext, engine: EngineState, isins: FundedIsins): UnacceptedSale {
  const rows = unacceptedRows(parts, context, engine, isins);
  if (rows.length === 0 && parts.files.of('funded-sale', context.date) === undefined) return { file: '', sha256: '', orders: 0, note: '' };
  const list = listOnce(parts, context, 'funded-sale', () => ({ columns: BASKET_COLUMNS, rows }));
  const shown = list.rows.slice(0, SHOWN_MAX).map(({ account = '', symbol = '', quantity = '' }) => `${account} ${symbol} ${quantity}`);
  const note = list.rows.length === 0 ? '' : `to be sold on ${parts.calendar.tradedAfter(context.date)}, pledge not accepted: ${shown.join('; ')}`;
  return { file: list.path, sha256: list.sha256, orders: list.rows.length, note };
}

function unacceptedRows({ calendar }: DayParts, context: NodeContext, { clients }: EngineState, isins: FundedIsins): ListRow[] {
  const pledged = pledgedUnits(lotsInBooks(unitsOf(context)));
  const prices = new UnitPrices(context.root);
  const inOrder = [...clients.values()].sort((a, b) => (a.account < b.account ? -1 : 1));
  return inOrder.flatMap((client) =>
    byListing(lotsAtClose(client, dayNumber(context.date), pledgedInBooks(unitsOf(context), client.account, isins))).flatMap(
      ({ segment, token, boughtOn, units }) => {
        const isin = isins({ segment, token });
        const quantity = units - pledged.take(`${client.account} ${isin} ${boughtOn}`, units);
        const bought = `${boughtOn}`.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
        if (quantity === 0 || context.now() < istMicros(calendar.settlementDay(bought, ACCEPT_DAYS), ACCEPT_BY)) return [];
        const order = { side: 'SELL', quantity: `${quantity}`, order_type: 'MARKET', price: '', product: 'MTF' };
        const share = { exchange: segment === ExchangeSegment.BSE ? 'BSE' : 'NSE', symbol: prices.of(isin)?.symbol ?? isin, token: `${token}` };
        return [{ action: 'ORDER', account: client.account, order: '', ...share, ...order, cause: `pledge not accepted ${bought}` }];
      },
    ),
  );
}
