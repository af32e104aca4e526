// A parameter table's rules in the form the arithmetic wants: spreads, spot charges and short option minima as typed arrays by underlying
// and expiry index. Built once per table and thread (compiledRules), shared by all books of the thread, read-only. Rates are integers where
// the file gives no more than 2 decimals (paise), which is what makes add-then-remove exact.
import { InstrumentKind } from '../instrument.ts';
import type { CombinedCommodity } from '../parameters/combined-commodity.ts';
import { instrumentBucket, type ParameterTable } from '../parameters/parameter-table.ts';
import { MICROS_PER_PAISA } from '../units.ts';
import { CONTRACT_STRIDE, Contract, contractKey, packContracts } from './contract-row.ts';
import { CreditGroups } from './credit-groups.ts';
import { DatedRules } from './dated-rules.ts';
import { deltaIndexOf } from './delta-expiry.ts';
import { compileSpreads, emptySpreads, type SpreadRules } from './spread-rules.ts';

/** Rules of one underlying; `first` is where its expiries begin in the per-expiry columns. */
export interface UnderlyingRules {
  readonly first: number;
  readonly expiries: readonly number[];
  readonly spreads: SpreadRules;
}

/** Bits of CompiledRules.traits. */
export const Trait = {
  /** The calendar charge of working orders is also bounded by how far the delta of each month can go. */
  POOLED: 1,
  /** Contracts that expire today have lost their spreads with the others. */
  WITHDRAWN: 2,
  /** A futures spread pays on a third of its far month. */
  RELIEF: 4,
  /** Some expiry has a short option minimum. */
  MINIMUM: 8,
  /** The minimum is the larger of calls and puts in each of several tiers. */
  MINIMUM_BY_TIER: 16,
} as const;

/** Read-only, by underlying row, instrument row or expiry column; see the fields. */
export class CompiledRules {
  readonly table: ParameterTable;
  /** By underlying row; one more at the end for derivatives whose file names no underlying (no charge, own group). */
  readonly underlyings: readonly UnderlyingRules[];
  /** Position of an instrument's expiry among its underlying's. */
  readonly expiryIndex: Uint16Array;
  /** The same of the expiry its delta counts in: of an option on a future, the future's. */
  readonly deltaIndex: Uint16Array;
  /** Rules of the day beyond the file, and credits between underlyings, as the live book wants them. */
  readonly dated: DatedRules;
  readonly credits: CreditGroups;
  /** Per underlying: 1 = the calendar charge of working orders is also bounded by how far the delta of each month can go (delta-reach.ts). */
  readonly pooled: Uint8Array;
  /** Per underlying: paise of the array x this = micros (adjustment rate included). */
  readonly arrayScale: Float64Array;
  /** Per underlying: largest calendar rate, whole micros per 1/10,000 delta: so that deltas at this rate add up without a rest. */
  readonly calendarRateMax: Float64Array;
  /** Per underlying: 1 = SOM is the larger of calls and puts, 0 = their sum. */
  readonly somIsMax: Uint8Array;
  /** Per underlying: what makes its sums longer than scan and exposure, bits of Trait. A decision reads this instead of a column each. */
  readonly traits: Uint8Array;
  /** Per expiry: short option minimum, micros per unit; spot charges, micros per 1/10,000 delta. */
  readonly som: Float64Array;
  /** Per expiry: tier its short option minimum counts in, from 1; 0 = none. */
  readonly somTier: Uint8Array;
  readonly spotSpread: Float64Array;
  readonly spotOutright: Float64Array;
  /** Per underlying: 1 when any of its expiries has a short option minimum, or a spot charge. */
  readonly hasSom: Uint8Array;
  readonly hasSpot: Uint8Array;
  /** Expiries of the underlying that has most. */
  readonly expiriesMax: number;
  /** Row of each instrument as a decision reads it; see contract-row.ts. */
  readonly contracts: Float64Array;

  constructor(table: ParameterTable) {
    const count = table.underlyings + 1;
    this.table = table;
    this.expiryIndex = new Uint16Array(table.instruments);
    this.deltaIndex = new Uint16Array(table.instruments);
    this.arrayScale = new Float64Array(count).fill(MICROS_PER_PAISA);
    this.calendarRateMax = new Float64Array(count);
    this.somIsMax = new Uint8Array(count);
    this.hasSom = new Uint8Array(count);
    this.hasSpot = new Uint8Array(count);
    const lists = expiryLists(table);
    const total = lists.reduce((sum, list) => sum + list.length, 0);
    this.som = new Float64Array(total);
    this.somTier = new Uint8Array(total);
    this.spotSpread = new Float64Array(total);
    this.spotOutright = new Float64Array(total);
    let first = 0;
    this.underlyings = lists.map((expiries, underlying) => {
      const commodity = table.details.commodities[underlying];
      const spreads = commodity === undefined ? emptySpreads : compileSpreads(commodity, expiries, priceOfExpiry(table, underlying));
      const rules = { first, expiries, spreads };
      if (commodity !== undefined) this.compileCommodity(underlying, commodity, rules);
      first += expiries.length;
      return rules;
    });
    this.expiriesMax = lists.reduce((most, list) => Math.max(most, list.length), 1);
    for (let i = 0; i < table.instruments; i++) {
      if (table.kind[i] === InstrumentKind.EQ) continue;
      this.expiryIndex[i] = (lists[this.groupOf(i)] as readonly number[]).indexOf(table.expiry[i] as number);
      this.deltaIndex[i] = deltaIndexOf(this, this.groupOf(i), i);
    }
    this.dated = new DatedRules(table);
    this.credits = new CreditGroups(table);
    // The spot charge of an expiry knows no other side, nor does a spread whose legs all stand on one.
    this.pooled = Uint8Array.from(this.calendarRateMax, (rate, u) =>
      Number(this.dated.isOn && rate > 0 && this.hasSpot[u] === 0 && this.underlyings[u]?.spreads.opposed === true),
    );
    this.traits = this.underlyings.reduce((traits, _, u) => traits.fill(this.traitsOf(u), u, u + 1), new Uint8Array(count));
    this.contracts = packContracts(this);
  }

  /** Row of an instrument, or -1: ParameterTable.find over the packed rows, one cache line instead of two. */
  find(segment: number, token: number): number {
    const { hash } = this.table;
    const mask = hash.length - 1;
    const key = contractKey(segment, token);
    for (let bucket = instrumentBucket(segment, token, hash.length); ; bucket = (bucket + 1) & mask) {
      const row = (hash[bucket] as number) - 1;
      if (row < 0 || this.contracts[row * CONTRACT_STRIDE + Contract.key] === key) return row;
    }
  }

  /** The row, or another one, or -1: what find() looks at first. For read-ahead.ts. */
  guess(segment: number, token: number): number {
    const { hash } = this.table;
    return (hash[instrumentBucket(segment, token, hash.length)] as number) - 1;
  }

  /** Is the instrument of the cash segment? */
  isShare(instrument: number): boolean {
    return this.contracts[instrument * CONTRACT_STRIDE + Contract.kind] === InstrumentKind.EQ;
  }

  /** The listing a share is margined as: itself, but for the second listing of a share that nets across the exchanges. Shares only. */
  leadOf(share: number): number {
    return this.contracts[share * CONTRACT_STRIDE + Contract.lead] as number;
  }

  /** Underlying a derivative is margined with; the last, nameless one when the file gives none. */
  groupOf(instrument: number): number {
    const underlying = this.table.underlying[instrument] as number;
    return underlying < 0 ? this.table.underlyings : underlying;
  }

  /** Index into the per-expiry columns, by the expiry its delta counts in. */
  expiryColumn(instrument: number): number {
    return (this.underlyings[this.groupOf(instrument)] as UnderlyingRules).first + (this.deltaIndex[instrument] as number);
  }

  private traitsOf(underlying: number): number {
    const { dated } = this;
    const minima = this.table.details.commodities[underlying]?.shortOptionMinimum ?? [];
    const isTiered = this.hasSom[underlying] === 1 && this.somIsMax[underlying] === 1 && minima.length > 1;
    return (
      (this.pooled[underlying] === 1 ? Trait.POOLED : 0) |
      (dated.isWithdrawn[underlying] === 1 ? Trait.WITHDRAWN : 0) |
      (dated.hasRelief[underlying] === 1 ? Trait.RELIEF : 0) |
      (this.hasSom[underlying] === 1 ? Trait.MINIMUM : 0) |
      (isTiered ? Trait.MINIMUM_BY_TIER : 0)
    );
  }

  private compileCommodity(underlying: number, commodity: CombinedCommodity, rules: UnderlyingRules): void {
    // A file without a sensible rate asks for the unadjusted risk, never for none.
    const adjustment = commodity.adjustment > 0 ? commodity.adjustment : 1;
    this.arrayScale[underlying] = MICROS_PER_PAISA * adjustment;
    const column = (this.table.calendarRateMax[underlying] as number) / 10_000;
    this.calendarRateMax[underlying] = Math.ceil(Math.max(column, rules.spreads.rateMax) * adjustment);
    const minima = commodity.shortOptionMinimum;
    this.somIsMax[underlying] = commodity.somMethod === 'MAX' ? 1 : 0;
    rules.expiries.forEach((expiry, index) => {
      const at = rules.first + index;
      const tier = minima.findIndex((som) => (som.from === 0 || expiry >= som.from) && (som.to === 0 || expiry <= som.to));
      this.somTier[at] = tier + 1;
      const rate = minima.length === 0 ? (this.table.somRate[underlying] as number) : Math.round((minima[tier]?.rate ?? 0) * 1e6);
      this.som[at] = Math.round(rate * adjustment);
      if (rate > 0) this.hasSom[underlying] = 1;
      const spot = commodity.spotCharges.find((charge) => charge.expiry === expiry);
      if (spot === undefined) return;
      this.hasSpot[underlying] = 1;
      this.spotSpread[at] = (Math.round(spot.spreadRate * 1e6) * adjustment) / 10_000;
      this.spotOutright[at] = (Math.round(spot.outrightRate * 1e6) * adjustment) / 10_000;
    });
  }
}

/** Sorted expiries of the instruments of each underlying; last, those of derivatives without one. */
function expiryLists(table: ParameterTable): readonly (readonly number[])[] {
  const sets = Array.from({ length: table.underlyings + 1 }, () => new Set<number>());
  for (let i = 0; i < table.instruments; i++) {
    if (table.kind[i] === InstrumentKind.EQ) continue;
    const underlying = table.underlying[i] as number;
    (sets[underlying < 0 ? table.underlyings : underlying] as Set<number>).add(table.expiry[i] as number);
  }
  return sets.map((set) => [...set].sort((a, b) => a - b));
}

/** Rupees per unit of an expiry: its future's file price, else the underlying's. Only the percent methods ask. */
function priceOfExpiry(table: ParameterTable, underlying: number): (expiry: number) => number {
  return (expiry) => {
    const from = table.firstInstrument[underlying] as number;
    for (let i = from; i < from + (table.instrumentCount[underlying] as number); i++) {
      if (table.kind[i] !== InstrumentKind.FUT || table.expiry[i] !== expiry) continue;
      return (table.price[i] as number) > 0 ? (table.price[i] as number) / 100 : (table.previousClose[i] as number) / 10_000;
    }
    return (table.spot[underlying] as number) / 10_000;
  };
}

const compiled = new WeakMap<ParameterTable, CompiledRules>();

/** The compiled rules of a table: built on first use, then shared by everything in the thread that names the same table object. */
export function compiledRules(table: ParameterTable): CompiledRules {
  let rules = compiled.get(table);
  if (rules === undefined) {
    rules = new CompiledRules(table);
    compiled.set(table, rules);
  }
  return rules;
}
