// The demo: a generated market day, the gateway and a simulated OMS as processes of their own on loopback, and a display. Ends by Ctrl-C or after a
// given time, the OMS first; what it leaves in its folder the next start resumes from.
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { makeDirectory } from '../../workers/index.ts';
import { findDayFiles, generateDay, HEDGER_ACCOUNT } from '../../workers/reference/index.ts';
import { type ChildGateway, startChildGateway } from './child-gateway.ts';
import { type DemoTokens, writeDemoTokens } from './demo-tokens.ts';
import { Display } from './display.ts';
import { HAND_COMP_ID, handOrderBytes } from './hand-order.ts';
import { MarkFeed } from './mark-feed.ts';
import type { OmsView } from './oms-view.ts';
import type { MarkedPrice, OmsMessage } from './run-oms.ts';
import { counted, priceText } from './rupees.ts';

const COMMAND_LINE = join(import.meta.dirname, '..', 'commands', 'index.ts');
const OMS_COMP_ID = 'OMS';
const PAINT_MILLIS = 250;
const HAND_MILLIS = 20_000;
/** Prices go to the shards at most this often. */
const MARK_MILLIS = 1000;
/** When the later SPAN files come in: after these shares of --seconds, or these seconds. */
const SWAP_SHARES = [0.4, 0.75];
const SWAP_SECONDS = [20, 60];

/** What the demo is told. */
export interface DemoOptions {
  readonly folder: string;
  /** 0 = until interrupted. */
  readonly seconds: number;
  readonly clients: number;
  readonly rate: number;
  readonly seed: number;
  readonly shards: number;
  readonly fresh: boolean;
  readonly live: boolean;
}

/** Runs the demo to its end; resolves to the last view of the OMS. */
export async function runDemo(options: DemoOptions): Promise<OmsView | undefined> {
  const { folder } = options;
  if (options.fresh) for (const part of ['data', 'day', 'oms']) rmSync(join(folder, part), { recursive: true, force: true });
  makeDirectory(join(folder, 'oms'));
  const display = new Display(process.stdout, options.live);
  const demo = new Demo(options, display);
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, finish);
  // Whoever read the output is gone (`| head`): end as by Ctrl-C.
  process.stdout.on('error', finish);
  try {
    await Promise.race([demo.start(), finished]);
    // The time asked for counts from when there is something to see.
    if (options.seconds > 0) setTimeout(finish, options.seconds * 1000).unref();
    await Promise.race([finished, demo.failed]);
  } finally {
    await demo.stop();
    display.close();
  }
  return demo.view;
}

class Demo {
  view: OmsView | undefined;
  private readonly options: DemoOptions;
  private readonly display: Display;
  private readonly day: string;
  private readonly timers: NodeJS.Timeout[] = [];
  private gateway: ChildGateway | undefined;
  private tokens: DemoTokens | undefined;
  private feed: MarkFeed | undefined;
  private oms: ChildProcess | undefined;
  private omsGone: Promise<void> = Promise.resolve();
  private marks: readonly MarkedPrice[] = [];
  private failure: (error: Error) => void = () => {};
  readonly failed: Promise<never> = new Promise((_, reject) => {
    this.failure = reject;
  });

  private hasLoggedOn: () => void = () => {};
  /** The OMS has its session: from here on there is something to see. */
  private readonly loggedOn: Promise<void> = new Promise((resolve) => {
    this.hasLoggedOn = resolve;
  });

  constructor(options: DemoOptions, display: Display) {
    this.options = options;
    this.display = display;
    this.day = join(options.folder, 'day');
    this.failed.catch(() => {});
  }

  async start(): Promise<void> {
    const { options, display } = this;
    if (!existsSync(join(this.day, 'clients.jsonl'))) {
      display.notice('generating a market day …');
      const day = await generateDay(
        { seed: options.seed, date: 20261120, clients: options.clients, underlyings: 14, strikes: 11, versions: 3, beside: true, funded: true },
        this.day,
      );
      display.notice(`market day ${day.date}: ${counted(day.instruments)} instruments, ${counted(options.clients)} clients`);
    }
    const resumed = existsSync(join(options.folder, 'data'));
    const began = Date.now();
    this.gateway = await startChildGateway({ folder: options.folder, day: this.day, shards: options.shards, senders: [OMS_COMP_ID, HAND_COMP_ID] });
    this.gateway.failed.catch(this.failure);
    this.tokens = await writeDemoTokens(options.folder, this.gateway.httpPort);
    display.notice(
      `gateway ${resumed ? 'resumed' : 'started'} in ${Date.now() - began} ms, FIX on port ${this.gateway.fixPort}, HTTP on ${this.gateway.httpPort}`,
    );
    if (resumed) display.notice(await recoveredWords(this.gateway));
    display.notice(`console  desk ${this.tokens.consolePage('desk')}`);
    display.notice(`console  trader ${this.tokens.consolePage('trader')}`);
    this.startOms(this.gateway.fixPort);
    const feed = new MarkFeed(join(options.folder, 'data'));
    this.feed = feed;
    this.timers.push(setInterval(() => this.marks.length > 0 && feed.publish(this.marks), MARK_MILLIS));
    this.timers.push(setInterval(() => this.paint(), PAINT_MILLIS));
    this.timers.push(setInterval(() => this.refreshHandOrder(), HAND_MILLIS));
    await Promise.race([this.loggedOn, this.failed]);
    const swaps = options.seconds > 0 ? SWAP_SHARES.map((share) => share * options.seconds) : SWAP_SECONDS;
    for (const [index, after] of swaps.entries()) this.timers.push(setTimeout(() => this.swap(index + 1), after * 1000));
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.display.notice('stopping: the OMS logs out, then the gateway seals its journal');
    if (this.oms?.connected === true) this.oms.send('stop');
    const patience = setTimeout(() => this.oms?.kill('SIGKILL'), 5000);
    await this.omsGone;
    clearTimeout(patience);
    await this.gateway?.stop();
    await this.feed?.close();
    this.display.notice('stopped; the next start resumes');
  }

  private startOms(port: number): void {
    const { folder, clients, rate, seed } = this.options;
    const values = { port, day: this.day, store: join(folder, 'oms'), clients, rate, seed, sender: OMS_COMP_ID, target: 'TARAZU' };
    const args = Object.entries(values).flatMap(([name, value]) => [`--${name}`, `${value}`]);
    const oms = fork(COMMAND_LINE, ['oms', ...args], { detached: true });
    this.oms = oms;
    oms.on('message', (message) => {
      const { view, marks } = message as OmsMessage;
      if (this.view === undefined && marks !== undefined) {
        this.marks = marks;
        this.refreshHandOrder();
      }
      this.view = view;
      if (view.connected) this.hasLoggedOn();
      if (marks !== undefined) this.marks = marks;
    });
    this.omsGone = new Promise((resolve) => {
      oms.once('exit', (code) => {
        resolve();
        if (code !== 0) this.failure(new Error(`the simulated OMS ended with ${code}`));
      });
    });
  }

  private paint(): void {
    if (this.view === undefined) return;
    this.display.show({ view: this.view, title: 'NSE and MCX, 20 November 2026 (generated)', tries: this.tries(this.view) }, performance.now());
  }

  private tries(view: OmsView): string[] {
    const { gateway, tokens } = this;
    if (gateway === undefined || tokens === undefined) return [];
    const url = `http://127.0.0.1:${gateway.httpPort}`;
    const folder = relative(process.cwd(), this.options.folder) || '.';
    const config = relative(process.cwd(), gateway.configFile);
    const order = view.someRejected || view.someOrder;
    return [
      `open ${tokens.consolePage('desk')}`,
      `curl -s -H @${relative(process.cwd(), tokens.headerFile('desk'))} ${url}/v1/clients/${view.someAccount || 'C000002'}/margin`,
      `curl -s -H @${relative(process.cwd(), tokens.headerFile('desk'))} ${url}/v1/clients/${HEDGER_ACCOUNT}01/margin   (an index against another: cross margin)`,
      `npx tarazu explain --config ${config} --order ${order || 'SLOT-SEQUENCE'}`,
      `npx tarazu kill --config ${config} --account ${view.someAccount || 'C000002'} --reason "trying it"`,
      `npx tarazu oms --port ${gateway.fixPort} --send ${folder}/order.fix`,
    ];
  }

  private async swap(version: number): Promise<void> {
    const { span, elm } = findDayFiles(this.day);
    const file = span[version];
    if (file === undefined || this.gateway === undefined) return;
    const began = Date.now();
    try {
      await this.gateway.call('/v1/parameters', { file, ...(elm === undefined ? {} : { elm }) });
      this.display.notice(`SPAN file ${file.split('/').at(-1)} swapped in while trading, ${Date.now() - began} ms; every client revalued`);
    } catch (error) {
      this.display.notice(`SPAN file not taken: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Keeps the order to try by hand fresh: its SendingTime must be near the clock, its ClOrdID new. */
  private refreshHandOrder(): void {
    const mark = this.marks.find((one) => one.segment === 'NFO') ?? this.marks[0];
    if (mark === undefined) return;
    const order = {
      account: this.view?.someAccount || 'C000002',
      symbol: mark.symbol,
      segment: mark.segment,
      quantity: mark.lot,
      price: priceText(mark.price),
    };
    writeFileSync(join(this.options.folder, 'order.fix'), handOrderBytes(order, Date.now()), 'latin1');
  }
}

async function recoveredWords(gateway: ChildGateway): Promise<string> {
  // The API's envelope: the answer itself is under `data`.
  const { data } = (await gateway.call('/v1/status')) as { data?: { recovered?: { epoch?: number; commands?: number; seconds?: number } } };
  const { epoch, commands, seconds } = data?.recovered ?? {};
  const millis = ((seconds ?? 0) * 1000).toFixed(0);
  return `start ${epoch ?? '?'} of this directory: tables read, ${counted(commands ?? 0)} commands folded again in ${millis} ms; sequence numbers go on`;
}
