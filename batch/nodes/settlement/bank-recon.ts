// BANK-RECON: our books beside the bank's statement and the clearing corporations' own figures. Line by line under the key or reference both carry,
// balance by balance, settlement by settlement number. Moves that were begun and never booked are booked here by what the bank shows of them. What
// differs is a break with an owner and an open gate; what no longer differs settles its break by itself. Nothing is booked to make sides agree.
import type { Database, RootDatabase } from 'lmdb';
import { dueDateOf } from '../../ledger/account-chart.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Gate, NodeContext } from '../../runner/index.ts';
import { booksOf, dayNumber } from '../end-of-day/day-parts.ts';
import { breakId, type FoundBreak, MoneyBreaks } from './funds-breaks.ts';
import { paidEarly } from './funds-early-pay-in.ts';
import { movedByName, type OpenMove, openMoves } from './funds-moves.ts';
import { dueTimeOf } from './funds-obligations.ts';
import { type ClearingPage, clearingPage, type FundsParts, type MoneyPort, movedUnder, statementOf } from './funds-ports.ts';
import type { SettlementLeg } from './settlement-leg.ts';

/** Accounts that lie at a bank. */
const AT_BANK = /^(CLIENT-BANK|USCNBA|DSCNBA|OWN-BANK|SETTLEMENT)\//;
const UPSTREAMED = 'UPSTREAMED/';
const PAGE = 1000;
const RECON_KINDS = ['notOurs', 'notTheirs', 'lineAmount', 'balance', 'collateral', 'settlement', 'unpaid'] as const;

type Difference = Pick<FoundBreak, 'kind' | 'about' | 'ours' | 'theirs' | 'text'>;

/** How far an account has been compared, and what was open then: reference, ours, theirs. */
interface Compared {
  readonly bankLine: number;
  readonly ledgerLine: number;
  readonly open: readonly (readonly [string, number, number])[];
}

const comparedOf = (root: RootDatabase): Database<Compared, string> => root.openDB({ name: 'bank-compared', encoding: 'msgpack' });

/** Leg of BANK-RECON. Outputs: accounts and lines compared, differences. */
export function bankReconLeg(parts: FundsParts): SettlementLeg {
  return {
    name: 'funds',
    run: async (context) => {
      const [bank, clearing] = [parts.port('bank'), parts.port('clearing')];
      const booked = await bookByEvidence(openMoves(parts, context.root), { bank, clearing }, context.now());
      const ledger = booksOf(context.root);
      const accounts = [...ledger.accounts()].filter(({ id }) => AT_BANK.test(id)).map(({ id }) => id);
      const closed = closedBreaks(context.root);
      const compared: (readonly [string, AccountComparison])[] = [];
      for (const account of accounts)
        compared.push([account, await compareAccount(ledger, bank, account, { before: comparedOf(context.root).get(account), closed })]);
      const shown = await clearingPage(clearing);
      const collateral = collateralDifferences(ledger, shown);
      const settled = settlementDifferences(context.root, shown);
      const unpaid = unpaidSettlements(context, ledger);
      const differences = [...compared.flatMap(([, { differences: found }]) => found), ...collateral.differences, ...settled.differences, ...unpaid];
      return {
        outputs: {
          accounts: accounts.length,
          lines: compared.reduce((sum, [, { lines }]) => sum + lines, 0),
          bookedByEvidence: booked,
          differences: differences.length,
        },
        gates: [...compared.flatMap(([, { gates }]) => gates), ...collateral.gates, ...settled.gates],
        note: differences.map(({ text }) => text).join('; '),
        commit: () => {
          for (const [account, { next }] of compared) comparedOf(context.root).putSync(account, next);
          raiseAll(context, differences);
        },
      };
    },
  };
}

/** An account of ours beside the counterparty's; paise. */
export interface Place {
  readonly account: string;
  readonly ours: number;
  readonly theirs: number;
}

/** Balances now, ours and theirs, of every account that lies at a bank or a clearing corporation. */
export async function placesOf(parts: FundsParts, root: RootDatabase): Promise<Place[]> {
  const ledger = booksOf(root);
  const { placed } = await clearingPage(parts.port('clearing'));
  const found: Place[] = [];
  for (const { id, balance } of ledger.accounts()) {
    if (id.startsWith(UPSTREAMED)) found.push({ account: id, ours: balance, theirs: placed[id.slice(UPSTREAMED.length)] ?? 0 });
    if (!AT_BANK.test(id)) continue;
    const { balance: theirs } = await statementOf(parts.port('bank'), id, 0);
    found.push({ account: id, ours: balance, theirs });
  }
  return found;
}

function raiseAll(context: NodeContext, differences: readonly Difference[]): void {
  const breaks = new MoneyBreaks(context.root);
  const found = new Set(differences.map((one) => breaks.raise({ ...one, instance: context.key, date: context.date }, context.now()).id));
  breaks.settleOthers(RECON_KINDS, found);
}

/** Books moves whose end nobody booked, where the counterparty shows it. */
async function bookByEvidence(moves: readonly OpenMove[], ports: Readonly<Record<'bank' | 'clearing', MoneyPort>>, now: number): Promise<number> {
  let booked = 0;
  for (const move of moves) {
    const moved = await movedUnder(ports[move.at], move.at, move.key);
    if (moved === undefined) continue;
    move.finish(moved, now);
    booked += 1;
  }
  return booked;
}

interface AccountComparison {
  readonly lines: number;
  readonly differences: readonly Difference[];
  readonly gates: readonly Gate[];
  readonly next: Compared;
}

interface Known {
  readonly before: Compared | undefined;
  /** Ids of breaks that two persons have closed: what they are about no longer counts. */
  readonly closed: ReadonlySet<string>;
}

const closedBreaks = (root: RootDatabase): ReadonlySet<string> =>
  new Set(new MoneyBreaks(root).all().flatMap(({ id, state }) => (state === 'closed' ? [id] : [])));

async function compareAccount(ledger: Ledger, bank: MoneyPort, account: string, { before, closed }: Known): Promise<AccountComparison> {
  const { bankLine, ledgerLine, open } = before ?? { bankLine: 0, ledgerLine: 0, open: [] };
  const { lines, balance } = await statementOf(bank, account, bankLine);
  const sums = new Map(open.map(([reference, ours, theirs]) => [reference, [ours, theirs] as [number, number]]));
  const add = (reference: string, side: 0 | 1, paise: number): void => {
    const sum = sums.get(reference) ?? [0, 0];
    sum[side] += paise;
    sums.set(reference, sum);
  };
  const ours = ledgerLines(ledger, account, ledgerLine, (reference, paise) => add(reference, 0, paise));
  for (const { key, reference, paise } of lines) add(key === '' ? receiptReference(account, reference) : key, 1, paise);
  const left = [...sums]
    .filter(([reference, [own, theirs]]) => own !== theirs && !closed.has(idOf(lineDifference(account, reference, own, theirs))))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const differences = left.map(([reference, [own, theirs]]) => lineDifference(account, reference, own, theirs));
  const own = ledger.account(account)?.balance ?? 0;
  // Lines that agree may still hide a balance that was wrong from the start.
  if (own !== balance && differences.length === 0) differences.push(difference('balance', account, own, balance, `${account}: balances differ`));
  return {
    lines: lines.length,
    differences,
    gates: [
      { name: `${account}: ours = bank (paise)`, left: own, right: balance },
      { name: `${account}: lines that differ`, left: left.length, right: 0 },
    ],
    next: { bankLine: bankLine + lines.length, ledgerLine: ours, open: left.map(([reference, [a, b]]) => [reference, a, b]) },
  };
}

const idOf = ({ kind, about }: Difference): string => breakId(kind, about);

const difference = (kind: FoundBreak['kind'], about: string, ours: number, theirs: number, said: string): Difference => ({
  kind,
  about,
  ours,
  theirs,
  text: `${said}: ours ${ours}, theirs ${theirs} paise`,
});

function lineDifference(account: string, reference: string, ours: number, theirs: number): Difference {
  const kind = ours === 0 ? 'notOurs' : theirs === 0 ? 'notTheirs' : 'lineAmount';
  return difference(kind, `${account} ${reference}`, ours, theirs, `${account}, ${reference}`);
}

/** Visits our lines after one, with the reference the bank knows them by; the number of the last. */
function ledgerLines(ledger: Ledger, account: string, after: number, visit: (reference: string, paise: number) => void): number {
  let last = after;
  for (;;) {
    const page = ledger.statement(account, last, PAGE);
    for (const { entry, kind, amount, line } of page?.lines ?? []) {
      visit(kind === 'OPENING' ? `OPENING ${account}` : bankReference(ledger, entry), amount);
      last = line;
    }
    if (page?.next === undefined) return last;
  }
}

/** Reference of a receipt of `account`, as its posting's key has it. */
export const receiptReference = (account: string, reference: string): string => `RECEIPT ${account} ${reference}`;

function bankReference(ledger: Ledger, sequence: number): string {
  const entry = ledger.entry(sequence);
  if (entry?.type === 'reversal') return bankReference(ledger, entry.link);
  return (entry?.key ?? '').replace(/ (settled|pending)$/, '');
}

interface Compares {
  readonly differences: Difference[];
  readonly gates: Gate[];
}

function collateralDifferences(ledger: Ledger, { placed }: ClearingPage): Compares {
  const ours = new Map(
    [...ledger.accounts()].filter(({ id }) => id.startsWith(UPSTREAMED)).map(({ id, balance }) => [id.slice(UPSTREAMED.length), balance]),
  );
  const found: Compares = { differences: [], gates: [] };
  for (const name of [...new Set([...ours.keys(), ...Object.keys(placed)])].sort()) {
    const [left, right] = [ours.get(name) ?? 0, placed[name] ?? 0];
    found.gates.push({ name: `${name} placed: ours = clearing corporation (paise)`, left, right });
    if (left !== right) found.differences.push(difference('collateral', name, left, right, `client money placed as ${name}`));
  }
  return found;
}

/** What was paid in and out of each settlement, by number. */
function settlementDifferences(root: RootDatabase, { settlements }: ClearingPage): Compares {
  const found: Compares = { differences: [], gates: [] };
  for (const [prefix, side] of [
    ['payin-', 'paidIn'],
    ['payout-', 'paidOut'],
  ] as const) {
    const ours = movedByName(root, prefix);
    if (side === 'paidIn') for (const [name, paise] of paidEarly(root)) ours.set(name, (ours.get(name) ?? 0) + paise);
    let [left, right] = [0, 0];
    for (const name of [...new Set([...ours.keys(), ...Object.keys(settlements)])].sort()) {
      const [own, theirs] = [ours.get(name) ?? 0, settlements[name]?.[side] ?? 0];
      left += own;
      right += theirs;
      if (own !== theirs) found.differences.push(difference('settlement', `${prefix}${name}`, own, theirs, `settlement ${name}, ${side}`));
    }
    found.gates.push({ name: `settlements ${side}: ours = clearing corporation (paise)`, left, right });
  }
  return found;
}

/** Settlements whose pay-out was due and whose account is not at zero; a second session's is due at 21:00 only. */
function unpaidSettlements({ root, date, now }: NodeContext, ledger: Ledger): Difference[] {
  return [...ledger.accounts()]
    .filter(({ id, balance }) => id.startsWith('CLEARING/') && balance !== 0 && dueDateOf(id) <= dayNumber(date) && dueTimeOf(root, id) <= now())
    .map(({ id, balance }) => difference('unpaid', id, balance, 0, `${id} is due and not at zero`));
}
