// What one group asks, from its rows: the change that a position or an order would make of each branch, laid over the sums that are kept, and the
// largest branch. In an underlying whose contracts expiring today have lost their spreads the scan branches are added twice: with those contracts
// apart (each of the two in a tier row of its own) and together; the larger counts. While orders work the scan is the smaller of two bounds:
// calendar charge inside each order's part, or none there and what the months' deltas can reach charged. Writes no row but by apply().
import type { Arena } from '../state/arena.ts';
import { roundCellToPaise } from '../units.ts';
import { BRANCHES, FLOOR, SCAN_BRANCHES, SOM_CALLS, SOM_PUTS, SPAN_ZERO, UNCHARGED, WORKING_STRIDE } from './branches.ts';
import { type CompiledRules, Trait } from './compiled-rules.ts';
import { CONTRACT_STRIDE, Contract } from './contract-row.ts';
import type { DeltaReach } from './delta-reach.ts';
import { FuturesRelief } from './futures-relief.ts';
import {
  addWorst,
  addWorstBoth,
  addWorstShifted,
  BOUND,
  BOUND_APART,
  C_WORKING,
  CHARGE,
  CHARGE_APART,
  findTier,
  G_EXTRA,
  G_FIRST_MINIMUM,
  G_NEXT_TIER,
  G_TIER,
  PAISE,
  type RowChange,
} from './group-rows.ts';
import type { OrderTerms } from './order-terms.ts';

/** Places in `totals`: scan with charges in the parts and without, contracts expiring today apart or together with the others. */
const APART = 0;
const APART_UNCHARGED = 1;
const TOGETHER = 2;
const TOGETHER_UNCHARGED = 3;
/** And the short option minimum. */
const MINIMUM = 4;

/** Scratch of one shard: fill(), then weigh(), then perhaps apply(). */
export class GroupSum {
  /** Paise by which the group's requirement changes. A cell: a double that is returned may become a heap object. */
  readonly change: Float64Array = new Float64Array(1);
  /** No parts at all. */
  readonly none: Float64Array = new Float64Array(WORKING_STRIDE);
  /** Change of each branch; and how much less each scan branch would change without calendar charge. */
  private readonly shift = new Float64Array(BRANCHES);
  private readonly saved = new Float64Array(SCAN_BRANCHES);
  /** Both, and what stands for them in a row that does not change. */
  private readonly changed: RowChange = { shift: this.shift, saved: this.saved };
  private readonly unchanged: RowChange = { shift: this.none, saved: this.none };
  private readonly totals = new Float64Array(5);
  private readonly row = new Float64Array(SCAN_BRANCHES);
  private readonly arena: Arena;
  private readonly relief: FuturesRelief;
  private readonly reach: DeltaReach;
  private rules: CompiledRules;
  /** First cell of the contract at hand. */
  private cells = 0;
  private underlying = 0;
  private tier = 0;
  /** Bits of Trait of the underlying at hand, and the tier its contract's short option minimum counts in, from 1. */
  private traits = 0;
  private minimumTier = 0;

  constructor(rules: CompiledRules, arena: Arena, reach: DeltaReach) {
    this.rules = rules;
    this.arena = arena;
    this.relief = new FuturesRelief(arena);
    this.reach = reach;
  }

  /** The rules it goes by. */
  open(rules: CompiledRules): void {
    this.rules = rules;
  }

  /**
   * What `units` of position, or the parts of an order that comes (direction 1) or goes (-1), change in each branch of the contract (0: none yet).
   */
  fill(contract: number, instrument: number, units: number, more: Float64Array, direction: 1 | -1): void {
    const { rules, shift, none } = this;
    const { contracts } = rules;
    const { f64s, u32s } = this.arena;
    const cells = instrument * CONTRACT_STRIDE;
    this.cells = cells;
    this.underlying = contracts[cells + Contract.group] as number;
    this.tier = contracts[cells + Contract.tier] as number;
    const traits = rules.traits[this.underlying] as number;
    this.traits = traits;
    const before = contract === 0 ? 0 : (f64s[contract] as number);
    const row = contract === 0 ? 0 : (u32s[contract * 2 + C_WORKING] as number);
    const parts = row === 0 ? none : f64s;
    const elmLong = contracts[cells + Contract.elmLong] as number;
    const elmShort = contracts[cells + Contract.elmShort] as number;
    let short = elmShort;
    const end = (traits & Trait.MINIMUM) === 0 ? SOM_CALLS : BRANCHES;
    for (let b = 0; b < end; b++) {
      if (b >= SOM_CALLS) short = elmShort + (contracts[cells + Contract.somCalls + b - SOM_CALLS] as number);
      const longPart = (parts[row + b] as number) + elmLong * before;
      const shortPart = (parts[row + BRANCHES + b] as number) - short * before;
      const longNow = longPart + elmLong * units + direction * (more[b] as number);
      const shortNow = shortPart - short * units + direction * (more[BRANCHES + b] as number);
      shift[b] = (longNow > shortNow ? longNow : shortNow) - (longPart > shortPart ? longPart : shortPart);
    }
    if ((traits & Trait.POOLED) !== 0) {
      this.fillSaved(contract, units, more, direction);
      this.reach.begin(instrument, units);
    }
    if ((traits & Trait.MINIMUM_BY_TIER) !== 0) this.minimumTier = 1 + (rules.somTier[rules.expiryColumn(instrument)] as number);
    if (units !== 0) this.addLinearShift(cells, units);
  }

  /** Adds (direction 1) or takes off (-1) what the order's delta can reach. After fill(). */
  addReach(terms: OrderTerms, direction: 1 | -1): void {
    if ((this.traits & Trait.POOLED) !== 0) this.reach.add(terms, direction);
  }

  /**
   * Leaves in `change` what the filled shift laid over `tierRow` (0: a tier, or a group, that has no row yet) makes of the group's requirement.
   * Micros stay inside, because sums beyond 2^31 that cross a call are heap objects.
   */
  weigh(head: number, tierRow: number, orders: number): void {
    const { shift, change, totals, traits } = this;
    const { f64s, u32s } = this.arena;
    const isWorking = orders > 0;
    const isPooled = isWorking && (traits & Trait.POOLED) !== 0;
    const isWithdrawn = (traits & Trait.WITHDRAWN) !== 0;
    totals[APART] = 0;
    totals[APART_UNCHARGED] = 0;
    this.addApart(head, tierRow, isPooled);
    const extra = head === 0 || !isWithdrawn ? 0 : (u32s[head * 2 + G_EXTRA] as number);
    if (isPooled) this.reach.weigh(head);
    const pool = isPooled ? (this.reach.most[0] as number) : 0;
    let most = totals[APART] as number;
    if (!isWithdrawn) most += head === 0 ? 0 : (f64s[head + (isWorking ? BOUND : CHARGE)] as number);
    else if (extra !== 0) most += f64s[extra + (isWorking ? BOUND_APART : CHARGE_APART)] as number;
    if (isPooled) most = Math.min(most, (totals[APART_UNCHARGED] as number) + pool);
    if (isWithdrawn) {
      totals[TOGETHER] = 0;
      totals[TOGETHER_UNCHARGED] = 0;
      this.addTogether(head, tierRow, false);
      let together = (totals[TOGETHER] as number) + (head === 0 ? 0 : (f64s[head + (isWorking ? BOUND : CHARGE)] as number));
      if (isPooled) {
        this.addTogether(head, tierRow, true);
        together = Math.min(together, (totals[TOGETHER_UNCHARGED] as number) + pool);
      }
      most = Math.max(most, together);
    }
    most = Math.max(most, (head === 0 ? 0 : (f64s[head + SPAN_ZERO] as number)) + (shift[SPAN_ZERO] as number));
    if ((traits & Trait.MINIMUM) !== 0) {
      this.addMinima(head);
      most = Math.max(most, totals[MINIMUM] as number);
    }
    change[0] = most;
    if (!isWorking && head !== 0 && (traits & Trait.RELIEF) !== 0) this.relief.takeOff(change, this.rules, head, isWithdrawn);
    roundCellToPaise(change);
    if (head !== 0) change[0] = (change[0] as number) - (f64s[head + PAISE] as number);
  }

  /** Writes the shift into the contract's tier row, its head and the row of its minimum's tier, and `change` into the group's requirement. */
  apply(head: number, tierRow: number): void {
    const { shift, saved } = this;
    const { f64s, u32s } = this.arena;
    for (let b = 0; b < SCAN_BRANCHES; b++) f64s[tierRow + b] = (f64s[tierRow + b] as number) + (shift[b] as number);
    f64s[head + SPAN_ZERO] = (f64s[head + SPAN_ZERO] as number) + (shift[SPAN_ZERO] as number);
    if ((this.traits & Trait.MINIMUM) !== 0) {
      const row = this.minimumRow(head);
      f64s[row + SOM_CALLS] = (f64s[row + SOM_CALLS] as number) + (shift[SOM_CALLS] as number);
      f64s[row + SOM_PUTS] = (f64s[row + SOM_PUTS] as number) + (shift[SOM_PUTS] as number);
    }
    f64s[head + PAISE] = (f64s[head + PAISE] as number) + (this.change[0] as number);
    if ((this.traits & Trait.POOLED) === 0) return;
    const extra = u32s[tierRow * 2 + G_EXTRA] as number;
    if (extra !== 0) for (let b = 0; b < SCAN_BRANCHES; b++) f64s[extra + b] = (f64s[extra + b] as number) + (saved[b] as number);
    this.reach.apply(head);
  }

  /** Adds what a contract without orders has beside scan and exposure: its delta's reach, its part of the short option minimum. */
  addBeside(head: number, instrument: number, units: number): void {
    const { rules } = this;
    const cells = instrument * CONTRACT_STRIDE;
    this.traits = rules.traits[rules.contracts[cells + Contract.group] as number] as number;
    if ((this.traits & Trait.POOLED) !== 0) {
      this.reach.begin(instrument, units);
      this.reach.apply(head);
    }
    if ((this.traits & Trait.MINIMUM) !== 0) this.addMinimum(head, instrument, units);
  }

  /** Exposure, minimum, less value. */
  private addMinimum(head: number, instrument: number, units: number): void {
    const { rules } = this;
    const { contracts } = rules;
    const { f64s } = this.arena;
    const cells = instrument * CONTRACT_STRIDE;
    if ((this.traits & Trait.MINIMUM_BY_TIER) !== 0) this.minimumTier = 1 + (rules.somTier[rules.expiryColumn(instrument)] as number);
    const long = (contracts[cells + Contract.elmLong] as number) * units;
    const short = (contracts[cells + Contract.elmShort] as number) * units;
    const value = (contracts[cells + Contract.value] as number) * units;
    const row = this.minimumRow(head);
    for (let side = 0; side < 2; side++) {
      const minimum = (contracts[cells + Contract.somCalls + side] as number) * units;
      f64s[row + SOM_CALLS + side] = (f64s[row + SOM_CALLS + side] as number) + Math.max(long, -short - minimum) - value;
    }
  }

  /** Makes the group's requirement what its rows say, whatever it was. */
  stand(head: number, underlying: number, orders: number): void {
    this.underlying = underlying;
    this.traits = this.rules.traits[underlying] as number;
    this.minimumTier = 0;
    this.shift.fill(0);
    this.saved.fill(0);
    this.reach.begin(0, 0);
    this.arena.f64s[head + PAISE] = 0;
    this.weigh(head, head, orders);
    this.arena.f64s[head + PAISE] = this.change[0] as number;
  }

  /** Whether the underlying of the last fill() needs further sums beside its rows. */
  get wantsExtra(): boolean {
    return (this.traits & Trait.POOLED) !== 0;
  }

  /** Tier of the last filled contract's short option minimum; 0 where one pair of sums holds them all. */
  get tierOfMinimum(): number {
    return (this.traits & Trait.MINIMUM_BY_TIER) === 0 ? 0 : this.minimumTier;
  }

  /** Row that holds the sums of the contract's short option minimum; 0 where its tier has none yet. */
  private minimumRow(head: number): number {
    if (head === 0 || (this.traits & Trait.MINIMUM_BY_TIER) === 0) return head;
    return findTier(this.arena.u32s, this.arena.u32s[head * 2 + G_FIRST_MINIMUM] as number, this.minimumTier);
  }

  /** Leaves in `totals` the minimum branch with the shift: the larger of calls and puts, in each tier where there are several. */
  private addMinima(head: number): void {
    const { shift, totals } = this;
    const { f64s, u32s } = this.arena;
    const calls = shift[SOM_CALLS] as number;
    const puts = shift[SOM_PUTS] as number;
    const own = this.minimumRow(head);
    const sum = own === 0 ? Math.max(calls, puts) : Math.max((f64s[own + SOM_CALLS] as number) + calls, (f64s[own + SOM_PUTS] as number) + puts);
    totals[MINIMUM] = sum;
    if (head === 0 || (this.traits & Trait.MINIMUM_BY_TIER) === 0) return;
    let others = 0;
    for (let row = u32s[head * 2 + G_FIRST_MINIMUM] as number; row !== 0; row = u32s[row * 2 + G_NEXT_TIER] as number) {
      if (row !== own) others += Math.max(f64s[row + SOM_CALLS] as number, f64s[row + SOM_PUTS] as number);
    }
    totals[MINIMUM] = sum + others;
  }

  /** The same change without calendar charge, taken off `shift`. Before the position's own losses, which are the same in both. */
  private fillSaved(contract: number, units: number, more: Float64Array, direction: 1 | -1): void {
    const { saved, shift } = this;
    const { contracts } = this.rules;
    const { f64s, u32s } = this.arena;
    const before = contract === 0 ? 0 : (f64s[contract] as number);
    const row = contract === 0 ? 0 : (u32s[contract * 2 + C_WORKING] as number);
    const elmLong = contracts[this.cells + Contract.elmLong] as number;
    const elmShort = contracts[this.cells + Contract.elmShort] as number;
    const parts = row === 0 ? this.none : f64s;
    for (let b = 0; b < SCAN_BRANCHES; b++) {
      const l = UNCHARGED + b;
      const s = l + SCAN_BRANCHES;
      const longPart = (parts[row + l] as number) + elmLong * before;
      const shortPart = (parts[row + s] as number) - elmShort * before;
      const longNow = longPart + elmLong * units + direction * (more[l] as number);
      const shortNow = shortPart - elmShort * units + direction * (more[s] as number);
      saved[b] = (shift[b] as number) - ((longNow > shortNow ? longNow : shortNow) - (longPart > shortPart ? longPart : shortPart));
    }
  }

  /** Adds what the position itself loses per branch: scenario loss less file price. */
  private addLinearShift(cells: number, units: number): void {
    const { shift } = this;
    const { contracts } = this.rules;
    const value = contracts[cells + Contract.value] as number;
    for (let s = 0; s < FLOOR; s++) shift[s] = (shift[s] as number) + units * ((contracts[cells + s] as number) - value);
    shift[FLOOR] = (shift[FLOOR] as number) - units * value;
    if ((this.traits & Trait.MINIMUM) === 0) return;
    shift[SOM_CALLS] = (shift[SOM_CALLS] as number) - units * value;
    shift[SOM_PUTS] = (shift[SOM_PUTS] as number) - units * value;
  }

  private addApart(head: number, tierRow: number, isPooled: boolean): void {
    const { totals, shift } = this;
    const { f64s, u32s } = this.arena;
    if (isPooled) {
      if (tierRow === 0) addWorstBoth(totals, this.none, 0, 0, this.changed);
      for (let tier = head; tier !== 0; tier = u32s[tier * 2 + G_NEXT_TIER] as number) {
        addWorstBoth(totals, f64s, tier, u32s[tier * 2 + G_EXTRA] as number, tier === tierRow ? this.changed : this.unchanged);
      }
      return;
    }
    if (tierRow === 0) addWorst(totals, shift, 0);
    for (let tier = head; tier !== 0; tier = u32s[tier * 2 + G_NEXT_TIER] as number) {
      if (tier === tierRow) addWorstShifted(totals, f64s, tier, shift);
      else addWorst(totals, f64s, tier);
    }
  }

  /** The rows of a tier's contracts, those that expire today and the others, added before the worst is taken. */
  private addTogether(head: number, tierRow: number, isUncharged: boolean): void {
    const { u32s } = this.arena;
    const at = isUncharged ? TOGETHER_UNCHARGED : TOGETHER;
    if (tierRow === 0) {
      this.addRow(0, 0, isUncharged);
      const other = findTier(u32s, head, this.tier ^ 1);
      if (other !== 0) this.addRow(other, 0, isUncharged);
      this.takeWorst(at);
    }
    for (let row = head; row !== 0; row = u32s[row * 2 + G_NEXT_TIER] as number) {
      const tier = u32s[row * 2 + G_TIER] as number;
      const other = findTier(u32s, head, tier ^ 1);
      if ((tierRow === 0 && tier === (this.tier ^ 1)) || ((tier & 1) === 1 && other !== 0)) continue;
      this.addRow(row, tierRow, isUncharged);
      if (other !== 0) this.addRow(other, tierRow, isUncharged);
      this.takeWorst(at);
    }
  }

  /** Adds a tier row (0: the one that is not there yet) to the row at hand, the shift with it when it is the one that changes. */
  private addRow(from: number, changed: number, isUncharged: boolean): void {
    const { row, shift, saved } = this;
    const { f64s, u32s } = this.arena;
    const extra = isUncharged && from !== 0 ? (u32s[from * 2 + G_EXTRA] as number) : 0;
    for (let b = 0; b < SCAN_BRANCHES; b++) {
      let value = row[b] as number;
      if (from !== 0) value += f64s[from + b] as number;
      if (extra !== 0) value -= f64s[extra + b] as number;
      if (from === changed) value += (shift[b] as number) - (isUncharged ? (saved[b] as number) : 0);
      row[b] = value;
    }
  }

  private takeWorst(at: number): void {
    const { row, totals } = this;
    let most = row[0] as number;
    for (let b = 1; b < SCAN_BRANCHES; b++) most = Math.max(most, row[b] as number);
    totals[at] = (totals[at] as number) + most;
    row.fill(0);
  }
}
