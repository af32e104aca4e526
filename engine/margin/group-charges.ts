// The calendar and spot charges of a group's position, worked out anew whenever it changes and kept in the group's head row (and its further row, where
// contracts that expire today are spread by themselves). What working orders may add to them is in their parts: working-parts.ts.
import type { Arena } from '../state/arena.ts';
import { PositionCharge } from './calendar-charge.ts';
import type { CompiledRules, UnderlyingRules } from './compiled-rules.ts';
import { CONTRACT_STRIDE, Contract } from './contract-row.ts';
import { BOUND, BOUND_APART, C_INSTRUMENT, C_NEXT, CHARGE, CHARGE_APART, G_EXTRA, G_FIRST_CONTRACT, G_UNDERLYING } from './group-rows.ts';
import type { PackedRows } from './packed-rows.ts';

/** Whose delta: everybody's, that of contracts expiring today, that of the others. */
const WHOLE = 0;
const EXPIRING = 1;
const OTHERS = 2;

/** Scratch of one shard. */
export class GroupCharges {
  private readonly arena: Arena;
  private readonly extras: PackedRows;
  private rules: CompiledRules;
  private charge: PositionCharge;

  /** `extras` are the further rows of groups, made here where they are missing. */
  constructor(rules: CompiledRules, extras: PackedRows) {
    this.arena = extras.arena;
    this.extras = extras;
    this.rules = rules;
    this.charge = new PositionCharge(rules.expiriesMax);
  }

  /** The rules it goes by. */
  open(rules: CompiledRules): void {
    this.rules = rules;
    if (rules.expiriesMax > this.charge.nets.length) this.charge = new PositionCharge(rules.expiriesMax);
  }

  /** Writes the charges of the group's position into its rows. */
  update(head: number): void {
    const { charge, rules } = this;
    const { f64s } = this.arena;
    const underlying = this.link(head, G_UNDERLYING);
    const own = rules.underlyings[underlying] as UnderlyingRules;
    if (own.spreads.count === 0 && rules.hasSpot[underlying] === 0) return;
    if (rules.dated.isWithdrawn[underlying] === 1) this.updateApart(head, own);
    this.fillNets(head, own, WHOLE);
    charge.compute(rules, underlying);
    f64s[head + CHARGE] = charge.calendar + charge.spot;
    f64s[head + BOUND] = charge.bound;
  }

  /** Further sums of a tier row, made where there are none. */
  extraOf(row: number): number {
    const known = this.link(row, G_EXTRA);
    if (known !== 0) return known;
    const extra = this.extras.allocate();
    this.arena.u32s[row * 2 + G_EXTRA] = extra;
    return extra;
  }

  /** The same with contracts that expire today spread by themselves. */
  private updateApart(head: number, own: UnderlyingRules): void {
    const { charge, rules } = this;
    const { f64s } = this.arena;
    const extra = this.extraOf(head);
    f64s[extra + CHARGE_APART] = 0;
    f64s[extra + BOUND_APART] = 0;
    for (let part = EXPIRING; part <= OTHERS; part++) {
      this.fillNets(head, own, part);
      charge.compute(rules, this.link(head, G_UNDERLYING));
      f64s[extra + CHARGE_APART] = (f64s[extra + CHARGE_APART] as number) + charge.calendar + charge.spot;
      f64s[extra + BOUND_APART] = (f64s[extra + BOUND_APART] as number) + charge.bound;
    }
  }

  /** Net delta by expiry of all the group's contracts, of those expiring today, or of the others. */
  private fillNets(head: number, own: UnderlyingRules, part: number): void {
    const { rules } = this;
    const { nets } = this.charge;
    nets.fill(0, 0, own.expiries.length);
    for (let c = this.link(head, G_FIRST_CONTRACT); c !== 0; c = this.link(c, C_NEXT)) {
      const instrument = this.link(c, C_INSTRUMENT);
      if (part !== WHOLE && ((rules.contracts[instrument * CONTRACT_STRIDE + Contract.tier] as number) % 2 === 1) !== (part === EXPIRING)) continue;
      const e = rules.deltaIndex[instrument] as number;
      nets[e] = (nets[e] as number) + (this.arena.f64s[c] as number) * (rules.table.delta[instrument] as number);
    }
  }

  private link(row: number, link: number): number {
    return this.arena.u32s[row * 2 + link] as number;
  }
}
