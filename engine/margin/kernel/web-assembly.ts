// The part of the platform's WebAssembly that the kernel uses, typed here because the engine is compiled against the language alone.

/** Growable bytes shared between a module and its caller. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

interface Platform {
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
}

/** The platform's; every engine this runs on has it. */
export const wasm: Platform = (globalThis as unknown as { readonly WebAssembly: Platform }).WebAssembly;
