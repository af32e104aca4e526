// Days in a row, as a house lives them: morning files and gates, trading over real FIX, the evening, the settlement that ends on the next day, the
// next morning. One night process, one sandbox over all days; gateway and order system are programs of their own. Clocks jump, nothing else is left
// out.
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../../workers/index.ts';
import { BusinessCalendar } from '../calendar/business-calendar.ts';
import { Ledger } from '../ledger/ledger.ts';
import { type Night, openNight } from '../night/night.ts';
import { type NightView, nightView } from '../night/night-view.ts';
import { recordOf } from '../nodes/end-of-day/day-parts.ts';
import { nightBodies } from '../nodes/index.ts';
import { istDate, istMicros, istTime } from '../runner/index.ts';
import { PRACTICE_ACCOUNT, type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { type ComparedMoney, compareMoney } from './both-books.ts';
import { DayClock } from './day-clock.ts';
import { beginWhole, OWN_MONEY, openBooks, readGeneratedClients, signOfLife, writePracticeHouse } from './practice-house.ts';
import { type DayGateway, runTarazu } from './programs.ts';
import { tradeDay } from './trading-session.ts';

/** What is rehearsed. */
export interface LoopOptions {
  /** Everything is written below it; must be new. */
  readonly folder: string;
  /** YYYY-MM-DD, traded. */
  readonly first: string;
  readonly days: number;
  readonly clients: number;
  /** Seconds of trading a day, and requests a second. */
  readonly seconds: number;
  readonly rate: number;
  readonly seed: number;
  /** A line of the timeline. */
  readonly say: (line: string) => void;
  /** Faults of the sandbox, as on its command line. */
  readonly faults?: string;
}

const MAKER = 'asha';
const CHECKER = 'binod';
const MORNING = 6 * 60;
/** Pay-in is let start on the settlement day at this time. */
const APPROVALS = 9 * 60 + 45;
/** The same of T+0, on the trade date itself. */
const SAME_DAY_APPROVALS = 15 * 60;
/** T+0's session is over, and what it left is at the clearing corporation. */
const SAME_DAY_ENDS = 13 * 60 + 30;
const BEFORE_OPEN = 9 * 60 + 14;
const AFTER_CLOSE = 15 * 60 + 40;
const AFTER_CURRENCY = 17 * 60 + 5;
const AFTER_COMMODITY = 23 * 60 + 35;
const MIDNIGHT = 24 * 60;
/** By then commodity has closed and its chain is through. */
const EVENING_ENDS = MIDNIGHT + 4 * 60;
/** By then the settlement of the day before is paid in, paid out (a second session at 21:00), upstreamed and reconciled. */
const SETTLED = 21 * 60 + 30;
const UNDERLYINGS = 6;
const STRIKES = 5;
/** Verdicts stay valid all day: seconds of a rehearsed day are too short for an order system to confirm in. */
const CONFIRM_SECONDS = 36_000;
/** Rupees the house lends one client at most (MTF). */
const FUNDING_LIMIT = 5_000_000;

/** See the file's head. */
export class DayLoop {
  readonly clock: DayClock;
  readonly dates: readonly string[];
  readonly dataDirectory: string;
  /** Both sides' books of money at the end of each date's evening; '' at the very end. */
  readonly compared: Map<string, ComparedMoney> = new Map();
  /** Clients in debit at the same moments: the firm carries them. */
  readonly inDebit: Map<string, number> = new Map();
  /** By date, when its settlement is let start, microseconds. */
  private readonly approvals: ReadonlyMap<string, number>;
  private readonly options: LoopOptions;
  private opened: { readonly sandbox: Sandbox; readonly night: Night } | undefined;
  private gateway: DayGateway | undefined;

  constructor(options: LoopOptions) {
    const calendar = new BusinessCalendar();
    if (!calendar.isTraded(options.first)) throw new RangeError(`${options.first} is not traded`);
    const dates = [options.first];
    while (dates.length < options.days) dates.push(calendar.tradedAfter(dates.at(-1) ?? options.first));
    this.options = options;
    this.dates = dates;
    this.approvals = new Map(dates.map((date) => [date, istMicros(calendar.settlementDay(date, 1), APPROVALS)]));
    this.dataDirectory = join(options.folder, 'data');
    if (existsSync(this.dataDirectory)) throw new Error(`${this.dataDirectory}: is there already; name a new directory`);
    this.clock = new DayClock(istMicros(options.first, MORNING - 15));
  }

  get night(): Night {
    if (this.opened === undefined) throw new Error('the loop has not begun');
    return this.opened.night;
  }

  get sandbox(): Sandbox {
    if (this.opened === undefined) throw new Error('the loop has not begun');
    return this.opened.sandbox;
  }

  /** Lives every day through, and the settlement of the last on the day after it. */
  async run(): Promise<void> {
    for (const [at, date] of this.dates.entries()) {
      await (at === 0 ? this.begin(date) : this.sandbox.days.morning(await this.generate(date)));
      await this.live(date);
    }
    const after = new BusinessCalendar().settlementDay(this.dates.at(-1) ?? '', 1);
    this.say(`${after}: the last settlement`);
    await this.nightUntil(istMicros(after, SETTLED));
    this.tell(this.dates.at(-1) ?? '', 'set');
    this.compare('');
  }

  /** Ends what was started; safe at any moment. */
  async close(): Promise<void> {
    await this.gateway?.stop();
    this.gateway = undefined;
    await this.opened?.night.close();
    await this.opened?.sandbox.close();
    this.opened = undefined;
  }

  view(date: string): NightView {
    return nightView(this.night, date);
  }

  private async begin(date: string): Promise<void> {
    const { options, dataDirectory, clock } = this;
    makeDirectory(dataDirectory);
    const day = await this.generate(date);
    await beginWhole(day, new BusinessCalendar().tradedBefore(date));
    const sandbox = await startSandbox({
      ...{ dataDirectory, day, seed: options.seed, faults: options.faults ?? '', own: OWN_MONEY },
      clock: () => clock.now() / 1000,
    });
    writePracticeHouse(dataDirectory, readGeneratedClients(day), Number(date.slice(0, 4)));
    writeFileSync(join(dataDirectory, 'policy.json'), `${JSON.stringify({ confirmWithinSeconds: CONFIRM_SECONDS, fundingLimit: FUNDING_LIMIT })}\n`);
    const night = await openNight({ dataDirectory, bodies: nightBodies({ dataDirectory }), now: () => clock.now() });
    this.opened = { sandbox, night };
    openBooks(new Ledger(night.store.root), readGeneratedClients(day), { date, at: clock.now() });
  }

  private async generate(date: string): Promise<string> {
    const { folder, first, seed, clients } = this.options;
    const day = join(folder, 'days', date);
    makeDirectory(day);
    const size = ['--clients', `${clients}`, '--underlyings', `${UNDERLYINGS}`, '--strikes', `${STRIKES}`, '--versions', '2'];
    const more = ['--bse', '--same-day', '--funded'];
    await runTarazu(
      ['generate', 'day', '--out', day, '--date', date, '--first', first, '--seed', `${seed}`, ...size, ...more],
      join(folder, 'generate.log'),
    );
    // What qualifies for cross margin, and which shares it funds, are lists the house keeps.
    for (const list of ['cross_margin', 'mtf']) {
      const name = readdirSync(day).find((each) => each.startsWith(`${list}_`));
      if (name !== undefined) copyFileSync(join(day, name), join(this.dataDirectory, `${list}.csv`));
    }
    return day;
  }

  private async live(date: string): Promise<void> {
    const { clock, options } = this;
    const day = join(options.folder, 'days', date);
    const trades = join(day, 'trades.jsonl');
    writeFileSync(trades, '');
    clock.jump(istMicros(date, MORNING));
    signOfLife(this.dataDirectory, date, clock.now());
    await this.phase(date, 'bod', BEFORE_OPEN);
    const open = this.openOf(date, 'bod');
    if (open.length > 0) throw new Error(`the morning of ${date} is not green: ${open.join('; ')}`);
    // The evening's and the settlement's runs are open all day: T+0 is through with both before the market is closed.
    for (const phase of ['th', 'eod', 'set'] as const) this.night.runner.open(date, phase, 'rehearsal');
    this.gateway = await tradeDay({
      ...{ folder: options.folder, dataDirectory: this.dataDirectory, day, date, trades, clock },
      ...{ seconds: options.seconds, clients: options.clients, rate: options.rate, seed: options.seed },
      nightUntil: (micros) => {
        if (micros > istMicros(date, SAME_DAY_ENDS)) this.sandbox.days.sameDayClose(trades);
        return this.nightUntil(micros);
      },
      closed: (what) => (what === 'equity' ? this.equityClosed(date, trades) : this.currencyClosed(date, trades)),
      say: (line) => this.say(line),
    });
    await this.nightUntil(istMicros(date, AFTER_COMMODITY));
    this.sandbox.days.late('COM', trades);
    await this.nightUntil(istMicros(date, EVENING_ENDS));
    this.tell(date, 'eod');
    await this.gateway.stop();
    this.gateway = undefined;
    this.tell(date, 'th');
    this.compare(date);
    this.report(date);
  }

  /** The evening of equity begins, while currency and commodity go on. */
  private async equityClosed(date: string, trades: string): Promise<void> {
    await this.nightUntil(istMicros(date, AFTER_CLOSE - 1));
    const before = this.dates[this.dates.indexOf(date) - 1];
    if (before !== undefined) this.tell(before, 'set');
    this.sandbox.days.evening(trades);
    await this.nightUntil(istMicros(date, AFTER_CLOSE));
  }

  private async currencyClosed(date: string, trades: string): Promise<void> {
    await this.nightUntil(istMicros(date, AFTER_CURRENCY));
    this.sandbox.days.late('CD', trades);
  }

  /** Somebody hands the evening's report of clients' money and collateral in at the clearing corporation. */
  private report(date: string): void {
    const segregation = this.night.runner.states.state(`${date}/eod/1`, 'EOD-COMP-REPORT').outputs['segregation'];
    if (segregation === undefined) return;
    this.sandbox.days.report(readFileSync(String(recordOf(segregation, 'segregation')['file']), 'latin1'));
  }

  private compare(date: string): void {
    const ledger = new Ledger(this.night.store.root);
    this.compared.set(date, compareMoney(ledger, this.sandbox, PRACTICE_ACCOUNT));
    this.inDebit.set(date, [...ledger.accounts()].filter(({ id, balance }) => id.startsWith('CLIENT/') && balance < 0).length);
  }

  private async phase(date: string, phase: 'bod', until: number): Promise<void> {
    this.night.runner.open(date, phase, 'rehearsal');
    await this.nightUntil(istMicros(date, until));
    this.tell(date, phase);
  }

  /** Does what is due up to an instant; pay-in that two persons let start is let start at its time. */
  private async nightUntil(micros: number): Promise<void> {
    const now = this.clock.now();
    const instants = [...this.approvals.values(), ...this.dates.map((date) => istMicros(date, SAME_DAY_APPROVALS))];
    for (const at of instants.filter((each) => each > now && each < micros).sort((a, b) => a - b)) await this.through(at);
    await this.through(micros);
  }

  private async through(micros: number): Promise<void> {
    for (;;) {
      const wakeAt = await this.night.runner.advance();
      if (this.approveWhatWaits()) continue;
      if (wakeAt === 0 || wakeAt > micros) break;
      this.clock.jump(wakeAt);
    }
    this.clock.jump(micros);
    if (this.approveWhatWaits()) await this.through(micros);
  }

  /** Two persons let start what needs two; true when something did. */
  private approveWhatWaits(): boolean {
    const { operator } = this.night;
    const approved: string[] = [];
    const now = this.clock.now();
    const isDue = (date: string, key: string): boolean =>
      now >= (key.endsWith('@T0') ? istMicros(date, SAME_DAY_APPROVALS) : (this.approvals.get(date) ?? Number.POSITIVE_INFINITY));
    const begun = this.dates.filter((date) => istMicros(date, SAME_DAY_APPROVALS) <= now);
    for (const { run, instances } of begun.flatMap((date) => this.view(date).runs)) {
      for (const { key, waitingFor } of instances) {
        if (!isDue(run.date, key) || waitingFor.length !== 1 || waitingFor[0] !== 'approval by two persons') continue;
        operator.propose(run.id, key, 'start', { by: MAKER, reason: 'figures looked at' });
        operator.approve(run.id, key, CHECKER);
        approved.push(`${key} of ${run.date}`);
      }
    }
    if (approved.length > 0) this.say(`${MAKER} and ${CHECKER} let start ${approved.join(', ')}`);
    return approved.length > 0;
  }

  private openOf(date: string, phase: string): string[] {
    const instances = this.view(date).runs.find(({ run }) => run.phase === phase)?.instances ?? [];
    return instances
      .filter(({ status, error, openGates }) => status !== 'done' && (error !== '' || openGates.length > 0))
      .map(({ key, status, error, openGates }) =>
        [key, status, error, ...openGates.map(({ name, left, right }) => `${name}: ${left} against ${right}`)].join(' '),
      );
  }

  private tell(date: string, phase: string): void {
    const found = this.view(date).runs.find(({ run }) => run.phase === phase);
    const done = found?.instances.filter(({ status }) => status === 'done' || status === 'skipped').length ?? 0;
    this.say(`${date} ${phase.padEnd(4)} ${done} of ${found?.instances.length ?? 0}${found?.isGreen === true ? ', green' : ''}`);
  }

  private say(line: string): void {
    this.options.say(`${istDate(this.clock.now())} ${istTime(this.clock.now())}  ${line}`);
  }
}
