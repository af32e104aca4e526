// Futures and options of one slot's clients. A *group* is a client's position and working orders on one underlying: a chain of tier rows,
// each holding the branch sums of its contracts, and a list of contract rows. Invariant: a tier row's branch b is
//   sum over its contracts of [ q x (loss_b - price) + max( elmLong x q + long_b, -(elmShort + som_b) x q + short_b ) ]
// where long_b and short_b are the parts of the contract's working orders. Why a maximum per contract and a sum over contracts is the
// worst over every subset of fills: see README.md. Everything is integer micros, so what is added and removed again leaves the same bits.
import { assert } from '../assert.ts';
import type { Arena } from '../state/arena.ts';
import { ClientSide } from '../state/client-table.ts';
import type { RowTable } from '../state/row-table.ts';
import { UNCHARGED, WORKING_STRIDE } from './branches.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { CONTRACT_STRIDE, Contract } from './contract-row.ts';
import { DeltaReach, REACH_WORDS } from './delta-reach.ts';
import { GroupCharges } from './group-charges.ts';
import { GroupRevaluation } from './group-revaluation.ts';
import {
  C_CLIENT,
  C_GROUP,
  C_INSTRUMENT,
  C_NEXT,
  C_ORDERS,
  C_TIER,
  C_WORKING,
  CONTRACT_WORDS,
  EXTRA_WORDS,
  findTier,
  G_CLIENT,
  G_EXTRA,
  G_FIRST_CONTRACT,
  G_FIRST_MINIMUM,
  G_NEXT_OF_CLIENT,
  G_NEXT_TIER,
  G_ORDERS,
  G_TIER,
  G_UNDERLYING,
  PAISE,
  TIER_WORDS,
} from './group-rows.ts';
import { GroupSum } from './group-sum.ts';
import { OrderTerms } from './order-terms.ts';
import { PackedRows, ROWS_CONTROL } from './packed-rows.ts';
import { PAIRS_CONTROL, PairIndex } from './pair-index.ts';
import type { ContractPosition } from './underlying-span.ts';
import { fillWorkingParts } from './working-parts.ts';

/** 32-bit numbers that say where the rows of one slot lie. */
export const DERIVATIVE_CONTROL: number = 5 * ROWS_CONTROL + 2 * PAIRS_CONTROL;
/** Among them, those of the rows of working orders. */
export const WORKING_ROWS: number = 2 * ROWS_CONTROL;
/** And those of the indices: from client and underlying to group, from client and instrument to contract row. */
const GROUP_PAIRS: number = 5 * ROWS_CONTROL;
/** See GROUP_PAIRS. */
export const CONTRACT_PAIRS: number = GROUP_PAIRS + PAIRS_CONTROL;

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
  readonly change: Float64Array;
  private rules: CompiledRules;
  private readonly arena: Arena;
  private readonly clients: RowTable;
  private readonly groups: PackedRows;
  private readonly contracts: PackedRows;
  private readonly working: PackedRows;
  private readonly extras: PackedRows;
  private readonly reaches: PackedRows;
  private readonly groupIndex: PairIndex;
  private readonly contractIndex: PairIndex;
  private readonly charges: GroupCharges;
  private readonly revaluation: GroupRevaluation;
  private readonly plus = new Float64Array(WORKING_STRIDE);
  private readonly minus = new Float64Array(WORKING_STRIDE);
  private readonly reach: DeltaReach;
  private readonly sum: GroupSum;
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
    this.extras = new PackedRows(EXTRA_WORDS, arena);
    this.reaches = new PackedRows(REACH_WORDS, arena);
    this.reach = new DeltaReach(rules, this.reaches);
    this.sum = new GroupSum(rules, arena, this.reach);
    this.change = this.sum.change;
    this.groupIndex = new PairIndex(arena);
    this.contractIndex = new PairIndex(arena);
    this.charges = new GroupCharges(rules, this.extras);
    this.revaluation = new GroupRevaluation(clients, { sum: this.sum, charges: this.charges, reach: this.reach });
  }

  /** Points at the slot whose control lies at a 32-bit offset of the arena, under the rules it goes by. */
  open(control: number, rules: CompiledRules): void {
    this.weighedClient = -1;
    this.rules = rules;
    this.sum.open(rules);
    this.charges.open(rules);
    this.reach.open(rules);
    this.groups.open(control);
    this.contracts.open(control + ROWS_CONTROL);
    this.working.open(control + WORKING_ROWS);
    this.extras.open(control + 3 * ROWS_CONTROL);
    this.reaches.open(control + 4 * ROWS_CONTROL);
    this.groupIndex.open(control + GROUP_PAIRS);
    this.contractIndex.open(control + CONTRACT_PAIRS);
  }

  /** Makes an empty book there: the control is zeroed. */
  format(control: number): void {
    this.groupIndex.format(control + GROUP_PAIRS);
    this.contractIndex.format(control + CONTRACT_PAIRS);
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
    if (remove !== null) this.takeOff(remove, add !== null);
    const contract = this.contractIndex.find(client, instrument);
    assert(remove === null || contract > 0, 'margin what-if removes an order the book does not hold');
    const { sum } = this;
    sum.fill(contract, instrument, 0, this.plus, 1);
    if (add !== null) sum.addReach(add, 1);
    if (remove !== null) sum.addReach(remove, -1);
    const { contracts } = this.rules;
    const at = instrument * CONTRACT_STRIDE;
    const head = contract > 0 ? this.link(contract, C_GROUP) : this.groupIndex.find(client, contracts[at + Contract.group] as number);
    const tierRow = contract > 0 ? this.link(contract, C_TIER) : findTier(this.arena.u32s, head, contracts[at + Contract.tier] as number);
    const orders = (head === 0 ? 0 : this.link(head, G_ORDERS)) + (add === null ? 0 : 1) - (remove === null ? 0 : 1);
    sum.weigh(head, tierRow, orders);
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
      const { sum } = this;
      sum.fill(contract, terms.instrument, 0, this.plus, direction);
      sum.addReach(terms, direction);
    }
    this.weighedClient = -1;
    const head = this.link(contract, C_GROUP);
    this.setLink(contract, C_ORDERS, this.link(contract, C_ORDERS) + direction);
    this.setLink(head, G_ORDERS, this.link(head, G_ORDERS) + direction);
    const tierRow = this.link(contract, C_TIER);
    if (!known) this.sum.weigh(head, tierRow, this.link(head, G_ORDERS));
    if (this.sum.wantsExtra) this.charges.extraOf(tierRow);
    if (this.sum.tierOfMinimum !== 0) this.openMinimum(head, this.sum.tierOfMinimum);
    this.sum.apply(head, tierRow);
    this.addParts(contract, direction);
    this.closeIfEmpty(contract);
  }

  /** Zeroes every sum; then restandOrder() for each working order, then settle(). For rules that list the same contracts. */
  clearSums(): void {
    this.weighedClient = -1;
    this.revaluation.clear();
  }

  /** Enters the parts of an order the book knows, after clearSums(). */
  restandOrder(client: number, terms: OrderTerms): void {
    const { sum, charges } = this;
    const contract = this.contractIndex.find(client, terms.instrument);
    assert(contract > 0 && this.link(contract, C_ORDERS) > 0, 'revaluing a working order the book does not hold');
    fillWorkingParts(this.rules, terms, this.plus);
    sum.fill(0, terms.instrument, 0, this.plus, 1);
    sum.addReach(terms, 1);
    if (sum.wantsExtra) {
      charges.extraOf(this.link(contract, C_TIER));
      this.reach.apply(this.link(contract, C_GROUP));
    }
    this.addParts(contract, 1);
  }

  /** Sums every group anew; adds what it asks, paise, to its client's cell. */
  settle(requirements: Float64Array): void {
    this.revaluation.settle(this.rules, requirements);
  }

  /** Adds signed units to a position. */
  addPosition(client: number, instrument: number, units: number): void {
    this.change[0] = 0;
    if (units === 0) return;
    const found = this.contractIndex.find(client, instrument);
    const contract = found > 0 ? found : this.openContract(client, instrument);
    this.sum.fill(contract, instrument, units, this.sum.none, 1);
    this.arena.f64s[contract] = (this.arena.f64s[contract] as number) + units;
    this.weighedClient = -1;
    const head = this.link(contract, C_GROUP);
    this.charges.update(head);
    this.sum.weigh(head, this.link(contract, C_TIER), this.link(head, G_ORDERS));
    if (this.sum.tierOfMinimum !== 0) this.openMinimum(head, this.sum.tierOfMinimum);
    this.sum.apply(head, this.link(contract, C_TIER));
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

  /** Leaves in `plus` the parts of an order that goes, taken off those of one that comes (isReplace) or off nothing. */
  private takeOff(remove: OrderTerms, isReplace: boolean): void {
    const { plus, minus } = this;
    fillWorkingParts(this.rules, remove, minus);
    for (let b = 0; b < WORKING_STRIDE; b++) plus[b] = (isReplace ? (plus[b] as number) : 0) - (minus[b] as number);
  }

  /** Adds (or takes off) the parts in `plus` to the contract's working row. */
  private addParts(contract: number, direction: 1 | -1): void {
    if (this.link(contract, C_WORKING) === 0) this.setLink(contract, C_WORKING, this.working.allocate());
    const row = this.link(contract, C_WORKING);
    const { f64s } = this.arena;
    const end = this.sum.wantsExtra ? WORKING_STRIDE : UNCHARGED;
    for (let b = 0; b < end; b++) f64s[row + b] = (f64s[row + b] as number) + direction * (this.plus[b] as number);
    if (this.link(contract, C_ORDERS) > 0) return;
    this.working.free(row);
    this.setLink(contract, C_WORKING, 0);
  }

  private openContract(client: number, instrument: number): number {
    const cells = instrument * CONTRACT_STRIDE;
    const underlying = this.rules.contracts[cells + Contract.group] as number;
    const tier = this.rules.contracts[cells + Contract.tier] as number;
    const found = this.groupIndex.find(client, underlying);
    const head = found > 0 ? found : this.openGroup(client, underlying, tier);
    const tierRow = findTier(this.arena.u32s, head, tier);
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

  /** A row for the sums of one tier of the short option minimum, where there is none yet. */
  private openMinimum(head: number, tier: number): void {
    const first = this.link(head, G_FIRST_MINIMUM);
    if (findTier(this.arena.u32s, first, tier) !== 0) return;
    const row = this.groups.allocate();
    this.setLink(row, G_TIER, tier);
    this.setLink(row, G_NEXT_TIER, first);
    this.setLink(head, G_FIRST_MINIMUM, row);
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
    for (let row = this.link(head, G_FIRST_MINIMUM); row !== 0; ) {
      const after = this.link(row, G_NEXT_TIER);
      this.groups.free(row);
      row = after;
    }
    this.reach.free(head);
    for (let row = head; row !== 0; ) {
      const after = this.link(row, G_NEXT_TIER);
      const extra = this.link(row, G_EXTRA);
      if (extra !== 0) this.extras.free(extra);
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
