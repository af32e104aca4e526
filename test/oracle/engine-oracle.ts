// The whole slot as a slow fold over plain commands: sequence and time, duplicates, dispatch. The same bytes go to the engine; what this says
// happened, and the picture it has afterwards, must be what the engine says.
import type { ParameterTable } from '../../engine/index.ts';
import { type Account, type Lot, newSlot, type Order, openOrders, type Slot, uncovered } from './book.ts';
import { heldValueOf } from './checks.ts';
import type { PlainCommand } from './commands.ts';
import type { KnownOrder, KnownPosition } from './day-script.ts';
import { earlySales } from './early.ts';
import { recordExecution, tick } from './executions.ts';
import { drawn, ownInLots } from './funding.ts';
import { gainOf, plainRequirement } from './funds.ts';
import type { Happening } from './happening.ts';
import { watchUse } from './margin-use.ts';
import { type Body, markPrices, OPERATIONS } from './operations.ts';
import { cancel, massCancel, place, replace } from './orders.ts';
import type { AccountPicture, Facts, SlotPicture } from './picture.ts';

const STATUS = { FILLED: '2', CANCELED: '4', REJECTED: '8', EXPIRED: 'C' } as const;

export class EngineOracle {
  readonly slot: Slot = newSlot();
  private readonly tables: ReadonlyMap<string, ParameterTable>;

  constructor(tables: ReadonlyMap<string, ParameterTable>) {
    this.tables = tables;
  }

  /** Folds one command and says what happened. */
  fold(command: PlainCommand): Happening[] {
    const { slot } = this;
    slot.sequence += 1;
    slot.time = command.time;
    return this.isDuplicate(command) ? [] : [...this.happens(command), ...watchUse(slot)];
  }

  private happens(command: PlainCommand): Happening[] {
    const { slot } = this;
    const fields = command.fields ?? {};
    switch (command.kind) {
      case 'PlaceOrder':
        return place(slot, fields);
      case 'ReplaceOrder':
        return replace(slot, fields);
      case 'CancelOrder':
        return cancel(slot, fields);
      case 'MassCancel':
        return massCancel(slot, fields);
      case 'RecordExecution':
        return recordExecution(slot, fields);
      case 'MarkPrices':
        return markPrices(slot, command.marks ?? []);
      case 'Tick':
        return tick(slot, fields);
      default:
        return OPERATIONS[command.kind]?.(slot, (command.body ?? {}) as Body, this.tables) ?? [];
    }
  }

  private isDuplicate(command: PlainCommand): boolean {
    const { originKind, origin, incarnation, number } = command.origin;
    if (number === 0) return false;
    const key = `${originKind}/${origin}`;
    const last = this.slot.seen.get(key);
    if (last !== undefined && (incarnation < last.incarnation || (incarnation === last.incarnation && number <= last.number))) return true;
    this.slot.seen.set(key, { incarnation, number });
    return false;
  }

  /** Orders as the day's script wants to know them. */
  knownOrders(): KnownOrder[] {
    return [...this.slot.accounts.values()].flatMap((account) => [...account.orders.values()].map(known));
  }

  /** Positions as the day's script wants to know them. */
  knownPositions(): KnownPosition[] {
    return [...this.slot.accounts.values()].flatMap(({ account, positions }) =>
      [...positions.values()].filter(({ units }) => units !== 0n).map((position) => ({ ...position, account, units: Number(position.units) })),
    );
  }

  /** State to compare after a command. */
  picture(): SlotPicture {
    const accounts = [...this.slot.accounts.values()];
    return Object.fromEntries(accounts.map((account) => [account.account, pictureOf(this.slot, account)]));
  }
}

const LEGS = ['none', 'entry', 'stop', 'released', 'target'];

const known = (order: Order): KnownOrder => ({
  account: order.account,
  sequence: order.sequence,
  clOrdId: order.clOrdId,
  pendingReplace: order.pendingReplace?.clOrdId ?? '',
  pendingCancel: order.pendingCancel ?? '',
  segment: order.segment,
  token: order.token,
  side: order.side,
  ordType: order.terms.ordType,
  timeInForce: order.timeInForce,
  product: order.product,
  quantity: Number(order.terms.quantity),
  filled: Number(order.filled),
  price: Number(order.terms.price),
  open: order.ending === undefined,
  leg: order.leg,
  uncovered: Number(uncovered(order)),
  exits: order.exits.filter(({ ending }) => ending === undefined).map(({ leg }) => leg),
});

function pictureOf(slot: Slot, account: Account): AccountPicture {
  const open = openOrders(account);
  const money: Facts = {
    status: account.status,
    killed: account.killed,
    cash: Number(account.cash),
    cashEquivalent: Number(account.cashEquivalent),
    nonCash: Number(account.nonCash),
    adhoc: Number(account.adhoc + earlySales(slot, account) - account.early.money + ownInLots(account)),
    premium: Number(account.premium),
    turnover: Number(account.turnover),
    openOrders: open.length,
    openOrderValue: Number(heldValueOf(account)),
    gain: Number(gainOf(account)),
    drawn: Number(drawn(slot, account, undefined, undefined)),
    requirement: Number(plainRequirement(slot, account, open)),
  };
  const held = [...account.positions.entries()].filter(([, position]) => position.units !== 0n);
  const positions = held.map(([key, { units, cost, mark }]) => [key, { net: Number(units), cost: Number(cost), mark: Number(mark) }]);
  const owned = [...account.holdings].filter(([, { free, pledged, t1 }]) => free + pledged + t1 !== 0n);
  const units = owned.map(([key, { free, pledged, t1 }]) => [key, { free: Number(free), pledged: Number(pledged), t1: Number(t1) }]);
  const orders = open.map((order) => [String(order.sequence), shown(order)]);
  return {
    money,
    positions: Object.fromEntries(positions),
    holdings: Object.fromEntries(units),
    orders: Object.fromEntries(orders),
    lots: Object.fromEntries(account.lots.map((lot) => [`${lot.segment}/${lot.token}/${lot.boughtOn}`, lotFacts(lot)])),
    peaks: Object.fromEntries([...account.peaks].map(([key, peak]) => [key, { ...peak }])),
  };
}

const lotFacts = ({ units, pledged, cost, funded }: Lot): Facts => ({
  units: Number(units),
  pledged: Number(pledged),
  cost: Number(cost),
  funded: Number(funded),
});

const shown = (order: Order): Facts => ({
  clOrdId: order.clOrdId,
  quantity: Number(order.terms.quantity),
  price: Number(order.terms.price),
  filled: Number(order.filled),
  status: order.ending === undefined ? (order.filled > 0n ? '1' : '0') : STATUS[order.ending],
  confirmed: order.confirmed,
  stuck: order.stuck,
  pendingReplace: order.pendingReplace?.clOrdId ?? '',
  pendingCancel: order.pendingCancel ?? '',
  leg: LEGS.indexOf(order.leg),
  exited: Number(order.exited),
});
