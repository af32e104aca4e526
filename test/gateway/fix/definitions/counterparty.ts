// The other end of one connection to an acceptor: writes bytes in a chosen way and reads whole messages, cut by their BodyLength.
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SOH } from './definition.ts';

const FRAME_HEAD = new RegExp(`^8=[^${SOH}]*${SOH}9=(\\d+)${SOH}`);
/** "10=nnn" and its separator. */
const TRAILER_BYTES = 7;
const STEPS_MAX = 600;
const TURNS = 5;

/** One connection. Texts are Latin-1: a character is a byte. */
export class Counterparty {
  private readonly socket: Socket;
  private received = '';
  private ended = false;
  private wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1');
      this.wake();
    });
    const over = (): void => {
      this.ended = true;
      this.wake();
    };
    socket.on('end', over).on('close', over).on('error', over);
  }

  /** Rejects with the system's error when nobody listens. */
  static open(host: string, port: number): Promise<Counterparty> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Counterparty(socket));
      });
    });
  }

  /** Sends a text in one write, or a write for each byte. */
  async send(text: string, byteByByte: boolean): Promise<void> {
    if (this.ended) throw new Error('cannot send: the connection was closed by the other side');
    const bytes = Buffer.from(text, 'latin1');
    if (!byteByByte) {
      this.socket.write(bytes);
      return;
    }
    for (const byte of bytes) {
      this.socket.write(Uint8Array.of(byte));
      await nextTurn();
    }
  }

  /** The next message; throws when none comes within `millis`, or the connection ends first. */
  async message(millis: number): Promise<string> {
    const deadline = Date.now() + millis;
    for (;;) {
      const whole = this.whole();
      if (whole !== '') {
        this.received = this.received.slice(whole.length);
        return whole;
      }
      if (this.ended) throw new Error(`the connection was closed${this.received === '' ? '' : `, after ${this.shown()}`}`);
      await this.change(deadline, 'no message came');
    }
  }

  /** Lets a clock that stands still pass, step by step, until a message has come or a minute has passed on it. */
  async letPass(pass: () => void): Promise<void> {
    for (let step = 0; step < STEPS_MAX && this.whole() === '' && !this.ended; step++) {
      pass();
      // What one side writes in a turn of the loop, the other reads in one of the next.
      for (let turn = 0; turn < TURNS; turn++) await nextTurn();
    }
  }

  /** Resolves when the other side has closed; throws when it sends more, or has not closed within `millis`. */
  async end(millis: number): Promise<void> {
    const deadline = Date.now() + millis;
    while (!this.ended && this.received === '') await this.change(deadline, 'the connection stays open');
    if (this.received !== '') throw new Error(`expected the connection to end, received ${this.shown()}`);
  }

  /** Closes this side; resolves when the system has let go of it. */
  async close(): Promise<void> {
    if (this.socket.closed) return;
    const closed = new Promise<void>((resolve) => this.socket.once('close', () => resolve()));
    this.socket.destroy();
    await closed;
  }

  private whole(): string {
    const [head = '', length = ''] = FRAME_HEAD.exec(this.received) ?? [];
    const size = head.length + Number(length) + TRAILER_BYTES;
    return head === '' || this.received.length < size ? '' : this.received.slice(0, size);
  }

  private shown(): string {
    return this.received.replaceAll(SOH, '|');
  }

  private async change(deadline: number, otherwise: string): Promise<void> {
    const left = deadline - Date.now();
    if (left <= 0) throw new Error(`${otherwise} in time`);
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, left);
    });
    clearTimeout(timer);
  }
}
