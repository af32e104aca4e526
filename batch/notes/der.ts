// The few DER types a signature needs. Lengths below 2^32; whoever calls gives the order that DER asks of a SET OF.

const LONG_FORM = 0x80;
export const Tag = { INTEGER: 0x02, OCTETS: 0x04, NULL: 0x05, OID: 0x06, UTC_TIME: 0x17, SEQUENCE: 0x30, SET: 0x31, CONTEXT_0: 0xa0 } as const;

/** One value: tag, length, content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
  if (length < LONG_FORM) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256);
  return Buffer.from([LONG_FORM + bytes.length, ...bytes]);
}

/** An object identifier, "1.2.840.113549.1.7.2". */
export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) septets.unshift((left % 128) + 128);
    bytes.push(...septets);
  }
  return der(Tag.OID, Buffer.from(bytes));
}

/** A time to the second. */
export const utcTime = (at: Date): Buffer => der(Tag.UTC_TIME, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`, 'latin1'));
