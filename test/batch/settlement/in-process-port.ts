// The sandbox's bank and clearing corporation without a network between: the same books, the same faults, played where HTTP would play them, and what
// each means for whoever asked as HttpPort has it.
import type { MoneyPort, MoneyTarget } from '../../../batch/nodes/settlement/funds-ports.ts';
import { type Inquiry, type Outputs, PermanentFault, TransientFault, UnansweredCall } from '../../../batch/runner/index.ts';
import { moneyPage } from '../../../batch/sandbox/bank-doors.ts';
import type { Counterparties } from '../../../batch/sandbox/counterparties.ts';
import type { FaultSwitches } from '../../../batch/sandbox/faults.ts';

export class InProcessPort implements MoneyPort {
  readonly name: MoneyTarget;
  private readonly books: Counterparties;
  private readonly faults: FaultSwitches;

  private readonly before: () => void;

  /** `before` is called as an instruction arrives. */
  constructor(name: MoneyTarget, books: Counterparties, faults: FaultSwitches, before: () => void = () => undefined) {
    this.before = before;
    this.name = name;
    this.books = books;
    this.faults = faults;
  }

  async call(key: string, request: Outputs): Promise<Outputs> {
    const { faults, name } = this;
    this.before();
    if (this.isDown) throw new UnansweredCall(`${name}: socket closed`);
    if (faults.play('server-error') || faults.play('timeout-before')) throw new UnansweredCall(`${name}: no answer`);
    const made = this.books.instruct(name, key, request);
    if (faults.play('timeout-after-success') || faults.play('error-after-success') || faults.play('cut-answer') || faults.play('duplicate-answer'))
      throw new UnansweredCall(`${name}: no answer that can be used`);
    if (made.state === 'refused') throw new PermanentFault(`${name}: refused ${key}: ${made.reason}`);
    if (made.state === 'pending') throw new UnansweredCall(`${name}: still being worked on`);
    return made.answer as Outputs;
  }

  async inquire(key: string): Promise<Inquiry> {
    if (this.isDown) throw new TransientFault(`${this.name}: down`);
    const found = this.books.inquire(this.name, key);
    if (found === undefined) return { found: 'nothing' };
    if (found.state === 'done') return { found: 'done', answer: found.answer as Outputs };
    return found.state === 'refused' ? { found: 'refused', reason: found.reason } : { found: 'pending' };
  }

  async read(page: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    if (this.isDown) throw new TransientFault(`${this.name}: down`);
    return structuredClone(moneyPage(this.books.money, this.name, page, new URLSearchParams(query)));
  }

  private get isDown(): boolean {
    return this.faults.isOn('counterparty-down') || (this.name === 'bank' && this.faults.isOn('bank-down'));
  }
}
