// What the clients of one slot must have, kept up to date by O(16) work per fill, order and cancel. Derived state: rebuilt from
// positions and open orders on restore or on a new parameter table, never hashed or stored.
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { type Paise, paise } from '../units.ts';
import type { OrderTerms } from './order-terms.ts';
import type { UnderlyingMargin } from './underlying-margin.ts';

export class MarginBook {
  readonly table: ParameterTable;
  /** Smallest cash-segment margin in 1/10,000 of value (policy). */
  readonly cashRateFloor: number;

  constructor(table: ParameterTable, cashRateFloor: number) {
    this.table = table;
    this.cashRateFloor = cashRateFloor;
  }

  /** What the client must have now. O(1). */
  requirement(_client: number): Paise {
    return paise(0);
  }

  /** What the client would have to have with `add` working and `remove` gone. Changes nothing, allocates nothing. */
  requirementIf(_client: number, _add: OrderTerms | null, _remove: OrderTerms | null): Paise {
    return paise(0);
  }

  /** Counts a working order. Call removeOrder with the same terms when it ends or changes. */
  addOrder(_client: number, _terms: OrderTerms): void {}

  /** Forgets a working order; the terms must equal those it was added with. */
  removeOrder(_client: number, _terms: OrderTerms): void {}

  /** Adds signed units (bought +, sold -) to the client's position. */
  addPosition(_client: number, _instrument: number, _product: number, _signedUnits: number): void {}

  /** Sets the units of a cash instrument the client holds free to deliver. */
  setHolding(_client: number, _instrument: number, _freeUnits: number): void {}

  /** Breakdown for API and explain. Allocates: not for the hot path. */
  underlyingMargins(_client: number): UnderlyingMargin[] {
    return [];
  }
}
