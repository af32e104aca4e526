// Units in the broker's pool account on their way out of it: into the pay-in of a settlement the client sold them in (inter-settlement transfer), or
// on to the client's demat account, pledged as unpaid as far as the client owes for them. Each is instructed by a list made once per run, booked at
// once by key, and told to the risk engine. What stays is named with its reason and owner.
import type { Gate, NodeContext } from '../../runner/index.ts';
import { isOverdue, POOL_REASONS, PoolStore, type PoolUnits } from '../../securities/pool-units.ts';
import { blockedAccount, freeAccount, poolAccount, unpaidAccount } from '../../securities/unit-accounts.ts';
import { UnitPrices } from '../../securities/unit-prices.ts';
import { UnpaidStore } from '../../securities/unpaid-units.ts';
import { booksOf, type DayParts } from '../end-of-day/day-parts.ts';
import { type FundedClaims, unitsOfLots } from './funded-plan.ts';
import { type Arrival, tellArrivals } from './securities-engine.ts';
import { type Demat, type ListRow, listOnce } from './securities-files.ts';
import { type DecidedRow, instructRows, unitRow } from './securities-instructions.ts';
import { unitsOf } from './securities-opening.ts';
import { coveringUnits, debitOf } from './securities-unpaid.ts';

/** One client's units to be delivered in a settlement. */
export interface UnitsToDeliver {
  readonly settlement: string;
  readonly client: string;
  readonly isin: string;
  readonly deliver: number;
}

const SOLD_COLUMNS = ['settlement', 'to', 'client', 'bo', 'depository', 'isin', 'token', 'units'];
const OUT_COLUMNS = ['settlement', 'client', 'bo', 'depository', 'isin', 'token', 'units', 'pledge', 'funded'];
const MICROS_PER_PAISA = 10_000;
const SHOWN_MAX = 5;

/** Does anything lie in the pool, or did this date's run move something out of it? */
export const isPoolInUse = ({ files }: DayParts, { root, date }: Pick<NodeContext, 'root' | 'date'>): boolean =>
  new PoolStore(root).open().length > 0 || ['pool-sold', 'pool-out'].some((role) => files.of(role, date) !== undefined);

/** Units of the pool that were sold: into the pool of the settlement they are owed in, as far as blocked and free units do not reach. */
export async function moveSoldPool(parts: DayParts, context: NodeContext, role: string, dues: readonly UnitsToDeliver[]): Promise<void> {
  if (new PoolStore(context.root).open().length === 0 && parts.files.of(role, context.date) === undefined) return;
  const list = listOnce(parts, context, role, () => ({ columns: SOLD_COLUMNS, rows: soldRows(context, dues) }));
  for (const { rows, settlement, to, depository } of groups(list.rows, 'to')) {
    const request = { kind: 'inter-settlement', depository, settlement, to };
    const name = `inter-settlement ${role} ${settlement} ${to} ${depository}`;
    const decided = await instructRows(parts, context, { target: 'depository', name, request }, rows.map(unitRow));
    const done = decided.filter(({ refusal }) => refusal === '');
    bookSold(context, role, { settlement, to }, done);
    await tellArrivals(parts.dataDirectory, arrivals(rows, done, settlement, to));
  }
}

function soldRows(context: NodeContext, dues: readonly UnitsToDeliver[]): ListRow[] {
  const ledger = unitsOf(context);
  const open = new PoolStore(context.root).open();
  // Units can be sold once, whatever number of settlements wants them.
  const [free, pooled] = [new Map<string, number>(), new Map(open.map((one) => [one, one.units]))];
  return dues.flatMap(({ settlement, client, isin, deliver }) => {
    const key = `${client} ${isin}`;
    const left = free.get(key) ?? ledger.units(freeAccount(client), isin);
    const missing = deliver - ledger.units(blockedAccount(client, settlement), isin) - ledger.units(poolAccount(client, settlement), isin);
    const own = Math.max(0, Math.min(missing, left));
    free.set(key, left - own);
    let wanted = missing - own;
    return open.flatMap((one) => {
      const isTheirs = one.client === client && one.isin === isin && one.settlement !== settlement;
      const units = isTheirs ? Math.min(wanted, pooled.get(one) ?? 0) : 0;
      if (units <= 0) return [];
      wanted -= units;
      pooled.set(one, (pooled.get(one) ?? 0) - units);
      return [{ ...cellsOf(one), to: settlement, bo: '', units: String(units) }];
    });
  });
}

function bookSold(context: NodeContext, role: string, way: { readonly settlement: string; readonly to: string }, done: readonly DecidedRow[]): void {
  const { settlement, to } = way;
  const store = new PoolStore(context.root);
  context.root.transactionSync(() => {
    for (const { client, isin, units } of done) {
      const move = { isin, from: poolAccount(client, settlement), to: poolAccount(client, to), units };
      const key = `INTER_SETTLEMENT ${context.runId} ${role} ${settlement} ${to} ${client} ${isin}`;
      const isNew = unitsOf(context).post([{ key, kind: 'INTER_SETTLEMENT', date: context.date, moves: [move] }]) > 0;
      const known = store.get(settlement, client, isin);
      if (!isNew || known === undefined) continue;
      store.put({ ...known, units: known.units - units });
      const there = store.get(to, client, isin)?.units ?? 0;
      store.put({ ...known, settlement: to, units: there + units, reason: 'sold', detail: '' });
    }
  });
}

/** What the evening knows when it passes units on. */
export interface PassingOn {
  readonly dues: readonly UnitsToDeliver[];
  readonly demats: ReadonlyMap<string, Demat>;
  /** Units bought with funding that have not come: no unpaid ones, and pledged by the next evening. */
  readonly claims: FundedClaims;
}

/** Passes on to clients what no pay-in waits for. Returns units passed on. */
export async function passOnPool(parts: DayParts, context: NodeContext, { dues, demats, claims }: PassingOn): Promise<number> {
  const isAwaited = (one: PoolUnits): boolean =>
    dues.some(({ settlement, client, isin, deliver }) => settlement === one.settlement && client === one.client && isin === one.isin && deliver > 0);
  const resting = new PoolStore(context.root).open().filter((one) => !isAwaited(one));
  if (resting.length === 0 && parts.files.of('pool-out', context.date) === undefined) return 0;
  const list = listOnce(parts, context, 'pool-out', () => ({ columns: OUT_COLUMNS, rows: outRows(context, resting, demats, claims) }));
  let passed = 0;
  for (const { rows, settlement, to: pledge, depository } of groups(list.rows, 'pledge')) {
    const isUnpaid = pledge === 'Y';
    const request = { kind: 'pool-out', depository, settlement, pledge: isUnpaid };
    const name = `pool-out ${settlement} ${depository} ${isUnpaid ? 'unpaid' : 'free'}`;
    const decided = await instructRows(parts, context, { target: 'depository', name, request }, rows.map(unitRow));
    bookOut(context, settlement, isUnpaid, decided);
    const done = decided.filter(({ refusal }) => refusal === '');
    if (!isUnpaid) await tellArrivals(parts.dataDirectory, arrivals(rows, done, settlement, ''));
    passed += done.reduce((sum, { units }) => sum + units, 0);
  }
  return passed;
}

/** A row for what is paid for, `funded` of it with funding, and one for what is not; none for clients without an account. */
function outRows(context: NodeContext, resting: readonly PoolUnits[], demats: ReadonlyMap<string, Demat>, claims: FundedClaims): ListRow[] {
  const [ledger, prices, debits] = [booksOf(context.root), new UnitPrices(context.root), new Map<string, number>()];
  return resting.flatMap((one) => {
    const demat = demats.get(one.client);
    if (demat === undefined) return [];
    const debit = debits.get(one.client) ?? debitOf(ledger, one.client);
    const price = (prices.of(one.isin)?.close ?? 0) / MICROS_PER_PAISA;
    const funded = unitsOfLots(claims.take(one.client, one.isin, one.units));
    const unpaid = coveringUnits(debit, price, one.units - funded);
    debits.set(one.client, Math.max(0, debit - Math.round(unpaid * price)));
    const row = (units: number, pledge: string): ListRow[] =>
      units === 0 ? [] : [{ ...cellsOf(one), bo: demat.bo, units: String(units), pledge, funded: pledge === 'Y' ? '0' : `${funded}` }];
    return [...row(one.units - unpaid, 'N'), ...row(unpaid, 'Y')];
  });
}

function bookOut(context: NodeContext, settlement: string, isUnpaid: boolean, decided: readonly DecidedRow[]): void {
  const store = new PoolStore(context.root);
  context.root.transactionSync(() => {
    for (const { client, isin, units, refusal } of decided) {
      const known = store.get(settlement, client, isin);
      if (known === undefined) continue;
      if (refusal !== '') {
        store.put({ ...known, reason: 'refused', detail: refusal });
        continue;
      }
      const to = isUnpaid ? unpaidAccount(client, settlement) : freeAccount(client);
      const key = `POOL_OUT ${context.runId} ${settlement} ${client} ${isin} ${isUnpaid ? 'unpaid' : 'free'}`;
      const move = { isin, from: poolAccount(client, settlement), to, units };
      if (unitsOf(context).post([{ key, kind: 'POOL_OUT', date: context.date, moves: [move] }]) === 0) continue;
      store.put({ ...known, units: known.units - units });
      // The clock of units that are not paid for runs from the pay-out, wherever they were meanwhile.
      if (isUnpaid) new UnpaidStore(context.root).put({ settlement, client, isin, token: known.token, units, paidOutOn: known.since });
    }
  });
}

/**
 * Units that left the pool: the engine counts them as come, whether they are free now or in the pay-in of their sale; what was bought with funding it
 * has in its lots.
 */
function arrivals(rows: readonly ListRow[], done: readonly DecidedRow[], settlement: string, to: string): Arrival[] {
  return done.flatMap(({ client, isin, units: all }) => {
    const { token: text = '0', funded = '0' } = rows.find((row) => row['client'] === client && row['isin'] === isin) ?? {};
    const [token, units] = [Number(text), all - Number(funded)];
    return token === 0 || units === 0 ? [] : [{ key: `pool/${settlement}/${to}/${client}/${isin}`, client, token, units, settlement }];
  });
}

interface PoolGroup {
  readonly settlement: string;
  readonly depository: string;
  /** What the rows have in the column they were parted by. */
  readonly to: string;
  readonly rows: ListRow[];
}

/** Rows by settlement, depository and the column `by`, in their order. */
function groups(rows: readonly ListRow[], by: 'to' | 'pledge'): PoolGroup[] {
  const found = new Map<string, PoolGroup>();
  for (const row of rows) {
    const { settlement = '', depository = '' } = row;
    const to = row[by] ?? '';
    const group = found.get(`${settlement} ${to} ${depository}`) ?? { settlement, to, depository, rows: [] };
    group.rows.push(row);
    found.set(`${settlement} ${to} ${depository}`, group);
  }
  return [...found.values()];
}

const cellsOf = ({ settlement, client, isin, token, depository }: PoolUnits): ListRow => ({
  settlement,
  client,
  isin,
  depository,
  token: String(token),
});

/** Units past the working day after their pay-out on `date`: nothing is left lying without two persons having seen it. */
export function overdueGate({ calendar }: DayParts, context: NodeContext, date: string): Gate {
  const late = new PoolStore(context.root).open().filter((one) => isOverdue(one, date, calendar));
  return { name: 'units in the pool past the working day after their pay-out', left: late.reduce((sum, { units }) => sum + units, 0), right: 0 };
}

/** What rests in the pool, in words; '' when nothing does. */
export function poolNote(context: NodeContext): string {
  const open = new PoolStore(context.root).open();
  const shown = open.slice(0, SHOWN_MAX).map(({ settlement, client, isin, units, reason, detail }) => {
    const { meaning, owner } = POOL_REASONS[reason];
    return `${client} ${isin} ${units} of ${settlement} (${meaning}${detail === '' ? '' : `: ${detail}`}; ${owner})`;
  });
  return open.length === 0 ? '' : `in the pool account: ${open.length} rows, first: ${shown.join('; ')}`;
}
