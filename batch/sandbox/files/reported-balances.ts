// What a member reports of its clients' money, out of its segregation report (one row a client and segment): the ledger balance of each client,
// summed over its rows.
import { parse } from 'csv-parse/sync';

const CLIENT = 'UCC Code';
const BALANCE = 'Financial ledger balance-A';
const PAISE_PER_RUPEE = 100;

/** Paise by client. Throws naming the row that has no balance. */
export function reportedBalances(text: string): Map<string, number> {
  const rows = parse(text, { columns: true, skip_empty_lines: true }) as Record<string, string>[];
  const found = new Map<string, number>();
  for (const [at, row] of rows.entries()) {
    const [client, balance] = [row[CLIENT] ?? '', Number(row[BALANCE] ?? Number.NaN)];
    if (client === '' || !Number.isFinite(balance)) throw new Error(`segregation report, row ${at + 1}: ${CLIENT} and ${BALANCE} are needed`);
    found.set(client, (found.get(client) ?? 0) + Math.round(balance * PAISE_PER_RUPEE));
  }
  return found;
}
