// Position groups handed to the kernel, many at a time: the contract rows of one table, positions entered group by group, and what came out. Holds memory of
// its own, because a module works on nothing else. Which groups there are and what is made of the sums: group-revaluation.ts.
import { assert } from '../../assert.ts';
import type { CompiledRules } from '../compiled-rules.ts';
import { CONTRACT_STRIDE } from '../contract-row.ts';
import { POSITION_BYTES, plainKernel, RESULT_DOUBLES, type ScanKernel, type ScanPlaces, vectorKernel } from './scan-kernel.ts';
import { wasm } from './web-assembly.ts';

const PAGE = 65_536;
const WORD = 8;
const ROW_BYTES = CONTRACT_STRIDE * WORD;

/** How many groups and positions a batch may have. */
export interface BatchSize {
  readonly groups: number;
  readonly positions: number;
}

/** Which kernel works: by default the vector one where the platform has it. */
export type KernelChoice = 'vector' | 'plain';

export class ScanBatch {
  /** The kernel in use. */
  readonly kernel: KernelChoice;
  /** Groups and positions entered. */
  groups = 0;
  positions = 0;
  /** What run() found: RESULT_DOUBLES a group, micros. */
  readonly results: Float64Array;
  private readonly size: BatchSize;
  private readonly instruments: number;
  private rules: CompiledRules | undefined;
  private readonly scan: ScanKernel;
  private readonly f64s: Float64Array;
  private readonly u32s: Uint32Array;
  private readonly at: ScanPlaces;

  /** Room for tables of as many instruments as `rules` has. */
  constructor(rules: CompiledRules, size: BatchSize, choice: KernelChoice = 'vector') {
    const positions = rules.contracts.length * WORD;
    const results = positions + size.positions * POSITION_BYTES;
    const ends = results + size.groups * RESULT_DOUBLES * WORD;
    const memory = new wasm.Memory({ initial: Math.ceil((ends + size.groups * 4) / PAGE) });
    const vector = choice === 'vector' ? vectorKernel(memory) : undefined;
    this.kernel = vector === undefined ? 'plain' : 'vector';
    this.scan = vector ?? plainKernel(memory);
    this.f64s = new Float64Array(memory.buffer);
    this.u32s = new Uint32Array(memory.buffer);
    this.results = new Float64Array(memory.buffer, results, size.groups * RESULT_DOUBLES);
    this.size = size;
    this.instruments = rules.table.instruments;
    this.at = { positions, results, ends, endsEnd: ends };
    this.use(rules);
  }

  /** Is there room for the contract rows of this table? */
  fits(rules: CompiledRules): boolean {
    return rules.table.instruments === this.instruments;
  }

  /** Another table with as many instruments. */
  use(rules: CompiledRules): void {
    assert(this.fits(rules), 'scan batch: a table of another size');
    if (this.rules === rules) return;
    this.rules = rules;
    this.f64s.set(rules.contracts, 0);
  }

  /** Forgets what was entered. */
  clear(): void {
    this.groups = 0;
    this.positions = 0;
  }

  /** Enters signed units into the group at hand. */
  add(instrument: number, units: number): void {
    assert(this.positions < this.size.positions, 'scan batch: more positions than announced');
    const byte = this.at.positions + this.positions * POSITION_BYTES;
    this.f64s[byte / WORD] = units;
    this.u32s[byte / 4 + 2] = instrument * ROW_BYTES;
    this.positions += 1;
  }

  /** Ends the group at hand, which may be empty. */
  endGroup(): void {
    assert(this.groups < this.size.groups, 'scan batch: more groups than announced');
    this.u32s[this.at.ends / 4 + this.groups] = this.at.positions + this.positions * POSITION_BYTES;
    this.groups += 1;
  }

  /** Fills the results of all groups entered. */
  run(): void {
    this.scan({ ...this.at, endsEnd: this.at.ends + this.groups * 4 });
  }

  /** All its memory and where the parts lie, bytes: for whoever runs the same sums elsewhere. */
  get memory(): { readonly bytes: Uint8Array; readonly groups: number } & ScanPlaces {
    return { bytes: new Uint8Array(this.f64s.buffer), groups: this.groups, ...this.at };
  }
}
