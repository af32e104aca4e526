// Decimal digits into a byte field, zero-padded on the left; for ids of benches.

/** Writes `digits` ASCII digits of `value` at `at`. */
export function writeNumber(bytes: Uint8Array, at: number, value: number, digits: number): void {
  let rest = value;
  for (let i = digits - 1; i >= 0; i--) {
    bytes[at + i] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}
