// Runs a .fixscript against a real echo acceptor on loopback TCP. The language, one step a line:
//
//   connect [n]            open connection n (1 when left out)
//   > [n:] TYPE SEQ | …    send a message: 8, 9, 35, 34, 49=TW44, 52=now, 56=ISLD and 10 are filled in
//   >> [n:] 8=…|9=?|…      send these bytes; "9=?" and "10=?" are computed, a missing 9 or 10 stays missing
//   < [n:] TYPE SEQ | …    expect a message: 34, 49=ISLD, 52, 56=TW44 are filled in, every field is compared in order, lengths and checksum are checked
//   < [n:] TYPE SEQ dup |… the same with 43=Y after 34 and 122 after 56
//   closed [n]             expect the connection to end, with nothing more before it
//   disconnect [n]         close it from our side
//   wait SECONDS           move the clock on in steps of 0.1 s
//   let NAME = …           $NAME stands for the text
//
// <now>, <now+121> and <now-121> are timestamps of 17 characters; where a message is expected <now> matches any such timestamp.
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Clock, createEchoAcceptor } from '../../../gateway/fix/index.ts';

/** How bytes reach the acceptor. */
export type Delivery = 'as written' | 'one byte at a time' | 'all at once';

const SOH = String.fromCharCode(1);
const WHOLE_MESSAGE = new RegExp(`^8=.*?${SOH}10=\\d{3}${SOH}`, 's');
const REPLY_WITHIN_MILLIS = 60_000;

class HeldClock implements Clock {
  private offset = 0;
  now(): number {
    return Date.now() * 1_000 + this.offset;
  }
  advance(seconds: number): void {
    this.offset += seconds * 1_000_000;
  }
}

function stamp(micros: number): string {
  return new Date(micros / 1_000).toISOString().slice(0, 19).replaceAll('-', '').replace('T', '-');
}

class Counterparty {
  private received = '';
  private ended = false;
  private wake: () => void = () => {};
  readonly socket: Socket;
  unsent = '';

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1');
      this.wake();
    });
    const over = (): void => {
      this.ended = true;
      this.wake();
    };
    this.socket.on('end', over).on('close', over).on('error', over);
  }

  async deliver(delivery: Delivery): Promise<void> {
    const bytes = Buffer.from(this.unsent, 'latin1');
    this.unsent = '';
    if (delivery !== 'one byte at a time') {
      this.socket.write(bytes);
      return;
    }
    for (const byte of bytes) {
      this.socket.write(Uint8Array.of(byte));
      await nextTurn();
    }
  }

  /** The next message, or undefined when the connection ends first. */
  async next(): Promise<string | undefined> {
    const deadline = Date.now() + REPLY_WITHIN_MILLIS;
    for (;;) {
      const whole = WHOLE_MESSAGE.exec(this.received)?.[0];
      if (whole !== undefined) {
        this.received = this.received.slice(whole.length);
        return whole;
      }
      if (this.ended) return undefined;
      await this.change(deadline);
    }
  }

  async end(): Promise<string> {
    const deadline = Date.now() + REPLY_WITHIN_MILLIS;
    while (!this.ended && this.received === '') await this.change(deadline);
    return this.received;
  }

  private async change(deadline: number): Promise<void> {
    const left = deadline - Date.now();
    if (left <= 0) throw new Error(`nothing came within ${REPLY_WITHIN_MILLIS} ms`);
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, left);
    });
    clearTimeout(timer);
  }
}

/** Body length and checksum of a message as this runner computes them, independently of the code under test. */
function seal(text: string): string {
  let sealed = text;
  if (sealed.includes(`${SOH}9=?${SOH}`)) {
    const bodyAt = sealed.indexOf(`${SOH}9=?${SOH}`) + 5;
    const trailer = sealed.lastIndexOf(`${SOH}10=`);
    sealed = sealed.replace('9=?', `9=${(trailer < 0 ? sealed.length : trailer + 1) - bodyAt}`);
  }
  if (!sealed.endsWith(`${SOH}10=?${SOH}`)) return sealed;
  const covered = sealed.slice(0, -5);
  return `${covered}10=${checkSum(covered)}${SOH}`;
}

function checkSum(text: string): string {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum += text.charCodeAt(i);
  return String(sum % 256).padStart(3, '0');
}

export class ScriptRunner {
  private readonly clock = new HeldClock();
  private readonly acceptor = createEchoAcceptor(this.clock, { tickMillis: 0 });
  private readonly parties = new Map<string, Counterparty>();
  private readonly names = new Map<string, string>();
  private readonly delivery: Delivery;
  private port = 0;

  constructor(delivery: Delivery) {
    this.delivery = delivery;
  }

  /** Throws an Error naming the line when the acceptor does not answer as written. */
  async run(script: string): Promise<void> {
    this.port = await this.acceptor.listen(0);
    const steps = script.split('\n').map((line, i) => ({ line: line.replace(/#.*$/, '').trim(), number: i + 1 }));
    try {
      for (const { line, number } of this.delivery === 'all at once' ? sendsFirst(steps) : steps) {
        if (line === '') continue;
        try {
          await this.step(this.substituted(line));
        } catch (error) {
          throw new Error(`line ${number}: ${line}\n${(error as Error).message}`);
        }
      }
    } finally {
      for (const party of this.parties.values()) party.socket.destroy();
      await this.acceptor.close();
    }
  }

  private substituted(line: string): string {
    return line.startsWith('let ') ? line : line.replace(/\$(\w+)/g, (_, name: string) => this.names.get(name) ?? `$${name}`);
  }

  private async step(line: string): Promise<void> {
    const [verb = '', ...rest] = line.split(' ');
    if (verb === '>' || verb === '>>') return this.send(line.slice(verb.length).trim(), verb === '>>');
    await this.deliverAll();
    if (verb === '<') return this.expectMessage(line.slice(1).trim());
    if (verb === 'connect') return this.connect(rest[0] ?? '1');
    if (verb === 'closed') return this.expectClosed(rest[0] ?? '1');
    if (verb === 'disconnect') {
      this.party(rest[0] ?? '1').socket.destroy();
      return;
    }
    if (verb === 'wait') return this.wait(Number(rest[0]));
    const binding = /^let (\w+) = (.*)$/.exec(line);
    if (binding === null) throw new Error('not a step');
    this.names.set(binding[1] ?? '', binding[2] ?? '');
  }

  private async connect(id: string): Promise<void> {
    const party = new Counterparty(this.port);
    this.parties.set(id, party);
    await new Promise<void>((resolve) => party.socket.once('connect', () => resolve()));
  }

  private party(id: string): Counterparty {
    const party = this.parties.get(id);
    if (party === undefined) throw new Error(`no connection ${id}`);
    return party;
  }

  private async send(text: string, raw: boolean): Promise<void> {
    const [, id = '1', body = ''] = /^(?:(\d):)?\s*(.*)$/.exec(text) ?? [];
    const party = this.party(id);
    party.unsent += seal(this.filled(raw ? body : this.message(body)).replaceAll('|', SOH));
    if (this.delivery !== 'all at once') await party.deliver(this.delivery);
  }

  private async deliverAll(): Promise<void> {
    for (const party of this.parties.values()) if (party.unsent !== '') await party.deliver(this.delivery);
  }

  private message(text: string): string {
    const [head = '', body = ''] = splitOnce(text, '|');
    const [type, seq] = head.trim().split(' ');
    return `8=FIX.4.4|9=?|35=${type}|34=${seq}|49=TW44|52=<now>|56=ISLD|${body === '' ? '' : `${body.trim()}|`}10=?|`;
  }

  private filled(text: string): string {
    return text.replace(/<now([+-]\d+)?>/g, (_, shift?: string) => stamp(this.clock.now() + Number(shift ?? 0) * 1_000_000));
  }

  private async expectMessage(text: string): Promise<void> {
    const [, id = '1', rest = ''] = /^(?:(\d):)?\s*(.*)$/.exec(text) ?? [];
    const [head = '', body = ''] = splitOnce(rest, '|');
    const [type, seq, dup] = head.trim().split(' ');
    const orig = dup === 'dup' ? '122=<millis>|' : '';
    const fields = `35=${type}|34=${seq}|${dup === 'dup' ? '43=Y|' : ''}49=ISLD|52=<millis>|56=TW44|${orig}${body === '' ? '' : `${body.trim()}|`}`;
    const found = await this.party(id).next();
    if (found === undefined) throw new Error('the connection was closed');
    const pattern = fields
      .replace(/[.*+?^${}()[\]\\]/g, '\\$&')
      .replaceAll('|', SOH)
      .replaceAll('<millis>', '\\d{8}-\\d\\d:\\d\\d:\\d\\d\\.\\d{3}')
      .replaceAll('<now>', '\\d{8}-\\d\\d:\\d\\d:\\d\\d');
    const whole = new RegExp(`^8=FIX\\.4\\.4${SOH}9=(\\d+)${SOH}(${pattern})10=(\\d{3})${SOH}$`).exec(found);
    const shown = found.replaceAll(SOH, '|');
    if (whole === null) throw new Error(`expected ${fields}\nreceived ${shown}`);
    if (Number(whole[1]) !== whole[2]?.length) throw new Error(`BodyLength is not ${whole[2]?.length}: ${shown}`);
    if (whole[3] !== checkSum(found.slice(0, -7))) throw new Error(`wrong CheckSum: ${shown}`);
  }

  private async expectClosed(id: string): Promise<void> {
    const more = await this.party(id).end();
    if (more !== '') throw new Error(`expected the connection to end, received ${more.replaceAll(SOH, '|')}`);
  }

  private async wait(seconds: number): Promise<void> {
    for (let step = 0; step < Math.round(seconds * 10); step++) {
      this.clock.advance(0.1);
      this.acceptor.tick();
    }
    await nextTurn();
  }
}

interface Step {
  readonly line: string;
  readonly number: number;
}

/** Moves the sends between two turning points (connects, ends, waits) before what is expected in answer, so that they leave in one write. */
function sendsFirst(steps: readonly Step[]): readonly Step[] {
  const ordered: Step[] = [];
  let expected: Step[] = [];
  for (const step of steps) {
    if (step.line.startsWith('<')) expected.push(step);
    else if (/^(>|let )/.test(step.line) || step.line === '') ordered.push(step);
    else {
      ordered.push(...expected, step);
      expected = [];
    }
  }
  return [...ordered, ...expected];
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
