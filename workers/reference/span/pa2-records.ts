// Readers of the single records of a pa2 file (format U2, expanded unpacked), column by column; see span.md section 3.2 for the layout. Rates
// are scaled by the commodity's risk exponent later. Record 8 is read in pa2-reader.ts.
import type { SpreadLeg } from '../../../engine/index.ts';
import type { FixedRecord } from './fixed-record.ts';
import type { MonthSpread, MonthTier, Pa2Commodity, Pa2Complex } from './pa2-parts.ts';

const WFPR = { '1': 'NORMAL', '2': 'SCANRANGE_CAP', '3': 'SCANRANGE' } as const;

/** Record 2: a combined commodity and the product families it links; a commodity may go on over several. */
export function readCommodity(record: FixedRecord, complex: Pa2Complex): void {
  const symbol = record.required(7, 12, 'combined commodity');
  const exchange = record.word(3, 5);
  let commodity = complex.commodities.get(symbol);
  if (commodity === undefined) {
    commodity = newCommodity(symbol, exchange, record.line);
    complex.commodities.set(symbol, commodity);
  } else if (commodity.exchange !== exchange) record.fail(7, 12, `commodity ${symbol} is also in line ${commodity.line}`);
  commodity.exponent = record.integer(13, 13);
  commodity.currency = record.word(14, 16) || commodity.currency;
  commodity.futuresStyle = record.word(18, 18) === 'F';
  for (let slot = 23; slot < 119; slot += 16) {
    const id = record.word(slot, slot + 9);
    if (id === '') continue;
    const type = record.required(slot + 10, slot + 12, 'product type');
    const places = record.integer(slot + 13, slot + 13);
    const arrayScale = 10 ** (record.word(slot + 14, slot + 14) === '-' ? places : -places);
    commodity.families.push({ key: familyKey(exchange, id, type), id, type, arrayScale });
  }
}

/** Key of a product family. */
export function familyKey(exchange: string, id: string, type: string): string {
  return `${exchange}|${id}|${type}`;
}

function newCommodity(symbol: string, exchange: string, line: number): Pa2Commodity {
  return {
    symbol,
    exchange,
    line,
    exponent: 0,
    currency: 'INR',
    futuresStyle: false,
    families: [],
    scanTiers: [],
    interTiers: [],
    somTiers: [],
    intraTiers: [],
    tierPerMonth: false,
    wfprMethod: 'NORMAL',
    spreads: [],
    delivery: [],
    unknownCharge: false,
    somRate: 0,
    somMethod: 'GROSS',
    adjustment: 1,
  };
}

function commodityOf(record: FixedRecord, complex: Pa2Complex): Pa2Commodity {
  const symbol = record.required(3, 8, 'combined commodity');
  return complex.commodities.get(symbol) ?? record.fail(3, 8, `commodity ${symbol} has no record 2 before this one`);
}

/** Tiers of 14 columns each: number, first and last month; short option minimum rates stand apart. */
function tiersOf(record: FixedRecord, from: number, most: number, rates = 0): MonthTier[] {
  const tiers: MonthTier[] = [];
  for (let k = 0; k < most; k++) {
    const at = from + 14 * k;
    const tier = record.integer(at, at + 1);
    if (tier === 0) continue;
    const first = record.month(at + 2, at + 7);
    const last = record.month(at + 8, at + 13);
    if (last !== 0 && last < first) record.fail(at, at + 13, `tier ${tier} ends (${last}) before it begins (${first})`);
    tiers.push({ tier, from: first, to: last, rate: rates === 0 ? 0 : record.integer(rates + 7 * k, rates + 7 * k + 6) });
  }
  return tiers;
}

/** Record S: tiers for scanning, for credits and for the short option minimum; the price risk method. */
export function readScanning(record: FixedRecord, complex: Pa2Complex): void {
  const commodity = commodityOf(record, complex);
  const method = record.word(9, 10);
  const tiers = tiersOf(record, 13, 5, method === '30' ? 104 : 0);
  const wfpr = record.word(83, 83);
  if (wfpr !== '') commodity.wfprMethod = WFPR[wfpr as keyof typeof WFPR] ?? record.fail(83, 83, `price risk method "${wfpr}" is none of 1, 2, 3`);
  if (method === '02') commodity.tierPerMonth = true;
  else if (method === '10' || method === '22') commodity.scanTiers = tiers;
  else if (method === '20' || method === '23') commodity.interTiers = tiers;
  else if (method === '30') commodity.somTiers = tiers;
  else if (method === '21') {
    commodity.scanTiers = tiers;
    commodity.interTiers = tiers;
  } else if (method !== '01' && method !== '') record.fail(9, 10, `scanning method "${method}" is not known`);
}

/** Record 3: tiers of the intra-commodity spreads. */
export function readIntraTiers(record: FixedRecord, complex: Pa2Complex): void {
  const commodity = commodityOf(record, complex);
  const method = record.word(9, 10);
  if (method === '10') commodity.intraTiers.push(...tiersOf(record, 11, 4));
  else if (method !== '01' && method !== '') record.fail(9, 10, `spread method "${method}" is not known`);
}

/** Record C: a spread between tiers. */
export function readTierSpread(record: FixedRecord, complex: Pa2Complex): void {
  const legs: MonthSpread['legs'][number][] = [];
  for (let at = 22; at <= 71; at += 7) {
    if (record.integer(at, at + 1) === 0) continue;
    const ratio = record.integer(at + 4, at + 5) || record.fail(at + 4, at + 5, 'delta per spread is 0');
    legs.push({ tier: record.integer(at + 2, at + 3), month: 0, ratio, side: record.side(at + 6) });
  }
  addSpread(record, commodityOf(record, complex), { priority: record.integer(11, 12), rate: record.integer(15, 21), legs });
}

/** Record E: a spread between series, by month. */
export function readSeriesSpread(record: FixedRecord, complex: Pa2Complex): void {
  const legs: MonthSpread['legs'][number][] = [];
  for (let at = 21; at <= 63; at += 14) {
    const month = record.integer(at, at + 3);
    if (month === 0) continue;
    const ratio = record.decimal(at + 7, at + 12, 4) || record.fail(at + 7, at + 12, 'delta per spread is 0');
    legs.push({ tier: 0, month: 200_000 + month, ratio, side: record.side(at + 13) });
  }
  addSpread(record, commodityOf(record, complex), { priority: record.integer(9, 13), rate: record.integer(14, 20), legs });
}

/** More legs than a record holds stand on further records of the same priority. */
function addSpread(record: FixedRecord, commodity: Pa2Commodity, spread: MonthSpread): void {
  if (spread.legs.length < 2) record.fail(9, 20, `spread ${spread.priority} has ${spread.legs.length} legs`);
  commodity.spreads.push(spread);
}

/** Record 4: delivery months, short option minimum, adjustment for the account type of the file. */
export function readDelivery(record: FixedRecord, complex: Pa2Complex, accountType: string): void {
  const commodity = commodityOf(record, complex);
  const method = record.word(9, 10);
  if (method === '10') {
    for (let at = 13; at <= 35; at += 22) {
      const month = record.month(at + 2, at + 7);
      if (month === 0) continue;
      commodity.delivery.push({ month, spreadRate: record.integer(at + 8, at + 14), outrightRate: record.integer(at + 15, at + 21) });
    }
  } else if (method !== '01' && method !== '') commodity.unknownCharge = true;
  commodity.somRate = record.integer(63, 69);
  const factor = { M: 70, H: 73, S: 76 }[accountType] ?? 70;
  commodity.adjustment = record.decimal(factor, factor + 2, 2) || 1;
  const som = record.word(79, 79);
  if (som !== '' && som !== '1' && som !== '2') record.fail(79, 79, `short option minimum method "${som}" is neither 1 nor 2`);
  commodity.somMethod = som === '1' ? 'MAX' : 'GROSS';
}

/** Record P: how a family's prices and strikes are to be read. */
export function readPrice(record: FixedRecord, complex: Pa2Complex): void {
  const exponent = record.integer(74, 75) * (record.word(73, 73) === '-' ? -1 : 1);
  complex.prices.set(familyKey(record.word(3, 5), record.required(6, 15, 'commodity'), record.required(16, 18, 'product type')), {
    priceDecimals: record.locator(34, 36),
    strikeDecimals: record.locator(37, 39),
    priceAlignment: record.word(40, 40),
    strikeAlignment: record.word(41, 41),
    valueFactor: record.decimal(42, 55, 7) * 10 ** exponent,
    currency: record.word(66, 68),
    exercise: record.word(76, 79),
    valuation: record.word(117, 121),
  });
}

/** Record B: expiry, delta scaling and scan ranges of a series. */
export function readSeries(record: FixedRecord, complex: Pa2Complex): void {
  const family = familyKey(record.word(3, 5), record.required(6, 15, 'commodity'), record.required(16, 18, 'product type'));
  const exponent = record.integer(166, 167) * (record.word(168, 168) === '-' ? -1 : 1);
  complex.series.set(seriesKey(family, monthAndDay(record, 19), monthAndDay(record, 28)), {
    expiry: record.date(92, 99),
    deltaScaling: record.decimal(86, 91, 4) || 1,
    priceScan: record.integer(53, 57) * 10 ** exponent,
    volScan: record.decimal(45, 52, 6),
    valueFactor: record.decimal(129, 142, 7),
  });
}

/** Month (6 columns) and day or week code (2 columns) as one text; '' when there is none. */
export function monthAndDay(record: FixedRecord, from: number): string {
  const month = record.month(from, from + 5);
  return month === 0 ? '' : `${month}${record.word(from + 6, from + 7)}`;
}

/** Key of a series. */
export function seriesKey(family: string, future: string, option: string): string {
  return `${family}|${future}|${option}`;
}

/** Record 6: an inter-commodity credit. Methods other than by delta, by tiered delta and by scanning are left out: no credit asks more. */
export function readInterSpread(record: FixedRecord, complex: Pa2Complex): void {
  const method = record.word(89, 90) || '01';
  const priority = record.integer(6, 9);
  const flat = record.word(101, 101) === 'F';
  const rate = flat ? record.decimal(10, 16, 2) : record.decimal(10, 16, 6);
  const legs: SpreadLeg[] = [];
  for (let k = 0; k < 4; k++) {
    const at = 17 + 18 * k;
    const commodity = record.word(at + 4, at + 9);
    if (commodity === '') continue;
    const ratio = record.decimal(at + 10, at + 16, 4) || 1;
    const side = method === '04' ? 'A' : record.side(at + 17);
    const tier = record.integer(102 + 2 * k, 103 + 2 * k);
    legs.push({ commodity, expiry: 0, tier, side, ratio, required: record.word(at + 3, at + 3) !== 'N' });
  }
  if (method === '04') addScanningSpread(record, complex, { priority, rate, legs });
  else if (method === '01' || method === '02' || method === '20') {
    if (legs.length < 2) record.fail(17, 88, `spread ${priority} has ${legs.length} legs`);
    const into = record.word(110, 110) === 'S' ? complex.superSpreads : complex.interSpreads;
    into.push({ priority, method: flat ? 'F' : 'W', rate, legs });
  }
}

function addScanningSpread(
  record: FixedRecord,
  complex: Pa2Complex,
  { priority, rate, legs }: { priority: number; rate: number; legs: readonly SpreadLeg[] },
): void {
  const target = record.required(95, 100, 'target commodity');
  const all = legs.map(({ commodity, required, ratio }) => ({ commodity, isTarget: commodity === target, required, ratio, rate }));
  if (!all.some((leg) => leg.isTarget)) {
    all.push({ commodity: target, isTarget: true, required: record.word(94, 94) !== 'N', ratio: 1, rate });
  }
  if (all.length < 2) record.fail(17, 100, `scanning spread ${priority} has ${all.length} legs`);
  complex.scanningSpreads.push({ priority, legs: all });
}
