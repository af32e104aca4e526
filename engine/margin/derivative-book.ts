// Futures and options of one slot's clients. A *group* is a client's position and working orders on one underlying: a chain of tier rows,
// each holding the branch sums of its contracts, and a list of contract rows. Invariant: a tier row's branch b is
//   sum over its contracts of [ q x (loss_b - price) + max( elmLong x q + long_b, -(elmShort + som_b) x q + short_b ) ]
// where long_b and short_b are the parts of the contract's working orders. Why a maximum per contract and a sum over contracts is the
// worst over every subset of fills: see README.md. Everything is integer micros, so what is added and removed again leaves the same bits.
import { assert } from '../assert.ts';
import type { Arena } from '../state/arena.ts';
import { ClientSide } from '../state/client-table.ts';
import type { RowTable } from '../state/row-table.ts';
import { roundCellToPaise } from '../units.ts';
import { BRANCHES, FLOOR, SCAN_BRANCHES, SOM_CALLS, SOM_PUTS, SPAN_ZERO, WORKING_STRIDE } from './branches.ts';
import { PositionCharge } from './calendar-charge.ts';
import type { CompiledRules, UnderlyingRules } from './compiled-rules.ts';
import { CONTRACT_STRIDE, Contract } from './contract-row.ts';
import {
  addWorst,
  addWorstShifted,
  BOUND,
  C_CLIENT,
  C_GROUP,
  C_INSTRUMENT,
  C_NEXT,
  C_ORDERS,
  C_TIER,
  C_WORKING,
  CHARGE,
  CONTRACT_WORDS,
  G_CLIENT,
  G_FIRST_CONTRACT,
  G_NEXT_OF_CLIENT,
  G_NEXT_TIER,
  G_ORDERS,
  G_TIER,
  G_UNDERLYING,
  PAISE,
  TIER_WORDS,
} from './group-rows.ts';
import { OrderTerms } from './order-terms.ts';
import { PackedRows, ROWS_CONTROL } from './packed-rows.ts';
import { PAIRS_CONTROL, PairIndex } from './pair-index.ts';
import type { ContractPosition } from './underlying-span.ts';
import { fillWorkingParts } from './working-parts.ts';

/** 32-bit numbers that say where the rows of one slot lie. */
export const DERIVATIVE_CONTROL: number = 3 * ROWS_CONTROL + 2 * PAIRS_CONTROL;

/** One group as a report sees it. */
export interface GroupView {
  readonly underlying: number;
  /** Paise, working orders included. */
  readonly requirement: number;
  readonly workingOrders: number;
  readonly positions: readonly ContractPosition[];
}

/** Groups of the clients of one slot at a time; methods leave changes in `change`, the caller keeps the sums. Scratch is shared by all slots. */
export class DerivativeBook {
  /** Paise by which the last call changed the requirement, or would change it. A cell: a double that is returned may become a heap object. */
  readonly change: Float64Array = new Float64Array(1);
  /** Largest scan branches of a group, summed over its tiers, micros; a cell for the same reason. */
  private readonly scan = new Float64Array(1);
  private rules: CompiledRules;
  private readonly arena: Arena;
  private readonly clients: RowTable;
  private readonly groups: PackedRows;
  private readonly contracts: PackedRows;
  private readonly working: PackedRows;
  private readonly groupIndex: PairIndex;
  private readonly contractIndex: PairIndex;
  private charge: PositionCharge;
  private readonly plus = new Float64Array(WORKING_STRIDE);
  private readonly minus = new Float64Array(WORKING_STRIDE);
  private readonly none = new Float64Array(WORKING_STRIDE);
  /** Change of each branch that the call at hand makes or would make. */
  private readonly shift = new Float64Array(BRANCHES);
  /** The order the last changeIf() added, and for whom: what it found is good for changeOrder() while nothing else has happened. -1 = none. */
  private readonly weighed: OrderTerms = new OrderTerms();
  private weighedClient = -1;

  /** `clients` has the side cell that names a client's first group. open() or format() comes first. */
  constructor(rules: CompiledRules, clients: RowTable) {
    const { arena } = clients;
    this.rules = rules;
    this.arena = arena;
    this.clients = clients;
    this.groups = new PackedRows(TIER_WORDS, arena);
    this.contracts = new PackedRows(CONTRACT_WORDS, arena);
    this.working = new PackedRows(WORKING_STRIDE, arena);
    this.groupIndex = new PairIndex(arena);
    this.contractIndex = new PairIndex(arena);
    this.charge = new PositionCharge(rules.expiriesMax);
  }

  /** Points at the slot whose control lies at a 32-bit offset of the arena, under the rules it goes by. */
  open(control: number, rules: CompiledRules): void {
    this.weighedClient = -1;
    if (rules.expiriesMax > this.charge.nets.length) this.charge = new PositionCharge(rules.expiriesMax);
    this.rules = rules;
    this.groups.open(control);
    this.contracts.open(control + ROWS_CONTROL);
    this.working.open(control + 2 * ROWS_CONTROL);
    this.groupIndex.open(control + 3 * ROWS_CONTROL);
    this.contractIndex.open(control + 3 * ROWS_CONTROL + PAIRS_CONTROL);
  }

  /** Makes an empty book there: the control is zeroed. */
  format(control: number): void {
    this.groupIndex.format(control + 3 * ROWS_CONTROL);
    this.contractIndex.format(control + 3 * ROWS_CONTROL + PAIRS_CONTROL);
  }

  /** Forgets the client's positions and orders. */
  drop(client: number): void {
    this.weighedClient = -1;
    for (let head = this.clients.u32(client, ClientSide.groups); head !== 0; ) {
      const next = this.link(head, G_NEXT_OF_CLIENT);
      for (let c = this.link(head, G_FIRST_CONTRACT); c !== 0; ) {
        const after = this.link(c, C_NEXT);
        const row = this.link(c, C_WORKING);
        if (row !== 0) this.working.free(row);
        this.contractIndex.remove(client, this.link(c, C_INSTRUMENT));
        this.contracts.free(c);
        c = after;
      }
      this.groupIndex.remove(client, this.link(head, G_UNDERLYING));
      this.freeTiers(head);
      head = next;
    }
    this.clients.setSide(client, ClientSide.groups, 0);
  }

  /** What `add` working and `remove` (same contract) gone would change of the client's requirement. Allocates nothing. */
  changeIf(client: number, add: OrderTerms | null, remove: OrderTerms | null): void {
    const instrument = add !== null ? add.instrument : remove !== null ? remove.instrument : -1;
    assert(instrument >= 0, 'margin what-if without an order');
    if (add !== null) fillWorkingParts(this.rules, add, this.plus);
    if (remove !== null) fillWorkingParts(this.rules, remove, this.minus);
    const contract = this.contractIndex.find(client, instrument);
    assert(remove === null || contract > 0, 'margin what-if removes an order the book does not hold');
    this.fillShift(contract, instrument, 0, add === null ? this.none : this.plus, remove === null ? this.none : this.minus);
    const { contracts } = this.rules;
    const at = instrument * CONTRACT_STRIDE;
    const head = contract > 0 ? this.link(contract, C_GROUP) : this.groupIndex.find(client, contracts[at + Contract.group] as number);
    const tierRow = contract > 0 ? this.link(contract, C_TIER) : this.findTier(head, contracts[at + Contract.tier] as number);
    const orders = (head === 0 ? 0 : this.link(head, G_ORDERS)) + (add === null ? 0 : 1) - (remove === null ? 0 : 1);
    this.shiftPaise(head, tierRow, orders);
    this.weighedClient = -1;
    if (add === null || remove !== null) return;
    this.weighedClient = client;
    this.weighed.copy(add);
  }

  /** Adds (direction 1) or removes (-1) a working order. */
  changeOrder(client: number, terms: OrderTerms, direction: 1 | -1): void {
    const found = this.contractIndex.find(client, terms.instrument);
    assert(direction === 1 || (found > 0 && this.link(found, C_ORDERS) > 0), 'removing a working order the book does not hold');
    const contract = found > 0 ? found : this.openContract(client, terms.instrument);
    const known = direction === 1 && client === this.weighedClient && terms.equals(this.weighed);
    if (!known) {
      fillWorkingParts(this.rules, terms, this.plus);
      if (direction === 1) this.fillShift(contract, terms.instrument, 0, this.plus, this.none);
      else this.fillShift(contract, terms.instrument, 0, this.none, this.plus);
    }
    this.weighedClient = -1;
    const head = this.link(contract, C_GROUP);
    this.setLink(contract, C_ORDERS, this.link(contract, C_ORDERS) + direction);
    this.setLink(head, G_ORDERS, this.link(head, G_ORDERS) + direction);
    if (!known) this.shiftPaise(head, this.link(contract, C_TIER), this.link(head, G_ORDERS));
    this.applyShift(contract);
    this.addParts(contract, direction);
    this.closeIfEmpty(contract);
  }

  /** Adds signed units to a position. */
  addPosition(client: number, instrument: number, units: number): void {
    this.change[0] = 0;
    if (units === 0) return;
    const found = this.contractIndex.find(client, instrument);
    const contract = found > 0 ? found : this.openContract(client, instrument);
    this.fillShift(contract, instrument, units, this.none, this.none);
    this.arena.f64s[contract] = (this.arena.f64s[contract] as number) + units;
    this.weighedClient = -1;
    const head = this.link(contract, C_GROUP);
    this.recharge(head);
    this.shiftPaise(head, this.link(contract, C_TIER), this.link(head, G_ORDERS));
    this.applyShift(contract);
    this.closeIfEmpty(contract);
  }

  /** The client's groups, newest first. Allocates. */
  groupsOf(client: number): GroupView[] {
    const views: GroupView[] = [];
    const { f64s } = this.arena;
    for (let head = this.clients.u32(client, ClientSide.groups); head !== 0; head = this.link(head, G_NEXT_OF_CLIENT)) {
      const positions: ContractPosition[] = [];
      for (let c = this.link(head, G_FIRST_CONTRACT); c !== 0; c = this.link(c, C_NEXT)) {
        positions.push({ instrument: this.link(c, C_INSTRUMENT), quantity: f64s[c] as number });
      }
      views.push({
        underlying: this.link(head, G_UNDERLYING),
        requirement: f64s[head + PAISE] as number,
        workingOrders: this.link(head, G_ORDERS),
        positions,
      });
    }
    return views;
  }

  /** Fills `shift` with what `units` of position and the parts `plus` and `minus` change in each branch of the contract (0: none yet). */
  private fillShift(contract: number, instrument: number, units: number, plus: Float64Array, minus: Float64Array): void {
    const { contracts } = this.rules;
    const { shift } = this;
    const { f64s } = this.arena;
    const cells = instrument * CONTRACT_STRIDE;
    const before = contract === 0 ? 0 : (f64s[contract] as number);
    const after = before + units;
    const row = contract === 0 ? 0 : this.link(contract, C_WORKING);
    const parts = row === 0 ? this.none : f64s;
    const elmLong = contracts[cells + Contract.elmLong] as number;
    const elmShort = contracts[cells + Contract.elmShort] as number;
    let short = elmShort;
    for (let b = 0; b < BRANCHES; b++) {
      if (b >= SOM_CALLS) short = elmShort + (contracts[cells + Contract.somCalls + b - SOM_CALLS] as number);
      const longPart = parts[row + b] as number;
      const shortPart = parts[row + BRANCHES + b] as number;
      const was = Math.max(elmLong * before + longPart, shortPart - short * before);
      const longNow = elmLong * after + longPart + (plus[b] as number) - (minus[b] as number);
      const shortNow = shortPart - short * after + (plus[BRANCHES + b] as number) - (minus[BRANCHES + b] as number);
      shift[b] = Math.max(longNow, shortNow) - was;
    }
    if (units !== 0) this.addLinearShift(cells, units);
  }

  /** Adds what the position itself loses per branch: scenario loss less file price. */
  private addLinearShift(cells: number, units: number): void {
    const { shift } = this;
    const { contracts } = this.rules;
    const value = contracts[cells + Contract.value] as number;
    for (let s = 0; s < FLOOR; s++) shift[s] = (shift[s] as number) + units * ((contracts[cells + s] as number) - value);
    shift[FLOOR] = (shift[FLOOR] as number) - units * value;
    shift[SOM_CALLS] = (shift[SOM_CALLS] as number) - units * value;
    shift[SOM_PUTS] = (shift[SOM_PUTS] as number) - units * value;
  }

  /**
   * Leaves in `change` what `shift` laid over `tierRow` (0: a tier, or a group, that has no row yet) makes of the group's requirement. Micros
   * stay inside, because sums beyond 2^31 that cross a call are heap objects.
   */
  private shiftPaise(head: number, tierRow: number, orders: number): void {
    const { shift, change, scan } = this;
    const { f64s } = this.arena;
    scan[0] = 0;
    if (tierRow === 0) addWorst(scan, shift, 0);
    for (let tier = head; tier !== 0; tier = this.link(tier, G_NEXT_TIER)) {
      if (tier === tierRow) addWorstShifted(scan, f64s, tier, shift);
      else addWorst(scan, f64s, tier);
    }
    let most = scan[0] as number;
    if (head === 0) {
      for (let b = SPAN_ZERO; b < BRANCHES; b++) most = Math.max(most, shift[b] as number);
      change[0] = most;
      roundCellToPaise(change);
      return;
    }
    most += f64s[head + (orders > 0 ? BOUND : CHARGE)] as number;
    for (let b = SPAN_ZERO; b < BRANCHES; b++) most = Math.max(most, (f64s[head + b] as number) + (shift[b] as number));
    change[0] = most;
    roundCellToPaise(change);
    change[0] = (change[0] as number) - (f64s[head + PAISE] as number);
  }

  /** Writes `shift` into the contract's tier row and its head, and `change` into its requirement. */
  private applyShift(contract: number): void {
    const { shift } = this;
    const { f64s } = this.arena;
    const head = this.link(contract, C_GROUP);
    const tierRow = this.link(contract, C_TIER);
    for (let b = 0; b < SCAN_BRANCHES; b++) f64s[tierRow + b] = (f64s[tierRow + b] as number) + (shift[b] as number);
    for (let b = SCAN_BRANCHES; b < BRANCHES; b++) f64s[head + b] = (f64s[head + b] as number) + (shift[b] as number);
    f64s[head + PAISE] = (f64s[head + PAISE] as number) + (this.change[0] as number);
  }

  /** Adds (or takes off) the parts in `plus` to the contract's working row. */
  private addParts(contract: number, direction: 1 | -1): void {
    if (this.link(contract, C_WORKING) === 0) this.setLink(contract, C_WORKING, this.working.allocate());
    const row = this.link(contract, C_WORKING);
    const { f64s } = this.arena;
    for (let b = 0; b < WORKING_STRIDE; b++) f64s[row + b] = (f64s[row + b] as number) + direction * (this.plus[b] as number);
    if (this.link(contract, C_ORDERS) > 0) return;
    this.working.free(row);
    this.setLink(contract, C_WORKING, 0);
  }

  /** Recomputes the calendar and spot charges of a group's position. */
  private recharge(head: number): void {
    const { charge, rules } = this;
    const { f64s } = this.arena;
    const underlying = this.link(head, G_UNDERLYING);
    const own = rules.underlyings[underlying] as UnderlyingRules;
    if (own.spreads.count === 0 && rules.hasSpot[underlying] === 0) return;
    charge.nets.fill(0, 0, own.expiries.length);
    for (let c = this.link(head, G_FIRST_CONTRACT); c !== 0; c = this.link(c, C_NEXT)) {
      const instrument = this.link(c, C_INSTRUMENT);
      const e = rules.expiryIndex[instrument] as number;
      charge.nets[e] = (charge.nets[e] as number) + (f64s[c] as number) * (rules.table.delta[instrument] as number);
    }
    charge.compute(rules, underlying);
    f64s[head + CHARGE] = charge.calendar + charge.spot;
    f64s[head + BOUND] = charge.bound;
  }

  private openContract(client: number, instrument: number): number {
    const cells = instrument * CONTRACT_STRIDE;
    const underlying = this.rules.contracts[cells + Contract.group] as number;
    const tier = this.rules.contracts[cells + Contract.tier] as number;
    const found = this.groupIndex.find(client, underlying);
    const head = found > 0 ? found : this.openGroup(client, underlying, tier);
    const tierRow = this.findTier(head, tier);
    const contract = this.contracts.allocate();
    this.setLink(contract, C_CLIENT, client);
    this.setLink(contract, C_INSTRUMENT, instrument);
    this.setLink(contract, C_GROUP, head);
    this.setLink(contract, C_TIER, tierRow > 0 ? tierRow : this.openTier(head, tier));
    this.setLink(contract, C_NEXT, this.link(head, G_FIRST_CONTRACT));
    this.setLink(head, G_FIRST_CONTRACT, contract);
    this.contractIndex.add(client, instrument, contract);
    return contract;
  }

  private openGroup(client: number, underlying: number, tier: number): number {
    const head = this.groups.allocate();
    this.setLink(head, G_CLIENT, client);
    this.setLink(head, G_UNDERLYING, underlying);
    this.setLink(head, G_TIER, tier);
    this.setLink(head, G_NEXT_OF_CLIENT, this.clients.u32(client, ClientSide.groups));
    this.clients.setSide(client, ClientSide.groups, head);
    this.groupIndex.add(client, underlying, head);
    return head;
  }

  /** A further tier row, linked right behind the head. */
  private openTier(head: number, tier: number): number {
    const row = this.groups.allocate();
    this.setLink(row, G_TIER, tier);
    this.setLink(row, G_NEXT_TIER, this.link(head, G_NEXT_TIER));
    this.setLink(head, G_NEXT_TIER, row);
    return row;
  }

  private findTier(head: number, tier: number): number {
    let row = head;
    while (row !== 0 && this.link(row, G_TIER) !== tier) row = this.link(row, G_NEXT_TIER);
    return row;
  }

  /** Frees a contract without position and orders, and its group with the last. */
  private closeIfEmpty(contract: number): void {
    if (this.arena.f64s[contract] !== 0 || this.link(contract, C_ORDERS) > 0) return;
    const head = this.link(contract, C_GROUP);
    const next = this.link(contract, C_NEXT);
    let before = 0;
    for (let c = this.link(head, G_FIRST_CONTRACT); c !== contract; c = this.link(c, C_NEXT)) before = c;
    if (before === 0) this.setLink(head, G_FIRST_CONTRACT, next);
    else this.setLink(before, C_NEXT, next);
    this.contractIndex.remove(this.link(contract, C_CLIENT), this.link(contract, C_INSTRUMENT));
    this.contracts.free(contract);
    if (this.link(head, G_FIRST_CONTRACT) === 0) this.closeGroup(head);
  }

  private closeGroup(head: number): void {
    const client = this.link(head, G_CLIENT);
    this.change[0] = (this.change[0] as number) - (this.arena.f64s[head + PAISE] as number);
    const next = this.link(head, G_NEXT_OF_CLIENT);
    const first = this.clients.u32(client, ClientSide.groups);
    if (first === head) this.clients.setSide(client, ClientSide.groups, next);
    else {
      let row = first;
      while (this.link(row, G_NEXT_OF_CLIENT) !== head) row = this.link(row, G_NEXT_OF_CLIENT);
      this.setLink(row, G_NEXT_OF_CLIENT, next);
    }
    this.groupIndex.remove(client, this.link(head, G_UNDERLYING));
    this.freeTiers(head);
  }

  private freeTiers(head: number): void {
    for (let row = head; row !== 0; ) {
      const after = this.link(row, G_NEXT_TIER);
      this.groups.free(row);
      row = after;
    }
  }

  private link(row: number, link: number): number {
    return this.arena.u32s[row * 2 + link] as number;
  }

  private setLink(row: number, link: number, value: number): void {
    this.arena.u32s[row * 2 + link] = value;
  }
}
