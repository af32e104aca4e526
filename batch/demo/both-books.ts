// Our books of money beside those of the other side at one moment: every account the member has at the bank, and what lies at clearing corporations. Paise.
import type { Ledger } from '../ledger/ledger.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** What was compared. */
export interface ComparedMoney {
  readonly accounts: number;
  /** Client money at the bank by the bank's books. */
  readonly clientMoney: number;
  /** Accounts that differ, in words; empty: none does. */
  readonly differences: readonly string[];
}

/** Lays both beside each other. `account` holds the clients' money. */
export function compareMoney(ledger: Ledger, { books }: Sandbox, account: string): ComparedMoney {
  const { bank, clearing } = books.money;
  const theirs = new Map<string, number>(Object.entries(bank.balances));
  for (const [form, paise] of Object.entries(clearing.collateral)) theirs.set(`UPSTREAMED/${form}`, paise);
  const differences: string[] = [];
  for (const [name, paise] of theirs) {
    const own = ledger.account(name)?.balance ?? 0;
    if (own !== paise) differences.push(`${name}: our books say ${own} paise, the other side ${paise}`);
  }
  return { accounts: theirs.size, clientMoney: bank.balance(account), differences };
}
