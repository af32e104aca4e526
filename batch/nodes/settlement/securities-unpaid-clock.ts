// The clock of unpaid units, turned once an evening: who has paid gets the units free, whose time is over is listed for sale, whose pledge has lapsed has them back;
// units that were sold go into the block of the sale's settlement. Each is instructed by a list made once per run, and booked at once by key.
import type { NodeContext } from '../../runner/index.ts';
import { blockedAccount, freeAccount, unpaidAccount } from '../../securities/unit-accounts.ts';
import { type UnpaidStep, UnpaidStore, type UnpaidUnits, unpaidStep } from '../../securities/unpaid-units.ts';
import { booksOf, type DayParts } from '../end-of-day/day-parts.ts';
import { type Demat, depositoryLists, type ListRow, listOnce } from './securities-files.ts';
import { instructRows, type UnitRow } from './securities-instructions.ts';
import { unitsOf } from './securities-opening.ts';
import { debitOf } from './securities-unpaid.ts';

/** What the evening did. */
export interface UnpaidEvening {
  readonly counts: { readonly unpaidReleased: number; readonly unpaidToSell: number };
  readonly note: string;
}

const COLUMNS = ['settlement', 'client', 'bo', 'isin', 'units', 'to'];
const SHOWN_MAX = 5;

/** Turns the clock on the date of `context`. */
export async function stepUnpaid(parts: DayParts, context: NodeContext): Promise<UnpaidEvening> {
  const open = new UnpaidStore(context.root).open();
  if (open.length === 0 && parts.files.of('unpaid-released', context.date) === undefined)
    return { counts: { unpaidReleased: 0, unpaidToSell: 0 }, note: '' };
  const { demats } = await depositoryLists(parts, context);
  const ledger = booksOf(context.root);
  const steps = open.map((unpaid) => ({ unpaid, step: unpaidStep(unpaid, debitOf(ledger, unpaid.client) === 0, context.date, parts.calendar) }));
  const of = (...wanted: readonly UnpaidStep[]): UnpaidUnits[] => steps.filter(({ step }) => wanted.includes(step)).map(({ unpaid }) => unpaid);
  const list = listOnce(parts, context, 'unpaid-released', () => ({
    columns: COLUMNS,
    rows: of('release', 'lapse').map((one) => rowOf(one, one.units, '', demats)),
  }));
  const released = await releaseUnits(parts, context, 'free', list.rows);
  const toSell = of('sell');
  const shown = toSell.slice(0, SHOWN_MAX).map(({ client, isin, units }) => `${client} ${isin} ${units}`);
  return {
    counts: { unpaidReleased: released, unpaidToSell: toSell.length },
    note: toSell.length === 0 ? '' : `to be sold, not paid in time: ${shown.join('; ')}`,
  };
}

/** A row of a list. */
export const rowOf = ({ settlement, client, isin }: UnpaidUnits, units: number, to: string, demats: ReadonlyMap<string, Demat>): ListRow => ({
  settlement,
  client,
  isin,
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
    released += done.reduce((sum, { units }) => sum + units, 0);
  }
  return released;
}

const unitRow = ({ client = '', bo = '', isin = '', units = '0' }: ListRow): UnitRow => ({ client, bo, isin, units: Number(units) });

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
