// The engine's state as the night compares it: day and parameters by slot, clients with funds, units and positions. Read from the tables on disk, so
// that it works beside a running gateway; a slot is whole and as of one sequence.
import {
  AccountStatus,
  Client,
  Collateral,
  CollateralKind,
  chargeProductOf,
  DayStatus,
  EarlyPayIn,
  FundedLot,
  type FundedLotView,
  Funding,
  gateOf,
  Haircut,
  Holding,
  META_ROW,
  Meta,
  Origin,
  OriginKind,
  Position,
  Product,
  type SlotState,
  scheduledGate,
  snapshotsTaken,
} from '../../../engine/index.ts';
import { openStateReader, type StateReader } from '../../../workers/index.ts';
import { whileReading } from './engine-turns.ts';

/** Units of one security. */
export interface HeldUnits {
  readonly segment: number;
  readonly token: number;
  readonly free: number;
  readonly pledged: number;
  readonly t1: number;
}

/** One position. */
export interface EnginePosition {
  readonly segment: number;
  readonly token: number;
  /** Signed units. */
  readonly net: number;
  /** Shares bought or sold to be squared off the same day. */
  readonly isIntraday: boolean;
  /** Shares bought with funding (MTF), and what they were last marked at, ticks; absent: they are not. */
  readonly isFunded?: boolean;
  readonly mark?: number;
}

/** What is left of a day's purchase of a share with funding (MTF). */
export type EngineLot = Omit<FundedLotView, 'value'>;

/** Units of a share that the clearing corporation has ahead of the pay-in, whether they were known to be free or not. */
export interface DeliveredEarly {
  readonly segment: number;
  readonly token: number;
  readonly units: number;
}

/** Pledged shares in one place: with the member (segment 0), or at an exchange segment's clearing corporation. Units that do not count yet included. */
export interface EnginePledge {
  readonly isin: string;
  readonly segment: number;
  readonly units: number;
}

/** One client. Amounts in paise. */
export interface EngineClient {
  readonly account: string;
  readonly slot: number;
  readonly status: 'ACTIVE' | 'FROZEN' | 'REDUCE_ONLY' | 'CLOSED';
  readonly cash: number;
  readonly cashEquivalent: number;
  readonly nonCash: number;
  readonly holdings: readonly HeldUnits[];
  readonly positions: readonly EnginePosition[];
  /** Pledged shares of a client whose collateral is kept in pieces; absent: it is kept as figures. */
  readonly pledges?: readonly EnginePledge[];
  /** Paise lent on shares bought with funding (MTF); absent: nothing. */
  readonly lent?: number;
  /** As the last close left them; absent: none. */
  readonly lots?: readonly EngineLot[];
  /** Shares delivered ahead of today's pay-in; absent: none. */
  readonly deliveredEarly?: readonly DeliveredEarly[];
}

/** One slot. */
export interface EngineSlot {
  readonly slot: number;
  /** Commands folded. */
  readonly sequence: number;
  readonly businessDate: number;
  readonly isOpen: boolean;
  readonly parametersHash: string;
  /** Rows of the list of approved securities in force and the latest date one of them came with, yyyymmdd; 0 without a list. */
  readonly approved: { readonly rows: number; readonly date: number };
  /** SegmentGate by exchange segment; 0 is unused. */
  readonly gates: readonly number[];
  /** The same with what is set for a time to come: the SegmentGate it is to have. */
  readonly coming: readonly number[];
  /** Exchange segments that closed today, and those that have their settlement prices. */
  readonly closed: readonly number[];
  readonly settled: readonly number[];
  /** Numbers of the margin snapshots taken today. */
  readonly snapshots: readonly number[];
  /** Last number of the night's inbox folded; 0 = none. */
  readonly taken: number;
}

/** See the file's head. */
export interface EngineState {
  readonly slots: readonly EngineSlot[];
  readonly clients: ReadonlyMap<string, EngineClient>;
}

/** Number the night's inbox is known by. */
export const NIGHT_ORIGIN = 1;
const ACCOUNT_WIDTH = 16;
/** Exchange segments are 1 to 7. */
const SEGMENTS_END = 8;

/** Gives `work` the engine's tables, undefined when there are none yet; not while shards are hosted here. */
export function withTables<Result>(dataDirectory: string, work: (reader: StateReader | undefined) => Result): Promise<Result> {
  return whileReading(dataDirectory, async () => {
    const reader = openStateReader(dataDirectory);
    try {
      return work(reader);
    } finally {
      await reader?.close();
    }
  });
}

/** Visits every stored slot; false when the directory has no tables yet. */
export function eachSlot(dataDirectory: string, visit: (state: SlotState) => void): Promise<boolean> {
  return withTables(dataDirectory, (reader) => {
    for (const { slot } of reader?.slots() ?? []) {
      const state = reader?.readSlot(slot);
      if (state !== undefined) visit(state);
    }
    return reader !== undefined;
  });
}

/** Reads it all; empty when the engine has never run. */
export async function readEngine(dataDirectory: string): Promise<EngineState> {
  const slots: EngineSlot[] = [];
  const clients = new Map<string, EngineClient>();
  await eachSlot(dataDirectory, (state) => {
    const { meta } = state;
    slots.push({
      slot: state.slot,
      sequence: state.sequence,
      businessDate: meta.u32(META_ROW, Meta.businessDate),
      isOpen: meta.u8(META_ROW, Meta.dayStatus) === DayStatus.OPEN,
      parametersHash: state.parametersHash,
      approved: approvedIn(state),
      gates: Array.from({ length: SEGMENTS_END }, (_, segment) => gateOf(meta, segment)),
      coming: Array.from({ length: SEGMENTS_END }, (_, segment) => scheduledGate(meta, segment)?.gate ?? gateOf(meta, segment)),
      closed: segmentsIn(meta.u8(META_ROW, Meta.closedSegments)),
      settled: segmentsIn(meta.u8(META_ROW, Meta.settledSegments)),
      snapshots: snapshotsTaken(state),
      taken: takenBy(state),
    });
    for (const client of clientsOf(state)) clients.set(client.account, client);
  });
  return { slots, clients };
}

/** Last number of the night's inbox that a slot has folded; 0 = none. */
export function takenBy({ origins }: SlotState): number {
  for (let row = 1; row < origins.rows; row++)
    if (origins.u16(row, Origin.kind) === OriginKind.INBOX && origins.u32(row, Origin.origin) === NIGHT_ORIGIN)
      return origins.f64(row, Origin.number);
  return 0;
}

function approvedIn({ haircuts }: SlotState): EngineSlot['approved'] {
  let date = 0;
  for (let row = 1; row < haircuts.rows; row++) if (haircuts.isLive(row)) date = Math.max(date, haircuts.u32(row, Haircut.listed));
  return { rows: haircuts.live, date };
}

/** Exchange segments whose bit is set. */
const segmentsIn = (bits: number): number[] =>
  Array.from({ length: SEGMENTS_END }, (_, segment) => segment).filter((segment) => (bits >> segment) & 1);

const STATUSES = ['ACTIVE', 'FROZEN', 'REDUCE_ONLY', 'CLOSED'] as const;
const statusOf = (value: number): EngineClient['status'] => STATUSES.find((name) => AccountStatus[name] === value) ?? 'CLOSED';

/** A client that is being read. */
type FoundClient = EngineClient & {
  holdings: HeldUnits[];
  positions: EnginePosition[];
  pledges?: EnginePledge[];
  lent?: number;
  lots?: EngineLot[];
  deliveredEarly?: DeliveredEarly[];
};

function clientsOf(state: SlotState): EngineClient[] {
  const { clients, holdings, positions } = state;
  const found: FoundClient[] = [];
  for (let row = 1; row < clients.rows; row++) {
    found[row] = {
      account: clients.text(row, Client.account, ACCOUNT_WIDTH),
      slot: state.slot,
      status: statusOf(clients.u8(row, Client.status)),
      cash: clients.f64(row, Client.cash),
      cashEquivalent: clients.f64(row, Client.cashEquivalent),
      nonCash: clients.f64(row, Client.nonCash),
      holdings: [],
      positions: [],
    };
  }
  for (let row = 1; row < holdings.rows; row++) {
    found[holdings.u32(row, Holding.client)]?.holdings.push({
      segment: holdings.u8(row, Holding.segment),
      token: holdings.u32(row, Holding.token),
      free: holdings.f64(row, Holding.free),
      pledged: holdings.f64(row, Holding.pledged),
      t1: holdings.f64(row, Holding.t1),
    });
  }
  for (let row = 1; row < positions.rows; row++) {
    if (!positions.isLive(row)) continue;
    found[positions.u32(row, Position.client)]?.positions.push({
      segment: positions.u8(row, Position.segment),
      token: positions.u32(row, Position.token),
      net: positions.f64(row, Position.net),
      isIntraday: chargeProductOf(positions.u8(row, Position.product)) === 'MIS',
      ...(positions.u8(row, Position.product) === Product.MTF ? { isFunded: true, mark: positions.f64(row, Position.mark) } : {}),
    });
  }
  addPledges(state, found);
  addLoans(state, found);
  addLots(state, found);
  addDeliveredEarly(state, found);
  return found.filter((client) => client !== undefined);
}

function addLoans({ fundings }: SlotState, clients: readonly { lent?: number }[]): void {
  for (let row = 1; row < fundings.rows; row++) {
    const client = clients[fundings.u32(row, Funding.client)];
    const lent = fundings.f64(row, Funding.funded);
    if (client !== undefined && fundings.u8(row, Funding.segment) === 0 && lent !== 0) client.lent = lent;
  }
}

const TICK_UNITS_PER_PAISA = 100;

function addLots({ fundedLots }: SlotState, clients: readonly { lots?: EngineLot[] }[]): void {
  for (let row = 1; row < fundedLots.rows; row++) {
    const client = clients[fundedLots.u32(row, FundedLot.client)];
    if (client === undefined || !fundedLots.isLive(row)) continue;
    client.lots ??= [];
    client.lots.push({
      segment: fundedLots.u8(row, FundedLot.segment),
      token: fundedLots.u32(row, FundedLot.token),
      boughtOn: fundedLots.u32(row, FundedLot.boughtOn),
      units: fundedLots.f64(row, FundedLot.units),
      pledged: fundedLots.f64(row, FundedLot.pledged),
      cost: Math.floor(fundedLots.f64(row, FundedLot.cost) / TICK_UNITS_PER_PAISA),
      funded: fundedLots.f64(row, FundedLot.funded),
    });
  }
}

function addDeliveredEarly({ earlyPayIns }: SlotState, clients: readonly { deliveredEarly?: DeliveredEarly[] }[]): void {
  for (let row = 1; row < earlyPayIns.rows; row++) {
    const client = clients[earlyPayIns.u32(row, EarlyPayIn.client)];
    const [segment, units] = [earlyPayIns.u8(row, EarlyPayIn.segment), earlyPayIns.f64(row, EarlyPayIn.delivered)];
    if (client === undefined || segment === 0 || units === 0) continue;
    client.deliveredEarly ??= [];
    client.deliveredEarly.push({ segment, token: earlyPayIns.u32(row, EarlyPayIn.token), units });
  }
}

const ISIN_WIDTH = 16;

function addPledges({ collateral }: SlotState, clients: readonly { pledges?: EnginePledge[] }[]): void {
  for (let row = 1; row < collateral.rows; row++) {
    if (!collateral.isLive(row)) continue;
    const client = clients[collateral.u32(row, Collateral.client)];
    const units = collateral.f64(row, Collateral.quantity) + collateral.f64(row, Collateral.pending);
    if (client === undefined || units === 0) continue;
    client.pledges ??= [];
    if (collateral.u8(row, Collateral.kind) === CollateralKind.EQUITY)
      client.pledges.push({ isin: collateral.text(row, Collateral.key, ISIN_WIDTH), segment: collateral.u8(row, Collateral.segment), units });
  }
}
