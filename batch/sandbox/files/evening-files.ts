// What exchange and clearing corporation give out after the close, made from a list of trades: trade files with cancelled rows, and what each client
// owes or gets: cash by settlement number, shares that expired contracts deliver among them; derivatives as premium and mark to market. Worked out
// here on its own, so that it can disagree with us.
import { readFileSync } from 'node:fs';
import type { BhavcopyRow } from '../../../workers/reference/index.ts';
import { BusinessCalendar } from '../../calendar/business-calendar.ts';
import { settlementDateOf } from '../../calendar/settlement-windows.ts';
import { CHAINS, type Chain, SEGMENT_OF, SETTLED, SETTLED_IN, type Settled } from '../../graph/node-row.ts';
import { compactDate, type FileRoleName, MEMBER_CODE, OBLIGATION_ROLE, TRADE_ROLE, UDIFF_SEGMENT } from '../../ports/file-names.ts';
import { carriedIn, chainsOf, instrumentIn, type MarketDay, settlementOfDay, shareIn } from '../market-day.ts';
import { csvText, type Row, rupees } from './csv-text.ts';
import { exercisedForCash, type SharesDue, sharesDue } from './ended-contracts.ts';
import { OBLIGATION_HEADER, TRADE_HEADER } from './udiff-columns.ts';

/** One side of one trade, a line of the trades file. */
export interface SeenTrade {
  readonly segment: Chain;
  /** Token of the contract or share; its other fields come from the day's bhavcopies. */
  readonly token: number;
  /** Needed where the bhavcopies do not know the token (currency, commodity). */
  readonly symbol?: string;
  readonly client: string;
  readonly side: 'B' | 'S';
  /** Units. */
  readonly quantity: number;
  /** Rupees. */
  readonly price: number;
  readonly tradeId: string;
  readonly orderId: string;
  /** HH:MM:SS */
  readonly time?: string;
  readonly cancelled?: boolean;
}

/** Reads JSON lines. Throws with the line of the first that is none. */
export function readSeenTrades(path: string): SeenTrade[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text, at) => {
      if (text.trim() === '') return [];
      try {
        return [seenTrade(JSON.parse(text) as Partial<SeenTrade>)];
      } catch (error) {
        throw new Error(`${path}: line ${at + 1}: ${(error as Error).message}`);
      }
    });
}

function seenTrade(trade: Partial<SeenTrade>): SeenTrade {
  const { segment, token, client, side, quantity, price, tradeId, orderId } = trade;
  if (segment === undefined || !CHAINS.includes(segment)) throw new RangeError(`segment must be one of ${CHAINS.join(', ')}`);
  if (side !== 'B' && side !== 'S') throw new RangeError('side must be B or S');
  for (const [name, value] of Object.entries({ token, quantity, price }))
    if (typeof value !== 'number' || !(value > 0)) throw new RangeError(`${name} must be a number above zero`);
  for (const [name, value] of Object.entries({ client, tradeId, orderId }))
    if (typeof value !== 'string' || value === '') throw new RangeError(`${name} is needed`);
  return trade as SeenTrade;
}

/** Texts of the evening's files by role, with or without trades: one of each exchange's trades, one of each segment's obligations. */
export function eveningFiles(day: MarketDay, trades: readonly SeenTrade[]): Partial<Record<FileRoleName, string>> {
  const made: Partial<Record<FileRoleName, string>> = {};
  for (const chain of chainsOf(day)) {
    const own = trades.filter((trade) => trade.segment === chain);
    const ordered = orderTimes(own);
    made[TRADE_ROLE[chain]] = csvText(
      TRADE_HEADER,
      own.map((trade) => ({ ...tradeRow(day, trade), OrdrDtTm: `${day.date}T${ordered.get(trade.orderId)}` })),
    );
  }
  for (const segment of SETTLED) {
    if (segment === 'T0' && day.sameDayShares.size === 0) continue;
    made[OBLIGATION_ROLE[segment]] = csvText(OBLIGATION_HEADER, obligationRows(day, segment, trades));
  }
  return made;
}

/** What each client gets (above zero) or owes for the day in all segments, paise. */
export const fundsByClient = (day: MarketDay, trades: readonly SeenTrade[]): Map<string, number> =>
  fundsBy(day, trades, ({ ClntId }) => String(ClntId));

/** What each settlement comes to for the member, paise by `CLEARING-NUMBER`; above zero the clearing corporation pays. */
export const fundsBySettlement = (day: MarketDay, trades: readonly SeenTrade[]): Map<string, number> =>
  fundsBy(day, trades, ({ Src, SttlmTp, SctiesSttlmTxId }, segment) => {
    const number = SttlmTp === '' ? `${segment}${compactDate(day.date)}` : `${SttlmTp}${SctiesSttlmTxId}`;
    return `${Src}-${number}`;
  });

function fundsBy(day: MarketDay, trades: readonly SeenTrade[], keyOf: (row: Row, segment: Settled) => string): Map<string, number> {
  const found = new Map<string, number>();
  for (const segment of SETTLED) {
    for (const row of obligationRows(day, segment, trades)) {
      const net = Math.round((Number(row['CmltvSellAmt']) - Number(row['CmltvBuyAmt'])) * 100);
      const key = keyOf(row, segment);
      found.set(key, (found.get(key) ?? 0) + net);
    }
  }
  return found;
}

const instrumentOf = (day: MarketDay, { segment, token }: SeenTrade): BhavcopyRow | undefined => instrumentIn(day, segment, token);
const isCash = (chain: Chain): boolean => SEGMENT_OF[chain] === 'CM';
const sourceOf = (chain: Chain): string => (chain === 'COM' ? 'MCX' : chain === 'BSE' || chain === 'BFO' ? 'BSE' : 'NSE');
const isoOf = (yyyymmdd: number): string => (yyyymmdd === 0 ? '' : `${yyyymmdd}`.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'));

/** When each order came in: nothing says, so by its first trade. */
function orderTimes(trades: readonly SeenTrade[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { orderId, time = UNTIMED } of trades) {
    const known = found.get(orderId);
    if (known === undefined || time < known) found.set(orderId, time);
  }
  return found;
}

/** Of trades whose list names no time. */
const UNTIMED = '10:00:00';

function tradeRow(day: MarketDay, trade: SeenTrade): Row {
  const found = instrumentOf(day, trade);
  const { segment, token, client, side, quantity, price, tradeId, orderId, time = UNTIMED, cancelled = false } = trade;
  return {
    TradDt: day.date,
    BizDt: day.date,
    Sgmt: UDIFF_SEGMENT[segment],
    Src: sourceOf(segment),
    Xchg: sourceOf(segment),
    ClrMmbId: MEMBER_CODE,
    Brkr: MEMBER_CODE,
    FinInstrmTp: found?.instrumentType ?? (isCash(segment) ? 'STK' : 'STF'),
    FinInstrmId: token,
    ISIN: found?.isin ?? '',
    TckrSymb: found?.symbol ?? trade.symbol ?? `T${token}`,
    SctySrs: found?.series ?? '',
    XpryDt: isoOf(found?.expiry ?? 0),
    FininstrmActlXpryDt: isoOf(found?.expiry ?? 0),
    StrkPric: found?.strike === undefined ? '' : rupees(found.strike),
    OptnTp: found?.optionType ?? '',
    ClntTp: 'C',
    ClntId: client,
    ...settlementCells(day, SETTLED_IN[segment]),
    BuySellInd: side,
    TradQty: quantity,
    NewBrdLotQty: found?.lot ?? 1,
    Pric: price.toFixed(segment === 'CD' ? 4 : 2),
    UnqTradIdr: tradeId,
    RptdTxSts: cancelled ? 'CN' : 'ET',
    TradDtTm: `${day.date}T${time}`,
    OrdrRef: orderId,
  };
}

/** Shares settle under a type and a number; of derivatives nothing says. */
function settlementCells(day: MarketDay, settled: Settled): Row {
  const { type, number } = settled === 'CM' || settled === 'T0' ? settlementOfDay(day.date, settled) : { type: '', number: '' };
  return { SttlmTp: type, SctiesSttlmTxId: number };
}

const TICKS_PER_RUPEE = 10_000;

/** Funds of one client in one security or contract; paise. */
interface Due {
  bought: number;
  sold: number;
  debit: number;
  credit: number;
}

function obligationRows(day: MarketDay, segment: Settled, trades: readonly SeenTrade[]): Row[] {
  const dues = new Map<string, Due>();
  const of = (client: string, token: number): Due => {
    const key = `${client} ${token}`;
    const known = dues.get(key) ?? { bought: 0, sold: 0, debit: 0, credit: 0 };
    dues.set(key, known);
    return known;
  };
  for (const trade of trades) {
    if (SETTLED_IN[trade.segment] !== segment || trade.cancelled === true) continue;
    const due = of(trade.client, shareIn(day, trade.segment, trade.token)?.token ?? trade.token);
    const paise = Math.round(fundsOf(day, trade) * 100);
    if (trade.side === 'B') due.bought += trade.quantity;
    else due.sold += trade.quantity;
    if (paise < 0) due.debit -= paise;
    else due.credit += paise;
  }
  for (const [chain, client, token, rupeesDue] of [...carriedMarks(day), ...exercisedForCash(day, trades)])
    if (SEGMENT_OF[chain] === segment) addMark(of(client, token), rupeesDue);
  if (segment === 'CM') for (const delivery of sharesDue(day, trades)) addShares(of(delivery.client, delivery.share.token), delivery);
  return [...dues].map(([key, due]) => obligationRow(day, segment, key, due));
}

function addShares(due: Due, { units, price }: SharesDue): void {
  if (units > 0) due.bought += units;
  else due.sold -= units;
  addMark(due, (-units * price) / TICKS_PER_RUPEE);
}

function addMark(due: Due, amount: number): void {
  const paise = Math.round(amount * 100);
  if (paise < 0) due.debit -= paise;
  else due.credit += paise;
}

/** Rupees a trade brings (above zero) or costs: its value in cash and options, its mark to the settlement price in futures. */
function fundsOf(day: MarketDay, trade: SeenTrade): number {
  const found = instrumentOf(day, trade);
  const sign = trade.side === 'B' ? -1 : 1;
  const isFuture = !isCash(trade.segment) && (found?.optionType ?? '') === '';
  if (!isFuture) return sign * trade.quantity * trade.price;
  const settled = (found?.settlementPrice ?? trade.price * 10_000) / 10_000;
  return sign * trade.quantity * (trade.price - settled);
}

/** Futures carried into the day, marked from yesterday's settlement price to today's. */
function carriedMarks(day: MarketDay): [chain: Chain, client: string, token: number, amount: number][] {
  return day.clients.flatMap(({ account, positions }) =>
    positions.flatMap(({ segment, token, quantity }): [Chain, string, number, number][] => {
      const carried = carriedIn(day).find((each) => each.segment === segment);
      const [was, is] = [carried?.before.get(token), carried?.now.get(token)];
      if (carried === undefined || was === undefined || is === undefined || was.optionType !== '') return [];
      return [[carried.chain, account, token, (quantity * ((is.settlementPrice ?? 0) - (was.settlementPrice ?? 0))) / 10_000]];
    }),
  );
}

function obligationRow(day: MarketDay, segment: Settled, key: string, { bought, sold, debit, credit }: Due): Row {
  const [client = '', token = ''] = key.split(' ');
  const isShares = segment === 'CM' || segment === 'T0';
  const found =
    instrumentIn(day, isShares ? 'CM' : segment, Number(token)) ?? (segment === 'FO' ? instrumentIn(day, 'BFO', Number(token)) : undefined);
  const payIn = settlementDateOf(segment, day.date, new BusinessCalendar());
  const [debitText, creditText] = [(debit / 100).toFixed(2), (credit / 100).toFixed(2)];
  return {
    Sgmt: UDIFF_SEGMENT[segment],
    Src: segment === 'COM' ? 'MCXCCL' : 'NCL',
    ClrMmbId: MEMBER_CODE,
    BrkrOrCtdnPtcptId: MEMBER_CODE,
    FinInstrmId: token,
    ISIN: found?.isin ?? '',
    TckrSymb: found?.symbol ?? '',
    SctySrs: found?.series ?? '',
    ...settlementCells(day, segment),
    ClntId: client,
    RptgDt: day.date,
    FndsPayInDt: payIn,
    FndsPayOutDt: payIn,
    CmmdtyOrScrtyPayInDt: isShares ? payIn : '',
    CmmdtyOrScrtyPayOutDt: isShares ? payIn : '',
    DalyBuyTradgVol: bought,
    DalySellTradgVol: sold,
    DalyBuyTradgVal: debitText,
    DalySellTradgVal: creditText,
    CmltvBuyVol: bought,
    CmltvSellVol: sold,
    CmltvBuyAmt: debitText,
    CmltvSellAmt: creditText,
    FnlOblgtnFlg: 'Y',
  };
}
