// A day of cash trades by formula: the exchange's file (46 columns), the same trades as our own list and as PostgreSQL's table. Every order is three
// fills of one client; every other client trades intraday.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { TradeBook } from '../../batch/recon/trade-book.ts';
import type { OwnTrade } from '../../batch/recon/trade-break.ts';
import { type BrokeragePlan, exactOfPaise, paise } from '../../engine/index.ts';

/** 0.03 % or Rs 20 an order, whichever is lower. */
export const PLAN: BrokeragePlan = new Map([['default', { fraction: 300_000n, flat: exactOfPaise(paise(20_00)) }]]);
const FILLS = 3;
const SHARES = 500;
const LINES_A_WRITE = 10_000;

const clientOf = (i: number, clients: number): number => Math.floor(i / FILLS) % clients;
const clientCode = (client: number): string => `C${String(client).padStart(6, '0')}`;
/** Ticks: a multiple of five paise. */
const priceOf = (i: number): number => (2_000 + ((i * 7_919) % 30_000)) * 500;
const unitsOf = (i: number): number => 1 + ((i * 31) % 200);
const sideOf = (i: number): 'B' | 'S' => (Math.floor(i / FILLS) % 2 === 0 ? 'B' : 'S');
const orderOf = (i: number): number => 1_100_000_000_000_000 + Math.floor(i / FILLS);

/** The i-th trade as our own list has it. */
export function ownTradeOf(i: number, clients: number): OwnTrade {
  const client = clientOf(i, clients);
  return {
    exchange: 'NSE',
    tradeId: String(70_000_000 + i),
    side: sideOf(i),
    client: clientCode(client),
    token: 1 + (i % SHARES),
    quantity: unitsOf(i),
    price: priceOf(i),
    isCancelled: false,
    product: client % 2 === 0 ? 'CNC' : 'MIS',
  };
}

/** Puts a trade of ours into a packed list. */
export function addOwnTrade(list: TradeBook, trade: OwnTrade): void {
  if (!list.stageKey(trade)) throw new RangeError(`trade ${trade.tradeId} has no place in a book`);
  const row = list.addStaged();
  list.setToken(row, trade.token);
  list.setFigures(row, trade.quantity, trade.price);
  if (trade.product !== undefined) list.setProduct(row, trade.product);
}

function writeLines(path: string, header: string, count: number, line: (i: number) => string): void {
  const file = openSync(path, 'w');
  try {
    writeSync(file, header);
    for (let from = 0; from < count; from += LINES_A_WRITE) {
      let text = '';
      for (let i = from; i < Math.min(count, from + LINES_A_WRITE); i++) text += line(i);
      writeSync(file, text);
    }
  } finally {
    closeSync(file);
  }
}

const HEADER =
  'TradDt,BizDt,Sgmt,Src,Xchg,ClrMmbId,Brkr,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,ClntTp,ClntId,FullyExctdConfSnt,OrgnlCtdnPtcptId,CtdnPtcptId,SttlmTp,SctiesSttlmTxId,BuySellInd,TradQty,NewBrdLotQty,Pric,UnqTradIdr,RptdTxSts,TradDtTm,UpdDt,OrdrRef,OrdrDtTm,InstgUsr,CtclId,TradRegnOrgn,OrdrTp,BlckDealInd,SttlmCycl,MktTpandId,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4\n';

/** Writes the exchange's file. */
export function writeTradeFile(path: string, count: number, clients: number): void {
  writeLines(path, HEADER, count, (i) => {
    const { tradeId, side, client, token, quantity, price } = ownTradeOf(i, clients);
    const rupees = (price / 10_000).toFixed(2);
    return `2026-11-20,2026-11-20,CM,NSE,NSE,90001,90001,STK,${token},INE${String(token).padStart(9, '0')},SHARE${token},EQ,,,,,SHARE ${token} LIMITED,C,${client},,,,M,2026224,${side},${quantity},1,${rupees},${tradeId},ET,2026-11-20T10:15:30,,${orderOf(i)},2026-11-20T10:15:29,1234,111111111111100,1,RL,N,T1,N,,,,,\n`;
  });
}

/** Writes our own list, for PostgreSQL to hold before the clock starts. */
export function writeOwnList(path: string, count: number, clients: number): void {
  writeLines(path, '', count, (i) => {
    const { tradeId, side, client, token, quantity, price, product } = ownTradeOf(i, clients);
    return `${tradeId},${side},${client},${token},${quantity},${(price / 10_000).toFixed(2)},${product ?? ''}\n`;
  });
}
