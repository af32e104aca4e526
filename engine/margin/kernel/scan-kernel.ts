// Losses, option value and exposure of many position groups at once: for each group of positions (one client, one underlying, one tier) the 16 summed
// losses, the summed file value, the summed exposure. Once as WebAssembly with two doubles to a step, once in plain
// TypeScript. Every number is an integer in a double, so that both give the same bits whatever the order of additions; a property test
// says so.
//
// Memory: rows of CONTRACT_STRIDE doubles (contract-row.ts); positions of 16 bytes (units, byte address of the row, spare); 32-bit byte
// addresses at which each group's positions end; results of 18 doubles (16 losses, value, exposure).
import { Contract } from '../contract-row.ts';
import { type Code, emitModule, op, Type } from './module-emitter.ts';
import { type WasmMemory, wasm } from './web-assembly.ts';

/** Bytes of a position, and doubles of a result. */
export const POSITION_BYTES = 16;
/** See POSITION_BYTES. */
export const RESULT_DOUBLES = 18;
/** Places in a result behind the 16 losses. */
export const RESULT_VALUE = 16;
/** See RESULT_VALUE. */
export const RESULT_EXPOSURE = 17;

/** Where a run's parts lie, byte addresses: positions, group ends from `ends` to `endsEnd`, results. */
export interface ScanPlaces {
  readonly positions: number;
  readonly ends: number;
  readonly endsEnd: number;
  readonly results: number;
}

/** Fills the results of every group. */
export type ScanKernel = (places: ScanPlaces) => void;

const VECTORS = 8;
const VECTOR_BYTES = 16;
// Parameters, then locals, of the function.
const POSITION = 0;
const END_AT = 1;
const ENDS_END = 2;
const RESULT = 3;
const END = 4;
const ROW = 5;
const UNITS = 6;
const VALUE = 7;
const EXPOSURE = 8;
const SPLAT = 9;
const SUMS = 10;
const cell = (place: number): number => place * 8;
const vectors = Array.from({ length: VECTORS }, (_, v) => v);

/** One position: its 16 losses into the sums, its value and exposure beside them. */
function positionCode(): Code {
  return [
    ...[...op.get(POSITION), ...op.v128LoadSplat(0), ...op.set(SPLAT)],
    ...[...op.get(POSITION), ...op.f64Load(0), ...op.set(UNITS)],
    ...[...op.get(POSITION), ...op.i32Load(8), ...op.set(ROW)],
    ...vectors.flatMap((v) => [
      ...[...op.get(SUMS + v), ...op.get(SPLAT), ...op.get(ROW), ...op.v128Load(v * VECTOR_BYTES), ...op.f64x2Mul, ...op.f64x2Add],
      ...op.set(SUMS + v),
    ]),
    ...[...op.get(VALUE), ...op.get(UNITS), ...op.get(ROW), ...op.f64Load(cell(Contract.value)), ...op.f64Mul, ...op.f64Add, ...op.set(VALUE)],
    ...[...op.get(EXPOSURE), ...op.get(UNITS), ...op.get(ROW), ...op.f64Load(cell(Contract.elmLong)), ...op.f64Mul],
    ...[...op.get(UNITS), ...op.f64Neg, ...op.get(ROW), ...op.f64Load(cell(Contract.elmShort)), ...op.f64Mul],
    ...[...op.f64Max, ...op.f64Add, ...op.set(EXPOSURE)],
    ...[...op.get(POSITION), ...op.i32Const(POSITION_BYTES), ...op.i32Add, ...op.set(POSITION)],
  ];
}

function groupCode(): Code {
  const clear = [
    ...op.f64Zero,
    ...op.set(VALUE),
    ...op.f64Zero,
    ...op.set(EXPOSURE),
    ...vectors.flatMap((v) => [...op.v128Zero, ...op.set(SUMS + v)]),
  ];
  return [
    ...[...op.get(END_AT), ...op.i32Load(0), ...op.set(END)],
    ...clear,
    ...op.whileTrue([...op.get(POSITION), ...op.get(END), ...op.i32LessUnsigned], positionCode()),
    ...vectors.flatMap((v) => [...op.get(RESULT), ...op.get(SUMS + v), ...op.v128Store(v * VECTOR_BYTES)]),
    ...[...op.get(RESULT), ...op.get(VALUE), ...op.f64Store(cell(RESULT_VALUE))],
    ...[...op.get(RESULT), ...op.get(EXPOSURE), ...op.f64Store(cell(RESULT_EXPOSURE))],
    ...[...op.get(RESULT), ...op.i32Const(RESULT_DOUBLES * 8), ...op.i32Add, ...op.set(RESULT)],
    ...[...op.get(END_AT), ...op.i32Const(4), ...op.i32Add, ...op.set(END_AT)],
  ];
}

/** The module's bytes. */
export function scanModule(): Uint8Array<ArrayBuffer> {
  const locals = [Type.i32, Type.i32, Type.f64, Type.f64, Type.f64, Type.v128, ...vectors.map(() => Type.v128)];
  return emitModule(4, locals, op.whileTrue([...op.get(END_AT), ...op.get(ENDS_END), ...op.i32LessUnsigned], groupCode()));
}

/** The kernel over a memory; undefined where the platform has no SIMD. */
export function vectorKernel(memory: WasmMemory): ScanKernel | undefined {
  const bytes = scanModule();
  if (!wasm.validate(bytes)) return undefined;
  const { exports } = new wasm.Instance(new wasm.Module(bytes), { env: { memory } });
  const run = exports['run'] as (positions: number, ends: number, endsEnd: number, results: number) => void;
  return ({ positions, ends, endsEnd, results }) => run(positions, ends, endsEnd, results);
}

/** The same in plain TypeScript. */
export function plainKernel({ buffer }: WasmMemory): ScanKernel {
  const f64s = new Float64Array(buffer);
  const u32s = new Uint32Array(buffer);
  const sums = new Float64Array(16);
  return ({ positions, ends, endsEnd, results }) => {
    let at = positions;
    let out = results >>> 3;
    for (let e = ends >>> 2; e < endsEnd >>> 2; e++) {
      const end = u32s[e] as number;
      let value = 0;
      let exposure = 0;
      sums.fill(0);
      for (; at < end; at += POSITION_BYTES) {
        const units = f64s[at >>> 3] as number;
        const row = (u32s[(at >>> 2) + 2] as number) >>> 3;
        for (let s = 0; s < 16; s++) sums[s] = (sums[s] as number) + units * (f64s[row + s] as number);
        value += units * (f64s[row + Contract.value] as number);
        exposure += Math.max(units * (f64s[row + Contract.elmLong] as number), -units * (f64s[row + Contract.elmShort] as number));
      }
      for (let s = 0; s < 16; s++) f64s[out + s] = sums[s] as number;
      f64s[out + RESULT_VALUE] = value;
      f64s[out + RESULT_EXPOSURE] = exposure;
      out += RESULT_DOUBLES;
    }
  };
}
