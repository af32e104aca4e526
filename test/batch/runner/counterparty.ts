// A counterparty for tests: what it did is in a file, so that it outlives the process that asked. Faults are switched per call name.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { type CallPort, type Inquiry, type Outputs, PermanentFault, TransientFault, UnansweredCall } from '../../../batch/runner/index.ts';

/** timeoutAfter: it is done, but the answer is lost. timeoutBefore: it never arrived, and nobody knows. */
export type CallFault = 'none' | 'timeoutAfter' | 'timeoutBefore' | 'refused' | 'down' | 'undecided';

export class Counterparty implements CallPort {
  readonly name = 'bank';
  fault: CallFault = 'none';
  /** While set it cannot be asked. */
  isDeaf = false;
  calls = 0;
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** Keys it has acted on, each time it did. */
  get done(): string[] {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8').trimEnd().split('\n').filter(Boolean) : [];
  }

  async call(key: string): Promise<Outputs> {
    this.calls += 1;
    if (this.fault === 'down') throw new TransientFault('connection refused');
    if (this.fault === 'refused') throw new PermanentFault('account closed');
    if (this.fault === 'timeoutBefore' || this.fault === 'undecided') throw new UnansweredCall('no answer in 30 s');
    appendFileSync(this.file, `${key}\n`);
    if (this.fault === 'timeoutAfter') throw new UnansweredCall('no answer in 30 s');
    return { reference: `UTR-${key}` };
  }

  async inquire(key: string): Promise<Inquiry> {
    if (this.isDeaf) throw new TransientFault('connection refused');
    if (this.fault === 'undecided') return { found: 'pending' };
    return this.done.includes(key) ? { found: 'done', answer: { reference: `UTR-${key}` } } : { found: 'nothing' };
  }
}
