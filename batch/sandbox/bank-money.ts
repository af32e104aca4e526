// Bank and clearing corporations together, as the sandbox plays them: an instruction is decided by the books it concerns, its movement may go wrong
// on purpose, and what was done is told by key for ever. Kept in a file when one is named, so that the next day's sandbox goes on from it.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { BankBooks, type BankState } from './bank-books.ts';
import { ClearingBooks, type ClearingState } from './bank-clearing.ts';
import type { FaultSwitches } from './faults.ts';

/** What came of an instruction. `paise` is what moved. */
export interface MoneyOutcome {
  readonly refused: string;
  readonly paise: number;
  readonly reference: string;
}

type Request = Readonly<Record<string, unknown>>;

/** Instructions of clearing corporations that are about money; the others are about securities. */
const CLEARING_KINDS: ReadonlySet<unknown> = new Set(['payin', 'payout', 'upstream', 'release']);
const PAISE_SHORT = 100;

/** See the file's head. */
export class MoneyBooks {
  readonly bank: BankBooks;
  readonly clearing: ClearingBooks;
  private readonly file: string | undefined;

  /** `file`: where the books are kept; taken up from there when it exists. */
  constructor(file?: string) {
    this.file = file;
    const state =
      file !== undefined && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { bank: BankState; clearing: ClearingState }) : undefined;
    this.bank = state === undefined ? new BankBooks() : BankBooks.from(state.bank);
    this.clearing = new ClearingBooks(this.bank, state?.clearing);
  }

  /** Is this instruction about money? */
  static concerns(target: string, request: Request): boolean {
    return target === 'bank' || (target === 'clearing' && CLEARING_KINDS.has(request['kind']));
  }

  /** Does it. With the fault short-movement a rupee less moves than was asked. */
  settle(target: string, key: string, request: Request, faults: FaultSwitches): MoneyOutcome {
    const asked = typeof request['paise'] === 'number' ? request['paise'] : 0;
    const paise = asked > PAISE_SHORT && faults.play('short-movement') ? asked - PAISE_SHORT : asked;
    const refused = target === 'clearing' ? this.clearing.take(key, request, paise) : this.pay(key, request, paise);
    if (refused === '') this.keep();
    return { refused, paise, reference: this.done(target, key)?.reference ?? '' };
  }

  /** What a key has done, whoever asks and whenever; undefined when nothing. */
  done(target: string, key: string): { readonly paise: number; readonly reference: string } | undefined {
    if (target === 'clearing') {
      const found = this.clearing.acknowledgements.find((one) => one.key === key);
      return found === undefined ? undefined : { paise: found.paise, reference: `ACK${found.number}` };
    }
    const line = this.bank.linesOf(key)[0];
    return line === undefined ? undefined : { paise: Math.abs(line.paise), reference: line.reference };
  }

  /** Changes the books by something that is no instruction of the member. */
  change(work: (books: this) => void): void {
    work(this);
    this.keep();
  }

  private pay(key: string, request: Request, paise: number): string {
    const [from, to, lien] = [request['from'], request['to'], request['lien']].map((value) => (typeof value === 'string' ? value : ''));
    if (request['kind'] === 'deposit') return this.bank.deposit(key, from ?? '', lien ?? '', paise);
    return this.bank.move(key, from ?? '', to ?? '', paise, typeof request['name'] === 'string' ? request['name'] : '');
  }

  private keep(): void {
    if (this.file === undefined) return;
    writeFileSync(`${this.file}.part`, JSON.stringify({ bank: this.bank.state, clearing: this.clearing.state }));
    renameSync(`${this.file}.part`, this.file);
  }
}
