// A small day's outside world in a directory: exchange and clearing files in the public layouts, written from trades in shorthand, and a night over it whose
// clock stands after every close. What the night needs from the phases before the end of day is resolved by two persons.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { dayGraph } from '../../../batch/graph/index.ts';
import type { Segment } from '../../../batch/graph/node-row.ts';
import { Ledger } from '../../../batch/ledger/ledger.ts';
import { type Night, openNight } from '../../../batch/night/night.ts';
import { nightBodies } from '../../../batch/nodes/index.ts';
import { compactDate, type FileRoleName, pathOf, TRADE_ROLE, UDIFF_SEGMENT } from '../../../batch/ports/file-names.ts';
import { istMicros, type Status } from '../../../batch/runner/index.ts';

export const DATE = '2026-11-20';
export const BEFORE = '2026-11-19';
const TRADE_HEADER =
  'TradDt,BizDt,Sgmt,Src,Xchg,ClrMmbId,Brkr,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,ClntTp,ClntId,FullyExctdConfSnt,OrgnlCtdnPtcptId,CtdnPtcptId,SttlmTp,SctiesSttlmTxId,BuySellInd,TradQty,NewBrdLotQty,Pric,UnqTradIdr,RptdTxSts,TradDtTm,UpdDt,OrdrRef,OrdrDtTm,InstgUsr,CtclId,TradRegnOrgn,OrdrTp,BlckDealInd,SttlmCycl,MktTpandId,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4';
/** Token, symbol, option type by name in the shorthand. */
const INSTRUMENTS: Readonly<Record<string, readonly [number, string, string]>> = {
  RELIANCE: [2885, 'RELIANCE', ''],
  SBIN: [3045, 'SBIN', ''],
  NIFTYFUT: [35001, 'NIFTY', ''],
  NIFTYCE: [35002, 'NIFTY', 'CE'],
  SBINFUT: [35003, 'SBIN', ''],
  SBINPE: [35004, 'SBIN', 'PE'],
  USDINR: [9001, 'USDINR', ''],
  GOLD: [440001, 'GOLD', ''],
};

/** A file by header and cells by name; columns nobody names stay empty. */
export function table(header: string, rows: readonly Readonly<Record<string, string>>[]): string {
  const names = header.split(',');
  return [header, ...rows.map((row) => names.map((name) => row[name] ?? '').join(','))].join('\n').concat('\n');
}

/** `id side client instrument quantity price [status] [order]` as cells. */
export function tradeCells(segment: Segment, words: string, date = DATE): Record<string, string> {
  const [id = '', side = '', client = '', instrument = '', quantity = '', price = '', status = 'ET', order = `O${id}`] = words.split(' ');
  const [token, symbol, option] = INSTRUMENTS[instrument] ?? [0, '', ''];
  const cash = segment === 'CM' ? { SttlmTp: 'M', SctiesSttlmTxId: '2026224', FinInstrmTp: 'STK' } : {};
  return {
    TradDt: date,
    BizDt: date,
    Sgmt: UDIFF_SEGMENT[segment],
    Src: segment === 'COM' ? 'MCX' : 'NSE',
    FinInstrmId: String(token),
    TckrSymb: symbol,
    OptnTp: option,
    ClntId: client,
    BuySellInd: side,
    TradQty: quantity,
    Pric: price,
    UnqTradIdr: id,
    RptdTxSts: status,
    OrdrRef: order,
    ...cash,
  };
}

export const tradeFile = (segment: Segment, trades: readonly string[]): string =>
  table(
    TRADE_HEADER,
    trades.map((words) => tradeCells(segment, words)),
  );

/** Trades of the small day. */
export const TRADES: Readonly<Record<Segment, readonly string[]>> = {
  CM: [
    'T1 B C0001 RELIANCE 100 1360.10',
    'T1 S C0002 RELIANCE 100 1360.10',
    'T2 B C0001 SBIN 50 812.35',
    'T3 S C0003 SBIN 20 812.40',
    'T4 B C0002 SBIN 7 812.50 CN',
  ],
  FO: [],
  CD: [],
  COM: [],
};

/** The outside and the night over it. */
export class TradingDay {
  readonly data: string = mkdtempSync(join(tmpdir(), 'eod-'));
  now: number = istMicros(DATE, 24 * 60 + 30);
  private opened: Night | undefined;

  constructor(trades: Partial<Record<Segment, readonly string[]>> = {}) {
    const way = { primary: { kind: 'directory', path: this.outside } };
    mkdirSync(this.outside);
    writeFileSync(join(this.data, 'ports.json'), JSON.stringify({ exchange: way, clearing: way, depository: way }));
    writeFileSync(join(this.data, 'house.json'), JSON.stringify({ plan: { default: { percent: 0.03, flat: 20 } } }));
    for (const segment of ['CM', 'FO', 'CD', 'COM'] as const) {
      this.trades(segment, trades[segment] ?? TRADES[segment]);
      this.own(segment, (trades[segment] ?? TRADES[segment]).filter((words) => !words.endsWith(' CN')));
    }
  }

  get outside(): string {
    return join(this.data, 'outside');
  }

  /** Writes a file of the outside; `.gz` names are packed. */
  put(role: FileRoleName, text: string, date = DATE): string {
    const path = join(this.outside, pathOf(role, date, date === DATE ? BEFORE : ''));
    return this.write(path, text);
  }

  write(path: string, text: string): string {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, path.endsWith('.gz') ? gzipSync(text) : text);
    return path;
  }

  /** The exchange's trade file of a segment. */
  trades(segment: Segment, trades: readonly string[]): string {
    return this.put(TRADE_ROLE[segment], tradeFile(segment, trades));
  }

  /** What the order system has. */
  own(segment: Segment, trades: readonly string[]): void {
    this.write(join(this.data, 'oms', `trades-${segment}-${compactDate(DATE)}.csv`), tradeFile(segment, trades));
  }

  async night(): Promise<Night> {
    this.opened ??= await openNight({ dataDirectory: this.data, bodies: nightBodies({ dataDirectory: this.data }), now: () => this.now });
    return this.opened;
  }

  /** Opens the end of day with its triggers resolved, runs what is ready; failed attempts come again until none is left. */
  async run(): Promise<void> {
    const { runner, operator } = await this.night();
    const run = runner.open(DATE, 'eod', 'ops');
    for (const [key, { status }] of runner.states.of(run.id)) {
      if (!key.startsWith('EOD-START@') || status !== 'waiting') continue;
      operator.propose(run.id, key, 'resolve', { by: 'asha', reason: 'trading hours ran elsewhere' });
      operator.approve(run.id, key, 'binod');
    }
    await this.settle();
  }

  /** Runs what is ready, moving the clock past every retry. */
  async settle(): Promise<void> {
    const { runner } = await this.night();
    for (let wakeAt = await runner.advance(), i = 0; wakeAt > 0 && i < 50; wakeAt = await runner.advance(), i++) this.now = Math.max(this.now, wakeAt);
  }

  get runId(): string {
    return this.opened?.runner.states.newest(DATE, 'eod')?.id ?? '';
  }

  status(key: string): Status | undefined {
    return this.opened?.runner.states.state(this.runId, key).status;
  }

  error(key: string): string {
    return this.opened?.runner.states.state(this.runId, key).error ?? '';
  }

  outputs(key: string): Readonly<Record<string, unknown>> {
    return this.opened?.runner.states.state(this.runId, key).outputs ?? {};
  }

  /** Balances of accounts by id, in paise, natural sense. */
  async balances(pattern = /./): Promise<Record<string, number>> {
    const ledger = await this.ledger();
    return Object.fromEntries([...ledger.accounts()].filter(({ id }) => pattern.test(id)).map((account) => [account.id, account.balance]));
  }

  async ledger(): Promise<Ledger> {
    return new Ledger((await this.night()).store.root);
  }

  async close(): Promise<void> {
    await this.opened?.close();
    this.opened = undefined;
  }

  async end(): Promise<void> {
    await this.close();
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** Keys of the end of day, for loops. */
export const eodKeys = (): string[] =>
  dayGraph()
    .phase('eod')
    .map(({ key }) => key);
