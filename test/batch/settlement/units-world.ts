// A small house's securities over some days, in shorthand: what clients hold, what was traded, a depository and clearing corporation that are the
// sandbox's over HTTP, its files in a directory, and a night of settlement's securities legs only.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { settlementWindow } from '../../../batch/calendar/settlement-windows.ts';
import { SEGMENTS, SETTLED } from '../../../batch/graph/node-row.ts';
import { Ledger } from '../../../batch/ledger/ledger.ts';
import { NightFiles } from '../../../batch/nodes/night-files.ts';
import { securitiesLegs } from '../../../batch/nodes/settlement/securities-legs.ts';
import { ofLegs } from '../../../batch/nodes/settlement/settlement-leg.ts';
import { sha256Of } from '../../../batch/ports/fetched-file.ts';
import { FILE_NAMES, pathOf } from '../../../batch/ports/file-names.ts';
import { type InstanceRecord, istMicros, NightRunner, NightStore, type NodeBody, Operator, type Status } from '../../../batch/runner/index.ts';
import { Counterparties } from '../../../batch/sandbox/counterparties.ts';
import { openUnitBooks, type UnitBooks } from '../../../batch/sandbox/depository-doors.ts';
import { FaultSwitches } from '../../../batch/sandbox/faults.ts';
import { FileTree } from '../../../batch/sandbox/file-tree.ts';
import { pledgeStatus } from '../../../batch/sandbox/files/carried-files.ts';
import { eveningFiles, type SeenTrade } from '../../../batch/sandbox/files/evening-files.ts';
import { corporateActionList } from '../../../batch/sandbox/files/morning-lists.ts';
import { type HttpServer, startHttpServer } from '../../../batch/sandbox/http-server.ts';
import type { MarketDay } from '../../../batch/sandbox/market-day.ts';
import { UnitsLedger } from '../../../batch/securities/units-ledger.ts';
import type { BhavcopyRow } from '../../../workers/reference/index.ts';
import { eveningBodies, graphOf } from './units-evening.ts';
import { actionsOn, bhavcopyRow, clientsOf, priceFile, SHARES, shareOf, type UnitScript } from './units-script.ts';

const RICH = 1_000_000_000;
const TRIES_MAX = 9;
/** Nothing here is about margins. */
const NO_PARAMETERS = {} as MarketDay['parameters'];

const SAME_DAY = '@T0';
/** Tokens of the T+0 session, from those of the shares. */
const SAME_DAY_TOKENS = 900_000;

/** Shares as the T+0 session lists them. */
const inSameDaySession = (shares: MarketDay['shares']): MarketDay['shares'] =>
  new Map([...shares.values()].map((share) => [share.token + SAME_DAY_TOKENS, { ...share, token: share.token + SAME_DAY_TOKENS, series: 'T0' }]));

/** The sandbox's tree on disk, where a directory port finds it. */
class TreeOnDisk extends FileTree {
  private readonly directory: string;

  constructor(faults: FaultSwitches, directory: string) {
    super(faults);
    this.directory = directory;
  }

  override offer(path: string, bytes: Uint8Array): void {
    mkdirSync(dirname(join(this.directory, path)), { recursive: true });
    writeFileSync(join(this.directory, path), bytes);
  }
}

/** Options of a world. */
export interface UnitWorldOptions {
  /** outside: the other side only, for a night in another process; night: the reverse. Default: both. */
  readonly only?: 'outside' | 'night';
  readonly directory?: string;
  readonly synced?: boolean;
  readonly onRecord?: (runId: string, key: string, record: InstanceRecord) => void;
  readonly wrap?: (body: NodeBody) => NodeBody;
}

/** See the file's head. */
export class UnitWorld {
  readonly directory: string;
  readonly faults: FaultSwitches = new FaultSwitches();
  readonly calendar: BusinessCalendar = new BusinessCalendar();
  readonly script: UnitScript;
  runner!: NightRunner;
  operator!: Operator;
  store!: NightStore;
  outside!: UnitBooks;
  books!: Counterparties;
  now = 0;
  private server: HttpServer | undefined;

  private constructor(script: UnitScript, directory: string) {
    this.script = script;
    this.directory = directory;
  }

  /** The other side and the night over it; rejects when either cannot be opened. */
  static async begin(script: UnitScript, options: UnitWorldOptions = {}): Promise<UnitWorld> {
    const world = new UnitWorld(script, options.directory ?? mkdtempSync(join(tmpdir(), 'units-')));
    if (options.only !== 'night') await world.openOutside();
    if (options.only !== 'outside') world.openNight(options);
    for (const word of (script.faults ?? '').split(',').filter((one) => one !== '')) world.faults.switchOn(word);
    return world;
  }

  /** Is anything traded in the T+0 session? */
  get hasSameDay(): boolean {
    return Object.values(this.script.trades).some((trades) => trades.some((words) => words.includes(SAME_DAY)));
  }

  get dates(): string[] {
    return Object.keys(this.script.trades).sort();
  }

  /** The books of units. */
  get units(): UnitsLedger {
    return new UnitsLedger(this.store.root);
  }

  get ledger(): Ledger {
    return new Ledger(this.store.root);
  }

  /** The afternoon of a date: what T+0 settles is prepared, paid in once two persons let it start, and paid out. */
  async sameDay(date: string): Promise<void> {
    this.now = Math.max(this.now, istMicros(date, 14 * 60 + 40));
    this.runner.open(date, 'eod', 'ops');
    this.runner.open(date, 'set', 'ops');
    await this.advance();
    this.start(date, 'T0');
    const { payInFrom, payOutBy } = settlementWindow('5', date, this.calendar);
    for (const minute of [payInFrom, payOutBy]) {
      this.now = Math.max(this.now, istMicros(date, minute));
      await this.advance();
    }
  }

  private start(date: string, segment: string): void {
    const key = `SET-PAYIN-EXECUTE@${segment}`;
    const { status, proposal, isReleased } = this.runner.states.state(`${date}/set/1`, key);
    if (status !== 'waiting' || isReleased) return;
    if (proposal === undefined) this.operator.propose(`${date}/set/1`, key, 'start', { by: 'asha', reason: 'pay-in of the day' });
    this.operator.approve(`${date}/set/1`, key, 'binod');
  }

  /** The evening of a date: what settles is prepared and blocked. */
  async evening(date: string): Promise<void> {
    this.now = Math.max(this.now, istMicros(date, 20 * 60));
    this.outside?.depository.adjust(actionsOn(this.script, date));
    this.outside?.depository.funded.accept(this.faults);
    this.runner.open(date, 'eod', 'ops');
    this.runner.open(date, 'set', 'ops');
    if (this.hasSameDay) this.start(date, 'T0');
    await this.advance();
  }

  /** The settlement day of a trade date: two persons start the pay-in, the pay-out follows. */
  async settle(date: string): Promise<void> {
    const window = settlementWindow('M', date, this.calendar);
    this.now = Math.max(this.now, istMicros(window.date, Math.max(10 * 60, window.payInFrom)));
    for (const segment of SEGMENTS) this.start(date, segment);
    await this.advance();
    this.now = Math.max(this.now, istMicros(window.date, window.payOutBy));
    await this.advance();
  }

  /** Evenings and settlement days of every date, in the order of the clock; `isPatient`: what fails is let run again by a person until nothing does. */
  async everything(isPatient = false): Promise<void> {
    const steps = this.dates.flatMap((date) => [
      ...(this.hasSameDay ? [{ at: `${date}T15`, run: () => this.sameDay(date) }] : []),
      { at: `${date}T20`, run: () => this.evening(date) },
      { at: `${this.calendar.settlementDay(date, 1)}T10 ${date}`, run: () => this.settle(date) },
    ]);
    for (const { run } of steps.sort((a, b) => (a.at < b.at ? -1 : 1))) {
      await run();
      for (let tries = 0; isPatient && tries < TRIES_MAX && this.retryFailed() > 0; tries++) {
        this.now += 60e6;
        await run();
      }
    }
  }

  /** Lets everything that failed run again, as a person; how much that was. */
  private retryFailed(): number {
    let retried = 0;
    for (const runId of this.dates.map((date) => `${date}/set/1`)) {
      if (this.store.run(runId) === undefined) continue;
      for (const [key, { status }] of this.runner.states.of(runId)) {
        if (status !== 'failed' && status !== 'manual') continue;
        this.operator.retry(runId, key, { by: 'asha', reason: 'put right at the other side' });
        retried += 1;
      }
    }
    return retried;
  }

  /** A client pays, paise. */
  receive(client: string, amount: number): void {
    const businessDate = Number((this.dates.at(-1) ?? '').replaceAll('-', ''));
    const transfers = [{ debit: 'USCNBA/HDFC', credit: `CLIENT/${client}`, amount }];
    this.ledger.transact((books) => books.post({ key: `RECEIPT ${client}`, kind: 'RECEIPT', businessDate, narration: '', at: 1, transfers }));
  }

  async advance(): Promise<void> {
    for (let i = 0; i < 100; i++) {
      const wakeAt = await this.runner.advance();
      if (wakeAt === 0 || wakeAt > this.now + 7200e6) return;
      this.now = Math.max(this.now, wakeAt);
    }
  }

  status(key: string, date: string): Status {
    return this.runner.states.state(`${date}/set/1`, key).status;
  }

  /** What the securities leg of a node left: of the cash segment, or of T+0. */
  left(node: string, date: string, segment: 'CM' | 'T0' = 'CM'): Record<string, unknown> {
    return this.runner.states.state(`${date}/set/1`, `${node}@${segment}`).outputs['securities'] as Record<string, unknown>;
  }

  note(node: string, date: string): string {
    return this.runner.states.state(`${date}/set/1`, `${node}@CM`).note;
  }

  /** Gates of a node of the cash segment that are open, in words. */
  gates(node: string, date: string): string[] {
    const { openGates: gates } = this.runner.states.state(`${date}/set/1`, `${node}@CM`);
    return gates.filter(({ left, right }) => left !== right).map(({ name, left, right }) => `${name}: ${left} against ${right}`);
  }

  /** Instances of a date that are not done, with their errors. */
  notDone(date: string): Record<string, string> {
    const states = [...this.runner.states.of(`${date}/set/1`)].filter(([, { status }]) => status !== 'done');
    return Object.fromEntries(states.map(([key, { status, error }]) => [key, error === '' ? status : `${status}: ${error}`]));
  }

  /** Our balances that are not zero as `account SHARE`, of accounts that match. */
  ours(pattern: RegExp = /./): Record<string, number> {
    const names = new Map(Object.entries(SHARES).map(([name, { isin }]) => [isin, name]));
    const rows = [...this.units.balancesOf()].filter(({ account }) => pattern.test(account));
    return Object.fromEntries(rows.map(({ account, isin, units }) => [`${account} ${names.get(isin)}`, units]));
  }

  /** Holdings by client and ISIN, by our books and by the depository's; what is zero is left out. */
  holdings(): { ours: Record<string, number>; depository: Record<string, number> } {
    const flat = (all: ReadonlyMap<string, ReadonlyMap<string, number>>): Record<string, number> =>
      Object.fromEntries(
        [...all]
          .flatMap(([client, held]) => [...held].map(([isin, units]) => [`${client} ${isin}`, units] as const))
          .filter(([, units]) => units !== 0)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      );
    return { ours: flat(this.units.dematHoldings()), depository: flat(this.outside.depository.holdings()) };
  }

  async close(): Promise<void> {
    await this.runner?.stop();
    await this.store?.close();
    await this.server?.close();
  }

  async end(): Promise<void> {
    await this.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Trades of a date as the exchange saw them. */
  seen(date: string): SeenTrade[] {
    return (this.script.trades[date] ?? []).map((words, at) => {
      const [side = 'B', client = '', traded = '', quantity = '0'] = words.split(' ');
      const isSameDay = traded.endsWith(SAME_DAY);
      const { token, close } = shareOf(traded.replace(SAME_DAY, ''));
      const id = `${date.replaceAll('-', '')}${at}`;
      return {
        segment: isSameDay ? 'T0' : 'CM',
        token: isSameDay ? token + SAME_DAY_TOKENS : token,
        client,
        side: side === 'S' ? 'S' : 'B',
        quantity: Number(quantity),
        price: close,
        tradeId: `T${id}`,
        orderId: `O${id}`,
      };
    });
  }

  /** A date as the sandbox knows it. */
  marketDay(date: string): MarketDay {
    const before = this.calendar.tradedBefore(date);
    const shares = new Map(Object.entries(SHARES).map(([symbol, share]) => [share.token, bhavcopyRow(symbol, share, date)]));
    const none = new Map<number, BhavcopyRow>();
    return {
      date,
      before,
      files: new Map(),
      sameDayShares: this.hasSameDay ? inSameDaySession(shares) : new Map(),
      bseShares: new Map(),
      ...{ bseContractsBefore: none, bseContracts: none },
      ...{ currencyBefore: none, currency: none, commoditiesBefore: none, commodities: none },
      sharesBefore: shares,
      shares,
      contractsBefore: none,
      contracts: none,
      clients: clientsOf(this.script),
      parameters: NO_PARAMETERS,
    };
  }

  private async openOutside(): Promise<void> {
    const tree = new TreeOnDisk(this.faults, join(this.directory, 'outside'));
    const days = this.dates.map((date) => this.marketDay(date));
    const [first] = days;
    if (first === undefined) throw new Error('a script needs a date');
    const books = new Counterparties({ clients: [], sharesBefore: new Map() }, this.faults);
    this.outside = openUnitBooks({ day: first, actions: [], trades: this.seen(first.date), faults: this.faults, tree }, books.desks);
    books.securities = this.outside;
    this.books = books;
    for (const day of days) {
      if (day !== first) this.outside.desk.openDay(day, this.seen(day.date));
      if (this.hasSameDay) this.outside.desk.openDay(day, this.seen(day.date), 'T0');
      this.offer(tree, day);
    }
    this.server = await startHttpServer(books, this.faults, 'token');
    const way = { primary: { kind: 'directory', path: join(this.directory, 'outside') } };
    const tokenFile = join(this.directory, 'token');
    writeFileSync(tokenFile, 'token\n');
    const port = this.server.port;
    const call = (target: string): object => ({ base: `http://127.0.0.1:${port}`, path: `/${target}/instructions`, tokenFile, timeoutSeconds: 60 });
    const calls = { depository: call('depository'), clearing: call('clearing') };
    writeFileSync(join(this.directory, 'ports.json'), JSON.stringify({ exchange: way, clearing: way, depository: way, calls }));
  }

  /** Files of a date that the sandbox would offer. */
  private offer(tree: FileTree, day: MarketDay): void {
    const made = eveningFiles(day, this.seen(day.date));
    const put = (role: keyof typeof FILE_NAMES, text: string): void => {
      const name = FILE_NAMES[role].name(day.date, day.before);
      const bytes = Buffer.from(text, 'latin1');
      const zipped = (): Uint8Array => zipSync({ [name.replace(/\.zip$/, '')]: bytes });
      tree.offer(pathOf(role, day.date, day.before), name.endsWith('.gz') ? gzipSync(bytes) : name.endsWith('.zip') ? zipped() : bytes);
    };
    put('obligation-cm', made['obligation-cm'] ?? '');
    put('trades-cm', made['trades-cm'] ?? '');
    if (this.hasSameDay) for (const role of ['obligation-t0', 'trades-t0'] as const) put(role, made[role] ?? '');
    put(
      'pledge-status',
      pledgeStatus(day, [], () => 0),
    );
    const actions = actionsOn(this.script, day.date);
    put('corporate-actions', corporateActionList(actions, day.date));
    // What a morning takes in.
    const bytes = Buffer.from(corporateActionList(actions, day.date), 'latin1');
    if (actions.length > 0) new NightFiles(this.directory).keep('corporate-actions', day.date, { name: 'a.csv', bytes, sha256: sha256Of(bytes) });
    put('bhavcopy-cm', priceFile(day.date));
    const demats = readFileSync(join(this.directory, 'outside', pathOf('demat-accounts', this.dates[0] ?? '', '')), 'latin1');
    put('demat-accounts', demats);
  }

  private openNight(options: UnitWorldOptions): void {
    this.store = new NightStore(join(this.directory, 'night', 'state'), { synced: options.synced ?? false });
    const parts = { dataDirectory: this.directory, files: new NightFiles(this.directory), calendar: this.calendar };
    const legs = Object.entries(securitiesLegs(parts)).map(([id, leg]): [string, NodeBody] => [id, ofLegs(leg)]);
    const wrap = options.wrap ?? ((body: NodeBody): NodeBody => body);
    const { onRecord } = options;
    this.runner = new NightRunner({
      store: this.store,
      graph: graphOf(this.hasSameDay ? SETTLED : SEGMENTS),
      bodies: new Map([...eveningBodies(parts), ...legs].map(([id, body]) => [id, wrap(body)])),
      calendar: this.calendar,
      now: () => this.now,
      parallel: 1,
      ...(onRecord === undefined ? {} : { onRecord }),
    });
    this.operator = new Operator(this.runner);
    this.now = istMicros(this.dates[0] ?? '', 20 * 60);
    this.openLedger();
  }

  private openLedger(): void {
    const ledger = this.ledger;
    if (ledger.head.sequence > 0) return;
    const head = { businessDate: Number((this.dates[0] ?? '').replaceAll('-', '')), at: 1, narration: '', approvals: ['asha', 'binod'] };
    const clients = new Set(clientsOf(this.script).map(({ account }) => account));
    const transfers = [...clients].flatMap((client) => {
      const amount = this.script.cash?.[client] ?? RICH;
      if (amount === 0) return [];
      return [
        amount > 0
          ? { debit: 'USCNBA/HDFC', credit: `CLIENT/${client}`, amount }
          : { debit: `CLIENT/${client}`, credit: 'USCNBA/HDFC', amount: -amount },
      ];
    });
    ledger.transact((books) => books.post({ ...head, key: 'OPENING', kind: 'OPENING', transfers }));
  }
}
