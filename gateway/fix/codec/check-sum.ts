// CheckSum(10): the sum of all bytes modulo 256, four bytes a step. Lanes are masked at each step, so the length does not matter.

const LANES = 0x00ff00ff;

/** Sum of data[start, end) modulo 256. `bytes` and `data` are views of the same memory. */
export function checkSum(bytes: Uint8Array, data: DataView, start: number, end: number): number {
  let lanes = 0;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const word = data.getUint32(i, true);
    lanes = (lanes & LANES) + (word & LANES) + ((word >>> 8) & LANES);
  }
  let sum = lanes + (lanes >>> 16);
  for (; i < end; i++) sum += bytes[i] as number;
  return sum & 0xff;
}

/** The DataView over the same bytes. */
export function dataViewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
