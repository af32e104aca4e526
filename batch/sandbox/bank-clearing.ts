// The clearing corporations' books of one member's money: what each settlement owes or is owed and how much of it went in and out, what was upstreamed in which
// form, and an acknowledgement for everything it did. Money reaches and leaves it through the member's settlement account at the bank. Paise.
import type { BankBooks } from './bank-books.ts';

/** Forms in which client money is placed: cash, deposit under lien, units of overnight funds under pledge. */
export const UPSTREAM_FORMS = ['CASH', 'FDR', 'MFOS'] as const;
/** One of UPSTREAM_FORMS. */
export type UpstreamForm = (typeof UPSTREAM_FORMS)[number];

/** One settlement. */
export interface ClearedSettlement {
  readonly number: string;
  /** By the clearing corporation's own reckoning: above zero it pays, below it gets; undefined where it has none and takes the member's word. */
  readonly net: number | undefined;
  readonly paidIn: number;
  readonly paidOut: number;
}

/** Something it did for a key. */
export interface Acknowledgement {
  readonly number: number;
  readonly key: string;
  readonly kind: string;
  readonly clearing: string;
  /** Settlement number, or form of collateral. */
  readonly about: string;
  readonly paise: number;
  /** Why collateral was released. */
  readonly reason: string;
}

/** What it has, as JSON. */
export interface ClearingState {
  readonly settlements: readonly (readonly [string, ClearedSettlement])[];
  readonly placed: readonly (readonly [string, number])[];
  readonly acknowledgements: readonly Acknowledgement[];
}

type Request = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const settlementAccount = (clearing: string): string => `SETTLEMENT/${clearing}`;
/** Where cash that was upstreamed lies at the bank, and where a clearing corporation pays from: somebody else's accounts there. */
const own = (clearing: string): string => `CC:${clearing}`;

/** See the file's head. */
export class ClearingBooks {
  readonly acknowledgements: Acknowledgement[] = [];
  private readonly bank: BankBooks;
  private readonly settlements = new Map<string, ClearedSettlement>();
  private readonly placed = new Map<string, number>();

  constructor(bank: BankBooks, state?: ClearingState) {
    this.bank = bank;
    for (const [key, settlement] of state?.settlements ?? []) this.settlements.set(key, settlement);
    for (const [key, paise] of state?.placed ?? []) this.placed.set(key, paise);
    this.acknowledgements.push(...(state?.acknowledgements ?? []));
  }

  get state(): ClearingState {
    return { settlements: [...this.settlements], placed: [...this.placed], acknowledgements: this.acknowledgements };
  }

  /** Tells it what a settlement comes to; again replaces it. */
  oblige(clearing: string, number: string, net: number): void {
    this.settlements.set(`${clearing}-${number}`, { ...this.settlement(clearing, number), net });
  }

  settlement(clearing: string, number: string): ClearedSettlement {
    return this.settlements.get(`${clearing}-${number}`) ?? { number, net: undefined, paidIn: 0, paidOut: 0 };
  }

  /** Every settlement by `CLEARING-NUMBER`. */
  get all(): Record<string, ClearedSettlement> {
    return Object.fromEntries([...this.settlements].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Collateral by `CLEARING-FORM`. */
  get collateral(): Record<string, number> {
    return Object.fromEntries([...this.placed].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Does one instruction for `paise`; the reason why not, or ''. */
  take(key: string, request: Request, paise: number): string {
    if (!Number.isSafeInteger(paise) || paise <= 0) return `${paise} is not an amount`;
    const clearing = textOf(request['clearing']);
    const work = { payin: this.payIn, payout: this.payOut, upstream: this.upstream, release: this.release }[textOf(request['kind'])];
    if (work === undefined) return `there is no instruction "${textOf(request['kind'])}"`;
    const refused = work.call(this, key, clearing, request, paise);
    if (refused !== '') return refused;
    const about = textOf(request['settlement'] ?? request['form']);
    const number = this.acknowledgements.length + 1;
    this.acknowledgements.push({ number, key, kind: textOf(request['kind']), clearing, about, paise, reason: textOf(request['reason']) });
    return '';
  }

  /** Takes a settlement's pay-in out of the settlement account. */
  private payIn(key: string, clearing: string, request: Request, paise: number): string {
    const number = textOf(request['settlement']);
    const known = this.settlement(clearing, number);
    if (known.net !== undefined && known.paidIn + paise > Math.max(0, -known.net))
      return `settlement ${number} is owed ${Math.max(0, -known.net) - known.paidIn} paise, not ${paise}`;
    const refused = this.bank.move(key, settlementAccount(clearing), own(clearing), paise, number);
    if (refused === '') this.settlements.set(`${clearing}-${number}`, { ...known, paidIn: known.paidIn + paise });
    return refused;
  }

  /** Pays a settlement's pay-out into the settlement account. */
  private payOut(key: string, clearing: string, request: Request, paise: number): string {
    const number = textOf(request['settlement']);
    const known = this.settlement(clearing, number);
    // What was paid in early and not owed after all comes back with the pay-out.
    const owed = known.net === undefined ? undefined : Math.max(0, known.net + known.paidIn);
    if (owed !== undefined && known.paidOut + paise > owed) return `settlement ${number} has ${owed - known.paidOut} paise to pay out, not ${paise}`;
    const refused = this.bank.move(key, own(clearing), settlementAccount(clearing), paise, number);
    if (refused === '') this.settlements.set(`${clearing}-${number}`, { ...known, paidOut: known.paidOut + paise });
    return refused;
  }

  /** Places what the bank has moved to it, or holds under its lien or pledge. */
  private upstream(_key: string, clearing: string, request: Request, paise: number): string {
    const form = formOf(request);
    if (form === undefined) return 'form must be CASH, FDR or MFOS';
    const evidence = this.bank.linesOf(textOf(request['bankKey'])).find((line) => line.paise === -paise);
    if (evidence === undefined) return `the bank shows no payment of ${paise} paise under ${textOf(request['bankKey'])}`;
    this.place(clearing, form, paise);
    return '';
  }

  /** Gives collateral back: into the settlement account for a pay-in, else into the account it names. */
  private release(key: string, clearing: string, request: Request, paise: number): string {
    const form = formOf(request);
    if (form === undefined) return 'form must be CASH, FDR or MFOS';
    if (!RELEASE_REASONS.has(textOf(request['reason']))) return `"${textOf(request['reason'])}" is no reason code`;
    const has = this.placed.get(`${clearing}-${form}`) ?? 0;
    if (has < paise) return `${form} placed is ${has} paise, ${paise} are asked`;
    const refused = this.bank.move(key, own(clearing), textOf(request['to']), paise, textOf(request['reason']));
    if (refused === '') this.place(clearing, form, -paise);
    return refused;
  }

  private place(clearing: string, form: UpstreamForm, paise: number): void {
    const key = `${clearing}-${form}`;
    this.placed.set(key, (this.placed.get(key) ?? 0) + paise);
  }
}

/** Reasons for which collateral may leave a clearing corporation (client-level upstreaming rules of SEBI, June 2023, and its circulars on release). */
const RELEASE_REASONS: ReadonlySet<string> = new Set([
  'UNPAID-SECURITIES',
  'SALE-OF-UNPAID',
  'PENALTY',
  'STATUTORY-LEVY',
  'BROKERAGE',
  'DP-CHARGES',
  'RUNNING-ACCOUNT',
  'WITHDRAWAL',
  'PROPRIETARY',
  'CONVERSION',
  'OTHER-CC',
  'PAY-IN',
]);

const formOf = (request: Request): UpstreamForm | undefined => UPSTREAM_FORMS.find((form) => form === request['form']);
