// Collateral from nothing each time: all units of a security times price less haircut, cut to its caps, added up by side. Where the units lie is only
// remembered. Owns pledges, allocation and the list of haircuts.
import { RejectCode } from '../../engine/index.ts';
import type { Account, Slot } from './book.ts';
import { larger, smaller } from './exact.ts';
import { availableOf, requirementNow } from './funds.ts';
import type { Happening } from './happening.ts';
import type { Body } from './operations.ts';

/** A row of the list: rates in 1/10,000, price in ticks. */
export interface Listed {
  readonly haircut: bigint;
  readonly side: string | undefined;
  readonly price: bigint;
  readonly cap: bigint;
  readonly share: bigint;
  readonly until: number;
}

/** Everything of one security (or deposit) that a client gave: units by place, and what does not count yet. */
export interface Given {
  readonly kind: string;
  readonly key: string;
  readonly placed: Map<number, bigint>;
  readonly late: Map<number, { units: bigint; since: number }>;
  maturity: number;
}

const AMOUNTS = new Set(['CASH', 'FDR', 'BANK_GUARANTEE', 'BANK_GUARANTEE_UNFUNDED']);
const CASH_LIKE = new Set(['FDR', 'BANK_GUARANTEE', 'GSEC', 'OVERNIGHT_FUND']);
const LEAST: Readonly<Record<string, bigint>> = { OVERNIGHT_FUND: 500n, FUND: 900n };

/** Sums the client's pieces anew into what it has beside the figures it was given. */
export function recount(slot: Slot, account: Account): void {
  const worth = [...account.given.values()].filter(({ kind }) => kind !== 'CASH').map((given) => worthOf(slot, given));
  const others = worth.filter(({ isCashLike }) => !isCashLike);
  const total = others.reduce((sum, { paise }) => sum + paise, 0n);
  const byKind = new Map<string, bigint>();
  let [cashLike, other] = [0n, 0n];
  for (const { given, isCashLike, paise } of worth) {
    const rule = slot.list.get(given.kind);
    let counted = paise;
    if (!isCashLike && (rule?.share ?? 0n) > 0n) counted = smaller(counted, (total * (rule?.share ?? 0n)) / 10_000n);
    const before = byKind.get(given.kind) ?? 0n;
    if ((rule?.cap ?? 0n) > 0n) counted = smaller(counted, (rule?.cap ?? 0n) - before);
    byKind.set(given.kind, before + counted);
    if (isCashLike) cashLike += counted;
    else other += counted;
  }
  account.cashEquivalent = account.figures.cashEquivalent + cashLike;
  account.nonCash = account.figures.nonCash + other;
}

function worthOf(slot: Slot, given: Given): { given: Given; isCashLike: boolean; paise: bigint } {
  const { kind, key, placed, maturity } = given;
  const isAmount = AMOUNTS.has(kind);
  const [rule, row] = [slot.list.get(kind), isAmount ? undefined : slot.list.get(key)];
  const side = row?.side;
  const isCashLike = side === undefined ? CASH_LIKE.has(kind) : side === 'CASH_EQUIVALENT';
  const until = (isAmount ? rule?.until : row?.until) ?? 0;
  const isOver = (until > 0 && slot.businessDate > until) || (maturity > 0 && slot.businessDate > maturity) || (!isAmount && row === undefined);
  const least = slot.businessDate >= 20240801 ? (LEAST[kind] ?? 0n) : 0n;
  const haircut = isOver ? 10_000n : larger(larger(rule?.haircut ?? 0n, row?.haircut ?? 0n), least);
  const all = [...placed.values()].reduce((sum, units) => sum + units, 0n);
  const units = row !== undefined && row.cap > 0n ? smaller(all, row.cap) : all;
  const gross = (smaller(units * (isAmount ? 100n : (row?.price ?? 0n)), 100_000_000_000_000n) / 100n) * (10_000n - haircut);
  return { given, isCashLike, paise: gross / 10_000n };
}

const idOf = (kind: string, key: string): string => `${kind} ${key}`;

function givenOf(account: Account, kind: string, key: string): Given {
  const known = account.given.get(idOf(kind, key));
  if (known !== undefined) return known;
  const given: Given = { kind, key, placed: new Map(), late: new Map(), maturity: 0 };
  account.given.set(idOf(kind, key), given);
  return given;
}

const add = (placed: Map<number, bigint>, segment: number, units: bigint): void => void placed.set(segment, (placed.get(segment) ?? 0n) + units);

/** All a client has, anew. Returns a refusal, or nothing. */
export function setPieces(slot: Slot, account: Account, body: Body): void {
  account.given.clear();
  for (const name of ['cashEquivalent', 'nonCash'] as const) account.figures[name] = BigInt(Number(body[name]));
  for (const piece of (body['pieces'] ?? []) as Body[]) {
    const given = givenOf(account, String(piece['kind']), String(piece['key'] ?? ''));
    const [segment, units] = [Number(piece['segment'] ?? 0), BigInt(Number(piece['quantity']))];
    if (piece['maturity'] !== undefined) given.maturity = Number(piece['maturity']);
    if (piece['credit'] === 'NEXT_DAY') given.late.set(segment, { units, since: slot.businessDate });
    else add(given.placed, segment, units);
  }
  recount(slot, account);
}

/** What was pledged before the day counts. */
export function startDay(slot: Slot): void {
  for (const account of slot.accounts.values()) {
    for (const given of account.given.values())
      for (const [segment, { units, since }] of given.late)
        if (since < slot.businessDate) {
          add(given.placed, segment, units);
          given.late.delete(segment);
        }
    recount(slot, account);
  }
}

const refused = (rejectCode: number): Happening[] => [{ kind: 'CommandRefused', facts: { rejectCode } }];
const facts = (slot: Slot, account: Account): Record<string, number | string> => ({
  account: account.account,
  available: Number(availableOf(slot, account)),
});

/** Units in, or out if the margin allows. */
export function changePledge(slot: Slot, account: Account, body: Body): Happening[] {
  const quantity = BigInt(Number(body['quantity']));
  const segment = Number(body['segment'] ?? 0);
  if (quantity === 0n) return refused(RejectCode.commandMalformed);
  const given = givenOf(account, String(body['kind'] ?? 'EQUITY'), String(body['isin']));
  const late = given.late.get(segment)?.units ?? 0n;
  const there = given.placed.get(segment) ?? 0n;
  const answer = (): Happening[] => [
    {
      kind: 'PledgeChanged',
      facts: { ...facts(slot, account), value: Number(given.placed.get(segment) ?? 0n), limit: Number(given.late.get(segment)?.units ?? 0n) },
    },
  ];
  if (quantity > 0n) {
    if (body['credit'] === 'NOW') add(given.placed, segment, quantity);
    else given.late.set(segment, { units: late + quantity, since: slot.businessDate });
    recount(slot, account);
    return answer();
  }
  if (late + there < -quantity) return refused(RejectCode.commandMalformed);
  const before = availableOf(slot, account);
  const fromLate = smaller(late, -quantity);
  add(given.placed, segment, quantity + fromLate);
  recount(slot, account);
  if (body['fact'] !== true && availableOf(slot, account) < before && availableOf(slot, account) < requirementNow(slot, account)) {
    add(given.placed, segment, -quantity - fromLate);
    recount(slot, account);
    return refused(RejectCode.insufficientMargin);
  }
  if (fromLate > 0n) given.late.set(segment, { units: late - fromLate, since: given.late.get(segment)?.since ?? 0 });
  return answer();
}

/** From place to place: nothing is worth more or less by it. The script asks as a fact whatever leaves a corporation. */
export function allocate(slot: Slot, account: Account, body: Body): Happening[] {
  const [kind, key] = [String(body['kind']), String(body['key'] ?? '')];
  const [from, to, quantity] = [Number(body['from']), Number(body['to']), BigInt(Number(body['quantity']))];
  const given = givenOf(account, kind, key);
  const isLoose = kind === 'CASH' && from === 0;
  const placed = [...given.placed.values()].reduce((sum, units) => sum + units, 0n);
  const there = isLoose ? account.cash - placed : (given.placed.get(from) ?? 0n);
  if (from === to || (there < quantity && !(isLoose && body['fact'] === true))) return refused(RejectCode.commandMalformed);
  if (!isLoose) add(given.placed, from, -quantity);
  if (!(kind === 'CASH' && to === 0)) add(given.placed, to, quantity);
  // Changes something only between the parts of a list.
  recount(slot, account);
  return [{ kind: 'CollateralAllocated', facts: { ...facts(slot, account), segment: to, value: Number(quantity), limit: from } }];
}

/** The list, and everybody valued by it with its last part. */
export function setHaircuts(slot: Slot, body: Body): Happening[] {
  if (body['replace'] === true) slot.list.clear();
  for (const row of body['rows'] as Body[]) {
    const rate = (name: string): bigint => BigInt(Number(row[name] ?? 0));
    slot.list.set(String(row['isin'] ?? row['kind']), {
      haircut: larger(rate('haircut'), rate('houseHaircut')),
      side: row['class'] as string | undefined,
      price: rate('price'),
      cap: rate('cap'),
      share: rate('securityShare'),
      until: Number(row['countsUntil'] ?? 0),
    });
  }
  const moved: Happening[] = [];
  if (body['revalue'] !== false)
    for (const account of slot.accounts.values()) {
      const before = [availableOf(slot, account), account.cashEquivalent + account.nonCash];
      recount(slot, account);
      if (availableOf(slot, account) !== before[0] || account.cashEquivalent + account.nonCash !== before[1])
        moved.push({ kind: 'MarginChanged', facts: facts(slot, account) });
    }
  return [...moved, { kind: 'HaircutsSet', facts: { value: Number(body['date']), count: moved.length } }];
}
