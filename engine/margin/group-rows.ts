// How the rows of a group lie in memory. A row is named by its address in the arena; links are 32-bit cells behind a row's doubles and hold
// addresses, 0 = none. A tier row is BRANCHES sums and, in the head row (the first tier's), the charges of the position and the group's
// requirement; a contract row is the position's units. Holds no sum by itself: see group-sum.ts.
import { BRANCHES, FLOOR, SCAN_BRANCHES } from './branches.ts';

/** Cell of a head row: micros of calendar and spot charges of the position. */
export const CHARGE: number = BRANCHES;
/** The same, or more, as soon as an order works. */
export const BOUND: number = BRANCHES + 1;
/** Cell of a head row: the group's requirement in paise. */
export const PAISE: number = BRANCHES + 2;
/** Place of a head row's first reach row (delta-reach.ts): two doubles and the two links behind them. */
export const G_FIRST_REACH: number = BRANCHES + 3;
/** Doubles of a tier row; a row of a short option minimum's tier uses the cells SOM_CALLS and SOM_PUTS only. */
export const TIER_DOUBLES: number = BRANCHES + 5;
/** Links of a head row: client, underlying. Behind the two of its first reach row. */
export const G_CLIENT: number = 2 * TIER_DOUBLES + 2;
/** See G_CLIENT. */
export const G_UNDERLYING: number = G_CLIENT + 1;
/** Link of a tier row: its tier, and the next tier row of the group. */
export const G_TIER: number = G_CLIENT + 2;
/** See G_TIER. */
export const G_NEXT_TIER: number = G_CLIENT + 3;
/** Links of a head row: first contract row, working orders, next group of the client. */
export const G_FIRST_CONTRACT: number = G_CLIENT + 4;
/** See G_FIRST_CONTRACT. */
export const G_ORDERS: number = G_CLIENT + 5;
/** See G_FIRST_CONTRACT. */
export const G_NEXT_OF_CLIENT: number = G_CLIENT + 6;
/** Link of a tier row: its further sums (EXTRA_WORDS), where it needs them. */
export const G_EXTRA: number = G_CLIENT + 7;
/** Link of a head row: first row of the short option minimum's tiers, linked by G_NEXT_TIER; only where the larger of calls and puts counts per tier. */
export const G_FIRST_MINIMUM: number = G_CLIENT + 8;
/**
 * A further row begins with what each scan branch would be less if working orders carried no calendar charge; a head's goes on with the charges of
 * the position (and their bound) with contracts that expire today spread by themselves.
 */
export const CHARGE_APART: number = SCAN_BRANCHES;
/** See CHARGE_APART. */
export const BOUND_APART: number = SCAN_BRANCHES + 1;
/** Words of a further row. */
export const EXTRA_WORDS: number = SCAN_BRANCHES + 2;
/** Words of a tier row, links included. */
export const TIER_WORDS: number = TIER_DOUBLES + 6;
/** Links of a contract row: client, instrument, head row, tier row. */
export const C_CLIENT: number = 2;
/** See C_CLIENT. */
export const C_INSTRUMENT: number = 3;
/** See C_CLIENT. */
export const C_GROUP: number = 4;
/** See C_CLIENT. */
export const C_TIER: number = 5;
/** Links of a contract row: next of the group, row of working orders, how many there are. */
export const C_NEXT: number = 6;
/** See C_NEXT. */
export const C_WORKING: number = 7;
/** See C_NEXT. */
export const C_ORDERS: number = 8;
/** Words of a contract row, links included. */
export const CONTRACT_WORDS: number = 5;

/** Adds the largest scan branch of the row at `at` to `sum`. */
export function addWorst(sum: Float64Array, values: Float64Array, at: number): void {
  let most = values[at + FLOOR] as number;
  for (let b = 0; b < FLOOR; b++) {
    const value = values[at + b] as number;
    if (value > most) most = value;
  }
  sum[0] = (sum[0] as number) + most;
}

/** The same with `shift` added. */
export function addWorstShifted(sum: Float64Array, values: Float64Array, at: number, shift: Float64Array): void {
  let most = (values[at + FLOOR] as number) + (shift[FLOOR] as number);
  for (let b = 0; b < FLOOR; b++) {
    const value = (values[at + b] as number) + (shift[b] as number);
    if (value > most) most = value;
  }
  sum[0] = (sum[0] as number) + most;
}

/** What changes in a row: its scan branches, and how much less they change without calendar charge. */
export interface RowChange {
  readonly shift: Float64Array;
  readonly saved: Float64Array;
}

/**
 * The same twice: with `shift` into the first sum, and with what is saved on calendar charges taken off into the second. `saved` and the further row
 * at `extra` (0: none) may be all there is.
 */
export function addWorstBoth(sum: Float64Array, values: Float64Array, at: number, extra: number, change: RowChange): void {
  const { shift, saved } = change;
  let most = (values[at + FLOOR] as number) + (shift[FLOOR] as number);
  let least = most - (saved[FLOOR] as number) - (extra === 0 ? 0 : (values[extra + FLOOR] as number));
  for (let b = 0; b < FLOOR; b++) {
    const value = (values[at + b] as number) + (shift[b] as number);
    if (value > most) most = value;
    const free = value - (saved[b] as number) - (extra === 0 ? 0 : (values[extra + b] as number));
    if (free > least) least = free;
  }
  sum[0] = (sum[0] as number) + most;
  sum[1] = (sum[1] as number) + least;
}

/** Row of a tier in the chain that begins at `first`, 0 = none. */
export function findTier(links: Uint32Array, first: number, tier: number): number {
  let row = first;
  while (row !== 0 && links[row * 2 + G_TIER] !== tier) row = links[row * 2 + G_NEXT_TIER] as number;
  return row;
}
