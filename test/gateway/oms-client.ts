// An OMS as small as one can be and still be honest: sequence numbers both ways, gap detection, resends with PossDupFlag, nothing else. Independent of
// gateway/fix: it writes and reads text, so that both sides cannot share a mistake.
import { connect, type Socket } from 'node:net';

const SOH = '\x01';

/** Fields of one received message by tag; of a repeated tag the last. */
export type Fields = ReadonlyMap<number, string>;
/** Fields of a message to send, in the order given. */
export type Body = readonly (readonly [tag: number, value: string | number])[];

interface Sent {
  readonly type: string;
  readonly body: Body;
  readonly sendingTime: string;
}

/** What survives a crash of the gateway on the OMS's side: its own store. */
export class OmsMemory {
  nextOut = 1;
  nextIn = 1;
  readonly sent: Map<number, Sent> = new Map();
  /** Application messages processed, each sequence number once. */
  readonly reports: Fields[] = [];
}

const timestamp = (): string => new Date().toISOString().replaceAll('-', '').replace('T', '-').replace('Z', '');
const isAdmin = (type: string): boolean => '0123456A'.includes(type) && type.length === 1 && type !== '6';

export class OmsClient {
  readonly memory: OmsMemory;
  /** Every message as it came, for tests of the wire itself. */
  readonly wire: Fields[] = [];
  closed = false;
  private readonly socket: Socket;
  private pending = '';
  private askedFor = 0;
  private readonly waiters: { readonly wants: () => boolean; readonly resolve: () => void }[] = [];

  private constructor(socket: Socket, memory: OmsMemory) {
    this.socket = socket;
    this.memory = memory;
    socket.on('data', (chunk) => this.received(chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
      this.settle();
    });
  }

  /** Connects and logs on with the memory's numbers; resolves when the Logon is answered. */
  static async logon(port: number, memory: OmsMemory = new OmsMemory(), extra: Body = []): Promise<OmsClient> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    });
    const client = new OmsClient(socket, memory);
    client.send('A', [[98, 0], [108, 30], ...extra]);
    await client.until(() => client.wire.length > 0 || client.closed, 'the answer to Logon');
    return client;
  }

  /** Sends a message and returns its MsgSeqNum(34). */
  send(type: string, body: Body): number {
    const number = this.memory.nextOut;
    this.memory.nextOut += 1;
    const sendingTime = timestamp();
    this.memory.sent.set(number, { type, body, sendingTime });
    this.write(type, number, [[52, sendingTime]], body);
    return number;
  }

  /** The report that answers a ClOrdID, or the nth of them. */
  async report(clOrdId: string, nth = 1): Promise<Fields> {
    const found = (): Fields | undefined => this.memory.reports.filter((fields) => fields.get(11) === clOrdId)[nth - 1];
    await this.until(() => found() !== undefined, `report ${nth} of ${clOrdId}`);
    return found() ?? new Map();
  }

  /** Resolves when `condition` holds after a message came; throws naming what was awaited. */
  async until(condition: () => boolean, what: string, patience = 60_000): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`waited ${patience} ms for ${what}; got ${JSON.stringify(this.wire.slice(-3).map((fields) => [...fields]))}`)),
        patience,
      );
      this.waiters.push({
        wants: condition,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      });
    });
  }

  /**
   * Resolves when everything sent so far is answered and no number is missing before it: a TestRequest comes back as a Heartbeat. One that was gap-filled
   * because a resend overtook it is sent again.
   */
  async quiet(attempts = 8): Promise<void> {
    const id = `Q${this.memory.nextOut}`;
    this.send('1', [[112, id]]);
    const isAnswer = (fields: Fields): boolean => fields.get(35) === '0' && fields.get(112) === id && Number(fields.get(34)) < this.memory.nextIn;
    try {
      await this.until(() => this.wire.some(isAnswer), `heartbeat ${id}`, 1_500);
    } catch (error) {
      if (attempts === 0 || this.closed) throw error;
      await this.quiet(attempts - 1);
    }
  }

  /** Stops or goes on reading what the gateway sends. */
  read(on: boolean): void {
    if (on) this.socket.resume();
    else this.socket.pause();
  }

  /** Drops the connection without a word. */
  drop(): void {
    this.socket.destroy();
  }

  /** Writes bytes as they are. */
  raw(text: string): void {
    this.socket.write(text, 'latin1');
  }

  private write(type: string, number: number, header: Body, body: Body): void {
    const possDup = header.some(([tag]) => tag === 43);
    const early = header.filter(([tag]) => tag < 49);
    const late = [...header, ...body.filter(([tag]) => tag === 97)].filter(([tag]) => tag > 49);
    const fields: Body = [
      [35, type],
      [34, number],
      ...early,
      [49, 'OMS'],
      ...late.filter(([tag]) => tag < 56),
      [56, 'TARAZU'],
      ...late.filter(([tag]) => tag > 56),
      ...body.filter(([tag]) => tag !== 97),
    ];
    if (possDup && !fields.some(([tag]) => tag === 122)) throw new Error('a possible duplicate needs 122');
    const text = fields.map(([tag, value]) => `${tag}=${value}${SOH}`).join('');
    const head = `8=FIX.4.4${SOH}9=${text.length}${SOH}${text}`;
    let sum = 0;
    for (let i = 0; i < head.length; i++) sum += head.charCodeAt(i);
    this.raw(`${head}10=${String(sum % 256).padStart(3, '0')}${SOH}`);
  }

  private received(chunk: string): void {
    this.pending += chunk;
    const trailer = new RegExp(`${SOH}10=\\d{3}${SOH}`);
    for (let end = this.pending.search(trailer); end >= 0; end = this.pending.search(trailer)) {
      const text = this.pending.slice(0, end + 8);
      this.pending = this.pending.slice(end + 8);
      const pairs = text
        .split(SOH)
        .filter((part) => part !== '')
        .map((part): [number, string] => {
          const at = part.indexOf('=');
          return [Number(part.slice(0, at)), part.slice(at + 1)];
        });
      this.handle(new Map(pairs));
    }
    this.settle();
  }

  private handle(fields: Fields): void {
    this.wire.push(fields);
    const type = fields.get(35) ?? '';
    const number = Number(fields.get(34));
    const { memory } = this;
    if (type === 'A' && fields.get(141) === 'Y') memory.nextIn = 1;
    if (type === '2') this.resend(Number(fields.get(7)));
    if (number > memory.nextIn) {
      if (this.askedFor !== memory.nextIn)
        this.send('2', [
          [7, memory.nextIn],
          [16, 0],
        ]);
      this.askedFor = memory.nextIn;
      return;
    }
    if (number < memory.nextIn) return;
    memory.nextIn = type === '4' && fields.get(123) === 'Y' ? Number(fields.get(36)) : number + 1;
    if (!isAdmin(type)) memory.reports.push(fields);
  }

  private resend(from: number): void {
    const last = this.memory.nextOut - 1;
    let gap = 0;
    for (let number = from; number <= last; number++) {
      const sent = this.memory.sent.get(number);
      if (sent === undefined || isAdmin(sent.type)) {
        if (gap === 0) gap = number;
        continue;
      }
      if (gap > 0) this.gapFill(gap, number);
      gap = 0;
      this.write(
        sent.type,
        number,
        [
          [43, 'Y'],
          [52, timestamp()],
          [122, sent.sendingTime],
        ],
        sent.body,
      );
    }
    if (gap > 0) this.gapFill(gap, last + 1);
  }

  private gapFill(from: number, next: number): void {
    const now = timestamp();
    this.write(
      '4',
      from,
      [
        [43, 'Y'],
        [52, now],
        [122, now],
      ],
      [
        [36, next],
        [123, 'Y'],
      ],
    );
  }

  private settle(): void {
    for (let i = this.waiters.length - 1; i >= 0; i--) {
      const waiter = this.waiters[i];
      if (waiter?.wants() !== true) continue;
      this.waiters.splice(i, 1);
      waiter.resolve();
    }
  }
}
