// One slot with its fold, as the tests drive it: send a command, see what happened in words.
import {
  BreakKind,
  type CommandName,
  type CommandView,
  EVENT_BYTES,
  EventField,
  EventKind,
  EventView,
  EventWriter,
  Fold,
  type ParameterTable,
  RejectCode,
  type SlotMemory,
  SlotState,
} from '../../engine/index.ts';
import { market, POLICY, rare, type Stamp } from './builders.ts';

const nameOf = (table: Readonly<Record<string, number>>, number: number): string =>
  Object.entries(table).find(([, value]) => value === number)?.[0] ?? String(number);

/** An event in words, with the figures a test may ask about. */
export interface Seen {
  readonly event: string;
  readonly reject: string;
  readonly breakKind: string;
  readonly account: string;
  readonly clOrdId: string;
  readonly origClOrdId: string;
  readonly status: string;
  readonly execType: string;
  readonly destination: number;
  readonly sequence: number;
  readonly quantity: number;
  readonly leaves: number;
  readonly filled: number;
  readonly avgPx: number;
  readonly value: number;
  readonly limit: number;
  readonly level: number;
  readonly before: number;
  readonly after: number;
  readonly available: number;
  readonly count: number;
}

/** All events of a writer. */
export function seen(events: EventWriter): Seen[] {
  const view = new EventView();
  return Array.from({ length: events.count }, (_, i) => {
    view.wrap(events.bytes, events.data, i * EVENT_BYTES);
    const status = view.u8(EventField.ordStatus);
    const execType = view.u8(EventField.execType);
    return {
      event: nameOf(EventKind, view.kind),
      reject: nameOf(RejectCode, view.rejectCode),
      breakKind: nameOf(BreakKind, view.u16(EventField.breakKind)),
      account: view.text(EventField.account, 16),
      clOrdId: view.text(EventField.clOrdId, 40),
      origClOrdId: view.text(EventField.origClOrdId, 40),
      status: status === 0 ? '' : String.fromCharCode(status),
      execType: execType === 0 ? '' : String.fromCharCode(execType),
      destination: view.destination,
      sequence: view.f64(EventField.orderSequence),
      quantity: view.f64(EventField.orderQuantity),
      leaves: view.f64(EventField.leavesQuantity),
      filled: view.f64(EventField.cumQuantity),
      avgPx: view.f64(EventField.avgPx) / 10_000,
      value: view.f64(EventField.value),
      limit: view.f64(EventField.limit),
      level: view.u8(EventField.level),
      before: view.f64(EventField.requirementBefore),
      after: view.f64(EventField.requirementAfter),
      available: view.f64(EventField.available),
      count: view.f64(EventField.count),
    };
  });
}

export class Desk {
  readonly events: EventWriter = new EventWriter();
  readonly tables: Map<string, ParameterTable> = new Map();
  readonly fold: Fold = new Fold((hash) => this.tables.get(hash));
  state: SlotState;

  /** `memory` of the slot; its own without. */
  constructor(memory?: SlotMemory) {
    this.state = new SlotState(0, memory);
  }

  /** Folds one command; what happened. */
  send(command: CommandView, body?: object): Seen[] {
    this.events.reset();
    this.fold.fold(this.state, command, body, this.events);
    return seen(this.events);
  }

  /** Folds a rare command. */
  tell(kind: CommandName, body: object, stamp: Stamp = {}): Seen[] {
    return this.send(rare(kind, stamp), body);
  }

  /** Puts a table in force. */
  load(table: ParameterTable, hash = 'table-1'): Seen[] {
    this.tables.set(hash, table);
    return this.tell('LoadParameters', { tableHash: hash, label: hash });
  }

  /** Opens an account for all segments with rupees of cash. */
  account(account: string, cash: number, change: object = {}): void {
    this.tell('OpenAccount', { account, riskGroup: `g-${account}`, status: 'ACTIVE', segments: [1, 2, 4], kind: 'CLIENT', ...change });
    this.tell('SetCollateral', { account, cash: cash * 100, cashEquivalent: 0, nonCash: 0 });
  }
}

/** A desk with its day open, the small market loaded and account A1 with Rs 1 crore. */
export function openDesk(table: ParameterTable = market(), memory?: SlotMemory): Desk {
  const desk = new Desk(memory);
  desk.tell('OpenDay', { businessDate: 20261120, ruleSet: 1, policy: POLICY });
  desk.load(table);
  desk.account('A1', 10_000_000);
  return desk;
}
