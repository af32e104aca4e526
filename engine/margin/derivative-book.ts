// Futures and options of one slot's clients. A *group* is a client's position and working orders on one underlying: a chain of tier rows,
// each holding the branch sums of its contracts, and a list of contract rows. Invariant: a tier row's branch b is
//   sum over its contracts of [ q x (loss_b - price) + max( elmLong x q + long_b, -(elmShort + som_b) x q + short_b ) ]
// where long_b and short_b are the parts of the contract's working orders. Why a maximum per contract and a sum over contracts is the
// worst over every subset of fills: see README.md. Everything is integer micros, so what is added and removed again leaves the same bits.
import { assert } from '../assert.ts';
import { roundCellToPaise } from '../units.ts';
import { BRANCHES, FLOOR, SCAN_BRANCHES, SOM_CALLS, SOM_PUTS, SPAN_ZERO, WORKING_STRIDE } from './branches.ts';
import { PositionCharge } from './calendar-charge.ts';
import type { CompiledRules, UnderlyingRules } from './compiled-rules.ts';
import type { OrderTerms } from './order-terms.ts';
import { PackedRows } from './packed-rows.ts';
import { PairIndex } from './pair-index.ts';
import type { ContractPosition } from './underlying-span.ts';
import { fillWorkingParts, optionValuePerUnit, somPerUnit } from './working-parts.ts';

// Tier row: BRANCHES sums, then (in the head row) the charges of the position, and the group's requirement in paise.
const CHARGE = BRANCHES;
const BOUND = BRANCHES + 1;
const PAISE = BRANCHES + 2;
const TIER_DOUBLES = BRANCHES + 3;
// Links hold row + 1, so that a zeroed row links nowhere.
const G_CLIENT = 0;
const G_UNDERLYING = 1;
const G_TIER = 2;
const G_NEXT_TIER = 3;
const G_FIRST_CONTRACT = 4;
const G_ORDERS = 5;
const G_NEXT_OF_CLIENT = 6;
const TIER_LINKS = 7;
const C_CLIENT = 0;
const C_INSTRUMENT = 1;
const C_GROUP = 2;
const C_TIER = 3;
const C_NEXT = 4;
const C_WORKING = 5;
const C_ORDERS = 6;
const CONTRACT_LINKS = 7;

/** One group as a report sees it. */
export interface GroupView {
  readonly underlying: number;
  /** Paise, working orders included. */
  readonly requirement: number;
  readonly workingOrders: number;
  readonly positions: readonly ContractPosition[];
}

/** Groups of one slot's clients; methods leave changes in `change`, the caller keeps the sums. */
export class DerivativeBook {
  /** Paise by which the last call changed the requirement, or would change it. A cell: a double that is returned may become a heap object. */
  readonly change: Float64Array = new Float64Array(1);
  /** Largest scan branches of a group, summed over its tiers, micros; a cell for the same reason. */
  private readonly scan = new Float64Array(1);
  private readonly rules: CompiledRules;
  private readonly groups = new PackedRows(TIER_DOUBLES, TIER_LINKS);
  private readonly contracts = new PackedRows(1, CONTRACT_LINKS);
  private readonly working = new PackedRows(WORKING_STRIDE, 1);
  private readonly groupIndex = new PairIndex();
  private readonly contractIndex = new PairIndex();
  /** First group of a client, row + 1. */
  private firstOfClient = new Int32Array(16);
  private readonly charge: PositionCharge;
  private readonly plus = new Float64Array(WORKING_STRIDE);
  private readonly minus = new Float64Array(WORKING_STRIDE);
  private readonly none = new Float64Array(WORKING_STRIDE);
  /** Change of each branch that the call at hand makes or would make. */
  private readonly shift = new Float64Array(BRANCHES);

  constructor(rules: CompiledRules) {
    this.rules = rules;
    this.charge = new PositionCharge(rules.expiriesMax);
  }

  /** What `add` working and `remove` (same contract) gone would change of the client's requirement. Allocates nothing. */
  changeIf(client: number, add: OrderTerms | null, remove: OrderTerms | null): void {
    const instrument = add !== null ? add.instrument : remove !== null ? remove.instrument : -1;
    assert(instrument >= 0, 'margin what-if without an order');
    if (add !== null) fillWorkingParts(this.rules, add, this.plus);
    if (remove !== null) fillWorkingParts(this.rules, remove, this.minus);
    const contract = this.contractIndex.find(client, instrument);
    assert(remove === null || contract >= 0, 'margin what-if removes an order the book does not hold');
    this.fillShift(contract, instrument, 0, add === null ? this.none : this.plus, remove === null ? this.none : this.minus);
    const head = contract >= 0 ? this.contractLink(contract, C_GROUP) - 1 : this.groupIndex.find(client, this.rules.groupOf(instrument));
    const tierRow = contract >= 0 ? this.contractLink(contract, C_TIER) - 1 : this.findTier(head, this.rules.table.scanTier[instrument] as number);
    const orders = (head < 0 ? 0 : this.groupLink(head, G_ORDERS)) + (add === null ? 0 : 1) - (remove === null ? 0 : 1);
    this.shiftPaise(head, tierRow, orders);
  }

  /** Adds (direction 1) or removes (-1) a working order. */
  changeOrder(client: number, terms: OrderTerms, direction: 1 | -1): void {
    const found = this.contractIndex.find(client, terms.instrument);
    assert(direction === 1 || (found >= 0 && this.contractLink(found, C_ORDERS) > 0), 'removing a working order the book does not hold');
    const contract = found >= 0 ? found : this.openContract(client, terms.instrument);
    fillWorkingParts(this.rules, terms, this.plus);
    if (direction === 1) this.fillShift(contract, terms.instrument, 0, this.plus, this.none);
    else this.fillShift(contract, terms.instrument, 0, this.none, this.plus);
    const head = this.contractLink(contract, C_GROUP) - 1;
    this.contracts.links[contract * CONTRACT_LINKS + C_ORDERS] = this.contractLink(contract, C_ORDERS) + direction;
    this.groups.links[head * TIER_LINKS + G_ORDERS] = this.groupLink(head, G_ORDERS) + direction;
    this.applyShift(contract);
    this.addParts(contract, direction);
    this.closeIfEmpty(contract);
  }

  /** Adds signed units to a position. */
  addPosition(client: number, instrument: number, units: number): void {
    this.change[0] = 0;
    if (units === 0) return;
    const found = this.contractIndex.find(client, instrument);
    const contract = found >= 0 ? found : this.openContract(client, instrument);
    this.fillShift(contract, instrument, units, this.none, this.none);
    this.contracts.values[contract] = (this.contracts.values[contract] as number) + units;
    this.recharge(this.contractLink(contract, C_GROUP) - 1);
    this.applyShift(contract);
    this.closeIfEmpty(contract);
  }

  /** The client's groups, newest first. Allocates. */
  groupsOf(client: number): GroupView[] {
    const views: GroupView[] = [];
    for (let head = (this.firstOfClient[client] ?? 0) - 1; head >= 0; head = this.groupLink(head, G_NEXT_OF_CLIENT) - 1) {
      const positions: ContractPosition[] = [];
      for (let c = this.groupLink(head, G_FIRST_CONTRACT) - 1; c >= 0; c = this.contractLink(c, C_NEXT) - 1) {
        positions.push({ instrument: this.contractLink(c, C_INSTRUMENT), quantity: this.contracts.values[c] as number });
      }
      views.push({
        underlying: this.groupLink(head, G_UNDERLYING),
        requirement: this.groups.values[head * TIER_DOUBLES + PAISE] as number,
        workingOrders: this.groupLink(head, G_ORDERS),
        positions,
      });
    }
    return views;
  }

  /** Fills `shift` with what `units` of position and the parts `plus` and `minus` change in each branch of the contract. */
  private fillShift(contract: number, instrument: number, units: number, plus: Float64Array, minus: Float64Array): void {
    const { table } = this.rules;
    const { shift } = this;
    const before = contract < 0 ? 0 : (this.contracts.values[contract] as number);
    const after = before + units;
    const row = contract < 0 ? -1 : this.contractLink(contract, C_WORKING) - 1;
    const parts = row < 0 ? this.none : this.working.values;
    const at = row < 0 ? 0 : row * WORKING_STRIDE;
    const elmLong = Math.round(table.elmLong[instrument] as number);
    const elmShort = Math.round(table.elmShort[instrument] as number);
    let short = elmShort;
    for (let b = 0; b < BRANCHES; b++) {
      if (b >= SOM_CALLS) short = elmShort + somPerUnit(this.rules, instrument, b);
      const longPart = parts[at + b] as number;
      const shortPart = parts[at + BRANCHES + b] as number;
      const was = Math.max(elmLong * before + longPart, shortPart - short * before);
      const longNow = elmLong * after + longPart + (plus[b] as number) - (minus[b] as number);
      const shortNow = shortPart - short * after + (plus[BRANCHES + b] as number) - (minus[BRANCHES + b] as number);
      shift[b] = Math.max(longNow, shortNow) - was;
    }
    if (units !== 0) this.addLinearShift(instrument, units);
  }

  /** Adds what the position itself loses per branch: scenario loss less file price. */
  private addLinearShift(instrument: number, units: number): void {
    const { shift, rules } = this;
    const { riskArray } = rules.table;
    const value = optionValuePerUnit(rules, instrument);
    const scale = rules.arrayScale[rules.groupOf(instrument)] as number;
    const base = instrument * FLOOR;
    for (let s = 0; s < FLOOR; s++) {
      shift[s] = (shift[s] as number) + units * (Math.floor((riskArray[base + s] as number) * scale + 0.5) - value);
    }
    shift[FLOOR] = (shift[FLOOR] as number) - units * value;
    shift[SOM_CALLS] = (shift[SOM_CALLS] as number) - units * value;
    shift[SOM_PUTS] = (shift[SOM_PUTS] as number) - units * value;
  }

  /**
   * Leaves in `change` what `shift` laid over `tierRow` (-1: a tier, or a group, that has no row yet) makes of the group's requirement. Micros
   * stay inside, because sums beyond 2^31 that cross a call are heap objects.
   */
  private shiftPaise(head: number, tierRow: number, orders: number): void {
    const { shift, change, scan } = this;
    const { values } = this.groups;
    scan[0] = 0;
    if (tierRow < 0) addWorst(scan, shift, 0);
    for (let tier = head; tier >= 0; tier = this.groupLink(tier, G_NEXT_TIER) - 1) {
      if (tier === tierRow) addWorstShifted(scan, values, tier * TIER_DOUBLES, shift);
      else addWorst(scan, values, tier * TIER_DOUBLES);
    }
    let most = scan[0] as number;
    if (head < 0) {
      for (let b = SPAN_ZERO; b < BRANCHES; b++) most = Math.max(most, shift[b] as number);
      change[0] = most;
      roundCellToPaise(change);
      return;
    }
    const at = head * TIER_DOUBLES;
    most += values[at + (orders > 0 ? BOUND : CHARGE)] as number;
    for (let b = SPAN_ZERO; b < BRANCHES; b++) most = Math.max(most, (values[at + b] as number) + (shift[b] as number));
    change[0] = most;
    roundCellToPaise(change);
    change[0] = (change[0] as number) - (values[at + PAISE] as number);
  }

  /** Writes `shift` into the contract's tier row and its head. */
  private applyShift(contract: number): void {
    const { shift } = this;
    const { values } = this.groups;
    const head = this.contractLink(contract, C_GROUP) - 1;
    const tierRow = this.contractLink(contract, C_TIER) - 1;
    this.shiftPaise(head, tierRow, this.groupLink(head, G_ORDERS));
    const tierAt = tierRow * TIER_DOUBLES;
    for (let b = 0; b < SCAN_BRANCHES; b++) values[tierAt + b] = (values[tierAt + b] as number) + (shift[b] as number);
    const at = head * TIER_DOUBLES;
    for (let b = SCAN_BRANCHES; b < BRANCHES; b++) values[at + b] = (values[at + b] as number) + (shift[b] as number);
    values[at + PAISE] = (values[at + PAISE] as number) + (this.change[0] as number);
  }

  /** Adds (or takes off) the parts in `plus` to the contract's working row. */
  private addParts(contract: number, direction: 1 | -1): void {
    const cell = contract * CONTRACT_LINKS + C_WORKING;
    if (this.contracts.links[cell] === 0) this.contracts.links[cell] = this.working.allocate() + 1;
    const at = ((this.contracts.links[cell] as number) - 1) * WORKING_STRIDE;
    const { values } = this.working;
    for (let b = 0; b < WORKING_STRIDE; b++) values[at + b] = (values[at + b] as number) + direction * (this.plus[b] as number);
    if (this.contractLink(contract, C_ORDERS) > 0) return;
    this.working.free((this.contracts.links[cell] as number) - 1);
    this.contracts.links[cell] = 0;
  }

  /** Recomputes the calendar and spot charges of a group's position. */
  private recharge(head: number): void {
    const { charge, rules } = this;
    const underlying = this.groupLink(head, G_UNDERLYING);
    const own = rules.underlyings[underlying] as UnderlyingRules;
    if (own.spreads.count === 0 && rules.hasSpot[underlying] === 0) return;
    charge.nets.fill(0, 0, own.expiries.length);
    for (let c = this.groupLink(head, G_FIRST_CONTRACT) - 1; c >= 0; c = this.contractLink(c, C_NEXT) - 1) {
      const instrument = this.contractLink(c, C_INSTRUMENT);
      const e = rules.expiryIndex[instrument] as number;
      charge.nets[e] = (charge.nets[e] as number) + (this.contracts.values[c] as number) * (rules.table.delta[instrument] as number);
    }
    charge.compute(rules, underlying);
    this.groups.values[head * TIER_DOUBLES + CHARGE] = charge.calendar + charge.spot;
    this.groups.values[head * TIER_DOUBLES + BOUND] = charge.bound;
  }

  private openContract(client: number, instrument: number): number {
    const underlying = this.rules.groupOf(instrument);
    const tier = this.rules.table.scanTier[instrument] as number;
    const found = this.groupIndex.find(client, underlying);
    const head = found >= 0 ? found : this.openGroup(client, underlying, tier);
    const tierRow = this.findTier(head, tier);
    const contract = this.contracts.allocate();
    const { links } = this.contracts;
    const at = contract * CONTRACT_LINKS;
    links[at + C_CLIENT] = client;
    links[at + C_INSTRUMENT] = instrument;
    links[at + C_GROUP] = head + 1;
    links[at + C_TIER] = (tierRow >= 0 ? tierRow : this.openTier(head, tier)) + 1;
    links[at + C_NEXT] = this.groupLink(head, G_FIRST_CONTRACT);
    this.groups.links[head * TIER_LINKS + G_FIRST_CONTRACT] = contract + 1;
    this.contractIndex.add(client, instrument, contract);
    return contract;
  }

  private openGroup(client: number, underlying: number, tier: number): number {
    const head = this.groups.allocate();
    if (client >= this.firstOfClient.length) {
      const larger = new Int32Array(Math.max(client + 1, this.firstOfClient.length * 2));
      larger.set(this.firstOfClient);
      this.firstOfClient = larger;
    }
    const { links } = this.groups;
    const at = head * TIER_LINKS;
    links[at + G_CLIENT] = client;
    links[at + G_UNDERLYING] = underlying;
    links[at + G_TIER] = tier;
    links[at + G_NEXT_OF_CLIENT] = this.firstOfClient[client] as number;
    this.firstOfClient[client] = head + 1;
    this.groupIndex.add(client, underlying, head);
    return head;
  }

  /** A further tier row, linked right behind the head. */
  private openTier(head: number, tier: number): number {
    const row = this.groups.allocate();
    const { links } = this.groups;
    links[row * TIER_LINKS + G_TIER] = tier;
    links[row * TIER_LINKS + G_NEXT_TIER] = links[head * TIER_LINKS + G_NEXT_TIER] as number;
    links[head * TIER_LINKS + G_NEXT_TIER] = row + 1;
    return row;
  }

  private findTier(head: number, tier: number): number {
    for (let row = head; row >= 0; row = this.groupLink(row, G_NEXT_TIER) - 1) {
      if (this.groupLink(row, G_TIER) === tier) return row;
    }
    return -1;
  }

  /** Frees a contract without position and orders, and its group with the last. */
  private closeIfEmpty(contract: number): void {
    if (this.contracts.values[contract] !== 0 || this.contractLink(contract, C_ORDERS) > 0) return;
    const head = this.contractLink(contract, C_GROUP) - 1;
    const next = this.contractLink(contract, C_NEXT);
    let cell = -1;
    for (let c = this.groupLink(head, G_FIRST_CONTRACT) - 1; c !== contract; c = this.contractLink(c, C_NEXT) - 1) cell = c * CONTRACT_LINKS + C_NEXT;
    if (cell < 0) this.groups.links[head * TIER_LINKS + G_FIRST_CONTRACT] = next;
    else this.contracts.links[cell] = next;
    this.contractIndex.remove(this.contractLink(contract, C_CLIENT), this.contractLink(contract, C_INSTRUMENT));
    this.contracts.free(contract);
    if (this.groupLink(head, G_FIRST_CONTRACT) === 0) this.closeGroup(head);
  }

  private closeGroup(head: number): void {
    const client = this.groupLink(head, G_CLIENT);
    this.change[0] = (this.change[0] as number) - (this.groups.values[head * TIER_DOUBLES + PAISE] as number);
    const next = this.groupLink(head, G_NEXT_OF_CLIENT);
    if (this.firstOfClient[client] === head + 1) this.firstOfClient[client] = next;
    else {
      let row = (this.firstOfClient[client] as number) - 1;
      while (this.groupLink(row, G_NEXT_OF_CLIENT) !== head + 1) row = this.groupLink(row, G_NEXT_OF_CLIENT) - 1;
      this.groups.links[row * TIER_LINKS + G_NEXT_OF_CLIENT] = next;
    }
    this.groupIndex.remove(client, this.groupLink(head, G_UNDERLYING));
    for (let row = head; row >= 0; ) {
      const after = this.groupLink(row, G_NEXT_TIER) - 1;
      this.groups.free(row);
      row = after;
    }
  }

  private groupLink(row: number, link: number): number {
    return this.groups.links[row * TIER_LINKS + link] as number;
  }

  private contractLink(row: number, link: number): number {
    return this.contracts.links[row * CONTRACT_LINKS + link] as number;
  }
}

/** Adds the largest scan branch of the row at `at` to `sum`. */
function addWorst(sum: Float64Array, values: Float64Array, at: number): void {
  let most = values[at + FLOOR] as number;
  for (let b = 0; b < FLOOR; b++) {
    const value = values[at + b] as number;
    if (value > most) most = value;
  }
  sum[0] = (sum[0] as number) + most;
}

/** The same with `shift` added. */
function addWorstShifted(sum: Float64Array, values: Float64Array, at: number, shift: Float64Array): void {
  let most = (values[at + FLOOR] as number) + (shift[FLOOR] as number);
  for (let b = 0; b < FLOOR; b++) {
    const value = (values[at + b] as number) + (shift[b] as number);
    if (value > most) most = value;
  }
  sum[0] = (sum[0] as number) + most;
}
