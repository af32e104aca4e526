// Every margin rule beyond SPAN that no file carries, one row per change and never edited: a past date computes as it did. What a day's own
// files say (rates per contract, per symbol, per security) goes before any of these. A rule not in force has no row, and asks nothing.
// "reported" in a source: read in a broker's or back office's note, not in the circular itself.

/** Market a rule belongs to. */
export type RuleSegment = 'equity derivatives' | 'currency derivatives' | 'commodity derivatives' | 'cash' | 'all';

/** One rule for one span of dates. */
export interface MarginRule {
  readonly id: string;
  /** First and last business date, yyyymmdd; 0 as first = as far back as this table goes, null as last = still in force. */
  readonly from: number;
  readonly to: number | null;
  readonly segment: RuleSegment;
  /** 1/10,000 of the base that the rule's function names. */
  readonly value: number;
  /** Distance from which the rule applies, 1/10,000 of the underlying's price; only rules that have one. */
  readonly beyond?: number;
  /** Trading days, the expiry included, that the rule holds for; only rules that count them. */
  readonly days?: number;
  /** Circular or page, and its date (0 = undated). */
  readonly source: string;
  readonly sourceDate: number;
}

const NCL_PAGE = 'NSE Clearing, equity derivatives margins page';
const MEASURES = 'SEBI/HO/MRD/TPD/P/CIR/2024/132';
const NCL_ADD_ON = `NCL/CMPT/64639; ${MEASURES}`;
/**
 * Until the rows calendar.*.expiryDay begin a leg keeps its part on the day it expires, too: the clearing corporations' pages (NCL; word for word
 * MCX-SX CCL's) give a spread its treatment till the expiry of the near month. That an expiring leg has none is what those rows brought, for index
 * futures on 2025-02-10 and for stock futures on 2026-05-04; notes of brokers that leave it out for all time were written after.
 */
const THIRD = "NCL, MCX-SX CCL, exposure margin: a futures spread pays on a third of its far month, till the near month's expiry";
const CROSS_MARGIN = 'NCL/CMPT/62978; ICCL 20240426-38: part of the margin of offsetting positions that is still asked';
const DAILY_MARGIN = "rate of the clearing corporation's daily margin file";
const TENDER = 'MCXCCL product circulars (reported): tender period of three working days since 2024-07-01, five before';
const GOODS = 'MCXCCL delivery-period margin (reported): the larger of 3 % and the five-day 99 % VaR of spot';
const LADDER = 'NCL physical settlement FAQ (reported)';

/** When a rule began, when it ended if it did, and when its source is from, yyyymmdd; from which distance, or for how many days, it applies. */
interface Since {
  readonly from: number;
  readonly sourceDate: number;
  readonly beyond?: number;
  readonly to?: number;
  readonly days?: number;
}

const rule =
  (segment: RuleSegment) =>
  (id: string, value: number, source: string, since: Since): MarginRule => ({ id, segment, value, source, ...since, to: since.to ?? null });
const equity = rule('equity derivatives');
const commodity = rule('commodity derivatives');
const cash = rule('cash');
const ALWAYS: Since = { from: 0, sourceDate: 0 };
const CROSS: Since = { from: 20240729, sourceDate: 20240426 };
const FUNDING = 'SEBI CIR/MRD/DP/54/2017, margin trading facility (reported)';
const FUNDED: Since = { from: 20170613, sourceDate: 20170613 };
const PHYSICAL: Since = { from: 20191001, sourceDate: 0 };

/** The table. Ids are for ever. */
export const MARGIN_RULES: readonly MarginRule[] = [
  equity('elm.index', 200, NCL_PAGE, { from: 0, sourceDate: 20240701 }),
  equity('elm.index.deepOtm', 300, 'Broker notes (reported): strikes beyond 10 % of the previous close', { ...ALWAYS, beyond: 1000 }),
  equity('elm.index.longDated', 500, 'Broker notes (reported): index options of more than nine months', ALWAYS),
  equity('elm.stock', 350, NCL_PAGE, { from: 0, sourceDate: 20240701 }),
  equity('elm.stock.deepOtm', 525, 'NCL ael files of 2026: 1.5 times the normal rate beyond 30 %', { from: 0, sourceDate: 20260211, beyond: 3000 }),
  rule('currency derivatives')('elm.currency', 100, 'Broker notes (reported)', ALWAYS),
  commodity('elm.commodity', 100, 'MCXCCL margin circulars (reported)', ALWAYS),
  commodity('elm.commodity.crudeShort', 125, 'MCXCCL margin circulars (reported): short crude oil, futures and options', ALWAYS),
  equity('elm.calendarThird', 3_333, THIRD, ALWAYS),
  equity('elm.expiryDay', 200, NCL_ADD_ON, { from: 20241120, sourceDate: 20241021 }),
  equity('calendar.index.expiryDay', 10_000, MEASURES, { from: 20250210, sourceDate: 20241001 }),
  equity('calendar.stock.expiryDay', 10_000, 'SEBI circular of 2026-02-05; NCL/CMPT/72906', { from: 20260504, sourceDate: 20260205 }),
  equity('premium.upfront', 10_000, `${MEASURES}, measure 1`, { from: 20250210, sourceDate: 20241001 }),
  equity('delivery.E-4', 1_000, LADDER, PHYSICAL),
  equity('delivery.E-3', 2_500, LADDER, PHYSICAL),
  equity('delivery.E-2', 4_500, LADDER, PHYSICAL),
  equity('delivery.E-1', 7_000, LADDER, PHYSICAL),
  equity('delivery.E', 10_000, LADDER, PHYSICAL),
  equity('delivery.afterExpiry', 10_000, LADDER, PHYSICAL),
  equity('crystallised', 10_000, 'NSE Clearing, MG-12 and MG-13 reports page (reported)', PHYSICAL),
  equity('preOpen.gross', 10_000, 'NCL circulars on the derivatives pre-open session (reported)', { from: 20251208, sourceDate: 20251208 }),
  equity('crossMargin.constituents.sameExpiry', 2_500, CROSS_MARGIN, CROSS),
  equity('crossMargin.constituents.otherExpiry', 3_500, CROSS_MARGIN, CROSS),
  equity('crossMargin.correlated.sameExpiry', 3_000, CROSS_MARGIN, CROSS),
  equity('crossMargin.correlated.otherExpiry', 4_000, CROSS_MARGIN, CROSS),
  cash('cash.netAcrossExchanges', 10_000, 'SEBI CIR/MRD/DRMNP/CIR/P/2018/145 of 2018-11-27: interoperable clearing corporations', {
    from: 20190603,
    sourceDate: 20181127,
  }),
  commodity('commodity.minimum', 10_000, `${DAILY_MARGIN}: least initial margin of an outright future`, ALWAYS),
  commodity('commodity.additional', 10_000, `${DAILY_MARGIN}: additional margin, both sides`, ALWAYS),
  commodity('commodity.special', 10_000, `${DAILY_MARGIN}: special margin, one side`, ALWAYS),
  commodity('commodity.preExpiry', 10_000, `${DAILY_MARGIN}: pre-expiry margin`, ALWAYS),
  commodity('commodity.tender', 500, TENDER, { from: 0, to: 20240630, sourceDate: 0, days: 5 }),
  commodity('commodity.tender', 500, TENDER, { from: 20240701, sourceDate: 0, days: 3 }),
  commodity('commodity.tender.GOLDTEN', 500, `${TENDER}: Gold Ten in its last five trading days`, { ...ALWAYS, days: 5 }),
  commodity('commodity.leanPeriod', 200, 'MCXCCL/RISK/184/2025: agri contracts that expire in the lean period', { from: 20251001, sourceDate: 0 }),
  commodity('calendar.commodity.tender', 10_000, `${TENDER}: spreads lose their benefit when the tender period begins, or on expiry`, ALWAYS),
  commodity('commodity.delivery', 2_500, `${GOODS}, or 25 %`, ALWAYS),
  commodity('commodity.delivery.overRisk', 300, GOODS, ALWAYS),
  cash('cash.varElm', 10_000, 'applicable rate of the C_VAR1 file of the day', ALWAYS),
  cash('cash.deliverySale', 0, 'SEBI peak margin FAQ: sale of blocked or early paid-in holdings (reported)', ALWAYS),
  cash('cash.paidEarly', 0, 'early pay-in of funds, NCL/CMPT/69520 (reported): covers what was bought first', { from: 0, sourceDate: 20250811 }),
  cash('cash.btst', 10_000, 'NSE peak margin FAQ: sale before delivery is a margined trade (reported)', ALWAYS),
  cash('cash.least', 2_000, 'NSE/INSP/45534, NSE/INSP/45565', { from: 20200901, sourceDate: 20200820 }),
  cash('cash.tradeToTrade', 10_000, 'NSE circulars on trade-to-trade series (reported)', ALWAYS),
  cash(
    'cash.sameDay',
    10_000,
    'SEBI/HO/MRD/MRD-PoD-3/P/CIR/2024/20: T+0 is paid in on the afternoon of the trade, so the house has the price beforehand',
    {
      from: 20240328,
      sourceDate: 20240321,
    },
  ),
  cash('cash.surveillance', 10_000, 'NSE circulars on GSM, ASM and ESM stages (reported)', ALWAYS),
  cash('cash.mtf', 2_500, 'Margin trading funding: client margin typical 25 % (reported)', ALWAYS),
  cash(
    'cash.mtf.loss',
    8_000,
    'Margin trading funding: positions closed at a loss of 80 % of the money behind them, house policy (reported)',
    ALWAYS,
  ),
  cash('cash.mtf.elm', 30_000, `${FUNDING}: VaR and three times ELM of a Group I share with derivatives`, FUNDED),
  cash('cash.mtf.elmOther', 50_000, `${FUNDING}: VaR and five times ELM of another Group I share`, FUNDED),
];

/** The row of a rule in force on a date (yyyymmdd); undefined when it is not in force. */
export function ruleOn(id: string, date: number): MarginRule | undefined {
  return MARGIN_RULES.find((row) => row.id === id && row.from <= date && (row.to === null || date <= row.to));
}

/** Value of a rule on a date, 1/10,000; 0 when it is not in force. */
export function ruleValue(id: string, date: number): number {
  return ruleOn(id, date)?.value ?? 0;
}
