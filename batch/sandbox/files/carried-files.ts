// What the evening before left at the clearing corporation and the depository: settlement prices, open positions, pending obligations, holdings with
// pledges, DDPI and transmissions. Made from the clients of the day, so that the books of all sides agree unless a fault says otherwise.
import { ExchangeSegment } from '../../../engine/index.ts';
import type { BhavcopyRow } from '../../../workers/reference/index.ts';
import { BusinessCalendar } from '../../calendar/business-calendar.ts';
import { compactDate, MEMBER_CODE } from '../../ports/file-names.ts';
import { carriedIn, type MarketDay, settlementNumber } from '../market-day.ts';
import { csvText, type Row, rupees } from './csv-text.ts';
import { type CorporateAction, unitsAfter } from './morning-lists.ts';
import { OBLIGATION_HEADER, POSITION_HEADER } from './udiff-columns.ts';

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const FUTURES: Readonly<Record<string, string>> = { IDF: 'FUTIDX', STF: 'FUTSTK' };

/** 20-NOV-2026 */
function namedMonth(yyyymmdd: number): string {
  const text = String(yyyymmdd);
  return `${text.slice(6)}-${MONTHS[Number(text.slice(4, 6)) - 1]}-${text.slice(0, 4)}`;
}

const isoOf = (yyyymmdd: number): string => (yyyymmdd === 0 ? '' : `${yyyymmdd}`.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'));

/** Settlement prices of futures, as FOSett_prce gives them. */
export function settlementPrices(date: string, contracts: ReadonlyMap<number, BhavcopyRow>): string {
  const rows = [...contracts.values()].flatMap(({ instrumentType, symbol, expiry, settlementPrice }) => {
    const INSTRUMENT = FUTURES[instrumentType];
    if (INSTRUMENT === undefined) return [];
    return [
      {
        DATE: namedMonth(Number(compactDate(date))),
        INSTRUMENT,
        UNDERLYING: symbol,
        'EXPIRY DATE': namedMonth(expiry),
        'MTM SETTLEMENT PRICE': rupees(settlementPrice ?? 0),
      },
    ];
  });
  return csvText(['DATE', 'INSTRUMENT', 'UNDERLYING', 'EXPIRY DATE', 'MTM SETTLEMENT PRICE'], rows);
}

/** Open derivative positions of an exchange segment at the close of the day before, client by client. */
export function positionsBefore(day: MarketDay, of: number = ExchangeSegment.NFO): string {
  const rows: Row[] = [];
  for (const { account, kind, positions } of day.clients) {
    for (const { segment, token, quantity } of positions) {
      const contract = carriedIn(day)
        .find((each) => each.segment === segment)
        ?.before.get(token);
      if (segment !== of || contract === undefined) continue;
      const [long, short] = [Math.max(0, quantity), Math.max(0, -quantity)];
      rows.push({
        ...clearer(day.before, of),
        ...contractCells(contract),
        ClntTp: kind === 'CLIENT' ? 'C' : 'P',
        ClntId: account,
        OpngLngQty: long,
        OpngShrtQty: short,
        PstExrcAssgndLngQty: long,
        PstExrcAssgndShrtQty: short,
      });
    }
  }
  return csvText(POSITION_HEADER, rows);
}

/** Cells every position row has. */
const clearer = (date: string, segment: number): Row => ({
  Sgmt: segment === ExchangeSegment.CDS ? 'CD' : segment === ExchangeSegment.MCX ? 'CO' : 'FO',
  Src: segment === ExchangeSegment.MCX ? 'MCXCCL' : 'NCL',
  RptgDt: compactDate(date),
  BizDt: compactDate(date),
  TradRegnOrgn: '1',
  ClrMmbId: MEMBER_CODE,
  BrkrOrCtdnPtcptId: MEMBER_CODE,
});

function contractCells({ instrumentType, symbol, expiry, strike, optionType, lot, settlementPrice }: BhavcopyRow): Row {
  return {
    FinInstrmTp: instrumentType,
    TckrSymb: symbol,
    XpryDt: isoOf(expiry),
    FininstrmActlXpryDt: isoOf(expiry),
    StrkPric: strike === undefined ? '' : rupees(strike),
    OptnTp: optionType,
    NewBrdLotQty: lot ?? 0,
    SttlmPric: rupees(settlementPrice ?? 0),
  };
}

/** Units of a share in an account that are pledged as unpaid (paid out, and settled with it), or bought with funding. */
export type PledgedUnits = (account: string, isin: string) => number;

/** What the day before left to be settled: units clients bought and wait for, without those that lie with them unpaid. */
export function obligationsBefore(day: MarketDay, unpaid: PledgedUnits): string {
  const payIn = new BusinessCalendar().settlementDay(day.before, 1);
  const rows: Row[] = [];
  for (const { account, holdings } of day.clients) {
    for (const { token, t1 } of holdings) {
      const share = day.sharesBefore.get(token);
      const due = share === undefined ? 0 : t1 - unpaid(account, share.isin);
      if (due === 0 || share === undefined) continue;
      const value = rupees(due * (share.close ?? 0));
      rows.push({
        Sgmt: 'CM',
        Src: 'NCL',
        ClrMmbId: MEMBER_CODE,
        BrkrOrCtdnPtcptId: MEMBER_CODE,
        FinInstrmId: token,
        ISIN: share.isin,
        TckrSymb: share.symbol,
        SctySrs: share.series,
        SttlmTp: 'M',
        SctiesSttlmTxId: settlementNumber(day.before),
        ClntId: account,
        RptgDt: day.before,
        FndsPayInDt: payIn,
        FndsPayOutDt: payIn,
        CmmdtyOrScrtyPayInDt: payIn,
        CmmdtyOrScrtyPayOutDt: payIn,
        DalyBuyTradgVol: due,
        DalySellTradgVol: 0,
        DalyBuyTradgVal: value,
        DalySellTradgVal: '0.00',
        CmltvBuyVol: due,
        CmltvSellVol: 0,
        CmltvBuyAmt: value,
        CmltvSellAmt: '0.00',
        FnlOblgtnFlg: 'Y',
      });
    }
  }
  return csvText(OBLIGATION_HEADER, rows);
}

/** Columns of the depository's holdings with pledges: units after the corporate actions of the day. */
export const PLEDGE_COLUMNS: readonly string[] = ['ClntId', 'ISIN', 'FinInstrmId', 'FreeQty', 'PldgdQty', 'T1Qty', 'MtfQty'];

/** The depository's word on units: free, pledged, on their way, bought with funding; `funded` as they are after the day's actions. */
export function pledgeStatus(day: MarketDay, actions: readonly CorporateAction[], funded: PledgedUnits): string {
  const rows: Row[] = [];
  for (const { account, holdings, fundedLots = [] } of day.clients) {
    const others = new Set(fundedLots.map(({ token }) => token).filter((token) => holdings.every((held) => held.token !== token)));
    for (const { token, free, pledged, t1 } of [...holdings, ...[...others].map((token) => ({ token, free: 0, pledged: 0, t1: 0 }))]) {
      const after = (units: number): number => unitsAfter(actions, token, units);
      const isin = day.sharesBefore.get(token)?.isin ?? '';
      rows.push({
        ClntId: account,
        ISIN: isin,
        FinInstrmId: token,
        FreeQty: after(free),
        PldgdQty: after(pledged),
        T1Qty: after(t1),
        MtfQty: funded(account, isin),
      });
    }
  }
  return csvText(PLEDGE_COLUMNS, rows);
}

/** Clients whose DDPI is active; every seventh has none yet. */
export function ddpiStatus(day: MarketDay): string {
  const rows = day.clients.map(({ account }, at) => ({
    ClntId: account,
    Sts: at % 7 === 6 ? 'PENDING' : 'ACTIVE',
    ActvDt: at % 7 === 6 ? '' : day.before,
  }));
  return csvText(['ClntId', 'Sts', 'ActvDt'], rows);
}

/** Accounts the depository transmits to heirs: the last client, when there are enough. */
export function transmissionList(day: MarketDay): string {
  const last = day.clients.at(-1);
  const rows = last === undefined || day.clients.length < 10 ? [] : [{ ClntId: last.account, Sts: 'INITIATED', RptdDt: day.before }];
  return csvText(['ClntId', 'Sts', 'RptdDt'], rows);
}
