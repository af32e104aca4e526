// A WebSocket client made of bytes, so that a test can say what no library would let it: odd frames, halves of them, silence.
import { randomBytes } from 'node:crypto';
import { Wire } from './both-adapters.ts';

/** Opcodes of RFC 6455 section 5.2. */
export const Opcode = { CONTINUATION: 0, TEXT: 1, BINARY: 2, CLOSE: 8, PING: 9, PONG: 10 } as const;

/** A frame as received. */
export interface Frame {
  readonly opcode: number;
  readonly isFinal: boolean;
  readonly payload: Buffer;
}

/** Bytes of a masked client frame. */
export function frame(opcode: number, payload: string | Uint8Array, isFinal = true): Buffer {
  const body = Buffer.from(payload as string);
  const mask = randomBytes(4);
  const head = [(isFinal ? 0x80 : 0) | opcode];
  if (body.length < 126) head.push(0x80 | body.length);
  else if (body.length < 65_536) head.push(0x80 | 126, body.length >> 8, body.length & 255);
  else head.push(0x80 | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (body.length >> shift) & 255));
  return Buffer.concat([Buffer.from(head), mask, body.map((byte, at) => byte ^ (mask[at % 4] ?? 0))]);
}

/** The upgrade request; a header of '' is left out. */
export function upgradeText(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const all: Record<string, string> = {
    Host: 'x',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    'Sec-WebSocket-Version': '13',
    ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== '');
  return `GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

export class RawWebSocket {
  readonly wire: Wire;
  /** Head of the answer to the upgrade. */
  head = '';

  private constructor(wire: Wire) {
    this.wire = wire;
  }

  /** Connects and asks; resolves when the head of the answer is there. */
  static async ask(port: number, path: string, headers: Readonly<Record<string, string>> = {}): Promise<RawWebSocket> {
    const client = new RawWebSocket(await Wire.open(port));
    client.wire.write(upgradeText(path, headers));
    await client.wire.until(() => client.wire.text.includes('\r\n\r\n'), 'the answer to the upgrade');
    client.head = client.wire.text.slice(0, client.wire.text.indexOf('\r\n\r\n') + 4);
    return client;
  }

  get status(): number {
    return Number(this.head.slice(9, 12));
  }

  /** Whole frames received so far. */
  get frames(): Frame[] {
    const found: Frame[] = [];
    const { bytes } = this.wire;
    for (let at = this.head.length; at + 2 <= bytes.length; ) {
      const short = (bytes[at + 1] ?? 0) & 127;
      const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
      if (start > bytes.length) break;
      const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6);
      if (start + length > bytes.length) break;
      found.push({ opcode: (bytes[at] ?? 0) & 15, isFinal: ((bytes[at] ?? 0) & 0x80) !== 0, payload: bytes.subarray(start, start + length) });
      at = start + length;
    }
    return found;
  }

  /** Payloads of text frames received so far. */
  get texts(): string[] {
    return this.frames.filter(({ opcode }) => opcode === Opcode.TEXT).map(({ payload }) => payload.toString('utf8'));
  }

  /** Code of the close frame received; 0 when none came. */
  get closeCode(): number {
    const close = this.frames.find(({ opcode }) => opcode === Opcode.CLOSE);
    return close === undefined || close.payload.length < 2 ? 0 : close.payload.readUInt16BE(0);
  }

  send(opcode: number, payload: string | Uint8Array, isFinal = true): void {
    this.wire.write(frame(opcode, payload, isFinal));
  }

  async until(condition: () => boolean, what: string, patience?: number): Promise<void> {
    await this.wire.until(condition, what, patience);
  }
}
