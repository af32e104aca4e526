// Every group of a slot summed anew under a table that lists the same contracts: the rows stay where they are, only figures change. Contracts that no order
// works on go through the kernel, all groups of some thousand positions at once; the others are added one by one by the code that adds them as they
// come. What each group then asks the live sum says. A property test holds it to a book built from nothing.
import type { Arena } from '../state/arena.ts';
import { ClientSide } from '../state/client-table.ts';
import type { RowTable } from '../state/row-table.ts';
import { FLOOR, SPAN_ZERO, WORKING_STRIDE } from './branches.ts';
import type { CompiledRules } from './compiled-rules.ts';
import type { DeltaReach } from './delta-reach.ts';
import type { GroupCharges } from './group-charges.ts';
import {
  C_INSTRUMENT,
  C_NEXT,
  C_ORDERS,
  C_TIER,
  C_WORKING,
  EXTRA_WORDS,
  G_CLIENT,
  G_EXTRA,
  G_FIRST_CONTRACT,
  G_FIRST_MINIMUM,
  G_NEXT_OF_CLIENT,
  G_NEXT_TIER,
  G_ORDERS,
  G_UNDERLYING,
  PAISE,
  TIER_DOUBLES,
} from './group-rows.ts';
import type { GroupSum } from './group-sum.ts';
import { ScanBatch } from './kernel/scan-batch.ts';
import { RESULT_DOUBLES, RESULT_EXPOSURE, RESULT_VALUE } from './kernel/scan-kernel.ts';

/** Positions after which a batch is worked off: what comes out of it still lies in the cache. */
const BATCH_POSITIONS = 8_192;
/** Tier rows of one group at most: scan tiers are a byte, each perhaps in two. */
const TIERS_MAX = 512;

/** What the live book works with, lent to it. */
export interface RevaluationParts {
  readonly sum: GroupSum;
  readonly charges: GroupCharges;
  readonly reach: DeltaReach;
}

/** Scratch of one shard; `rules` are those the sums and charges go by. */
export class GroupRevaluation {
  private readonly arena: Arena;
  private readonly clients: RowTable;
  private readonly sum: GroupSum;
  private readonly charges: GroupCharges;
  private readonly reach: DeltaReach;
  private readonly parts = new Float64Array(WORKING_STRIDE);
  private batch: ScanBatch | undefined;
  /** Heads of the groups entered since the last batch. */
  private readonly heads: number[] = [];

  constructor(clients: RowTable, { sum, charges, reach }: RevaluationParts) {
    this.arena = clients.arena;
    this.clients = clients;
    this.sum = sum;
    this.charges = charges;
    this.reach = reach;
  }

  /** Zeroes the sums of all groups and the parts of all working orders; positions, orders and links stay. */
  clear(): void {
    const { f64s } = this.arena;
    for (let client = 1; client < this.clients.rows; client++) {
      for (let head = this.clients.u32(client, ClientSide.groups); head !== 0; head = this.link(head, G_NEXT_OF_CLIENT)) {
        this.reach.clear(head);
        for (let row = head; row !== 0; row = this.link(row, G_NEXT_TIER)) this.zero(row);
        for (let row = this.link(head, G_FIRST_MINIMUM); row !== 0; row = this.link(row, G_NEXT_TIER)) this.zero(row);
        for (let c = this.link(head, G_FIRST_CONTRACT); c !== 0; c = this.link(c, C_NEXT)) {
          const working = this.link(c, C_WORKING);
          if (working !== 0) f64s.fill(0, working, working + WORKING_STRIDE);
        }
      }
    }
  }

  /** Sums every group, once the parts of all working orders are in their rows. Adds each group's paise to its client's cell of `requirements`. */
  settle(rules: CompiledRules, requirements: Float64Array): void {
    const batch = this.batchFor(rules);
    for (let client = 1; client < this.clients.rows; client++) {
      for (let head = this.clients.u32(client, ClientSide.groups); head !== 0; head = this.link(head, G_NEXT_OF_CLIENT)) {
        this.heads.push(head);
        this.enter(batch, head);
        if (batch.positions >= BATCH_POSITIONS || batch.groups >= BATCH_POSITIONS) this.workOff(batch, requirements);
      }
    }
    this.workOff(batch, requirements);
  }

  private batchFor(rules: CompiledRules): ScanBatch {
    if (this.batch === undefined || !this.batch.fits(rules)) {
      // One group more than the mark may come, with every instrument and tier there is.
      const size = { groups: BATCH_POSITIONS + TIERS_MAX, positions: BATCH_POSITIONS + rules.table.instruments };
      this.batch = new ScanBatch(rules, size);
    }
    this.batch.use(rules);
    this.batch.clear();
    return this.batch;
  }

  /** Each tier row of the group is one group of the kernel. */
  private enter(batch: ScanBatch, head: number): void {
    const { f64s } = this.arena;
    for (let row = head; row !== 0; row = this.link(row, G_NEXT_TIER)) {
      for (let c = this.link(head, G_FIRST_CONTRACT); c !== 0; c = this.link(c, C_NEXT)) {
        if (this.link(c, C_TIER) === row && this.link(c, C_ORDERS) === 0) batch.add(this.link(c, C_INSTRUMENT), f64s[c] as number);
      }
      batch.endGroup();
    }
  }

  private workOff(batch: ScanBatch, requirements: Float64Array): void {
    batch.run();
    let result = 0;
    for (const head of this.heads) {
      for (let row = head; row !== 0; row = this.link(row, G_NEXT_TIER)) {
        this.write(head, row, batch.results, result);
        result += RESULT_DOUBLES;
      }
      for (let c = this.link(head, G_FIRST_CONTRACT); c !== 0; c = this.link(c, C_NEXT)) {
        if (this.link(c, C_ORDERS) > 0) this.addContract(head, c);
        else this.sum.addBeside(head, this.link(c, C_INSTRUMENT), this.arena.f64s[c] as number);
      }
      this.charges.update(head);
      this.sum.stand(head, this.link(head, G_UNDERLYING), this.link(head, G_ORDERS));
      const client = this.link(head, G_CLIENT);
      requirements[client] = (requirements[client] as number) + (this.arena.f64s[head + PAISE] as number);
    }
    this.heads.length = 0;
    batch.clear();
  }

  /** The branches of a tier row from the kernel's sums: loss less value, and the exposure of the position as it stands. */
  private write(head: number, row: number, results: Float64Array, at: number): void {
    const { f64s } = this.arena;
    const exposure = results[at + RESULT_EXPOSURE] as number;
    const rest = exposure - (results[at + RESULT_VALUE] as number);
    for (let s = 0; s < FLOOR; s++) f64s[row + s] = (results[at + s] as number) + rest;
    f64s[row + FLOOR] = rest;
    f64s[head + SPAN_ZERO] = (f64s[head + SPAN_ZERO] as number) + exposure;
  }

  /** A contract with its position and the parts of its orders, as if both had just come. */
  private addContract(head: number, contract: number): void {
    const { parts, sum } = this;
    const { f64s } = this.arena;
    const working = this.link(contract, C_WORKING);
    for (let b = 0; b < WORKING_STRIDE; b++) parts[b] = working === 0 ? 0 : (f64s[working + b] as number);
    const tierRow = this.link(contract, C_TIER);
    sum.fill(0, this.link(contract, C_INSTRUMENT), f64s[contract] as number, parts, 1);
    sum.change[0] = 0;
    if (sum.wantsExtra && this.link(contract, C_ORDERS) > 0) this.charges.extraOf(tierRow);
    sum.apply(head, tierRow);
  }

  /** A tier row and its further sums. */
  private zero(row: number): void {
    const { f64s } = this.arena;
    f64s.fill(0, row, row + TIER_DOUBLES);
    const extra = this.link(row, G_EXTRA);
    if (extra !== 0) f64s.fill(0, extra, extra + EXTRA_WORDS);
  }

  private link(row: number, link: number): number {
    return this.arena.u32s[row * 2 + link] as number;
  }
}
