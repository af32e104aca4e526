// The rare commands: the day, accounts, funds, limits, holdings, kill switches, parameters. A body that does not fit is refused whole.
import { type ParameterTable, RejectCode } from '../../engine/index.ts';
import { type Account, type Gate, instrumentKey, kindOf, LIMIT_NAMES, newAccount, openOrders, type Position, type Slot } from './book.ts';
import { allocate, changePledge, setHaircuts, setPieces, startDay } from './collateral.ts';
import type { Mark } from './commands.ts';
import { corporateAction, exerciseAssign, settleShortage, transferTrade } from './contract-events.ts';
import { convertPosition } from './conversion.ts';
import { carryOver, changeGate, closeSegment, creditDelivery, settlePrices } from './day-edges.ts';
import { bookEarly } from './early.ts';
import { divideHalfAway } from './exact.ts';
import { importFundedLot, pledgeFunded } from './funding.ts';
import { availableOf, isOptionPosition, requirementNow } from './funds.ts';
import type { Happening } from './happening.ts';
import { orderFacts } from './happening.ts';
import { grantSlice, recallSlice, takeLending } from './lending.ts';
import { forgetSnapshots, noteOpening, takeSnapshot } from './margin-snapshots.ts';
import { close } from './orders.ts';
import { positionIn } from './positions.ts';

/** A decoded body: keys and values nobody has checked yet. */
export type Body = Readonly<Record<string, unknown>>;

const refused = (rejectCode: number): Happening[] => [{ kind: 'CommandRefused', facts: { rejectCode } }];
const malformed = (): Happening[] => refused(RejectCode.commandMalformed);
const amount = (body: Body, key: string): bigint => BigInt(Number(body[key] ?? 0));
const sound = (body: Body, key: string, low: number): boolean => {
  const value = body[key];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= low && value <= 1e13;
};

type Operation = (slot: Slot, body: Body, tables: ReadonlyMap<string, ParameterTable>) => Happening[];
type OfAccount = (slot: Slot, account: Account, body: Body) => Happening[];

const ofAccount =
  (operation: OfAccount): Operation =>
  (slot, body) => {
    const account = slot.accounts.get(String(body['account'] ?? ''));
    return account === undefined ? malformed() : operation(slot, account, body);
  };

/** The client's margin before and after a change of what it has. */
function changed(slot: Slot, account: Account, before: bigint): Happening {
  const after = requirementNow(slot, account);
  const facts = { requirementBefore: Number(before), requirementAfter: Number(after), available: Number(availableOf(slot, account)) };
  return { kind: 'MarginChanged', facts: { account: account.account, ...facts } };
}

/** An operation on the client's funds: answered with its margin, unless it was refused. */
const ofFunds = (operation: OfAccount): Operation =>
  ofAccount((slot, account, body) => {
    const before = requirementNow(slot, account);
    const refusal = operation(slot, account, body);
    return refusal.length > 0 ? refusal : [changed(slot, account, before)];
  });

const openDay: Operation = (slot, body) => {
  const policy = body['policy'] as Body;
  const date = Number(body['businessDate']);
  if (slot.open || date <= slot.businessDate || body['ruleSet'] !== 1 || amount(policy, 'spanMultiplier') < 10_000n) return malformed();
  slot.open = true;
  slot.gates.clear();
  for (const each of [slot.scheduled, slot.closed, slot.settled]) each.clear();
  for (const segment of (policy['gatedSegments'] ?? []) as number[]) slot.gates.set(segment, 'CLOSED');
  slot.businessDate = date;
  noteOpening(slot);
  forgetSnapshots(slot);
  slot.policy = {
    cashRateFloor: amount(policy, 'cashRateFloor'),
    spanMultiplier: amount(policy, 'spanMultiplier'),
    maxOrderValue: amount(policy, 'maxOrderValue'),
    confirmWithin: Number(policy['confirmWithin']),
    cover: policy['coverRange'] as Slot['policy']['cover'],
    targetMost: policy['targetMost'] as Slot['policy']['targetMost'],
    fundingLimit: (amount(policy, 'fundingLimit') / 100n) * 100n,
    ...(policy['riskReduction'] === undefined ? {} : { marks: policy['riskReduction'] as NonNullable<Slot['policy']['marks']> }),
  };
  for (const account of slot.accounts.values()) {
    account.orders.clear();
    account.usedIds.clear();
    account.trades.clear();
    account.turnover = 0n;
    // Booked after the close, or before any day: the sums begin anew, so the money goes where money is.
    const late = [...account.positions.values()].filter((each) => !isOptionPosition(each)).reduce((sum, { realised }) => sum + realised, 0n);
    account.cash += divideHalfAway(late, 100n) - divideHalfAway(account.premium, 100n);
    account.premium = 0n;
    for (const [key, position] of account.positions) {
      position.realised = 0n;
      if (position.units === 0n && position.cost === 0n) account.positions.delete(key);
    }
  }
  startDay(slot);
  return [{ kind: 'DayOpened', facts: {} }];
};

/** Open orders of a segment, 0 = of all, expire. */
function expireOrders(slot: Slot, segment: number): Happening[] {
  const orders = [...slot.accounts.values()].flatMap(openOrders).filter((order) => segment === 0 || order.segment === segment);
  return orders
    .sort((a, b) => a.sequence - b.sequence)
    .map((order) => {
      close(order, 'EXPIRED');
      return { kind: 'OrderExpired', facts: orderFacts(order) };
    });
}

const closeDay: Operation = (slot, body) => {
  if (!slot.open) return refused(RejectCode.dayNotOpen);
  if (body['businessDate'] !== slot.businessDate) return malformed();
  const happenings = [...expireOrders(slot, 0), ...carryOver(slot)];
  for (const account of slot.accounts.values()) account.adhoc = 0n;
  slot.open = false;
  return [...happenings, { kind: 'DayClosed', facts: {} }];
};

/** A table names an instrument traded before any did: if it is an option, what was paid for it was premium; what was imported had been paid for. */
function name(slot: Slot, account: Account, position: Position): void {
  if (position.kind !== undefined) return;
  position.kind = kindOf(slot, position.segment, position.token);
  if (isOptionPosition(position) && position.isCarried !== true) account.premium += position.cost - position.realised;
}

const loadParameters: Operation = (slot, body, tables) => {
  const before = new Map([...slot.accounts.values()].map((account) => [account, requirementNow(slot, account)]));
  slot.table = tables.get(String(body['tableHash']));
  if (slot.opening === undefined) noteOpening(slot);
  for (const account of slot.accounts.values()) for (const position of account.positions.values()) name(slot, account, position);
  const moved = [...before].filter(([account, was]) => requirementNow(slot, account) !== was);
  return [...moved.map(([account, was]) => changed(slot, account, was)), { kind: 'ParametersLoaded', facts: {} }];
};

const openAccount: Operation = (slot, body) => {
  const name = String(body['account']);
  const segments = body['segments'] as number[];
  const found = slot.accounts.get(name);
  if (found !== undefined) return malformed();
  slot.accounts.set(name, newAccount(name, String(body['status']), segments));
  return [{ kind: 'AccountOpened', facts: { account: name } }];
};

const updateAccount: OfAccount = (_slot, account, body) => {
  if (body['status'] !== undefined && !['ACTIVE', 'FROZEN', 'REDUCE_ONLY', 'CLOSED'].includes(String(body['status']))) return malformed();
  if (body['status'] !== undefined) account.status = String(body['status']);
  if (body['segments'] !== undefined) account.segments = new Set(body['segments'] as number[]);
  return [{ kind: 'AccountUpdated', facts: { account: account.account } }];
};

const setLimit: OfAccount = (_slot, account, body) => {
  if (body['maxFunded'] !== undefined && !sound(body, 'maxFunded', 0)) return malformed();
  if (LIMIT_NAMES.some((name) => body[name] !== undefined && !sound(body, name, 0))) return malformed();
  for (const name of LIMIT_NAMES) if (body[name] !== undefined) account.limits[name] = amount(body, name);
  if (body['maxFunded'] !== undefined) account.sanction = amount(body, 'maxFunded');
  return [{ kind: 'AccountUpdated', facts: { account: account.account } }];
};

const setCollateral: OfAccount = (slot, account, body) => {
  if (!['cash', 'cashEquivalent', 'nonCash'].every((key) => sound(body, key, -1e13))) return malformed();
  account.cash = amount(body, 'cash');
  setPieces(slot, account, body);
  return [];
};

const creditFunds: OfAccount = (_slot, account, body) => {
  if (!sound(body, 'amount', -1e13)) return malformed();
  account.cash += amount(body, 'amount');
  return [];
};

const grantAdhoc: OfAccount = (_slot, account, body) => {
  if (!sound(body, 'amount', -1e13)) return malformed();
  account.adhoc += amount(body, 'amount');
  return [];
};

const setHoldings: OfAccount = (_slot, account, body) => {
  const segment = Number(body['segment']);
  const token = Number(body['token']);
  const units = { free: amount(body, 'free'), pledged: amount(body, 'pledged'), t1: amount(body, 't1') };
  account.holdings.set(instrumentKey(segment, token), { segment, token, ...units });
  return [];
};

const importPosition: OfAccount = (slot, account, body) => {
  const where = { segment: Number(body['segment']), token: Number(body['token']), product: Number(body['product']) };
  const position = positionIn(slot, account, where);
  const price = amount(body, 'price');
  position.units = amount(body, 'quantity');
  position.cost = position.units * price;
  position.realised = 0n;
  position.mark = price;
  if (position.kind === undefined) position.isCarried = position.units !== 0n;
  return [];
};

const importLot: OfAccount = (slot, account, body) => {
  const said = importFundedLot(slot, account, body);
  if (said.length === 0) takeLending(slot, amount(body, 'funded'));
  return said;
};

const killSwitch =
  (engaged: boolean): Operation =>
  (slot, body) => {
    const kind = engaged ? 'KillSwitchEngaged' : 'KillSwitchReleased';
    if (body['scope'] === 'FIRM') {
      slot.firmKilled = engaged;
      return [{ kind, facts: {} }];
    }
    const account = slot.accounts.get(String(body['account'] ?? ''));
    if (body['scope'] !== 'ACCOUNT' || account === undefined) return malformed();
    account.killed = engaged;
    return [{ kind, facts: { account: account.account } }];
  };

const segmentState: Operation = (slot, body) => {
  const segment = Number(body['segment']);
  const by = body['by'] as string[];
  const state = String(body['state']);
  if (segment > 7 || !Array.isArray(by) || !['OPEN', 'CLOSED', 'REDUCE_ONLY', 'PRE_OPEN'].includes(state)) return malformed();
  const at = Number(body['from'] ?? 0);
  const opensAt = Number(body['opensAt'] ?? 0);
  const hasSession = body['preOpen'] === true;
  if (hasSession && (state !== 'OPEN' || at === 0)) return malformed();
  if (state === 'PRE_OPEN' ? at > slot.time : opensAt !== 0) return malformed();
  if (state === 'REDUCE_ONLY' && slot.gates.get(segment) === 'CLOSED' && by[0] === (by[1] ?? by[0])) return malformed();
  if (state !== 'CLOSED') slot.closed.delete(segment);
  const moved = at > slot.time ? [] : changeGate(slot, segment, state as Gate);
  if (at > slot.time) slot.scheduled.set(segment, { state: state as Gate, at, hasSession });
  if (opensAt > slot.time) slot.scheduled.set(segment, { state: 'OPEN', at: opensAt });
  return [...moved, { kind: 'SegmentStateSet', facts: {} }];
};

const setMemberMode: Operation = (slot, body) => {
  const corporation = String(body['corporation']);
  const was = Number(slot.reducingAt.has(corporation));
  if (body['mode'] === 'RISK_REDUCTION') slot.reducingAt.add(corporation);
  else slot.reducingAt.delete(corporation);
  return [{ kind: 'MemberModeSet', facts: { value: Number(slot.reducingAt.has(corporation)), limit: was } }];
};

/** Rare commands by name. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  OpenDay: openDay,
  CloseDay: closeDay,
  LoadParameters: loadParameters,
  OpenAccount: openAccount,
  UpdateAccount: ofAccount(updateAccount),
  SetLimit: ofAccount(setLimit),
  SetCollateral: ofFunds(setCollateral),
  SetHoldings: ofFunds(setHoldings),
  ChangePledge: ofAccount(changePledge),
  AllocateCollateral: ofAccount(allocate),
  SetHaircuts: setHaircuts,
  SetMemberMode: setMemberMode,
  GrantSlice: grantSlice,
  RecallSlice: recallSlice,
  CreditFunds: ofFunds(creditFunds),
  GrantAdhoc: ofFunds(grantAdhoc),
  ImportPosition: ofFunds(importPosition),
  EngageKillSwitch: killSwitch(true),
  ReleaseKillSwitch: killSwitch(false),
  ConvertPosition: ofAccount(convertPosition),
  SetSegmentState: segmentState,
  CloseSegment: (slot, body) => closeSegment(slot, body, (segment) => expireOrders(slot, segment)),
  SettlePrices: settlePrices,
  CreditDelivery: ofAccount(creditDelivery),
  SettleShortage: ofFunds(settleShortage),
  BookEarlyPayIn: ofAccount(bookEarly),
  PledgeFunded: ofAccount(pledgeFunded),
  ImportFundedLot: ofFunds(importLot),
  ExerciseAssign: ofAccount(exerciseAssign),
  ApplyCorporateAction: corporateAction,
  TransferTrade: ofAccount(transferTrade),
  TakeMarginSnapshot: takeSnapshot,
};

/** MarkPrices: the last price of every position in the instruments named. */
export function markPrices(slot: Slot, marks: readonly Mark[]): Happening[] {
  const before = new Map([...slot.accounts.values()].map((account) => [account, availableOf(slot, account)]));
  for (const account of slot.accounts.values()) {
    for (const position of account.positions.values()) {
      for (const mark of marks)
        if (
          !slot.settled.has(mark.segment) &&
          Number.isInteger(mark.price) &&
          mark.price > 0 &&
          mark.segment === position.segment &&
          mark.token === position.token
        )
          position.mark = BigInt(mark.price);
    }
  }
  const moved = [...before].filter(([account, was]) => availableOf(slot, account) !== was).map(([account]) => account);
  return moved.map((account) => ({ kind: 'MarginChanged', facts: { account: account.account, available: Number(availableOf(slot, account)) } }));
}
