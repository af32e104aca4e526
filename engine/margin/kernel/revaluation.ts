// Margin of the positions of very many clients under one table, all at once: groups are entered once, then revalued under as many tables of the same
// instruments as one likes. Scan, value and exposure come from the kernel; what hangs on deltas (calendar and spot charges, short option minimum) is
// worked out here. No working orders, no credits between underlyings, no dated rules: those are the book's
// and the report's.
import { assert } from '../../assert.ts';
import { roundMicrosToPaise } from '../../units.ts';
import { PositionCharge } from '../calendar-charge.ts';
import type { CompiledRules, UnderlyingRules } from '../compiled-rules.ts';
import { CONTRACT_STRIDE } from '../contract-row.ts';
import { deltaIndexOf } from '../delta-expiry.ts';
import { type ContractPosition, underlyingSpan } from '../underlying-span.ts';
import { POSITION_BYTES, plainKernel, RESULT_DOUBLES, type ScanKernel, type ScanPlaces, vectorKernel } from './scan-kernel.ts';
import { wasm } from './web-assembly.ts';

const PAGE = 65_536;
const WORD = 8;
const ROW_BYTES = CONTRACT_STRIDE * WORD;

/** How many groups and positions there will be, at most. */
export interface RevaluationSize {
  readonly groups: number;
  readonly positions: number;
}

/** Which kernel works: by default the vector one where the platform has it. */
export type KernelChoice = 'vector' | 'plain';

export class Revaluation {
  /** The kernel in use. */
  readonly kernel: KernelChoice;
  private rules: CompiledRules;
  private readonly run: ScanKernel;
  private readonly f64s: Float64Array;
  private readonly u32s: Uint32Array;
  private readonly size: RevaluationSize;
  private readonly at: ScanPlaces;
  private readonly clients: Uint32Array;
  private readonly underlyings: Int32Array;
  private charge: PositionCharge;
  private groups = 0;
  private positions = 0;

  constructor(rules: CompiledRules, size: RevaluationSize, choice: KernelChoice = 'vector') {
    const rowsEnd = rules.contracts.length * WORD;
    const positions = rowsEnd;
    const results = positions + size.positions * POSITION_BYTES;
    const ends = results + size.groups * RESULT_DOUBLES * WORD;
    const memory = new wasm.Memory({ initial: Math.ceil((ends + size.groups * 4) / PAGE) + 1 });
    const vector = choice === 'vector' ? vectorKernel(memory) : undefined;
    this.kernel = vector === undefined ? 'plain' : 'vector';
    this.run = vector ?? plainKernel(memory);
    this.f64s = new Float64Array(memory.buffer);
    this.u32s = new Uint32Array(memory.buffer);
    this.size = size;
    this.at = { positions, results, ends, endsEnd: ends };
    this.clients = new Uint32Array(size.groups);
    this.underlyings = new Int32Array(size.groups);
    this.rules = rules;
    this.charge = new PositionCharge(rules.expiriesMax);
    this.use(rules);
  }

  /** Another table with the same instruments in the same rows. */
  use(rules: CompiledRules): void {
    assert(rules.contracts.length === this.rules.contracts.length, 'revaluation: a table of other instruments');
    this.rules = rules;
    if (rules.expiriesMax > this.charge.nets.length) this.charge = new PositionCharge(rules.expiriesMax);
    this.f64s.set(rules.contracts, 0);
  }

  /** Enters the positions of one client in one underlying and scan tier; groups of one client and underlying follow each other. */
  add(client: number, underlying: number, positions: readonly ContractPosition[]): void {
    assert(this.groups < this.size.groups && this.positions + positions.length <= this.size.positions, 'revaluation: more than was announced');
    for (const { instrument, quantity } of positions) {
      const byte = this.at.positions + this.positions * POSITION_BYTES;
      this.f64s[byte / WORD] = quantity;
      this.u32s[byte / 4 + 2] = instrument * ROW_BYTES;
      this.positions += 1;
    }
    this.clients[this.groups] = client;
    this.underlyings[this.groups] = underlying;
    this.u32s[this.at.ends / 4 + this.groups] = this.at.positions + this.positions * POSITION_BYTES;
    this.groups += 1;
  }

  /** The kernel alone: scan, value and exposure of every group, in the results. */
  scan(): void {
    this.run({ ...this.at, endsEnd: this.at.ends + this.groups * 4 });
  }

  /** What the kernel found of all groups: worst, value and exposure in micros, and a spare cell. */
  get results(): Float64Array {
    return this.f64s.subarray(this.at.results / WORD, this.at.results / WORD + this.groups * RESULT_DOUBLES);
  }

  /** All its memory and where the parts lie, bytes: for whoever runs the same sums elsewhere. */
  get memory(): { readonly bytes: Uint8Array; readonly groups: number } & ScanPlaces {
    return { bytes: new Uint8Array(this.f64s.buffer), groups: this.groups, ...this.at };
  }

  /** Revalues everything: adds each group's paise to its client's cell of `requirements`. */
  revalue(requirements: Float64Array): void {
    this.scan();
    const { results, clients, underlyings } = this;
    for (let g = 0; g < this.groups; ) {
      const client = clients[g] as number;
      const underlying = underlyings[g] as number;
      const first = g;
      let micros = 0;
      let exposure = 0;
      for (; g < this.groups && clients[g] === client && underlyings[g] === underlying; g++) {
        micros += (results[g * RESULT_DOUBLES] as number) - (results[g * RESULT_DOUBLES + 1] as number);
        exposure += results[g * RESULT_DOUBLES + 2] as number;
      }
      const total = this.hasMinimum(underlying)
        ? underlyingSpan(this.rules, underlying, this.positionsOf(first, g)).total
        : Math.max(0, micros + this.chargeOf(underlying, first, g)) + exposure;
      requirements[client] = (requirements[client] as number) + roundMicrosToPaise(total);
    }
  }

  private hasMinimum(underlying: number): boolean {
    return this.rules.hasSom[underlying] !== 0;
  }

  /** Calendar and spot charge of groups first to end - 1, which are one client's in the underlying; micros. */
  private chargeOf(underlying: number, first: number, end: number): number {
    const { rules, charge, f64s, u32s } = this;
    const own = rules.underlyings[underlying] as UnderlyingRules;
    if (own.spreads.count === 0 && rules.hasSpot[underlying] === 0) return 0;
    charge.nets.fill(0, 0, own.expiries.length);
    const { from, to } = this.rangeOf(first, end);
    for (let byte = from; byte < to; byte += POSITION_BYTES) {
      const instrument = (u32s[byte / 4 + 2] as number) / ROW_BYTES;
      const e = deltaIndexOf(rules, underlying, instrument);
      charge.nets[e] = (charge.nets[e] as number) + (f64s[byte / WORD] as number) * (rules.table.delta[instrument] as number);
    }
    charge.compute(rules, underlying);
    return charge.calendar + charge.spot;
  }

  /** Bytes of the positions of groups first to end - 1. */
  private rangeOf(first: number, end: number): { readonly from: number; readonly to: number } {
    const ends = this.at.ends / 4;
    return { from: first === 0 ? this.at.positions : (this.u32s[ends + first - 1] as number), to: this.u32s[ends + end - 1] as number };
  }

  private positionsOf(first: number, end: number): ContractPosition[] {
    const { from, to } = this.rangeOf(first, end);
    const positions: ContractPosition[] = [];
    for (let byte = from; byte < to; byte += POSITION_BYTES) {
      positions.push({ instrument: (this.u32s[byte / 4 + 2] as number) / ROW_BYTES, quantity: this.f64s[byte / WORD] as number });
    }
    return positions;
  }
}
