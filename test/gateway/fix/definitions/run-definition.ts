// Runs one definition against an acceptor that listens, delivering what is sent in one of three ways: the meaning of a message must not depend on how
// TCP cut it.
import { difference } from './comparison.ts';
import { Counterparty } from './counterparty.ts';
import { readDefinition, SOH, type Step, withFrame, withTimes } from './definition.ts';

/** Each message in a write of its own, each byte in one, or as many messages as can be in one. */
export const DELIVERIES = ['whole', 'bytes', 'coalesced'] as const;
/** How bytes reach the acceptor. */
export type Delivery = (typeof DELIVERIES)[number];

/** An acceptor, and how long it may take to answer (heartbeats are waited for in real time) and to close. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly answerMillis: number;
  readonly closeMillis: number;
  /** Moves the acceptor's clock on by a tenth of a second, where it stands still otherwise; absent: it runs by itself. */
  readonly pass?: () => void;
}

/** Longest published wait is a TestRequest after 1.2 intervals of 6 s. */
export const DEFAULT_WAITS: { readonly answerMillis: number; readonly closeMillis: number } = { answerMillis: 20_000, closeMillis: 10_000 };

/** Throws an Error that names the line when the acceptor does not do as the definition says. */
export async function runDefinition(text: string, target: Target, delivery: Delivery): Promise<void> {
  const steps = readDefinition(text);
  const run = new Run(target, delivery);
  try {
    for (const step of delivery === 'coalesced' ? sendsFirst(steps) : steps) {
      try {
        await run.step(step);
      } catch (error) {
        throw new Error(`line ${step.line}: ${(error as Error).message}`);
      }
    }
  } finally {
    await run.close();
  }
}

class Run {
  private readonly target: Target;
  private readonly delivery: Delivery;
  private readonly parties = new Map<string, Counterparty>();
  private readonly unsent = new Map<string, string>();

  constructor(target: Target, delivery: Delivery) {
    this.target = target;
    this.delivery = delivery;
  }

  async step({ verb, connection, text }: Step): Promise<void> {
    if (verb === 'send') {
      this.unsent.set(connection, (this.unsent.get(connection) ?? '') + withFrame(withTimes(text, Date.now())));
      if (this.delivery !== 'coalesced') await this.deliver();
      return;
    }
    await this.deliver();
    if (verb === 'connect') return this.connect(connection);
    const party = this.party(connection);
    if (verb === 'disconnect') return party.close();
    if (verb === 'expectDisconnect') return party.end(this.target.closeMillis);
    if (this.target.pass !== undefined && BY_THE_CLOCK.test(text)) await party.letPass(this.target.pass);
    const received = await party.message(this.target.answerMillis);
    const expected = withTimes(text, Date.now());
    const fault = difference(expected, received);
    if (fault !== undefined)
      throw new Error(`${fault}\n    expected ${expected.replaceAll(SOH, '|')}\n    received ${received.replaceAll(SOH, '|')}`);
  }

  async close(): Promise<void> {
    await Promise.all([...this.parties.values()].map((party) => party.close()));
  }

  private async connect(connection: string): Promise<void> {
    await this.parties.get(connection)?.close();
    this.parties.set(connection, await Counterparty.open(this.target.host, this.target.port));
  }

  private party(connection: string): Counterparty {
    const party = this.parties.get(connection);
    if (party === undefined) throw new Error(`connection ${connection} was never opened`);
    return party;
  }

  private async deliver(): Promise<void> {
    for (const [connection, text] of this.unsent) {
      this.unsent.delete(connection);
      await this.party(connection).send(text, this.delivery === 'bytes');
    }
  }
}

/** What an acceptor sends by its clock, unasked: a Heartbeat without TestReqID(112), or a TestRequest. */
const BY_THE_CLOCK = new RegExp(`${SOH}35=(?:1${SOH}|0${SOH}(?!.*${SOH}112=))`, 's');

/** Moves the sends between two turning points before what is expected in answer. Connects, ends and what comes by the clock are turning points. */
function sendsFirst(steps: readonly Step[]): readonly Step[] {
  const ordered: Step[] = [];
  let expected: Step[] = [];
  for (const step of steps) {
    if (step.verb === 'send') ordered.push(step);
    else if (step.verb === 'expect' && !BY_THE_CLOCK.test(step.text)) expected.push(step);
    else {
      ordered.push(...expected, step);
      expected = [];
    }
  }
  return [...ordered, ...expected];
}
