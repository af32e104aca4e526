// FIX 4.4 text made and read the slow, obvious way, sharing nothing with the gateway: a crash test must not inherit the mistakes of what it tests.

/** One message as read: fields in order of arrival, first value per tag. */
export class FixText {
  readonly raw: string;
  private readonly fields = new Map<number, string>();

  constructor(raw: string) {
    this.raw = raw;
    for (const part of raw.split('\x01')) {
      const equals = part.indexOf('=');
      if (equals > 0 && !this.fields.has(Number(part.slice(0, equals)))) this.fields.set(Number(part.slice(0, equals)), part.slice(equals + 1));
    }
  }

  /** Value of a tag, '' when absent. */
  get(tag: number): string {
    return this.fields.get(tag) ?? '';
  }

  get type(): string {
    return this.get(35);
  }

  get sequence(): number {
    return Number(this.get(34));
  }

  get possDup(): boolean {
    return this.get(43) === 'Y';
  }

  /** What the message says, without what a resend may change (lengths, checksum, 43, 52, 122). */
  get content(): string {
    return [...this.fields]
      .filter(([tag]) => ![9, 10, 43, 52, 122].includes(tag))
      .map(([tag, value]) => `${tag}=${value}`)
      .sort()
      .join('|');
  }
}

/** Body fields of a message to be sent. */
export type Fields = readonly (readonly [number, string | number])[];

/** A message with header and trailer. `originalTime` marks a resend (43=Y, 122). */
export function frame(type: string, sequence: number, ids: { sender: string; target: string }, body: Fields, originalTime = ''): string {
  const now = fixTime();
  const header: [number, string | number][] = [
    [35, type],
    [34, sequence],
    [49, ids.sender],
    [52, now],
    [56, ids.target],
  ];
  if (originalTime !== '') header.splice(2, 0, [43, 'Y']);
  if (originalTime !== '') header.push([122, originalTime]);
  const inner = [...header, ...body].map(([tag, value]) => `${tag}=${value}\x01`).join('');
  const framed = `8=FIX.4.4\x019=${inner.length}\x01${inner}`;
  let sum = 0;
  for (let i = 0; i < framed.length; i++) sum += framed.charCodeAt(i);
  return `${framed}10=${`${sum % 256}`.padStart(3, '0')}\x01`;
}

/** UTC now, as FIX writes it. */
export function fixTime(): string {
  return new Date().toISOString().replaceAll('-', '').replace('T', '-').replace('Z', '');
}

const HEAD = '8=FIX.4.4\x019=';

/** Cuts whole messages off the front of `text`; returns them and what is left. Checks length and checksum of each. */
export function cut(text: string): { messages: FixText[]; rest: string } {
  const messages: FixText[] = [];
  let rest = text;
  for (;;) {
    if (rest.length < HEAD.length + 8) return { messages, rest };
    const lengthEnd = rest.indexOf('\x01', HEAD.length);
    const length = Number(rest.slice(HEAD.length, lengthEnd));
    if (!rest.startsWith(HEAD) || !(length > 0)) throw new Error(`the gateway sent something that is not FIX: ${rest.slice(0, 80)}`);
    const end = lengthEnd + 1 + length + 7;
    if (rest.length < end) return { messages, rest };
    const raw = rest.slice(0, end);
    let sum = 0;
    for (let i = 0; i < end - 7; i++) sum += raw.charCodeAt(i);
    if (raw.slice(-7) !== `10=${`${sum % 256}`.padStart(3, '0')}\x01`)
      throw new Error(`the gateway sent a wrong checksum: ${raw.replaceAll('\x01', '|')}`);
    messages.push(new FixText(raw));
    rest = rest.slice(end);
  }
}
