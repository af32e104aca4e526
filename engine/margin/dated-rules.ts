// The dated rules of the table's business date, by underlying and contract, as the live book wants them: which contracts are margined by
// themselves today, which underlyings give a futures spread its relief, what a bought option near delivery asks per unit. Nothing of it
// applies to a table that does not say how far its expiries are. What the rules say is in engine/rules.
import { InstrumentKind } from '../instrument.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { isExpiryBenefitWithdrawn } from '../rules/calendar-benefit.ts';
import { deliveryMargin } from '../rules/delivery.ts';
import { ruleValue } from '../rules/margin-rules.ts';
import { type UnderlyingKind, underlyingKind } from '../rules/underlying-kind.ts';
import { deltaExpiryOf } from './delta-expiry.ts';
import { RATE_WITHOUT_FILE } from './position-add-ons.ts';

/** Read-only, made once per table and thread. */
export class DatedRules {
  /** Whether the table asks for dated rules at all. */
  readonly isOn: boolean;
  /** Per underlying row (one more for derivatives without): 1 = it has contracts that expire today and have lost their spreads with the others. */
  readonly isWithdrawn: Uint8Array;
  /** Least rate of a share bought with the broker's funding (MTF), 1/10,000; 0 where no dated rule applies. */
  readonly fundedRate: number;
  /** Per underlying row: 1 = a futures spread pays on a third of its far month. */
  readonly hasRelief: Uint8Array;
  private readonly table: ParameterTable;
  private readonly kinds: readonly (UnderlyingKind | undefined)[];

  constructor(table: ParameterTable) {
    const { commodities, tradingDays } = table.details;
    const date = table.businessDate;
    this.table = table;
    this.isOn = tradingDays !== undefined;
    this.fundedRate = this.isOn ? ruleValue('cash.mtf', date) : 0;
    this.kinds = commodities.map((commodity, u) => {
      const first = table.firstInstrument[u] as number;
      const isEmpty = !this.isOn || (table.instrumentCount[u] as number) === 0;
      return isEmpty ? undefined : underlyingKind(commodity.symbol, table.segment[first] as number);
    });
    this.isWithdrawn = new Uint8Array(table.underlyings + 1);
    this.hasRelief = new Uint8Array(table.underlyings + 1);
    const third = ruleValue('elm.calendarThird', date) > 0;
    this.kinds.forEach((kind, u) => {
      if (kind === undefined) return;
      const first = table.firstInstrument[u] as number;
      const expiries = table.expiry.subarray(first, first + (table.instrumentCount[u] as number));
      const isCommodityApart = (commodities[u]?.apart?.length ?? 0) > 0;
      this.isWithdrawn[u] = Number(isCommodityApart || (isExpiryBenefitWithdrawn(kind, date) && expiries.includes(date)));
      this.hasRelief[u] = Number(third && (kind === 'index' || kind === 'stock'));
    });
  }

  /** Trading days to an expiry; Infinity where the table says nothing. */
  daysTo(expiry: number): number {
    return this.table.details.tradingDays?.[expiry] ?? Number.POSITIVE_INFINITY;
  }

  /** Whether the contract expires today, or is a commodity's in its tender period, and is margined by itself. */
  isApart(instrument: number): boolean {
    const { table } = this;
    const underlying = table.underlying[instrument] as number;
    return underlying >= 0 && this.isWithdrawn[underlying] === 1 && isApartOn(table, instrument, table.businessDate);
  }

  /** Delivery margin of one bought unit, micros; 0 but for stock options in the money in their last days. */
  deliveryPerUnit(instrument: number): number {
    const { table } = this;
    const kind = table.kind[instrument] as number;
    const underlying = table.underlying[instrument] as number;
    if (kind < InstrumentKind.CE || underlying < 0 || this.kinds[underlying] !== 'stock') return 0;
    const subject = {
      kind: kind === InstrumentKind.CE ? ('CE' as const) : ('PE' as const),
      strike: table.strike[instrument] as number,
      underlyingPrice: table.spot[underlying] as number,
      units: 1,
      rate: table.details.commodities[underlying]?.deliveryRate ?? RATE_WITHOUT_FILE,
    };
    return deliveryMargin(subject, this.daysTo(table.expiry[instrument] as number), table.businessDate);
  }
}

/**
 * Whether spreads with the contract have lost their benefit on a day: of a commodity as its table says (an option goes with its future), of others on
 * the day they expire.
 */
export function isApartOn(table: ParameterTable, instrument: number, date: number): boolean {
  const expiry = table.expiry[instrument] as number;
  const commodity = table.details.commodities[table.underlying[instrument] as number];
  if (commodity?.apart === undefined) return expiry === date;
  return commodity.apart.includes(deltaExpiryOf(commodity, table.kind[instrument] as number, expiry));
}
