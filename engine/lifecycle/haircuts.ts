// SetHaircuts: the day's list of what securities count for, in one command or in several. Every client's collateral is valued by it with the last of
// them, so that a list in parts does not show in funds half done (but for a client whose own collateral is changed between two parts).
import { EventField, EventKind } from '../event/layout.ts';
import { COLLATERAL_AMOUNT_MAX, PRICE_MAX } from '../limits.ts';
import { kindRuleOf } from '../rules/collateral-rules.ts';
import { availableFunds } from '../state/available-funds.ts';
import { Client } from '../state/client-table.ts';
import { CollateralClass, CollateralKind } from '../state/collateral-table.ts';
import { COLLATERAL_KEY_BYTES, Haircut } from '../state/haircut-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { BodyReader } from './body-reader.ts';
import { keyBytes, kindName, revalueAll } from './collateral-value.ts';
import type { Emission } from './emission.ts';
import { refuse } from './refuse.ts';

const WHOLE = 10_000;
const ROWS_MAX = 1_000;
const DATE_MIN = 19_000_101;
const DATE_MAX = 99_991_231;

interface GivenRow {
  readonly kind: number;
  /** ISIN; '' for the kind as a whole. */
  readonly isin: string;
  readonly class: number;
  readonly exchange: number;
  readonly house: number;
  readonly price: number;
  readonly cap: number;
  readonly securityShare: number;
  readonly countsUntil: number;
}

/** Folds a SetHaircuts; '' or the reason it was refused. The event carries the date of the list (value) and how many clients' funds it changed. */
export function setHaircuts(out: Emission, body: unknown): string {
  const { state } = out;
  const read = new BodyReader('SetHaircuts', body);
  const date = read.integer('date', DATE_MIN, DATE_MAX);
  const isFirst = read.has('replace') && read.boolean('replace');
  const isLast = !read.has('revalue') || read.boolean('revalue');
  const rows = read.maps('rows', ROWS_MAX).map((each) => readRow(each, read));
  if (read.error !== '') return refuse(out, read.error);
  if (isFirst) state.haircuts.clear();
  for (const row of rows) setRow(state, row, date);
  const count = isLast ? revalueClients(out) : 0;
  out.answer(EventKind.HaircutsSet).f64(EventField.value, date).f64(EventField.count, count);
  return '';
}

function readRow(row: BodyReader, read: BodyReader): GivenRow {
  const kind = row.choice('kind', CollateralKind);
  const { isAmount } = kindRuleOf(kind);
  const isin = row.has('isin') ? row.name('isin', COLLATERAL_KEY_BYTES) : '';
  const given = {
    kind,
    isin,
    class: row.has('class') ? row.choice('class', CollateralClass) : CollateralClass.NONE,
    exchange: row.has('haircut') ? row.integer('haircut', 0, WHOLE) : 0,
    house: row.has('houseHaircut') ? row.integer('houseHaircut', 0, WHOLE) : 0,
    price: isin === '' ? 0 : row.integer('price', 0, PRICE_MAX),
    cap: row.has('cap') ? row.integer('cap', 1, COLLATERAL_AMOUNT_MAX) : 0,
    securityShare: row.has('securityShare') ? row.integer('securityShare', 1, WHOLE) : 0,
    countsUntil: row.has('countsUntil') ? row.integer('countsUntil', DATE_MIN, DATE_MAX) : 0,
  };
  if (row.error === '' && isin !== '' && isAmount) row.fail('isin', `is not for ${kindName(kind)}, which is an amount`);
  read.take(row);
  return given;
}

function setRow(state: SlotState, row: GivenRow, date: number): void {
  const { haircuts } = state;
  const bytes = keyBytes(row.isin === '' ? kindName(row.kind) : row.isin);
  const at = haircuts.find(bytes, 0) || haircuts.add(bytes, 0);
  haircuts.setU8(at, Haircut.kind, row.kind);
  haircuts.setU8(at, Haircut.class, row.class);
  haircuts.setU16(at, Haircut.exchange, row.exchange);
  haircuts.setU16(at, Haircut.house, row.house);
  haircuts.setU16(at, Haircut.securityShare, row.securityShare);
  haircuts.setU32(at, Haircut.countsUntil, row.countsUntil);
  haircuts.setF64(at, Haircut.price, row.price);
  haircuts.setF64(at, Haircut.cap, row.cap);
  haircuts.setU32(at, Haircut.listed, date);
}

/** Values everybody's pieces; one MarginChanged for each client whose funds it moved. Returns how many those are. */
function revalueClients(out: Emission): number {
  const { state } = out;
  if (state.collateral.live === 0) return 0;
  const before = new Float64Array(state.clients.rows);
  for (let client = 1; client < before.length; client++) before[client] = availableFunds(state, client);
  const sums = (client: number): number => state.clients.f64(client, Client.cashEquivalent) + state.clients.f64(client, Client.nonCash);
  const had = Float64Array.from(before, (_, client) => (client === 0 ? 0 : sums(client)));
  let count = 0;
  for (const client of revalueAll(state)) {
    if (availableFunds(state, client) === before[client] && sums(client) === had[client]) continue;
    out.note(client);
    out.margin(out.account(out.begin(EventKind.MarginChanged), client), client);
    count += 1;
  }
  return count;
}
