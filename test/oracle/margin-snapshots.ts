// The peak-margin snapshot worked out from nothing: every account's positions, one exchange segment at a time, without orders, without the house's
// multiplier, under the table the day began with (cash: the table in force); and the money handed to the segments one after the other.
import { type ParameterTable, RejectCode } from '../../engine/index.ts';
import type { Account, Position, Slot } from './book.ts';
import { covered, heldUnits, placeOf } from './early.ts';
import { larger } from './exact.ts';
import { lotUnits } from './funding.ts';
import { requirementNow } from './funds.ts';
import type { Happening } from './happening.ts';
import { requirementOf } from './margin-oracle.ts';
import type { Facts } from './picture.ts';
import type { PositionLine } from './portfolio.ts';
import { leadRow } from './same-share.ts';

/** NSE and BSE by turns: shares, equity derivatives, currency; then MCX. */
const SEGMENTS = [1, 4, 2, 5, 3, 6, 7];
const CASH = new Set([1, 4]);
/** Where it is cleared a share is one net, whatever the product. */
const DELIVERY = 1;
const FUNDED = 4;
const BY_HAND = 8;
const LAST_BY_HAND = 30;
const LAST = 31;

/** The table of the date that came first: what the day began under. */
export function noteOpening(slot: Slot): void {
  slot.opening = slot.table?.businessDate === slot.businessDate ? slot.table : undefined;
}

/** Forgets the day's snapshots. */
export function forgetSnapshots(slot: Slot): void {
  slot.snapshots.clear();
  for (const account of slot.accounts.values()) account.peaks.clear();
}

/** TakeMarginSnapshot. */
export function takeSnapshot(slot: Slot, body: Readonly<Record<string, unknown>>): Happening[] {
  const asked = body['number'] as number | undefined;
  let number = asked ?? BY_HAND;
  while (asked === undefined && slot.snapshots.has(number)) number += 1;
  if (number < 1 || number > (asked === undefined ? LAST_BY_HAND : LAST) || slot.snapshots.has(number))
    return [{ kind: 'CommandRefused', facts: { rejectCode: RejectCode.commandMalformed } }];
  slot.snapshots.add(number);
  const wanted = (body['segments'] ?? SEGMENTS) as number[];
  const sums = { rows: 0, required: 0n, shortfall: 0n };
  for (const account of slot.accounts.values()) takeAccount(slot, account, { number, wanted }, sums);
  const live = [...slot.accounts.values()].reduce((total, account) => total + requirementNow(slot, account), 0n);
  const facts: Facts = {
    value: number,
    count: sums.rows,
    requirementBefore: Number(live),
    requirementAfter: Number(sums.required),
    limit: Number(sums.shortfall),
  };
  return [{ kind: 'MarginSnapshotTaken', facts }];
}

function takeAccount(
  slot: Slot,
  account: Account,
  { number, wanted }: { number: number; wanted: readonly number[] },
  sums: { rows: number; required: bigint; shortfall: bigint },
): void {
  let left = larger(account.cash + account.cashEquivalent + account.nonCash, 0n);
  for (const segment of SEGMENTS) {
    const required = segmentRequirement(slot, account, segment);
    if (required.paise > 0n && wanted.includes(segment)) {
      account.peaks.set(`${number}/${segment}`, { required: Number(required.paise), available: Number(left), basis: required.basis });
      sums.rows += 1;
      sums.required += required.paise;
      sums.shortfall += larger(required.paise - left, 0n);
    }
    left = larger(left - required.paise, 0n);
  }
}

/** Segment a position is margined in: of a share that both exchanges list, the leading listing's. */
function marginSegment(table: ParameterTable, { segment, token }: { segment: number; token: number }): number {
  const row = leadRow(table, table.find(segment, token));
  return row < 0 ? segment : (table.segment[row] ?? 0);
}

const isFlat = (account: Account, position: Position): boolean => position.units === 0n && inLots(account, position) === 0n;
const inLots = (account: Account, position: Position): bigint => (position.product === FUNDED ? lotUnits(account, position) : 0n);
/** Funded lots were settled when they were bought, and lie in the client's account. */
const unsettled = (account: Account, position: Position): bigint => position.units - inLots(account, position);

/** Basis 0: the opening table; 1: the table in force; 2: a contract was in neither. */
function segmentRequirement(slot: Slot, account: Account, segment: number): { paise: bigint; basis: number } {
  const { table } = slot;
  if (table === undefined) return { paise: 0n, basis: 0 };
  const opening = slot.opening ?? table;
  const held = [...account.positions.values()].filter((position) => marginSegment(table, position) === segment && !isFlat(account, position));
  const named = (by: ParameterTable): boolean => held.every((position) => by.find(position.segment, position.token) >= 0);
  const isOpening = !CASH.has(segment) && slot.businessDate >= 20_220_801;
  const by = isOpening && named(opening) ? opening : table;
  const paid = covered(slot, account);
  const open = (position: Position): bigint => unsettled(account, position) - (paid.get(position) ?? 0n);
  const lines = held
    .map((position): PositionLine => ({ row: leadRow(by, by.find(position.segment, position.token)), product: DELIVERY, units: open(position) }))
    .filter(({ row }) => row >= 0);
  const free = new Map<number, bigint>();
  for (const [key, units] of heldUnits(account)) {
    const row = leadRow(by, by.find(placeOf(key).segment, placeOf(key).token));
    if (row >= 0 && CASH.has(segment)) free.set(row, (free.get(row) ?? 0n) + units);
  }
  for (const { segment: listing, token, units } of account.lots) {
    const row = leadRow(by, by.find(listing, token));
    if (row >= 0 && CASH.has(segment)) free.set(row, (free.get(row) ?? 0n) + units);
  }
  const paise = requirementOf(by, Number(slot.policy.cashRateFloor), { lines, orders: [], free }, 'parts');
  const isWhole = named(by);
  return { paise, basis: isWhole ? (isOpening && (by === opening || opening === table) ? 0 : 1) : 2 };
}
