// Assembles a WebAssembly module of one function over an imported memory: just the opcodes the kernel needs, as bytes in a row. The source of the module
// is the code that calls this; no binary is kept anywhere.

/** Bytes of code. */
export type Code = readonly number[];

/** Value types. */
export const Type = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const;

/** An unsigned number in LEB128. */
export function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}

/** A small non-negative number as a signed LEB128. */
function signed(value: number): Code {
  const bytes = [...unsigned(value)];
  const last = bytes.at(-1) ?? 0;
  if ((last & 0x40) === 0) return bytes;
  bytes[bytes.length - 1] = last | 0x80;
  return [...bytes, 0];
}

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
const access = (align: number, offset: number): Code => [...unsigned(align), ...unsigned(offset)];

/** Instructions; those on memory take the offset that is added to the address on the stack. */
export const op = {
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number): Code => [0x21, ...unsigned(local)],
  tee: (local: number): Code => [0x22, ...unsigned(local)],
  i32Const: (value: number): Code => [0x41, ...signed(value)],
  f64Zero: [0x44, 0, 0, 0, 0, 0, 0, 0, 0] as Code,
  i32Load: (offset: number): Code => [0x28, ...access(2, offset)],
  f64Load: (offset: number): Code => [0x2b, ...access(3, offset)],
  f64Store: (offset: number): Code => [0x39, ...access(3, offset)],
  i32Add: [0x6a] as Code,
  i32LessUnsigned: [0x49] as Code,
  f64Add: [0xa0] as Code,
  f64Mul: [0xa2] as Code,
  f64Neg: [0x9a] as Code,
  f64Max: [0xa5] as Code,
  v128Load: (offset: number): Code => [...simd(0x00), ...access(3, offset)],
  v128Store: (offset: number): Code => [...simd(0x0b), ...access(3, offset)],
  v128LoadSplat: (offset: number): Code => [...simd(0x0a), ...access(3, offset)],
  v128Zero: [...simd(0x0c), ...new Array<number>(16).fill(0)] as Code,
  f64x2Add: simd(0xf0) as Code,
  f64x2Mul: simd(0xf2) as Code,
  /** Runs while the condition that ends the body is true; tested before the first turn as well. */
  whileTrue: (condition: Code, body: Code): Code => [0x02, 0x40, 0x03, 0x40, ...condition, 0x45, 0x0d, 1, ...body, 0x0c, 0, 0x0b, 0x0b],
};

const named = (text: string): Code => [...unsigned(text.length), ...Array.from(text, (c) => c.charCodeAt(0))];
const section = (id: number, body: Code): Code => [id, ...unsigned(body.length), ...body];

/** One exported function `run` over memory `env.memory`; parameters are i32, locals come after them. */
export function emitModule(parameters: number, locals: readonly number[], body: Code): Uint8Array<ArrayBuffer> {
  const declared = locals.flatMap((type) => [1, type]);
  const code = [...unsigned(locals.length), ...declared, ...body, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, parameters, ...new Array<number>(parameters).fill(Type.i32), 0]),
    ...section(2, [1, ...named('env'), ...named('memory'), 0x02, 0x00, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...named('run'), 0x00, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}
