// How far the delta of each month of a group can go, long and short, whichever of its working orders fill; and from it the most that spreads between months
// can be charged. A month ends long or short, never both, so whichever month m is looked at, what is consumed on the scarcer side is at most
//   max( min(L, S - S_m), min(L - L_m, S) )        L, S: what all months together can reach; L_m, S_m: what m can
// (left: m ends long, and no short of its is consumed; right: m ends short). The smallest over m counts; where there is one month it is 0. A spread
// consumes on either side at least its charge over the largest rate, whatever its priority, legs, ratios and way round: no order of forming them asks more.
// Sums are whole micros of delta at the largest rate: what is added and removed leaves nothing behind, and the order of adding does not matter.
import { Side } from '../instrument.ts';
import type { Arena } from '../state/arena.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { CONTRACT_STRIDE, Contract } from './contract-row.ts';
import { G_FIRST_REACH } from './group-rows.ts';
import type { OrderTerms } from './order-terms.ts';
import type { PackedRows } from './packed-rows.ts';

/** Cells of a reach row: how far one month can go long and short, below 0 where it cannot leave the other side. Two zeros: the row is free. */
const LONG = 0;
const SHORT = 1;
/** Links of a reach row: its month (place among the underlying's expiries), the next row. */
const R_EXPIRY = 4;
const R_NEXT = 5;
/** Words of a reach row. A group's first lies within its head row. */
export const REACH_WORDS = 3;

/** Scratch of one shard: begin(), perhaps add(), then weigh() or apply(). Sums beyond 2^31 that cross a call are heap objects, so none does. */
export class DeltaReach {
  /** Micros that spreads can be charged at most, as weigh() found. A cell: a double that is returned may become a heap object. */
  readonly most: Float64Array = new Float64Array(1);
  private readonly arena: Arena;
  private readonly rows: PackedRows;
  /** What changes, and in which month. */
  private readonly more = new Float64Array(2);
  private expiry = 0;
  private rules: CompiledRules;

  /** `rows` of REACH_WORDS, opened by the caller. */
  constructor(rules: CompiledRules, rows: PackedRows) {
    this.rules = rules;
    this.arena = rows.arena;
    this.rows = rows;
  }

  /** The rules it goes by. */
  open(rules: CompiledRules): void {
    this.rules = rules;
  }

  /** From here on so many units of position come to the month of a contract, and nothing else. */
  begin(instrument: number, units: number): void {
    const { more, rules } = this;
    this.expiry = rules.deltaIndex[instrument] as number;
    const moved = units * (rules.contracts[instrument * CONTRACT_STRIDE + Contract.charge] as number);
    more[LONG] = moved;
    more[SHORT] = 0 - moved;
  }

  /** An order in the contract comes (1) or goes (-1): in full, or as the replace that is pending if that is larger. */
  add(terms: OrderTerms, direction: 1 | -1): void {
    const { more } = this;
    const charge = (this.rules.contracts[terms.instrument * CONTRACT_STRIDE + Contract.charge] as number) * (terms.side === Side.BUY ? 1 : -1);
    const side = charge > 0 ? LONG : SHORT;
    more[side] = (more[side] as number) + direction * Math.abs(charge) * Math.max(terms.quantity, terms.altQuantity);
  }

  /** Leaves in `most` what the group (0: none yet) can be charged with the change at hand. */
  weigh(head: number): void {
    const { more, most } = this;
    const { f64s, u32s } = this.arena;
    most[0] = 0;
    if (head === 0) return;
    const first = head + G_FIRST_REACH;
    const at = this.find(first);
    const ownLong = Math.max(0, (more[LONG] as number) + (at === 0 ? 0 : (f64s[at + LONG] as number)));
    const ownShort = Math.max(0, (more[SHORT] as number) + (at === 0 ? 0 : (f64s[at + SHORT] as number)));
    let long = ownLong;
    let short = ownShort;
    for (let row = first; row !== 0; row = u32s[row * 2 + R_NEXT] as number) {
      if (row === at) continue;
      long += Math.max(0, f64s[row + LONG] as number);
      short += Math.max(0, f64s[row + SHORT] as number);
    }
    let least = Math.max(Math.min(long, short - ownShort), Math.min(long - ownLong, short));
    for (let row = first; row !== 0 && least > 0; row = u32s[row * 2 + R_NEXT] as number) {
      if (row === at) continue;
      const without = Math.max(
        Math.min(long, short - Math.max(0, f64s[row + SHORT] as number)),
        Math.min(long - Math.max(0, f64s[row + LONG] as number), short),
      );
      least = Math.min(least, without);
    }
    most[0] = least;
  }

  /** Writes the change at hand into the group's rows. */
  apply(head: number): void {
    const { more } = this;
    if (more[LONG] === 0 && more[SHORT] === 0) return;
    const first = head + G_FIRST_REACH;
    const found = this.find(first);
    const row = found === 0 ? this.openRow(first) : found;
    const { f64s } = this.arena;
    f64s[row + LONG] = (f64s[row + LONG] as number) + (more[LONG] as number);
    f64s[row + SHORT] = (f64s[row + SHORT] as number) + (more[SHORT] as number);
  }

  /** Zeroes the rows of a group; they stay its own. */
  clear(head: number): void {
    const { f64s, u32s } = this.arena;
    for (let row = head + G_FIRST_REACH; row !== 0; row = u32s[row * 2 + R_NEXT] as number) f64s.fill(0, row + LONG, row + SHORT + 1);
  }

  /** Takes back the rows of a group whose head row is freed next. */
  free(head: number): void {
    const { u32s } = this.arena;
    for (let row = u32s[(head + G_FIRST_REACH) * 2 + R_NEXT] as number; row !== 0; ) {
      const after = u32s[row * 2 + R_NEXT] as number;
      this.rows.free(row);
      row = after;
    }
  }

  /** Row of the month at hand; 0 = none. */
  private find(first: number): number {
    const { u32s } = this.arena;
    let row = first;
    while (row !== 0 && (u32s[row * 2 + R_EXPIRY] !== this.expiry || this.isFree(row))) row = u32s[row * 2 + R_NEXT] as number;
    return row;
  }

  /** A free row of the group, or another one behind its first. */
  private openRow(first: number): number {
    let row = first;
    while (row !== 0 && !this.isFree(row)) row = this.arena.u32s[row * 2 + R_NEXT] as number;
    if (row === 0) {
      row = this.rows.allocate();
      const { u32s } = this.arena;
      u32s[row * 2 + R_NEXT] = u32s[first * 2 + R_NEXT] as number;
      u32s[first * 2 + R_NEXT] = row;
    }
    this.arena.u32s[row * 2 + R_EXPIRY] = this.expiry;
    return row;
  }

  private isFree(row: number): boolean {
    const { f64s } = this.arena;
    return f64s[row + LONG] === 0 && f64s[row + SHORT] === 0;
  }
}
