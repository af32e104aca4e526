// Shares that both exchanges list, for the oracle: which row speaks for a listing, and which is the other one. Read from the table's list each time.
import type { ParameterTable } from '../../engine/index.ts';
import { instrumentKey } from './book.ts';

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

/** Keys of the listings a share settles under, the leading one first. */
export function listingKeys(table: ParameterTable | undefined, { segment, token }: { readonly segment: number; readonly token: number }): string[] {
  const row = table?.find(segment, token) ?? -1;
  if (table === undefined || row < 0) return [instrumentKey(segment, token)];
  return listingsOf(table, row).map((each) => instrumentKey(table.segment[each] ?? 0, table.token[each] ?? 0));
}
