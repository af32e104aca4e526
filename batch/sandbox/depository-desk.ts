// Instructions to the depositories, decided row by row: block and unblock for a settlement, release of units pledged as unpaid, units of the pool passed on
// to their client or into another settlement, pay-in of what is blocked.
import type { DepositoryBooks, UnitRow } from './depository-books.ts';
import type { FaultSwitches } from './faults.ts';
import type { DepositoryName } from './pool-books.ts';

/** What a desk decides: an answer, or why it refuses the whole instruction. */
export type Decision = { readonly answer: Readonly<Record<string, unknown>> } | { readonly refused: string };
/** One counterparty's understanding of its instructions; undefined = not one of its own. */
export type Desk = (request: Readonly<Record<string, unknown>>) => Decision | undefined;

/** A row as it was decided. */
export interface DecidedRow {
  readonly client: string;
  readonly isin: string;
  readonly units: number;
  /** S: done; R: refused, with the reason. */
  readonly status: 'S' | 'R';
  readonly reason: string;
}

/** The desk over the books. */
export function depositoryDesk(books: DepositoryBooks, faults: FaultSwitches): Desk {
  const refusal = (row: UnitRow, work: (row: UnitRow) => string | undefined): string | undefined => {
    if (!Number.isSafeInteger(row.units) || row.units <= 0) return 'units must be whole and above zero';
    return books.wrongAccount(row) ?? work(row);
  };
  const rowByRow = (request: Readonly<Record<string, unknown>>, work: (row: UnitRow) => string | undefined): Decision => ({
    answer: { rows: unitRows(request['rows']).map((row) => decided(row, refusal(row, work))) },
  });
  return (request) => {
    const settlement = String(request['settlement'] ?? '');
    switch (request['kind']) {
      case 'block':
        return rowByRow(request, (row) => (faults.play('short-delivery') ? 'the account is frozen by an order' : books.block(settlement, row)));
      case 'unblock':
        return rowByRow(request, (row) => books.unblock(settlement, row));
      case 'release':
        return rowByRow(request, (row) => books.release(settlement, String(request['to'] ?? ''), row));
      case 'funding':
        return rowByRow(request, (row) => books.fund(String(request['lot'] ?? ''), row));
      case 'funding-release':
        return rowByRow(request, (row) => books.unfund(String(request['lot'] ?? ''), String(request['to'] ?? ''), row));
      case 'funding-pledges':
        return { answer: { rows: books.funded.lines.map(({ client, isin, lot, waiting, pledged }) => ({ client, isin, lot, waiting, pledged })) } };
      case 'pool-out':
        return rowByRow(request, (row) => books.passOn(settlement, depositoryOf(request), row, request['pledge'] === true));
      case 'inter-settlement':
        return {
          answer: {
            rows: unitRows(request['rows']).map((row) =>
              decided(row, books.pool.transfer({ ...row, settlement, depository: depositoryOf(request) }, String(request['to'] ?? ''))),
            ),
          },
        };
      case 'pay-in':
        return { answer: books.deliver(settlement, String(request['depository'] ?? '')) };
      default:
        return undefined;
    }
  };
}

const depositoryOf = (request: Readonly<Record<string, unknown>>): DepositoryName => (request['depository'] === 'NSDL' ? 'NSDL' : 'CDSL');

/** A row with its decision. */
export function decided({ client, isin, units }: Omit<UnitRow, 'bo'>, reason: string | undefined): DecidedRow {
  return { client, isin, units, status: reason === undefined ? 'S' : 'R', reason: reason ?? '' };
}

/** Rows of an instruction; whatever is no row is none. */
export function unitRows(value: unknown): UnitRow[] {
  if (!Array.isArray(value)) return [];
  return value.map((each: Partial<UnitRow> | null) => ({
    client: String(each?.client ?? ''),
    bo: String(each?.bo ?? ''),
    isin: String(each?.isin ?? ''),
    units: Number(each?.units ?? 0),
  }));
}
