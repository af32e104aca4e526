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
  /** Circular or page, and its date (0 = undated). */
  readonly source: string;
  readonly sourceDate: number;
}

const NCL_PAGE = 'NSE Clearing, equity derivatives margins page';
const NCL_ADD_ON = 'NCL/CMPT/64639; SEBI/HO/MRD/TPD/P/CIR/2024/132';
const LADDER = 'NCL physical settlement FAQ (reported)';
const UPFRONT_CASH = 'NSE/INSP/45534, NSE/INSP/45565';

const equity = (id: string, from: number, value: number, source: string, sourceDate: number, beyond?: number): MarginRule => ({
  id,
  from,
  to: null,
  segment: 'equity derivatives',
  value,
  ...(beyond === undefined ? {} : { beyond }),
  source,
  sourceDate,
});

/** The table. Ids are for ever. */
export const MARGIN_RULES: readonly MarginRule[] = [
  equity('elm.index', 0, 200, NCL_PAGE, 20240701),
  equity('elm.index.deepOtm', 0, 300, 'Broker notes (reported): strikes beyond 10 % of the previous close', 0, 1000),
  equity('elm.index.longDated', 0, 500, 'Broker notes (reported): index options of more than nine months', 0),
  equity('elm.stock', 0, 350, NCL_PAGE, 20240701),
  equity('elm.stock.deepOtm', 0, 525, 'NCL ael files of 2026: 1.5 times the normal rate beyond 30 %', 20260211, 3000),
  { id: 'elm.currency', from: 0, to: null, segment: 'currency derivatives', value: 100, source: 'Broker notes (reported)', sourceDate: 0 },
  {
    id: 'elm.commodity',
    from: 0,
    to: null,
    segment: 'commodity derivatives',
    value: 100,
    source: 'MCXCCL margin circulars (reported)',
    sourceDate: 0,
  },
  {
    id: 'elm.commodity.crudeShort',
    from: 0,
    to: null,
    segment: 'commodity derivatives',
    value: 125,
    source: 'MCXCCL margin circulars (reported): short crude oil, futures and options',
    sourceDate: 0,
  },
  equity('elm.calendarThird', 0, 3_333, 'NCL (reported): a futures spread pays on a third of its far month', 0),
  equity('elm.expiryDay', 20241120, 200, NCL_ADD_ON, 20241021),
  equity('calendar.index.expiryDay', 20250210, 10_000, 'SEBI/HO/MRD/TPD/P/CIR/2024/132', 20241001),
  equity('calendar.stock.expiryDay', 20260504, 10_000, 'SEBI circular of 2026-02-05; NCL/CMPT/72906', 20260205),
  equity('premium.upfront', 20250210, 10_000, 'SEBI/HO/MRD/TPD/P/CIR/2024/132, measure 1', 20241001),
  equity('delivery.E-4', 20191001, 1_000, LADDER, 0),
  equity('delivery.E-3', 20191001, 2_500, LADDER, 0),
  equity('delivery.E-2', 20191001, 4_500, LADDER, 0),
  equity('delivery.E-1', 20191001, 7_000, LADDER, 0),
  equity('delivery.E', 20191001, 10_000, LADDER, 0),
  equity('delivery.afterExpiry', 20191001, 10_000, LADDER, 0),
  equity('crystallised', 20191001, 10_000, 'NSE Clearing, MG-12 and MG-13 reports page (reported)', 0),
  equity('preOpen.gross', 20251208, 10_000, 'NCL circulars on the derivatives pre-open session', 20251208),
  { id: 'cash.varElm', from: 0, to: null, segment: 'cash', value: 10_000, source: 'applicable rate of the C_VAR1 file of the day', sourceDate: 0 },
  {
    id: 'cash.deliverySale',
    from: 0,
    to: null,
    segment: 'cash',
    value: 0,
    source: 'SEBI peak margin FAQ: sale of blocked or early paid-in holdings (reported)',
    sourceDate: 0,
  },
  {
    id: 'cash.btst',
    from: 0,
    to: null,
    segment: 'cash',
    value: 10_000,
    source: 'NSE peak margin FAQ: sale before delivery is a margined trade (reported)',
    sourceDate: 0,
  },
  { id: 'cash.least', from: 20200901, to: null, segment: 'cash', value: 2_000, source: UPFRONT_CASH, sourceDate: 20200820 },
  {
    id: 'cash.tradeToTrade',
    from: 0,
    to: null,
    segment: 'cash',
    value: 10_000,
    source: 'NSE circulars on trade-to-trade series (reported)',
    sourceDate: 0,
  },
  {
    id: 'cash.surveillance',
    from: 0,
    to: null,
    segment: 'cash',
    value: 10_000,
    source: 'NSE circulars on GSM and ASM stages (reported)',
    sourceDate: 0,
  },
  {
    id: 'cash.mtf',
    from: 0,
    to: null,
    segment: 'cash',
    value: 2_500,
    source: 'Margin trading funding: client margin typical 25 % (reported)',
    sourceDate: 0,
  },
];

/** The row of a rule in force on a date (yyyymmdd); undefined when it is not in force. */
export function ruleOn(id: string, date: number): MarginRule | undefined {
  return MARGIN_RULES.find((rule) => rule.id === id && rule.from <= date && (rule.to === null || date <= rule.to));
}

/** Value of a rule on a date, 1/10,000; 0 when it is not in force. */
export function ruleValue(id: string, date: number): number {
  return ruleOn(id, date)?.value ?? 0;
}
