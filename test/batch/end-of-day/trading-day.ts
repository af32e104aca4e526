// A small day's outside world in a directory: exchange and clearing files in the public layouts, written from trades in shorthand, and a night over it whose
// clock stands after every close. What the night needs from the phases before the end of day is resolved by two persons.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { type Chain, SEGMENT_OF, type Segment } from '../../../batch/graph/node-row.ts';
import { Ledger } from '../../../batch/ledger/ledger.ts';
import { type Night, openNight } from '../../../batch/night/night.ts';
import { POSITION_COLUMNS } from '../../../batch/nodes/end-of-day/position-file.ts';
import { nightBodies } from '../../../batch/nodes/index.ts';
import {
  compactDate,
  type FileRoleName,
  OBLIGATION_ROLE,
  pathOf,
  positionUploadPath,
  TRADE_ROLE,
  UDIFF_SEGMENT,
} from '../../../batch/ports/file-names.ts';
import { istMicros, type NodeBody, type Status } from '../../../batch/runner/index.ts';

export const DATE = '2026-11-20';
export const BEFORE = '2026-11-19';
const TRADE_HEADER =
  'TradDt,BizDt,Sgmt,Src,Xchg,ClrMmbId,Brkr,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,ClntTp,ClntId,FullyExctdConfSnt,OrgnlCtdnPtcptId,CtdnPtcptId,SttlmTp,SctiesSttlmTxId,BuySellInd,TradQty,NewBrdLotQty,Pric,UnqTradIdr,RptdTxSts,TradDtTm,UpdDt,OrdrRef,OrdrDtTm,InstgUsr,CtclId,TradRegnOrgn,OrdrTp,BlckDealInd,SttlmCycl,MktTpandId,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4';
/** Token, symbol, option type by name in the shorthand. */
const INSTRUMENTS: Readonly<Record<string, readonly [number, string, string]>> = {
  RELIANCE: [2885, 'RELIANCE', ''],
  SBIN: [3045, 'SBIN', ''],
  'RELIANCE@BSE': [500325, 'RELIANCE', ''],
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

const exchangeOf = (chain: Chain): string => (chain === 'COM' ? 'MCX' : chain === 'BSE' || chain === 'BFO' ? 'BSE' : 'NSE');

/** `id side client instrument quantity price [status] [order]` as cells. */
export function tradeCells(segment: Chain, words: string, date: string = DATE): Record<string, string> {
  const [id = '', side = '', client = '', instrument = '', quantity = '', price = '', status = 'ET', order = `O${id}`] = words.split(' ');
  const [token, symbol, option] = INSTRUMENTS[instrument] ?? [0, '', ''];
  const cash = SEGMENT_OF[segment] === 'CM' ? { SttlmTp: 'M', SctiesSttlmTxId: '2026224', FinInstrmTp: 'STK' } : {};
  return {
    TradDt: date,
    BizDt: date,
    Sgmt: UDIFF_SEGMENT[segment],
    Src: exchangeOf(segment),
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

export const tradeFile = (segment: Chain, trades: readonly string[]): string =>
  table(
    TRADE_HEADER,
    trades.map((words: string) => tradeCells(segment, words)),
  );

/** A trade file of rows that say only what is special about them. */
export const tradeFileOf = (segment: Segment, rows: readonly Readonly<Record<string, string>>[]): string =>
  table(
    TRADE_HEADER,
    rows.map((row) => ({ ...tradeCells(segment, 'T B C RELIANCE 1 1'), ...row })),
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

export const PRICE_HEADER =
  'TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,LastPric,PrvsClsgPric,UndrlygPric,SttlmPric,OpnIntrst,ChngInOpnIntrst,TtlTradgVol,TtlTrfVal,TtlNbOfTxsExctd,SsnId,NewBrdLotQty,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4';
const OBLIGATION_HEADER =
  'Sgmt,Src,ClrMmbId,BrkrOrCtdnPtcptId,FinInstrmId,ISIN,TckrSymb,SctySrs,SttlmTp,SctiesSttlmTxId,TradRegnOrgn,ClntId,CtdnId,CtdnPtcptId,RptgDt,FndsPayInDt,FndsPayOutDt,CmmdtyOrScrtyPayInDt,CmmdtyOrScrtyPayOutDt,DalyBuyTradgVol,DalySellTradgVol,DalyBuyTradgVal,DalySellTradgVal,CmltvBuyVol,CmltvSellVol,CmltvBuyAmt,CmltvSellAmt,FnlOblgtnFlg';

/** `instrument type expiry strike previous underlying settlement` as a price row of the derivative bhavcopy. */
export function priceCells(segment: Chain, words: string, date: string = DATE): Record<string, string> {
  const [instrument = '', type = '', expiry = '', strike = '', previous = '', underlying = '', settlement = ''] = words.split(' ');
  const [token, symbol, option] = INSTRUMENTS[instrument] ?? [0, '', ''];
  return {
    TradDt: date,
    BizDt: date,
    Sgmt: UDIFF_SEGMENT[segment],
    Src: exchangeOf(segment),
    FinInstrmTp: type,
    FinInstrmId: String(token),
    TckrSymb: symbol,
    XpryDt: expiry,
    FininstrmActlXpryDt: expiry,
    StrkPric: strike === '-' ? '' : strike,
    OptnTp: option,
    PrvsClsgPric: previous,
    UndrlygPric: underlying,
    SttlmPric: settlement,
    NewBrdLotQty: '65',
  };
}

export const priceFile = (segment: Chain, prices: readonly string[], date: string = DATE): string =>
  table(
    PRICE_HEADER,
    prices.map((words) => priceCells(segment, words, date)),
  );

/** `client type number buy sell`, amounts in rupees, as an obligation file; '-' for a derivative segment's empty type and number. */
export const obligationFile = (segment: Segment, rows: readonly string[]): string =>
  table(
    OBLIGATION_HEADER,
    rows.map((words) => {
      const [client = '', type = '', number = '', buy = '', sell = ''] = words.split(' ');
      const empty = (text: string): string => (text === '-' ? '' : text);
      const funds = { ClntId: client, SttlmTp: empty(type), SctiesSttlmTxId: empty(number), CmltvBuyAmt: buy, CmltvSellAmt: sell };
      return { Sgmt: UDIFF_SEGMENT[segment], Src: 'NCL', FnlOblgtnFlg: 'Y', ...funds };
    }),
  );

/** `client amount` as the clearing corporation's tax file, rupees. */
export const taxFile = (tax: 'stt' | 'stamp', rows: readonly string[]): string =>
  table(
    tax === 'stt' ? 'RptHdr,ClntId,TtlTaxs' : 'RptHdr,ClntId,CtrySubDvsn,StmpDtyAmt',
    [['10', '', '0.00'], ...rows.map((words) => ['40', ...words.split(' ')])].map(([RptHdr = '', ClntId = '', amount = '']) => ({
      RptHdr,
      ClntId,
      ...(tax === 'stt' ? { TtlTaxs: amount } : { CtrySubDvsn: '27', StmpDtyAmt: amount }),
    })),
  );

/** Bodies of the end of day and of the books; contract notes and other phases have tests of their own. */
export const evenings = (dataDirectory: string): ReadonlyMap<string, NodeBody> =>
  new Map([...nightBodies({ dataDirectory })].filter(([id]) => id === 'LEDGER-NIGHT' || (id.startsWith('EOD-') && !id.startsWith('EOD-CN'))));

/** The outside and the night over it. */
export class TradingDay {
  readonly data: string = mkdtempSync(join(tmpdir(), 'eod-'));
  now: number = istMicros(DATE, 24 * 60 + 30);
  private opened: Night | undefined;

  /** `house`: further fields of house.json. */
  constructor(trades: Partial<Record<Segment, readonly string[]>> = {}, house: object = {}) {
    const way = { primary: { kind: 'directory', path: this.outside } };
    mkdirSync(this.outside);
    writeFileSync(join(this.data, 'ports.json'), JSON.stringify({ exchange: way, clearing: way, depository: way }));
    writeFileSync(join(this.data, 'house.json'), JSON.stringify({ plan: { default: { percent: 0.03, flat: 20 } }, ...house }));
    for (const segment of ['CM', 'FO', 'CD', 'COM'] as const) {
      this.trades(segment, trades[segment] ?? TRADES[segment]);
      this.own(
        segment,
        (trades[segment] ?? TRADES[segment]).filter((words) => !words.endsWith(' CN')),
      );
      this.put(OBLIGATION_ROLE[segment], obligationFile(segment, []));
    }
    this.put('positions-fo-before', `${POSITION_COLUMNS.join(',')}\n`);
    for (const role of ['peak-margin-cm', 'peak-margin-cd', 'peak-margin-com'] as const)
      this.put(role, 'Trade Date,Client ID,Peak Initial,Shortfall peak\n');
    for (const role of ['stt-cm', 'stt-fo'] as const) this.put(role, taxFile('stt', ['C0001 0.00']));
    for (const role of ['stamp-cm', 'stamp-fo'] as const) this.put(role, taxFile('stamp', ['C0001 0.00']));
  }

  get outside(): string {
    return join(this.data, 'outside');
  }

  /** Writes a file of the outside; `.gz` names are packed. */
  put(role: FileRoleName, text: string, date: string = DATE): string {
    return this.write(join(this.outside, pathOf(role, date, new BusinessCalendar().tradedBefore(date))), text);
  }

  write(path: string, text: string): string {
    mkdirSync(dirname(path), { recursive: true });
    const bytes = Buffer.from(text);
    const zipped = (): Uint8Array => zipSync({ [basename(path).replace(/\.zip$/, '')]: bytes });
    writeFileSync(path, path.endsWith('.gz') ? gzipSync(bytes) : path.endsWith('.zip') ? zipped() : bytes);
    return path;
  }

  /** The clearing corporation answers the position file of a segment: these lines are rejected. */
  answerPositions(segment: Segment, rejected: readonly number[] = [], version = ''): void {
    const name = positionUploadPath(segment, DATE).split('/').at(-1)?.replace('.csv', `${version}.csv`) ?? '';
    const lines = readFileSync(join(this.outside, 'upload', DATE, name), 'latin1')
      .trimEnd()
      .split('\n').length;
    const rows = Array.from({ length: lines - 1 }, (_, i) => i + 2).map((line) => ({
      File: name,
      Line: String(line),
      Sts: rejected.includes(line) ? 'REJECTED' : 'ACCEPTED',
      Reason: rejected.includes(line) ? 'position differs from ours' : '',
    }));
    this.write(join(this.outside, 'clearing', DATE, `${name}.answer.csv`), table('File,Line,Sts,Reason', rows));
  }

  /** The exchange's trade file of a segment. */
  trades(segment: Chain, trades: readonly string[]): string {
    return this.put(TRADE_ROLE[segment], tradeFile(segment, trades));
  }

  /** What the order system has. */
  own(segment: Chain, trades: readonly string[]): void {
    this.write(join(this.data, 'oms', `trades-${segment}-${compactDate(DATE)}.csv`), tradeFile(segment, trades));
  }

  /** Bodies by node id; a day that is about other nodes names others. */
  protected bodies(): ReadonlyMap<string, NodeBody> {
    return evenings(this.data);
  }

  async night(): Promise<Night> {
    this.opened ??= await openNight({ dataDirectory: this.data, bodies: this.bodies(), now: () => this.now });
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
    for (let wakeAt = await runner.advance(), i = 0; wakeAt > 0 && i < 50; wakeAt = await runner.advance(), i++)
      this.now = Math.max(this.now, wakeAt);
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
  async balances(pattern: RegExp = /./): Promise<Record<string, number>> {
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
