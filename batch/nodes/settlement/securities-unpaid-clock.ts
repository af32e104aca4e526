// The clock of unpaid units, turned once an evening: who has paid gets the units free, and so does whose pledge has lapsed; units that were sold go
// into the block of the sale's settlement. Each is instructed by a list made once per run, booked at once by key, and told to the risk engine, where
// they are free from then on.
import type { NodeContext } from '../../runner/index.ts';
import { blockedAccount, freeAccount, unpaidAccount } from '../../securities/unit-accounts.ts';
import { type UnpaidStep, UnpaidStore, type UnpaidUnits, unpaidStep } from '../../securities/unpaid-units.ts';
import { booksOf, type DayParts } from '../end-of-day/day-parts.ts';
import { type Arrival, tellArrivals } from './securities-engine.ts';
import { type Demat, depositoryLists, type ListRow, listOnce } from './securities-files.ts';
import { instructRows, type UnitRow, unitRow } from './securities-instructions.ts';
import { unitsOf } from './securities-opening.ts';
import { debitOf } from './securities-unpaid.ts';

/** Columns of a list of releases. */
export const RELEASE_COLUMNS: readonly string[] = ['settlement', 'client', 'bo', 'isin', 'token', 'units', 'to'];

/** Turns the clock on the date of `context`; units released. */
export async function stepUnpaid(parts: DayParts, context: NodeContext): Promise<number> {
  const open = new UnpaidStore(context.root).open();
  if (open.length === 0 && parts.files.of('unpaid-released', context.date) === undefined) return 0;
  const { demats } = await depositoryLists(parts, context);
  const ledger = booksOf(context.root);
  const steps = open.map((unpaid) => ({ unpaid, step: unpaidStep(unpaid, debitOf(ledger, unpaid.client) === 0, context.date, parts.calendar) }));
  const of = (...wanted: readonly UnpaidStep[]): UnpaidUnits[] => steps.filter(({ step }) => wanted.includes(step)).map(({ unpaid }) => unpaid);
  const list = listOnce(parts, context, 'unpaid-released', () => ({
    columns: RELEASE_COLUMNS,
    rows: of('release', 'lapse').map((one) => rowOf(one, one.units, '', demats)),
  }));
  return releaseUnits(parts, context, 'free', list.rows);
}

/** A row of a list. */
export const rowOf = ({ settlement, client, isin, token }: UnpaidUnits, units: number, to: string, demats: ReadonlyMap<string, Demat>): ListRow => ({
  settlement,
  client,
  isin,
  token: String(token),
  to,
  bo: demats.get(client)?.bo ?? '',
  units: String(units),
});

/** Units of a client and ISIN that are still pledged as unpaid, oldest settlement first. */
export const unpaidOf = (context: NodeContext, client: string, isin: string): UnpaidUnits[] =>
  new UnpaidStore(context.root).open().filter((one) => one.client === client && one.isin === isin);

/** Instructs and books releases of a list; `to` of a row names the settlement into whose block its units go, '' = free. Returns the units released. */
export async function releaseUnits(parts: DayParts, context: NodeContext, name: string, rows: readonly ListRow[]): Promise<number> {
  let released = 0;
  const groups = new Set(rows.map((row) => `${row['settlement']} ${row['to']}`));
  for (const group of groups) {
    const [settlement = '', to = ''] = group.split(' ');
    const own = rows.filter((row) => row['settlement'] === settlement && row['to'] === to);
    const request = { kind: 'release', settlement, to };
    const decided = await instructRows(
      parts,
      context,
      { target: 'depository', name: `release ${name} ${settlement} ${to}`, request },
      own.map(unitRow),
    );
    const done = decided.filter(({ refusal }) => refusal === '');
    book(context, settlement, to, done);
    // After the booking: a crash in between sends them again, under the same keys.
    await tellArrivals(parts.dataDirectory, arrivals(own, settlement, to, done));
    released += done.reduce((sum, { units }) => sum + units, 0);
  }
  return released;
}

/** Units that are no longer pledged: the engine counts them as come, whether they are free now or blocked for their sale. */
function arrivals(rows: readonly ListRow[], settlement: string, to: string, done: readonly UnitRow[]): Arrival[] {
  return done.flatMap(({ client, isin, units }) => {
    const token = Number(rows.find((row) => row['client'] === client && row['isin'] === isin)?.['token'] ?? 0);
    return token === 0 ? [] : [{ key: `release/${settlement}/${to}/${client}/${isin}`, client, token, units, settlement }];
  });
}

function book(context: NodeContext, settlement: string, to: string, done: readonly UnitRow[]): void {
  const store = new UnpaidStore(context.root);
  const ledger = unitsOf(context);
  context.root.transactionSync(() => {
    for (const { client, isin, units } of done) {
      const target = to === '' ? freeAccount(client) : blockedAccount(client, to);
      const move = { isin, from: unpaidAccount(client, settlement), to: target, units };
      const kind = to === '' ? 'RELEASE' : 'DISPOSAL';
      const isNew =
        ledger.post([{ key: `${kind} ${context.runId} ${settlement} ${to} ${client} ${isin}`, kind, date: context.date, moves: [move] }]) > 0;
      const known = store.open().find((one) => one.settlement === settlement && one.client === client && one.isin === isin);
      if (isNew && known !== undefined) store.put({ ...known, units: known.units - units });
    }
  });
}
