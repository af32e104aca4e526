// One topic: its present state, a number for every state it had, and the changes between the last of them. Encodes each message once per subprotocol
// however many subscribers get it. Knows nothing of sockets.
import { addChanges, type Changes, changesBetween, type TopicData, weightOf } from './difference.ts';
import { type Encoded, encode } from './encoding.ts';

/** Changes kept for those who resume or fall behind. */
const HISTORY_STEPS = 64;
/** The same in values (see weightOf): beyond it a snapshot is cheaper anyway. */
const HISTORY_WEIGHT = 4_000;

interface Step {
  readonly seq: number;
  readonly changes: Changes;
  readonly weight: number;
}

export class Topic {
  readonly name: string;
  /** Names this run of numbers: a topic that is forgotten and made again, or by another process, has another. */
  readonly stream: string;
  /** Number of the present state; 0 before the first. */
  seq = 0;
  data: TopicData | undefined;
  private readonly silent: readonly string[];
  private readonly history: Step[] = [];
  private historyWeight = 0;
  private readonly encoded = new Map<string, Encoded>();

  /** Changes of `silent` fields alone make no new state. */
  constructor(name: string, stream: string, silent: readonly string[]) {
    this.name = name;
    this.stream = stream;
    this.silent = silent;
  }

  /** Takes over a state; true when it differs from the one before. */
  accept(data: TopicData): boolean {
    if (this.data === undefined) {
      this.data = data;
      this.seq = 1;
      return true;
    }
    const changes = changesBetween(this.data, data, this.silent);
    if (changes === undefined) return false;
    this.data = data;
    this.seq += 1;
    this.encoded.clear();
    this.keep({ seq: this.seq, changes, weight: weightOf(changes) });
    return true;
  }

  /** Can someone who holds state `after` of `stream` go on with deltas? */
  canResume(stream: string | undefined, after: number | undefined): boolean {
    if (stream !== this.stream || after === undefined || after > this.seq) return false;
    return after === this.seq || (this.history[0]?.seq ?? Number.POSITIVE_INFINITY) <= after + 1;
  }

  /** The present state. */
  snapshot(protocol: string): Encoded {
    return this.once(`${protocol}=`, protocol, () => ({ op: 'snapshot', topic: this.name, stream: this.stream, seq: this.seq, data: this.data }));
  }

  /** What leads from state `after` to the present one; canResume must hold. Without changes when it is the present one. */
  delta(protocol: string, after: number): Encoded {
    return this.once(`${protocol}+${after}`, protocol, () => ({
      op: 'delta',
      topic: this.name,
      after,
      seq: this.seq,
      changes: this.history.filter(({ seq }) => seq > after).reduce<Changes>((sum, { changes }) => addChanges(sum, changes), {}),
    }));
  }

  private once(name: string, protocol: string, message: () => object): Encoded {
    const known = this.encoded.get(name);
    if (known !== undefined) return known;
    const encoded = encode(protocol, message());
    this.encoded.set(name, encoded);
    return encoded;
  }

  private keep(step: Step): void {
    this.history.push(step);
    this.historyWeight += step.weight;
    while (this.history.length > HISTORY_STEPS || this.historyWeight > HISTORY_WEIGHT) this.historyWeight -= this.history.shift()?.weight ?? 0;
  }
}
