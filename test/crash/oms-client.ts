// An OMS that never dies and forgets nothing: it keeps every message it sent and every report it got, resumes its session without a reset, and notes each
// breach of the protocol as a sentence. The gateway under it is killed at will.
import { connect, type Socket } from 'node:net';
import { cut, type Fields, type FixText, fixTime, frame } from './fix-text.ts';

/** One application request and what came back for it. */
export interface Sent {
  readonly sequence: number;
  readonly type: string;
  readonly clOrdId: string;
  readonly body: Fields;
  readonly time: string;
}

/** Types that are never resent but gap-filled. */
const ADMIN = new Set(['0', '1', '2', '3', '4', '5', 'A']);
const SOCKET_PATIENCE = 8000;

export class OmsClient {
  readonly ids: { readonly sender: string; readonly target: string };
  /** Everything sent as an application message, by MsgSeqNum. */
  readonly sent: Map<number, Sent> = new Map();
  /** Every application message received, by its MsgSeqNum, once. */
  readonly received: Map<number, FixText> = new Map();
  /** Breaches, in words. */
  readonly problems: string[] = [];
  nextOut = 1;
  nextIn = 1;
  /** Copies with PossDup that repeated what was here already, and those that filled a gap. */
  repeats = 0;
  filled = 0;
  /** Loses what arrives, as a network does that fails before the gateway: the reports are missed and must come again. */
  deaf = false;
  onReport: (report: FixText) => void = () => {};
  private socket: Socket | null = null;
  private text = '';
  private gapAsked = false;
  /** Messages that came before their turn, kept until the gap is filled. */
  private readonly ahead = new Map<number, FixText>();
  private loggedOn: (() => void) | null = null;

  constructor(ids: { sender: string; target: string }) {
    this.ids = ids;
  }

  get connected(): boolean {
    return this.socket !== null;
  }

  /** Connects and logs on with the numbers where they stand. */
  logOn(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      const fail = (why: string): void => {
        clearTimeout(timer);
        reject(new Error(why));
      };
      const timer = setTimeout(() => fail('no Logon came back'), SOCKET_PATIENCE);
      this.text = '';
      this.deaf = false;
      this.gapAsked = false;
      this.ahead.clear();
      this.loggedOn = () => {
        clearTimeout(timer);
        resolve();
      };
      socket.setNoDelay(true);
      socket.on('connect', () => {
        this.socket = socket;
        this.admin('A', [
          [98, 0],
          [108, 30],
        ]);
      });
      socket.on('data', (chunk: Buffer) => this.read(chunk.toString('latin1')));
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        if (this.socket === socket) this.socket = null;
        fail('the connection closed before the Logon');
      });
    });
  }

  /** Sends an application message; when the connection is gone it is kept and goes out as a resend. */
  send(type: string, clOrdId: string, body: Fields): void {
    const record = { sequence: this.nextOut, type, clOrdId, body, time: fixTime() };
    this.sent.set(record.sequence, record);
    this.nextOut += 1;
    this.socket?.write(frame(type, record.sequence, this.ids, body), 'latin1');
  }

  /** Drops the connection without a Logout. */
  drop(): void {
    this.socket?.destroy();
    this.socket = null;
  }

  private admin(type: string, body: Fields): void {
    this.socket?.write(frame(type, this.nextOut, this.ids, body), 'latin1');
    this.nextOut += 1;
  }

  private read(chunk: string): void {
    if (this.deaf) return;
    const { messages, rest } = cut(this.text + chunk);
    this.text = rest;
    for (const message of messages) this.take(message);
  }

  private take(message: FixText): void {
    // These two are acted on at any number, as the protocol has it.
    if (message.type === '2') this.resend(message);
    if (message.type === 'A') this.loggedOn?.();
    if (message.type === '5' && message.get(58) !== '') this.problems.push(`logged out by the gateway: ${message.get(58)}`);
    if (message.sequence < this.nextIn) {
      this.repeat(message);
      return;
    }
    if (message.sequence > this.nextIn) {
      this.ahead.set(message.sequence, message);
      this.askForGap();
      return;
    }
    this.inOrder(message);
    for (let next = this.ahead.get(this.nextIn); next !== undefined; next = this.ahead.get(this.nextIn)) this.inOrder(next);
    for (const sequence of this.ahead.keys()) if (sequence < this.nextIn) this.ahead.delete(sequence);
    if (this.ahead.size === 0) this.gapAsked = false;
  }

  private inOrder(message: FixText): void {
    if (message.type === '4') {
      this.nextIn = Number(message.get(36));
      return;
    }
    this.nextIn += 1;
    if (message.possDup) this.filled += 1;
    if (message.type === '1') this.admin('0', [[112, message.get(112)]]);
    if (message.type === '3') this.problems.push(`session Reject of ${message.get(45)}: ${message.get(58)} (tag ${message.get(371)})`);
    if (ADMIN.has(message.type)) return;
    this.received.set(message.sequence, message);
    this.onReport(message);
  }

  private askForGap(): void {
    if (this.gapAsked) return;
    this.gapAsked = true;
    this.admin('2', [
      [7, this.nextIn],
      [16, 0],
    ]);
  }

  /** A number seen before: only a PossDup copy of the same content may carry it. */
  private repeat(message: FixText): void {
    if (message.type === '4' && message.get(123) !== 'Y') return;
    if (!message.possDup) {
      this.problems.push(`MsgSeqNum ${message.sequence} came again without PossDup (expected ${this.nextIn}, type ${message.type})`);
      return;
    }
    const first = this.received.get(message.sequence);
    if (first !== undefined && first.content !== message.content) {
      this.problems.push(`MsgSeqNum ${message.sequence} was resent with another content:\n   ${first.content}\n   ${message.content}`);
    }
    this.repeats += 1;
  }

  /** Answers a ResendRequest: applications again with PossDup, administration as gap fills. */
  private resend(request: FixText): void {
    const from = Number(request.get(7));
    const to = Number(request.get(16)) === 0 ? this.nextOut - 1 : Math.min(Number(request.get(16)), this.nextOut - 1);
    let out = '';
    for (let sequence = from; sequence <= to; ) {
      const record = this.sent.get(sequence);
      if (record !== undefined) {
        out += frame(record.type, sequence, this.ids, record.body, record.time);
        sequence += 1;
        continue;
      }
      let next = sequence;
      while (next <= to && !this.sent.has(next)) next += 1;
      out += frame(
        '4',
        sequence,
        this.ids,
        [
          [123, 'Y'],
          [36, next],
        ],
        fixTime(),
      );
      sequence = next;
    }
    this.socket?.write(out, 'latin1');
  }
}
