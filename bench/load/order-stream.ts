// NewOrderSingle bytes made cheaply: templates are encoded once, a send patches MsgSeqNum, ClOrdID, the two times and the checksum. The numbers
// have a fixed width, so BodyLength never changes. Does not know sockets or clocks.

/** One order to be repeated: body fields in order, ClOrdID(11) and TransactTime(60) left out (the stream puts them in). */
export interface OrderTemplate {
  readonly body: readonly (readonly [number, string])[];
}

/** Digits of MsgSeqNum and of the number inside ClOrdID. */
const DIGITS = 9;
const TIME_BYTES = 21;
const ZERO = 48;

interface Template {
  readonly bytes: Buffer;
  /** Sum of all bytes before the checksum field with digits and times at '0' counted out. */
  readonly sum: number;
  readonly sequenceAt: number;
  readonly sendingTimeAt: number;
  readonly clOrdIdAt: number;
  readonly transactTimeAt: number;
}

/** Frames body fields as one FIX 4.4 message of `type`; sequence and times as given. For logons and samples, not the hot path. */
export function orderText(type: string, sequence: string, ids: { sender: string; target: string }, time: string, body: string): string {
  const inner = `35=${type}\x0134=${sequence}\x0149=${ids.sender}\x0152=${time}\x0156=${ids.target}\x01${body}`;
  const framed = `8=FIX.4.4\x019=${`${inner.length}`.padStart(3, '0')}\x01${inner}`;
  let sum = 0;
  for (let i = 0; i < framed.length; i++) sum += framed.charCodeAt(i);
  return `${framed}10=${`${sum % 256}`.padStart(3, '0')}\x01`;
}

/** Body fields as FIX text. */
export const fieldsOf = (fields: readonly (readonly [number, string])[]): string => fields.map(([tag, value]) => `${tag}=${value}\x01`).join('');

/** Orders of one session, numbered by the caller; `first letter + 9 digits` is the ClOrdID, so an answer names its number. */
export class OrderStream {
  private readonly templates: readonly Template[];
  private readonly time = Buffer.alloc(TIME_BYTES, ZERO);
  private timeSum = 0;
  private timeMillis = -1;
  /** Bytes of the longest order. */
  readonly bytesMax: number;
  /** Offset of the 9 ClOrdID digits, the same in every order. */
  readonly clOrdIdAt: number;

  constructor(ids: { sender: string; target: string }, prefix: string, orders: readonly OrderTemplate[]) {
    this.templates = orders.map((order) => encodeTemplate(ids, prefix, order));
    this.bytesMax = Math.max(...this.templates.map((template) => template.bytes.length));
    this.clOrdIdAt = this.templates[0]?.clOrdIdAt ?? 0;
  }

  /** Sets the time later orders carry. Cheap when the millisecond has not changed. */
  setTime(epochMillis: number): void {
    if (epochMillis === this.timeMillis) return;
    this.timeMillis = epochMillis;
    this.time.write(fixTime(epochMillis), 'latin1');
    this.timeSum = 0;
    for (let i = 0; i < TIME_BYTES; i++) this.timeSum += this.time[i] ?? 0;
  }

  /** Writes order number `number` with `sequence` into `out` at `at`; returns the offset after it. Allocates nothing. */
  write(out: Buffer, at: number, sequence: number, number: number): number {
    const template = this.templates[number % this.templates.length];
    if (template === undefined) return at;
    template.bytes.copy(out, at);
    const digits = putDigits(out, at + template.sequenceAt, sequence) + putDigits(out, at + template.clOrdIdAt, number);
    this.time.copy(out, at + template.sendingTimeAt);
    this.time.copy(out, at + template.transactTimeAt);
    const end = at + template.bytes.length;
    const checksum = (template.sum + digits + 2 * this.timeSum) % 256;
    out[end - 4] = ZERO + Math.floor(checksum / 100);
    out[end - 3] = ZERO + (Math.floor(checksum / 10) % 10);
    out[end - 2] = ZERO + (checksum % 10);
    return end;
  }
}

/** UTC time as FIX wants it, with milliseconds. */
export function fixTime(epochMillis: number): string {
  return new Date(epochMillis).toISOString().replace(/-/g, '').replace('T', '-').replace('Z', '');
}

function encodeTemplate(ids: { sender: string; target: string }, prefix: string, order: OrderTemplate): Template {
  const zeros = '0'.repeat(DIGITS);
  const noTime = '0'.repeat(TIME_BYTES);
  const body = `11=${prefix}${zeros}\x0160=${noTime}\x01${fieldsOf(order.body)}`;
  const bytes = Buffer.from(orderText('D', zeros, ids, noTime, body), 'latin1');
  const at = (needle: string): number => bytes.indexOf(`\x01${needle}`, 0, 'latin1') + 1 + needle.length;
  const placed = { sequenceAt: at('34='), sendingTimeAt: at('52='), clOrdIdAt: at(`11=${prefix}`), transactTimeAt: at('60=') };
  let sum = 0;
  for (let i = 0; i < bytes.length - 7; i++) sum += bytes[i] ?? 0;
  return { bytes, sum: sum - (2 * DIGITS + 2 * TIME_BYTES) * ZERO, ...placed };
}

/** Writes 9 digits, returns the sum of the bytes written. */
function putDigits(out: Buffer, at: number, value: number): number {
  let sum = 0;
  let rest = value;
  for (let i = DIGITS - 1; i >= 0; i--) {
    const digit = rest % 10;
    rest = (rest - digit) / 10;
    out[at + i] = ZERO + digit;
    sum += ZERO + digit;
  }
  return sum;
}
