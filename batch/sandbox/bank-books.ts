// The bank's books: accounts with running balances, a statement line for every movement, deposits under lien. It pays what it is told once per key,
// refuses what an account of the member has no cover for, and knows credits that are not cleared yet. Money in paise. Nothing of it is read from
// ours.

/** One line of an account; `paise` above zero came in. */
export interface BankLine {
  readonly line: number;
  readonly account: string;
  /** The member's key, or '' for what others sent. */
  readonly key: string;
  readonly reference: string;
  /** Account at the other end. */
  readonly counter: string;
  readonly name: string;
  readonly paise: number;
  readonly balance: number;
}

/** Money somebody else sends to an account of the member. */
export interface SentCredit {
  readonly to: string;
  readonly from: string;
  /** Whose account it comes from, as the bank has the name. */
  readonly name: string;
  readonly paise: number;
  readonly reference: string;
  /** A cheque: in the balance only once it has cleared. */
  readonly isUncleared?: boolean;
}

/** A fixed deposit and whose lien is on it. */
export interface Deposit {
  readonly number: string;
  readonly from: string;
  readonly paise: number;
  readonly lien: string;
}

/** What the bank has, as JSON. */
export interface BankState {
  readonly lines: readonly BankLine[];
  readonly uncleared: readonly SentCredit[];
  readonly deposits: readonly Deposit[];
}

/** Accounts of the member at the bank; every other account is somebody else's, and the bank does not look into it. */
const MEMBERS = /^(CLIENT-BANK|USCNBA|DSCNBA|OWN-BANK|SETTLEMENT)\//;

/** See the file's head. */
export class BankBooks {
  private readonly byAccount = new Map<string, BankLine[]>();
  private readonly all: BankLine[] = [];
  private readonly waiting = new Map<string, SentCredit>();
  private readonly held: Deposit[] = [];

  /** Balance of an account of the member; 0 for one it has never seen. */
  balance(account: string): number {
    return this.byAccount.get(account)?.at(-1)?.balance ?? 0;
  }

  /** Balances of all accounts of the member. */
  get balances(): Record<string, number> {
    return Object.fromEntries([...this.byAccount.keys()].sort().map((account) => [account, this.balance(account)]));
  }

  /** Lines of an account after line number `after`, or of all its lines those of a key. */
  statement(account: string, after = 0): readonly BankLine[] {
    return (this.byAccount.get(account) ?? []).filter(({ line }) => line > after);
  }

  /** Lines a key of the member made. */
  linesOf(key: string): readonly BankLine[] {
    return key === '' ? [] : this.all.filter((line) => line.key === key);
  }

  get uncleared(): readonly SentCredit[] {
    return [...this.waiting.values()];
  }

  get deposits(): readonly Deposit[] {
    return this.held;
  }

  /** Moves money; the reason why not, or ''. */
  move(key: string, from: string, to: string, paise: number, name = ''): string {
    if (!Number.isSafeInteger(paise) || paise <= 0) return `${paise} is not an amount`;
    if (from === to || from === '' || to === '') return 'from and to must be two accounts';
    if (MEMBERS.test(from) && this.balance(from) < paise) return `${from} has ${this.balance(from)} paise, ${paise} are asked`;
    const reference = `UTR${String(this.all.length + 1).padStart(9, '0')}`;
    this.write({ key, reference, account: from, counter: to, name, paise: -paise });
    this.write({ key, reference, account: to, counter: from, name, paise });
    return '';
  }

  /** Makes a deposit with a lien; the reason why not, or ''. */
  deposit(key: string, from: string, lien: string, paise: number): string {
    const number = `FD${String(this.held.length + 1).padStart(6, '0')}`;
    const refused = this.move(key, from, `FDR:${number}`, paise, lien);
    if (refused === '') this.held.push({ number, from, paise, lien });
    return refused;
  }

  /** Somebody sends money. The same reference again is the same money. */
  receive(credit: SentCredit): void {
    const seen = this.statement(credit.to).some(({ key, reference }) => key === '' && reference === credit.reference);
    if (seen || this.waiting.has(credit.reference)) return;
    if (credit.isUncleared === true) this.waiting.set(credit.reference, credit);
    else this.enter(credit);
  }

  /** A cheque clears, or comes back. */
  clear(reference: string, isPaid: boolean): void {
    const credit = this.waiting.get(reference);
    this.waiting.delete(reference);
    if (credit !== undefined && isPaid) this.enter(credit);
  }

  /** Balance an account begins with. */
  openWith(account: string, paise: number): void {
    if (paise > 0) this.write({ key: `OPENING ${account}`, reference: 'OPENING', account, counter: '', name: '', paise });
  }

  get state(): BankState {
    return { lines: this.all, uncleared: this.uncleared, deposits: this.held };
  }

  /** Books taken up again as they were left. */
  static from({ lines, uncleared, deposits }: BankState): BankBooks {
    const books = new BankBooks();
    for (const line of lines) books.keep(line);
    for (const credit of uncleared) books.waiting.set(credit.reference, credit);
    books.held.push(...deposits);
    return books;
  }

  private enter({ to, from, name, paise, reference }: SentCredit): void {
    this.write({ key: '', reference, account: to, counter: from, name, paise });
  }

  private write(line: Omit<BankLine, 'line' | 'balance'>): void {
    if (!MEMBERS.test(line.account)) return;
    const lines = this.byAccount.get(line.account) ?? [];
    this.keep({ ...line, line: lines.length + 1, balance: this.balance(line.account) + line.paise });
  }

  private keep(line: BankLine): void {
    const lines = this.byAccount.get(line.account) ?? [];
    lines.push(line);
    this.byAccount.set(line.account, lines);
    this.all.push(line);
  }
}
