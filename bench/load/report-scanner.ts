// Cuts a byte stream into FIX messages by BodyLength and names each one's ClOrdID number: the least work that can match verdicts to orders. Trusts
// its peer (it is a benchmark's client): a frame that does not start with 8=FIX throws.

const SOH = 1;
const ZERO = 48;
const EQUALS = 61;
const ONE = 49;

/** Called per message: type is the byte of MsgType(35), number the digits of ClOrdID(11) or -1. */
export type OnReport = (type: number, number: number) => void;

/** Keeps the unfinished tail between chunks. */
export class ReportScanner {
  private tail: Buffer = Buffer.alloc(0);

  /** Scans one chunk as read from the socket. */
  push(chunk: Buffer, onReport: OnReport): void {
    const bytes = this.tail.length === 0 ? chunk : Buffer.concat([this.tail, chunk]);
    let at = 0;
    for (;;) {
      const end = frameEnd(bytes, at);
      if (end < 0) break;
      scan(bytes, at, end, onReport);
      at = end;
    }
    this.tail = at === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(at));
  }
}

/** Offset after the message that starts at `at`, or -1 when it is not all there. */
export function frameEnd(bytes: Buffer, at: number): number {
  // 8=FIX.4.4|9= is 12 bytes, then digits.
  let cursor = at + 12;
  if (cursor >= bytes.length) return -1;
  if (bytes[at] !== 56 || bytes[at + 1] !== EQUALS) throw new Error('answer stream lost its framing');
  let length = 0;
  for (;;) {
    if (cursor >= bytes.length) return -1;
    const byte = bytes[cursor] ?? 0;
    cursor += 1;
    if (byte === SOH) break;
    length = length * 10 + byte - ZERO;
  }
  const end = cursor + length + 7;
  return end <= bytes.length ? end : -1;
}

function scan(bytes: Buffer, at: number, end: number, onReport: OnReport): void {
  let type = 0;
  for (let i = at + 13; i < end - 4; i++) {
    if (bytes[i] !== SOH) continue;
    if (type === 0) {
      // The first field after BodyLength is MsgType.
      type = bytes[i + 4] ?? 0;
      continue;
    }
    if (bytes[i + 1] !== ONE || bytes[i + 2] !== ONE || bytes[i + 3] !== EQUALS) continue;
    let number = 0;
    // One letter, then digits.
    for (let digit = i + 5; digit < end; digit++) {
      const byte = bytes[digit] ?? 0;
      if (byte === SOH) break;
      number = number * 10 + byte - ZERO;
    }
    onReport(type, number);
    return;
  }
  onReport(type, -1);
}
