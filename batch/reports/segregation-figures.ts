// A client's row of the segregation report, per segment: what the ledger has and what the engine knows of collateral, received, kept and placed. The member
// clears for itself, so that nothing stays with the clearing member: what is placed with it is placed with the corporation. Each row balances:
// received + ledger = retained + placed. Pure.
import { type CollateralPieceView, ExchangeSegment, paise, paiseText } from '../../engine/index.ts';

/** A client's pieces, and what was given as figures only. Amounts in paise. */
export interface SegregatedClient {
  readonly pieces: readonly CollateralPieceView[];
  readonly given: number;
}

/** Segment indicators of the report, and the exchange segments each covers. */
const INDICATORS: Readonly<Record<string, readonly number[]>> = {
  CM: [ExchangeSegment.NSE, ExchangeSegment.BSE],
  FO: [ExchangeSegment.NFO, ExchangeSegment.BFO],
  CD: [ExchangeSegment.CDS, ExchangeSegment.BCD],
  CO: [ExchangeSegment.MCX],
};
/** The row that carries the ledger and what is with the member. */
const HOME = 'FO';

type Column = 'Cash' | 'Bg' | 'Fdr' | 'Cashlike' | 'NonCash' | 'NonApproved' | 'Other' | 'Gsec' | 'BgFunded' | 'BgUnfunded';
const COLUMNS: readonly Column[] = ['Cash', 'Bg', 'Fdr', 'Cashlike', 'NonCash', 'NonApproved', 'Other', 'Gsec', 'BgFunded', 'BgUnfunded'];
type Sums = Record<Column, number>;

const nothing = (): Sums => Object.fromEntries(COLUMNS.map((column) => [column, 0])) as Sums;

/** Rows of one client: the home row, and one for every other segment that something is placed in. Values after haircut, before caps. */
export function segregationRows(
  { pieces, given }: SegregatedClient,
  ledger: { readonly balance: number; readonly clear: number },
): Record<string, string>[] {
  const rows: Record<string, string>[] = [];
  const cashAway = sumOf(pieces.filter(({ kind, segment }) => kind === 'CASH' && !INDICATORS[HOME]?.includes(segment)));
  for (const [indicator, segments] of Object.entries(INDICATORS)) {
    const isHome = indicator === HOME;
    const placed = sorted(pieces.filter(({ segment }) => segments.includes(segment)));
    const kept = isHome ? sorted(pieces.filter(({ segment }) => segment === 0)) : nothing();
    if (isHome) kept.Other += given;
    if (!isHome && COLUMNS.every((column) => placed[column] === 0)) continue;
    // Cash is the ledger's: what lies elsewhere stands in that segment's row.
    const clear = isHome ? ledger.clear - cashAway : placed.Cash;
    kept.Cash = clear - placed.Cash;
    rows.push({
      segment: indicator,
      balance: rupees(isHome ? ledger.balance - cashAway : placed.Cash),
      clear: rupees(clear),
      ...named('received', added(kept, placed)),
      ...named('retained', kept),
      ...named('placed', placed),
    });
  }
  return rows;
}

const rupees = (amount: number): string => paiseText(paise(amount));
const sumOf = (pieces: readonly CollateralPieceView[]): number => pieces.reduce((sum, { quantity }) => sum + quantity, 0);

function named(what: string, sums: Sums): Record<string, string> {
  return Object.fromEntries(COLUMNS.map((column) => [`${what}${column}`, rupees(sums[column])]));
}

function added(a: Sums, b: Sums): Sums {
  return Object.fromEntries(COLUMNS.map((column) => [column, a[column] + b[column]])) as Sums;
}

function sorted(pieces: readonly CollateralPieceView[]): Sums {
  const sums = nothing();
  for (const piece of pieces) {
    sums[columnOf(piece)] += piece.kind === 'CASH' ? piece.quantity : piece.value;
    if (piece.kind === 'BANK_GUARANTEE') sums.BgFunded += piece.value;
    if (piece.kind === 'BANK_GUARANTEE_UNFUNDED') sums.BgUnfunded += piece.value;
  }
  return sums;
}

/** Government securities have columns of their own at the end of the row, and stand there only. */
function columnOf({ kind, isCashLike, reason }: CollateralPieceView): Column {
  switch (kind) {
    case 'CASH':
      return 'Cash';
    case 'FDR':
      return 'Fdr';
    case 'BANK_GUARANTEE':
    case 'BANK_GUARANTEE_UNFUNDED':
      return 'Bg';
    case 'GSEC':
      return 'Gsec';
    default:
      return reason === 'notApproved' ? 'NonApproved' : isCashLike ? 'Cashlike' : 'NonCash';
  }
}
