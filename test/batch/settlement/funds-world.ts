// A house's money over two days: what the evening of DATE left in shorthand, books and bank that begin equal, a night of settlement nodes only, and a
// bank and clearing corporation that are the sandbox's, over HTTP or in the same process. Money in paise.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import type { Graph } from '../../../batch/graph/graph.ts';
import { SEGMENTS, SETTLED } from '../../../batch/graph/node-row.ts';
import { Ledger } from '../../../batch/ledger/ledger.ts';
import { NightFiles } from '../../../batch/nodes/night-files.ts';
import { MoneyBreaks } from '../../../batch/nodes/settlement/funds-breaks.ts';
import { fundsLegs } from '../../../batch/nodes/settlement/funds-legs.ts';
import type { MoneyPort, MoneyTarget } from '../../../batch/nodes/settlement/funds-ports.ts';
import { ofLegs } from '../../../batch/nodes/settlement/settlement-leg.ts';
import { type InstanceRecord, istMicros, NightRunner, NightStore, type NodeBody, Operator, type Status } from '../../../batch/runner/index.ts';
import type { MoneyBooks } from '../../../batch/sandbox/bank-money.ts';
import { Counterparties } from '../../../batch/sandbox/counterparties.ts';
import { FaultSwitches } from '../../../batch/sandbox/faults.ts';
import { type HttpServer, startHttpServer } from '../../../batch/sandbox/http-server.ts';
import { copyOf } from './copy-of.ts';
import { settlementGraph } from './settlement-graph.ts';

export const DATE = '2026-11-19';
export const NEXT = '2026-11-20';
export const BANK = 'USCNBA/HDFC';
const DAY = 20261119;
const DUE = 20261120;
/** Minutes of the day at which a world begins: with T+0, or without. */
const [AFTERNOON, EVENING] = [14 * 60 + 40, 18 * 60 + 31] as const;
const NODES = ['SET-PAYIN-PREP', 'SET-PAYIN-EXECUTE', 'SET-PAYOUT-PREP', 'SET-PAYOUT-RECV', 'SET-UPSTREAM', 'BANK-RECON'];

/** `SEGMENT TYPE NUMBER net`; type and number '-' where files have none; segment T0 for T+0, due on DATE itself. */
export type Obligation = string;

export interface Script {
  readonly obligations: readonly Obligation[];
  /** Securities transaction tax and stamp duty of the cash segment. */
  readonly taxes?: number;
  /** What clients have with the firm. */
  readonly clients: Readonly<Record<string, number>>;
  /** The firm's own money at the bank. */
  readonly own?: number;
  readonly house?: Readonly<Record<string, unknown>>;
}

/** Pay-in by two settlements of cash, pay-out of derivatives, taxes; three clients. */
export const SMALL: Script = {
  obligations: ['CM M 2026223 -15000000', 'CM Z 2026223 -2500000', 'FO - - 4000000'],
  taxes: 30_00,
  clients: { C0001: 30_000_000, C0002: 10_000_000, C0003: 5_000_000 },
  own: 1_000_000,
  house: { fdrPercent: 20, mfosPercent: 10, lot: 1_000_000 },
};

/** The same, and a pay-in of T+0 on the day before. */
export const WITH_SAME_DAY: Script = { ...SMALL, obligations: [...SMALL.obligations, 'T0 5 2026223 -4000000'] };

interface Due {
  readonly segment: string;
  readonly clearing: string;
  readonly number: string;
  readonly type: string;
  readonly net: number;
  /** yyyymmdd */
  readonly due: number;
}

function dueOf(words: Obligation): Due {
  const [segment = '', type = '', number = '', net = ''] = words.split(' ');
  const named = number === '-' ? `${segment}${DAY}` : `${type}${number}`;
  return {
    segment,
    clearing: segment === 'COM' ? 'MCXCCL' : 'NCL',
    number: named,
    type: type === '-' ? '' : type,
    net: Number(net),
    due: segment === 'T0' ? DAY : DUE,
  };
}

/** Nodes of settlement for a house that settles these. */
const graphOf = (settled: typeof SETTLED): Graph => settlementGraph(['EOD-OBLIG-PROCESS', 'EOD-MTM-EOD', 'EOD-RECON', 'EOD-READY'], NODES, settled);
export const graph: Graph = graphOf(SEGMENTS);

/** What the end of day leaves. */
function evening({ obligations, taxes = 0 }: Script): [string, NodeBody][] {
  const dues = obligations.map(dueOf);
  const process: NodeBody = async ({ segment }) => ({
    outputs: {
      settlements: dues
        .filter((due) => due.segment === segment)
        .map(({ clearing, number, type, net, due }) => ({ clearing, number, type, due, net })),
      taxes: segment === 'CM' ? { stt: taxes, stamp: 0 } : {},
    },
  });
  return [
    ['EOD-OBLIG-PROCESS', process],
    ['EOD-MTM-EOD', async () => ({ outputs: { delivery: 0 } })],
    ['EOD-RECON', async () => ({})],
    ['EOD-READY', async () => ({})],
  ];
}

/** Books begin with what clients and firm have; the evening's trades and taxes are booked. */
export function openBooks(ledger: Ledger, { obligations, taxes = 0, clients, own = 0 }: Script): void {
  const head = { businessDate: DAY, at: 1, narration: '', approvals: ['asha', 'binod'] };
  ledger.transact((books) => {
    const opening = Object.entries(clients).map(([client, amount]) => ({ debit: BANK, credit: `CLIENT/${client}`, amount }));
    books.post({ ...head, key: `OPENING ${BANK}`, kind: 'OPENING', transfers: opening });
    if (own > 0)
      books.post({ ...head, key: 'OPENING OWN-BANK/HDFC', kind: 'OPENING', transfers: [{ debit: 'OWN-BANK/HDFC', credit: 'CAPITAL', amount: own }] });
    for (const { clearing, number, net, due } of obligations.map(dueOf)) {
      const account = `CLEARING/${clearing}-${number}@${due}`;
      const transfers = [
        net > 0 ? { debit: account, credit: 'CLIENT/C0001', amount: net } : { debit: 'CLIENT/C0001', credit: account, amount: -net },
      ];
      if (net !== 0) books.post({ ...head, key: `TRADE ${number}`, kind: 'TRADE', transfers });
    }
    if (taxes === 0) return;
    books.post({ ...head, key: 'STT', kind: 'CHARGES', transfers: [{ debit: 'CLIENT/C0001', credit: 'LEVIES/STT', amount: taxes }] });
    const account = `CLEARING/NCL-CMTAX${DAY}@${DUE}`;
    books.post({ ...head, key: 'STT on', kind: 'REMITTANCE', transfers: [{ debit: 'LEVIES/STT', credit: account, amount: taxes }] });
  });
}

/** The other side of a script: opening balances and obligations. */
export function openBank(money: MoneyBooks, { obligations, clients, own = 0 }: Script): void {
  money.change(({ bank, clearing }) => {
    bank.openWith(BANK, sumOf(Object.values(clients)));
    bank.openWith('OWN-BANK/HDFC', own);
    for (const due of obligations.map(dueOf)) clearing.oblige(due.clearing, due.number, due.net);
  });
}

export interface WorldOptions {
  readonly directory?: string;
  readonly port?: (target: MoneyTarget) => MoneyPort;
  readonly synced?: boolean;
  readonly onRecord?: (runId: string, key: string, record: InstanceRecord) => void;
  readonly wrap?: (body: NodeBody) => NodeBody;
}

/** The house, and its night. */
export class FundsWorld {
  readonly directory: string;
  readonly runner: NightRunner;
  readonly operator: Operator;
  readonly ledger: Ledger;
  readonly breaks: MoneyBreaks;
  now: number;
  private readonly store: NightStore;
  private readonly hasSameDay: boolean;

  constructor(script: Script, options: WorldOptions = {}) {
    this.directory = options.directory ?? mkdtempSync(join(tmpdir(), 'funds-'));
    this.hasSameDay = script.obligations.some((words) => words.startsWith('T0 '));
    this.now = istMicros(DATE, this.hasSameDay ? AFTERNOON : EVENING);
    const files = { primary: { kind: 'directory', path: this.directory } };
    const ports = join(this.directory, 'ports.json');
    if (!existsSync(ports)) writeFileSync(ports, JSON.stringify({ exchange: files, clearing: files, depository: files }));
    if (script.house !== undefined) writeFileSync(join(this.directory, 'money.json'), JSON.stringify(script.house));
    this.store = new NightStore(join(this.directory, 'night', 'state'), { synced: options.synced ?? false });
    const day = { dataDirectory: this.directory, files: new NightFiles(this.directory), calendar: new BusinessCalendar() };
    const legs = Object.entries(fundsLegs(day, options.port)).map(([id, leg]): [string, NodeBody] => [id, ofLegs(leg)]);
    const bodies = new Map([...evening(script), ...legs].map(([id, body]) => [id, (options.wrap ?? ((each) => each))(body)]));
    const { onRecord } = options;
    this.runner = new NightRunner({
      store: this.store,
      graph: this.hasSameDay ? graphOf(SETTLED) : graph,
      bodies,
      calendar: day.calendar,
      now: () => this.now,
      parallel: 4,
      ...(onRecord === undefined ? {} : { onRecord }),
    });
    this.operator = new Operator(this.runner);
    this.ledger = new Ledger(this.store.root);
    this.breaks = new MoneyBreaks(this.store.root);
    if (this.ledger.head.sequence === 0) openBooks(this.ledger, script);
  }

  /** The afternoon of DATE: what settles on the day itself, let start by two persons; nothing where nothing does. */
  async afternoon(): Promise<void> {
    if (!this.hasSameDay) return;
    this.runner.open(DATE, 'eod', 'ops');
    this.runner.open(DATE, 'set', 'ops');
    await this.runner.advance();
    for (const minute of [15 * 60, 16 * 60 + 30]) {
      this.now = Math.max(this.now, istMicros(DATE, minute));
      this.start('T0');
      await this.runner.advance();
    }
  }

  /** The evening of DATE: obligations, reservations, upstreaming, reconciliation. */
  async evening(): Promise<void> {
    this.now = Math.max(this.now, istMicros(DATE, EVENING));
    this.runner.open(DATE, 'eod', 'ops');
    this.runner.open(DATE, 'set', 'ops');
    if (this.hasSameDay) this.start('T0');
    await this.advance();
  }

  /** The settlement day: two persons start the pay-ins, the pay-outs follow at their time. */
  async morning(): Promise<void> {
    this.now = Math.max(this.now, istMicros(NEXT, 9 * 60));
    this.start();
    await this.advance();
    this.now = Math.max(this.now, istMicros(NEXT, 15 * 60 + 30));
    await this.advance();
  }

  /** The settlement day, and the evening's upstreaming and reconciliation after it. */
  async nextDay(): Promise<void> {
    await this.morning();
    this.now = Math.max(this.now, istMicros(NEXT, 18 * 60 + 31));
    this.runner.open(NEXT, 'set', 'ops');
    await this.advance();
  }

  /** Two persons let every pay-in start that waits for them, or those of one segment. */
  start(segment = ''): void {
    for (const [key, { status, isReleased, proposal }] of this.runner.states.of(`${DATE}/set/1`)) {
      if (!key.startsWith('SET-PAYIN-EXECUTE') || !key.endsWith(segment) || status !== 'waiting' || isReleased) continue;
      if (proposal === undefined) this.operator.propose(`${DATE}/set/1`, key, 'start', { by: 'asha', reason: 'pay-in of the day' });
      this.operator.approve(`${DATE}/set/1`, key, 'binod');
    }
  }

  /** Runs what is ready, moving the clock over every wait that ends within minutes. */
  async advance(): Promise<void> {
    for (let i = 0; i < 200; i++) {
      const wakeAt = await this.runner.advance();
      if (wakeAt === 0 || wakeAt > this.now + 3600e6) return;
      this.now = Math.max(this.now, wakeAt);
    }
  }

  status(key: string, date: string = DATE): Status {
    return this.runner.states.state(`${date}/set/1`, key).status;
  }

  /** Instances that are not done, with their errors. */
  notDone(date: string = DATE): Record<string, string> {
    if (this.runner.states.newest(date, 'set') === undefined) return {};
    const states = [...this.runner.states.of(`${date}/set/1`)].filter(([, { status }]) => status !== 'done');
    return Object.fromEntries(states.map(([key, { status, error }]) => [key, error === '' ? status : `${status}: ${error}`]));
  }

  outputs(key: string, date: string = DATE): Record<string, unknown> {
    return this.runner.states.state(`${date}/set/1`, key).outputs['funds'] as Record<string, unknown>;
  }

  /** Two persons close every open break, and what it stopped is tried again. */
  async settleBreaks(): Promise<void> {
    for (const { id, state } of this.breaks.all()) {
      if (state !== 'open' && state !== 'proposed') continue;
      if (state === 'open') this.breaks.propose(id, 'asha', 'asked the bank');
      this.breaks.approve(id, 'binod');
    }
    for (const date of [DATE, NEXT]) {
      const run = this.runner.states.newest(date, 'set');
      if (run === undefined) continue;
      for (const [key, state] of this.runner.states.of(run.id)) {
        // Not known for too long: two persons call it failed, and the next try asks the other side first.
        if (state.status === 'inDoubt') {
          if (state.proposal === undefined) this.operator.propose(run.id, key, 'fail', { by: 'asha', reason: 'the bank does not answer' });
          this.operator.approve(run.id, key, 'binod');
        }
        if (state.status === 'failed' || state.status === 'manual') this.operator.retry(run.id, key, { by: 'asha', reason: 'break closed' });
      }
    }
    await this.advance();
  }

  /** Balances that are not zero, by account. */
  balances(pattern: RegExp = /./): Record<string, number> {
    return Object.fromEntries(
      [...this.ledger.accounts()].filter(({ id, balance }) => pattern.test(id) && balance !== 0).map(({ id, balance }) => [id, balance]),
    );
  }

  async close(): Promise<void> {
    await this.runner.stop();
    await this.store.close();
  }

  async end(): Promise<void> {
    await this.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Bank and clearing corporation over HTTP, and the ports.json that leads to them. */
export class Outside {
  readonly faults: FaultSwitches;
  readonly books: Counterparties;
  private server: HttpServer | undefined;

  constructor(script: Script, faults = '') {
    this.faults = new FaultSwitches();
    this.books = new Counterparties({ clients: [], sharesBefore: new Map() }, this.faults);
    openBank(this.books.money, script);
    for (const word of faults.split(',').filter((one) => one !== '')) this.faults.switchOn(word);
  }

  /** Another that goes on from how this one stands now. */
  copied(): Outside {
    const { faults, books } = this;
    return Object.assign(new Outside({ obligations: [], clients: {} }), copyOf({ faults, books }));
  }

  /** Starts it and says in `directory` where it is. */
  async serve(directory: string): Promise<void> {
    this.server = await startHttpServer(this.books, this.faults, 'token');
    const files = { primary: { kind: 'directory', path: directory } };
    const tokenFile = join(directory, 'token');
    writeFileSync(tokenFile, 'token\n');
    const call = (target: string): object => ({
      base: `http://127.0.0.1:${this.server?.port}`,
      path: `/${target}/instructions`,
      tokenFile,
      timeoutSeconds: 60,
    });
    const calls = { bank: call('bank'), clearing: call('clearing') };
    writeFileSync(join(directory, 'ports.json'), JSON.stringify({ exchange: files, clearing: files, depository: files, calls }));
  }

  /** What does not depend on the order in which things happened: every settlement, and all of the house's money wherever it lies. */
  get outcome(): object {
    const { bank, clearing } = this.books.money;
    return { settlements: clearing.all, money: sumOf(Object.values(bank.balances)) + sumOf(Object.values(clearing.collateral)) };
  }

  /** The house's accounts as bank and clearing corporation have them, by our names; those at zero are left out. */
  get places(): Record<string, number> {
    const { bank, clearing } = this.books.money;
    const placed = Object.entries(clearing.collateral).map(([name, paise]) => [`UPSTREAMED/${name}`, paise] as const);
    return Object.fromEntries([...Object.entries(bank.balances), ...placed].filter(([, paise]) => paise !== 0).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  async close(): Promise<void> {
    await this.server?.close();
  }
}

/** Our accounts that lie at a bank or a clearing corporation. */
export const PLACES: RegExp = /^(CLIENT-BANK|USCNBA|DSCNBA|OWN-BANK|SETTLEMENT|UPSTREAMED)\//;

export const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, each) => sum + each, 0);
