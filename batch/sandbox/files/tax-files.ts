// STT and stamp duty as the clearing corporation collects them: one row per client and security or contract (RptHdr 40), from trades netted by
// quantity. In the cash segment what nets is intraday, the rest delivery, whatever product the member was told; derivatives are taxed on what was
// sold, stamped on what was bought, and on their last day on what they are exercised for or deliver.
import {
  type BusinessDate,
  businessDate,
  type ChargeRates,
  type ChargeTerms,
  chargeKey,
  chargeRatesOn,
  ratesOfKey,
  settlementTax,
  totalSettlementTax,
} from '../../../engine/index.ts';
import { type Chain, SEGMENT_OF } from '../../graph/node-row.ts';
import { compactDate, type FileRoleName, MEMBER_CODE, UDIFF_SEGMENT } from '../../ports/file-names.ts';
import { chainsOf, instrumentIn, type MarketDay, settlementOfDay } from '../market-day.ts';
import { csvText, type Row } from './csv-text.ts';
import { type EndedTaxes, endedTaxes } from './ended-contracts.ts';
import type { SeenTrade } from './evening-files.ts';
import { STAMP_HEADER, STT_HEADER } from './udiff-columns.ts';

/** What a client traded in one security or contract: units, and values in micros of a rupee. */
interface Traded {
  readonly client: string;
  readonly token: number;
  bought: number;
  sold: number;
  boughtValue: bigint;
  soldValue: bigint;
}

/** Exchange segments that have such files, the role of each, and the state (Maharashtra) that practice clients live in. */
const ROLES: readonly (readonly [Chain, FileRoleName | undefined, FileRoleName])[] = [
  ['CM', 'stt-cm', 'stamp-cm'],
  ['FO', 'stt-fo', 'stamp-fo'],
  ['BSE', 'stt-bse', 'stamp-bse'],
  ['BFO', 'stt-bfo', 'stamp-bfo'],
  ['T0', 'stt-t0', 'stamp-t0'],
  ['CD', undefined, 'stamp-cd'],
  ['COM', 'ctt-com', 'stamp-com'],
];
const EXCHANGE: Readonly<Record<Chain, Contracts['exchange']>> = { CM: 'NSE', FO: 'NSE', CD: 'NSE', COM: 'MCX', BSE: 'BSE', BFO: 'BSE', T0: 'NSE' };
const STATE = '27';
const SECURITY_LEVEL = 40;
const MEMBER_LEVEL = 10;
const MICROS = 1_000_000;
/** Micros times a rate of 1e-9 in units of 1e-18 rupee; and those in a paisa. */
const SCALE = 1_000n;
const PER_PAISA = 10n ** 16n;

/** Texts of the files by role: those of every exchange the day is traded at. */
export function taxFiles(day: MarketDay, trades: readonly SeenTrade[]): Partial<Record<FileRoleName, string>> {
  const date = businessDate(Number(compactDate(day.date)));
  const rates = chargeRatesOn(date);
  const made: Partial<Record<FileRoleName, string>> = {};
  const chains = chainsOf(day).filter((chain) => (chain !== 'CD' || day.currency.size > 0) && (chain !== 'COM' || day.commodities.size > 0));
  for (const [chain, stt, stamp] of ROLES.filter(([each]) => chains.includes(each))) {
    const traded = tradedIn(trades.filter((trade) => trade.segment === chain && trade.cancelled !== true));
    const isCash = SEGMENT_OF[chain] === 'CM';
    const exchange = EXCHANGE[chain];
    const contracts = (token: number): Contracts => ({
      exchange,
      segment: kindOf(chain, (instrumentIn(day, chain, token)?.optionType ?? '') !== ''),
    });
    const tax = (each: Traded): bigint =>
      isCash ? cashTax(each, exchange === 'BSE' ? 'BSE' : 'NSE', date) : soldTax(each, contracts(each.token), rates);
    const duty = (each: Traded): bigint => (isCash ? cashDuty(each, rates) : boughtDuty(each, contracts(each.token), rates));
    const ended = endedTaxes(day, trades).filter((each) => each.chain === chain);
    const owed = (of: (each: Traded) => bigint, item: 'stt' | 'stamp'): TaxRow[] => [
      ...traded.map((each): TaxRow => [of(each), cells(day, chain, each)]),
      ...ended.map((each): TaxRow => [toPaise(each[item]), cells(day, chain, untraded(each))]),
    ];
    if (stt !== undefined) made[stt] = csvText(STT_HEADER, sttRows(day, chain, owed(tax, 'stt')));
    made[stamp] = csvText(STAMP_HEADER, stampRows(chain, owed(duty, 'stamp')));
  }
  return made;
}

/** Paise, and the cells that say of whom and of what. */
type TaxRow = [paise: bigint, cells: Row];

/** Nothing was traded for it. */
const untraded = ({ client, contract: { token } }: EndedTaxes): Traded => ({ client, token, bought: 0, sold: 0, boughtValue: 0n, soldValue: 0n });

function tradedIn(trades: readonly SeenTrade[]): Traded[] {
  const found = new Map<string, Traded>();
  for (const { client, token, side, quantity, price } of trades) {
    const key = `${client} ${token}`;
    const each = found.get(key) ?? { client, token, bought: 0, sold: 0, boughtValue: 0n, soldValue: 0n };
    found.set(key, each);
    const value = BigInt(Math.round(price * MICROS)) * BigInt(quantity);
    if (side === 'B') {
      each.bought += quantity;
      each.boughtValue += value;
    } else {
      each.sold += quantity;
      each.soldValue += value;
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

/** Amounts below are in paise, half up. */
const toPaise = (exact: bigint): bigint => (exact + PER_PAISA / 2n) / PER_PAISA;
const rateOf = (rates: ChargeRates, terms: ChargeTerms, item: 'tax' | 'stamp'): bigint => ratesOfKey(rates, chargeKey(terms))[item];

function cashTax(each: Traded, exchange: 'NSE' | 'BSE', date: BusinessDate): bigint {
  const { bought, sold, boughtValue, soldValue } = each;
  const day = { buyQuantity: bought, buyValue: boughtValue, sellQuantity: sold, sellValue: soldValue };
  return toPaise(totalSettlementTax(settlementTax(day, exchange, date)));
}

/** Duty falls on the buyer: on what was bought and sold again at the intraday rate, on the rest at that of delivery. */
function cashDuty({ bought, sold, boughtValue }: Traded, rates: ChargeRates): bigint {
  if (bought === 0) return 0n;
  const rate = (product: 'CNC' | 'MIS'): bigint => rateOf(rates, { exchange: 'NSE', segment: 'EQ', product, side: 'BUY' }, 'stamp');
  const intraday = BigInt(Math.min(bought, sold));
  const weighted = intraday * rate('MIS') + (BigInt(bought) - intraday) * rate('CNC');
  return toPaise((boughtValue * weighted * SCALE) / BigInt(bought));
}

type Contracts = Pick<ChargeTerms, 'exchange' | 'segment'>;

/** Kind of contract as rates have it. */
function kindOf(chain: Chain, isOption: boolean): Contracts['segment'] {
  if (chain === 'CD') return isOption ? 'CUR_OPT' : 'CUR_FUT';
  if (chain === 'COM') return isOption ? 'COM_OPT' : 'COM_FUT';
  return isOption ? 'OPT' : 'FUT';
}

function soldTax({ soldValue }: Traded, contracts: Contracts, rates: ChargeRates): bigint {
  return toPaise(soldValue * rateOf(rates, { ...contracts, product: 'NRML', side: 'SELL' }, 'tax') * SCALE);
}

function boughtDuty({ boughtValue }: Traded, contracts: Contracts, rates: ChargeRates): bigint {
  return toPaise(boughtValue * rateOf(rates, { ...contracts, product: 'NRML', side: 'BUY' }, 'stamp') * SCALE);
}

const rupeesOf = (paise: bigint): string => `${paise / 100n}.${String(paise % 100n).padStart(2, '0')}`;
const valueText = (micros: bigint): string => rupeesOf((micros + 5_000n) / 10_000n);

/** Cells both files have. */
function cells(day: MarketDay, chain: Chain, { client, token, bought, sold, boughtValue, soldValue }: Traded): Row {
  const found = instrumentIn(day, chain, token);
  const isCash = SEGMENT_OF[chain] === 'CM';
  const { type, number } = settlementOfDay(day.date, chain === 'T0' ? 'T0' : 'CM');
  return {
    RptHdr: SECURITY_LEVEL,
    Sgmt: UDIFF_SEGMENT[chain],
    Src: 'NCL',
    SttlmTp: isCash ? type : '',
    SctiesSttlmTxId: isCash ? number : '',
    ClrMmbId: MEMBER_CODE,
    BrkrOrCtdnPtcptId: MEMBER_CODE,
    ClntId: client,
    TckrSymb: found?.symbol ?? '',
    SctySrs: found?.series ?? '',
    FinInstrmId: token,
    FinInstrmTp: found?.instrumentType ?? '',
    ISIN: found?.isin ?? '',
    OptnTp: found?.optionType ?? '',
    TtlBuyTradgVol: bought,
    TtlBuyTrfVal: valueText(boughtValue),
    TtlSellTradgVol: sold,
    TtlSellTrfVal: valueText(soldValue),
  };
}

function sttRows(day: MarketDay, chain: Chain, rows: readonly TaxRow[]): Row[] {
  const total = rows.reduce((sum, [amount]) => sum + amount, 0n);
  const member: Row = { RptHdr: MEMBER_LEVEL, Sgmt: UDIFF_SEGMENT[chain], Src: 'NCL', TradDt: day.date, ClrMmbId: MEMBER_CODE };
  return [{ ...member, TtlTaxs: rupeesOf(total) }, ...rows.map(([amount, row]) => ({ ...row, TradDt: day.date, TtlTaxs: rupeesOf(amount) }))];
}

function stampRows(chain: Chain, rows: readonly TaxRow[]): Row[] {
  const total = rows.reduce((sum, [amount]) => sum + amount, 0n);
  const member: Row = { RptHdr: MEMBER_LEVEL, Sgmt: UDIFF_SEGMENT[chain], Src: 'NCL', ClrMmbId: MEMBER_CODE };
  const amounts = (amount: bigint): Row => ({ CtrySubDvsn: STATE, BuyStmpDty: rupeesOf(amount), StmpDtyAmt: rupeesOf(amount) });
  return [{ ...member, StmpDtyAmt: rupeesOf(total) }, ...rows.map(([amount, row]) => ({ ...row, ...amounts(amount) }))];
}
