// Runs the simulated OMS over a real FIX connection until told to stop: paces the clients, moves the market, tells its parent what it sees.
// One process, one session.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExchangeSegment, isInSameDaySession, type ParameterTable } from '../../engine/index.ts';
import { makeDirectory } from '../../workers/index.ts';
import { findDayFiles, type GeneratedClient, HEDGER_ACCOUNT, loadRiskParameters, parameterFilesOf } from '../../workers/reference/index.ts';
import { FixInitiator, parseSessionSettings, Session, systemClock } from '../fix/index.ts';
import { SeededRandom } from '../market-data/seeded-random.ts';
import { SimulatedMarket } from '../market-data/simulated-market.ts';
import { segmentText } from './behaviour.ts';
import { NumbersFileStore } from './numbers-file-store.ts';
import { OmsApplication } from './oms-application.ts';
import type { OmsView } from './oms-view.ts';
import { type OmsOptions, SimulatedOms } from './simulated-oms.ts';
import { listTrade } from './trade-list.ts';

/** What the OMS needs to know. */
export interface OmsRunOptions {
  readonly port: number;
  readonly day: string;
  /** Directory of the session numbers. */
  readonly store: string;
  /** Clients that trade, and requests a second. */
  readonly clients: number;
  readonly rate: number;
  readonly seed: number;
  readonly senderCompId: string;
  readonly targetCompId: string;
  /** Clients also sell shares they hold, and every trade is added to this file: see trade-list.ts. */
  readonly trades?: string;
  /** Begins paused: connects, and nobody trades until pause(false). */
  readonly isPaused?: boolean;
}

/** Last price of one traded instrument, ticks. */
export interface MarkedPrice {
  readonly segment: string;
  readonly segmentNumber: number;
  readonly token: number;
  readonly symbol: string;
  readonly lot: number;
  readonly price: number;
}

/** What the OMS process tells the demo. */
export interface OmsMessage {
  readonly view: OmsView;
  readonly marks?: readonly MarkedPrice[];
}

/** A running OMS. */
export interface RunningOms {
  view(): OmsView;
  marks(): MarkedPrice[];
  /** While paused nobody trades and the exchange fills nothing; orders stay. Paused it is once the gateway has read everything that was sent. */
  pause(paused: boolean): Promise<void>;
  /**
   * Trades are listed at these times, and the T+0 session ends by them, EpochMicros, the wall clock's unless given; nobody trades, as if paused, once
   * the clock has come to `until`.
   */
  listBy(clock: () => number, until: number): void;
  /** Withdraws all orders (of these segments, where they are named) and closes what is held for the day; rejects when that takes longer than two minutes. */
  windDown(segments?: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

const STEP_MILLIS = 20;
const MARKET_MILLIS = 500;
const UNDERLYINGS = 8;
const WIND_DOWN_MILLIS = 120_000;

/** When clients trade: not while paused, and not once the clock that trades are listed by has come to its end. */
class TradingHours {
  isPaused: boolean;
  clock: () => number = () => Date.now() * 1_000;
  until: number = Number.POSITIVE_INFINITY;

  constructor(isPaused: boolean) {
    this.isPaused = isPaused;
  }

  get areOpen(): boolean {
    return !this.isPaused && this.clock() < this.until;
  }
}

/** Connects and starts trading as soon as the session is logged on. */
export async function runOms(options: OmsRunOptions): Promise<RunningOms> {
  const files = findDayFiles(options.day);
  const table = await loadRiskParameters(parameterFilesOf(files));
  makeDirectory(options.store);
  const store = new NumbersFileStore(join(options.store, `${options.senderCompId}.numbers`), systemClock.now());
  // Each start goes on with a course of its own, the first as the seed says.
  const seed = options.seed + store.nextOutbound - 1;
  const random = new SeededRandom(seed);
  const market = new SimulatedMarket(table, random, UNDERLYINGS);
  const clients = readClients(files.clients ?? '');
  const hours = new TradingHours(options.isPaused === true);
  const application = new OmsApplication();
  const run = Date.now().toString(36);
  const oms = new SimulatedOms(
    {
      seed,
      market,
      accounts: accountsOf(clients).slice(0, options.clients),
      ...moreOf(clients),
      run,
      tradeDate: `${table.businessDate}`,
      ...evening(options.trades, clients, table, () => hours.clock()),
    },
    { send: (type, body) => application.send(type, body), now: () => performance.now(), time: fixTimeNow },
  );
  application.oms = oms;
  const session = new Session({ settings: settingsOf(options), application, store, clock: systemClock });
  const initiator = new FixInitiator(session);
  initiator.start();
  const timers = pace(options.rate, oms, market, () => application.live !== undefined && hours.areOpen);
  return {
    view: () =>
      oms.counters.view(performance.now(), {
        connected: application.live !== undefined,
        session: `${options.senderCompId}->${options.targetCompId}`,
        nextOut: store.nextOutbound,
        nextIn: store.nextInbound,
        workingOrders: oms.workingOrders,
      }),
    marks: () => marksOf(market),
    async pause(paused) {
      hours.isPaused = paused;
      if (paused) await oms.heard();
    },
    listBy(clock, until) {
      hours.clock = clock;
      hours.until = until;
    },
    windDown(segments) {
      hours.isPaused = false;
      hours.until = Number.POSITIVE_INFINITY;
      return windDown(oms, segments);
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await initiator.stop();
      store.close();
    },
  };
}

const settingsOf = ({ senderCompId, targetCompId, port }: OmsRunOptions): ReturnType<typeof parseSessionSettings> =>
  parseSessionSettings({
    ConnectionType: 'initiator',
    SenderCompID: senderCompId,
    TargetCompID: targetCompId,
    SocketConnectPort: port,
    HeartBtInt: 10,
    ReconnectInterval: 1,
    ValidateUserDefinedFields: false,
  });

const fixTimeNow = (): string => new Date().toISOString().replaceAll('-', '').replace('T', '-').replace('Z', '');

function marksOf(market: SimulatedMarket): MarkedPrice[] {
  const { table } = market;
  return market.rows.map((row) => ({
    segment: segmentText(table.segment[row] ?? 0),
    segmentNumber: table.segment[row] ?? 0,
    token: table.token[row] ?? 0,
    symbol: table.instrumentName(row),
    lot: table.lot[row] ?? 1,
    price: market.price(row),
  }));
}

async function windDown(oms: SimulatedOms, segments?: readonly string[]): Promise<void> {
  const limit = performance.now() + WIND_DOWN_MILLIS;
  while (!oms.windDown(segments)) {
    if (performance.now() > limit)
      throw new Error(`after ${WIND_DOWN_MILLIS / 1000} s orders are still open or positions of the day not closed: ${oms.unfinished}`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MILLIS));
  }
}

/** Acts `rate` times a second while logged on; what a stalled loop missed beyond one second is not made up for. */
function pace(rate: number, oms: SimulatedOms, market: SimulatedMarket, isLive: () => boolean): NodeJS.Timeout[] {
  let owed = 0;
  let last = performance.now();
  const step = setInterval(() => {
    const now = performance.now();
    owed = Math.min(owed + ((now - last) / 1000) * rate, rate);
    last = now;
    if (!isLive()) return;
    for (; owed >= 1; owed -= 1) oms.act();
    oms.step();
  }, STEP_MILLIS);
  const walk = setInterval(() => market.step(), MARKET_MILLIS);
  return [step, walk];
}

function readClients(file: string): GeneratedClient[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as GeneratedClient)
    .filter((client) => client.kind === 'CLIENT');
}

/** Most may trade derivatives; one in twenty may not, and is told so. */
const accountsOf = (clients: readonly GeneratedClient[]): string[] =>
  clients
    .filter((client, index) => client.segments.includes(ExchangeSegment.NFO) || index % 20 === 0)
    .map((client) => client.account)
    .filter((account) => !account.startsWith(HEDGER_ACCOUNT));

/** Those that trade currency and commodity too, and those the house funds. */
const moreOf = (clients: readonly GeneratedClient[]): Pick<OmsOptions, 'beside' | 'funded'> => ({
  beside: clients.filter(({ segments }) => segments.includes(ExchangeSegment.MCX)).map(({ account }) => account),
  funded: clients.filter(({ account, limits }) => (limits.maxFunded ?? 0) > 0 && !account.startsWith(HEDGER_ACCOUNT)).map(({ account }) => account),
});

const IST_MILLIS = 330 * 60_000;
/** HH:MM:SS */
const timeInIndia = (micros: number): string => new Date(micros / 1_000 + IST_MILLIS).toISOString().slice(11, 19);

/** What an OMS whose day has an evening does beyond: sells for delivery, trades in the T+0 session, lists its trades. */
function evening(
  trades: string | undefined,
  clients: readonly GeneratedClient[],
  table: ParameterTable,
  clock: () => number,
): Pick<OmsOptions, 'deliverable' | 'lots' | 'isSameDayOpen' | 'onTrade'> {
  if (trades === undefined) return {};
  const deliverable = clients.flatMap(({ account, holdings }) =>
    holdings.map(({ segment, token, free }) => ({ account, row: table.find(segment, token), units: free })),
  );
  return {
    deliverable: deliverable.filter(({ row, units }) => row >= 0 && units > 0),
    // Half of each lot bought with funding before.
    lots: clients.flatMap(({ account, fundedLots = [] }) =>
      fundedLots.flatMap(({ segment, token, units }) => {
        const row = table.find(segment, token);
        return row < 0 || account.startsWith(HEDGER_ACCOUNT) ? [] : [{ account, row, units: Math.ceil(units / 2) }];
      }),
    ),
    isSameDayOpen: () => isInSameDaySession(clock()),
    onTrade: (report) => listTrade(trades, table, report, timeInIndia(clock())),
  };
}
