// Entries of a portfolio that are no positions: shares or goods to be delivered or taken after expiry ({symbol, type: DELIVERY, quantity, price}), and what
// a day's closed trades and premium came to ({type: DAY, premiumPaid, premiumReceived, realised}, rupees). Each becomes one line with its rule.
import {
  afterExpiryMargin,
  crystallisedObligation,
  goodsDeliveryMargin,
  InstrumentKind,
  type ParameterTable,
  roundMicrosToPaise,
  underlyingKind,
} from '../../engine/index.ts';
import type { JsonRecord } from './json-file.ts';

/** Amount in paise. */
export interface Obligation {
  readonly rule: string;
  readonly symbol: string;
  readonly amount: number;
  readonly basis: string;
}

const MICROS_PER_RUPEE = 1_000_000;
const TICKS_PER_RUPEE = 10_000;

/** Whether the entry is one of these; its type is read by the reader that follows. */
export function isObligation(record: JsonRecord): boolean {
  const type = record.optionalText('type');
  return type === 'DELIVERY' || type === 'DAY';
}

/** The line of an entry. Throws JsonFileError naming entry and field. */
export function obligationOf(table: ParameterTable, record: JsonRecord): Obligation {
  return record.word('type', ['DELIVERY', 'DAY']) === 'DAY' ? dayOf(table, record) : deliveryOf(table, record);
}

function dayOf(table: ParameterTable, record: JsonRecord): Obligation {
  const micros = (field: string): number => Math.round((record.optionalNumber(field) ?? 0) * MICROS_PER_RUPEE);
  const day = { premiumPaid: micros('premiumPaid'), premiumReceived: micros('premiumReceived'), realised: micros('realised') };
  const amount = roundMicrosToPaise(crystallisedObligation(day, table.businessDate));
  return { rule: 'crystallised', symbol: 'day', amount, basis: 'premium paid less received less realised profit' };
}

function deliveryOf(table: ParameterTable, record: JsonRecord): Obligation {
  const symbol = record.text('symbol');
  const units = record.number('quantity');
  if (!Number.isSafeInteger(units)) record.fail('quantity', `${units} is not a whole number of units`);
  const settlementPrice = Math.round(record.positive('price') * TICKS_PER_RUPEE);
  if (isCommodity(table, symbol)) return goodsOf(table, record, { symbol, units, settlementPrice });
  const row = shareRow(table, symbol);
  if (row < 0) record.fail('symbol', `"${symbol}" is not a share of the parameters`);
  const close = table.previousClose[row] as number;
  const commodity = table.details.commodities.find((each) => each.symbol === symbol);
  const rate = commodity?.deliveryRate ?? (table.cashRate[row] as number);
  const amount = roundMicrosToPaise(afterExpiryMargin({ units, settlementPrice, close, rate }, table.businessDate));
  const basis = `${units} at ${rate / 100} % of ${close / TICKS_PER_RUPEE}, settled at ${settlementPrice / TICKS_PER_RUPEE}`;
  return { rule: 'delivery.afterExpiry', symbol, amount, basis };
}

function isCommodity(table: ParameterTable, symbol: string): boolean {
  const row = table.details.commodities.findIndex((each) => each.symbol === symbol);
  const first = row < 0 || table.instrumentCount[row] === 0 ? -1 : (table.firstInstrument[row] as number);
  return first >= 0 && underlyingKind(symbol, table.segment[first] as number) === 'commodity';
}

/** Goods: `spotRisk` is the 99 % value at risk of the spot price over five days in per cent, where the clearing corporation has told it. */
function goodsOf(table: ParameterTable, record: JsonRecord, goods: { symbol: string; units: number; settlementPrice: number }): Obligation {
  const percent = record.optionalNumber('spotRisk') ?? 0;
  if (percent < 0 || percent > 100) record.fail('spotRisk', `${percent} is not a percentage from 0 to 100`);
  const spotRisk = Math.round(percent * 100);
  const amount = roundMicrosToPaise(goodsDeliveryMargin({ ...goods, spotRisk }, table.businessDate));
  const basis = `${goods.units} at ${goods.settlementPrice / TICKS_PER_RUPEE}, to be delivered`;
  return { rule: 'commodity.delivery', symbol: goods.symbol, amount, basis };
}

function shareRow(table: ParameterTable, symbol: string): number {
  for (let row = 0; row < table.instruments; row++) {
    if (table.kind[row] === InstrumentKind.EQ && table.instrumentName(row) === symbol) return row;
  }
  return -1;
}
