// Shares that both exchanges list, for the oracle: which row speaks for a listing, and which is the other one. Read from the table's list each time.
import type { ParameterTable } from '../../engine/index.ts';

/** Both rows of each share, the leading one first. */
const pairsOf = (table: ParameterTable): number[][] =>
  (table.details.sameShare ?? []).map(([segment, token, otherSegment, otherToken]) => [
    table.find(segment, token),
    table.find(otherSegment, otherToken),
  ]);

/** The row a listing is margined as; a row the table does not have stays what it is. */
export const leadRow = (table: ParameterTable | undefined, row: number): number =>
  (table === undefined ? undefined : pairsOf(table).find(([, other]) => other === row)?.[0]) ?? row;

/** Rows of the share, the leading one first. */
export const listingsOf = (table: ParameterTable | undefined, row: number): number[] =>
  (table === undefined ? undefined : pairsOf(table).find((pair) => pair.includes(row))) ?? [row];
