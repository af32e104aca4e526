// Cross-margin sets of a parameter table by its own rows: which underlying's futures offset which legs, each leg an underlying or a cash instrument.
// A set forms within one clearing corporation only; one whose legs that corporation does not have is no set there. Nothing is matched here:
// cross-margin.ts.
import { InstrumentKind } from '../instrument.ts';
import type { CrossMarginLeg } from '../parameters/combined-commodity.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { corporationOf } from '../rules/collateral-rules.ts';
import type { CrossMarginFamily } from '../rules/cross-margin-rules.ts';

/** A leg: futures of an underlying row, or a cash instrument row; the other of the two is -1. */
export interface CrossLeg {
  readonly underlying: number;
  readonly instrument: number;
  /** Units for one unit of the index's futures. */
  readonly units: number;
}

/** A set; `underlying` is the index's row. */
export interface CrossSet {
  readonly family: CrossMarginFamily;
  readonly underlying: number;
  readonly legs: readonly CrossLeg[];
}

/** The table's sets, one for each clearing corporation that has the index and every leg; none for a table that knows no dated rule. */
export function crossMarginSets(table: ParameterTable): CrossSet[] {
  const { crossMargin = [], tradingDays, commodities } = table.details;
  if (crossMargin.length === 0 || tradingDays === undefined) return [];
  const shares = cashRows(table);
  return crossMargin.flatMap(({ family, index, legs }) =>
    rowsOf(table, index).flatMap((underlying) => {
      const corporation = corporationOf(table.segment[table.firstInstrument[underlying] as number] as number);
      const org = commodities[underlying]?.clearingOrg;
      const resolved = legs.flatMap(({ symbol, kind, units }: CrossMarginLeg): CrossLeg[] => {
        if (kind === 'EQ') return (shares.get(`${corporation} ${symbol}`) ?? []).map((instrument) => ({ underlying: -1, instrument, units }));
        const row = rowsOf(table, symbol).find((each) => commodities[each]?.clearingOrg === org);
        return row === undefined ? [] : [{ underlying: row, instrument: -1, units }];
      });
      return resolved.length === legs.length ? [{ family, underlying, legs: resolved }] : [];
    }),
  );
}

/** Underlying rows of a symbol that have contracts. */
function rowsOf(table: ParameterTable, symbol: string): number[] {
  return table.details.commodities.flatMap((commodity, row) =>
    commodity.symbol === symbol && (table.instrumentCount[row] as number) > 0 ? [row] : [],
  );
}

/** Cash instruments by clearing corporation and name, one each. */
function cashRows(table: ParameterTable): Map<string, readonly [number]> {
  const rows = new Map<string, readonly [number]>();
  for (let row = 0; row < table.instruments; row++) {
    if (table.kind[row] !== InstrumentKind.EQ) continue;
    const key = `${corporationOf(table.segment[row] as number)} ${table.instrumentName(row)}`;
    if (!rows.has(key)) rows.set(key, [row]);
  }
  return rows;
}
