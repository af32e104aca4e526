// The reason in a WebSocket close frame: at most 123 bytes of UTF-8 (RFC 6455 section 5.5).

const REASON_BYTES_MAX = 123;

/** `reason`, cut between characters to what a close frame holds. */
export function closeReason(reason: string): string {
  if (Buffer.byteLength(reason) <= REASON_BYTES_MAX) return reason;
  let cut = '';
  let size = 0;
  for (const character of reason) {
    size += Buffer.byteLength(character);
    if (size > REASON_BYTES_MAX) break;
    cut += character;
  }
  return cut;
}
