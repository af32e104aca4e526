// Prints the made-up market as an NSCCL risk parameter file (fileFormat 4.00): CRLF, ISO-8859-1, two decimals, one array per contract by
// the clearing corporation's model, long losses capped at the file premium, on an expiry day two scan tiers and no spread naming it.
import { type RiskArray, riskArray } from '../risk-array-model.ts';
import { type ListedContract, type Market, marketPrice, RATE, smile } from './market.ts';
import { daysBetween } from './trading-calendar.ts';
import { round, type Underlying } from './underlyings.ts';

/** What changes from one published version to the next. */
export interface SpanVersion {
  /** Spot in rupees by symbol. */
  readonly spotOf: (underlying: Underlying) => number;
  readonly isSettlement: boolean;
  /** YYYYMMDDHHmm */
  readonly created: string;
}

/** A contract with its price and array, as the file carries it. */
export interface PricedContract {
  readonly contract: ListedContract;
  readonly price: number;
  readonly risk: RiskArray;
}

/** Whose file it is, as it names itself. */
export interface ClearingHouse {
  readonly org: string;
  readonly name: string;
  readonly exchange: string;
}

const NSE_CLEARING: ClearingHouse = { org: 'NSCCL', name: 'NSE Clearing Limited', exchange: 'NSE' };

const EXTREME_MULTIPLIER = 2;
const COVER = 0.35;
const LOOKAHEAD_DAYS = 2;
const CALENDAR_RATE = { index: 0.0175, stock: 0.022 } as const;

/** Price and array of a contract at a version. Days count from the previous business date, as in the published files. */
export function priceContract(market: Market, contract: ListedContract, spot: number): PricedContract {
  const { underlying, kind, expiry, strike } = contract;
  const price = marketPrice(contract, spot, market.date);
  const days = daysBetween(market.previousDate, expiry);
  const risk = riskArray({
    spot,
    strike,
    type: kind,
    days,
    premium: kind === 'FUT' ? undefined : price,
    r: RATE,
    sigma: underlying.sigma,
    psr: priceScan(underlying, days, spot),
    vsr: underlying.vsr,
    lookaheadDays: LOOKAHEAD_DAYS,
    extremeMultiplier: EXTREME_MULTIPLIER,
    cover: COVER,
  });
  return { contract, price, risk };
}

/** Price scan range in rupees as printed; index options beyond nine months have their own. */
function priceScan(underlying: Underlying, days: number, spot: number): number {
  return round(spot * (days > 274 ? underlying.psrFar : underlying.psr), 0.01);
}

/** The whole file, in pieces to be written one after the other. */
export function* printSpan(market: Market, version: SpanVersion, house: ClearingHouse = NSE_CLEARING): Generator<string> {
  const byUnderlying = new Map<Underlying, ListedContract[]>();
  for (const contract of market.contracts) {
    const own = byUnderlying.get(contract.underlying);
    if (own === undefined) byUnderlying.set(contract.underlying, [contract]);
    else own.push(contract);
  }
  yield lines(
    '<?xml version="1.0" encoding="ISO-8859-1"?>',
    '<spanFile>',
    leaf('fileFormat', '4.00') + leaf('created', version.created),
    '<definitions><currencyDef><currency>INR</currency><symbol>Rs</symbol><name>Indian Rupee</name><decimalPos>2</decimalPos></currencyDef></definitions>',
    `<pointInTime>${leaf('date', market.date)}${leaf('isSetl', version.isSettlement ? 1 : 0)}${leaf('setlQualifier', version.isSettlement ? 'final' : 'early')}`,
    `<clearingOrg><ec>${house.org}</ec><name>${house.name}</name><finalizeMeth>BY</finalizeMeth><oopDeltaMeth>PERIOD</oopDeltaMeth><capAnov>0</capAnov><lookAheadYears>0.002739</lookAheadYears>`,
    `<exchange><exch>${house.exchange}</exch>`,
  );
  const rows = market.underlyings.map((underlying, index) => ({
    underlying,
    index,
    spot: version.spotOf(underlying),
    own: byUnderlying.get(underlying) ?? [],
  }));
  for (const { underlying, index, spot } of rows) yield printPhysical(underlying, index, spot);
  for (const { underlying, index, spot, own } of rows) yield printFutures(market, underlying, { index, spot, own, house });
  for (const { underlying, index, spot, own } of rows)
    if (underlying.optionExpiries.length > 0) yield* printOptions(market, underlying, { index, spot, own, house });
  yield lines('</exchange>');
  for (const { underlying, index, own } of rows) yield printCommodity(market, underlying, { index, spot: version.spotOf(underlying), own, house });
  yield lines('<interSpreads/>', '</clearingOrg></pointInTime></spanFile>');
}

interface Family {
  readonly index: number;
  readonly spot: number;
  readonly own: readonly ListedContract[];
  readonly house: ClearingHouse;
}

function lines(...each: string[]): string {
  return `${each.join('\r\n')}\r\n`;
}

function leaf(tag: string, value: string | number): string {
  return `<${tag}>${value}</${tag}>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function head(underlying: Underlying, id: number): string {
  return `${leaf('pfId', id)}${leaf('pfCode', escaped(underlying.symbol))}${leaf('name', escaped(underlying.title))}<currency>INR</currency><cvf>1.00</cvf>`;
}

function scanRate(priceRange: number, volRange: number): string {
  return `<scanRate><r>1</r>${leaf('priceScan', priceRange.toFixed(2))}${leaf('volScan', volRange.toFixed(2))}</scanRate>`;
}

function printArray(risk: RiskArray): string {
  let text = '<ra><r>1</r>';
  for (const value of risk.array) text += `<a>${value.toFixed(2)}</a>`;
  return `${text}<d>${risk.delta.toFixed(4)}</d></ra>`;
}

function printPhysical(underlying: Underlying, index: number, spot: number): string {
  return lines(
    `<phyPf>${head(underlying, index * 3 + 1)}<valueMeth>EQTY</valueMeth>`,
    `<phy><cId>1</cId><pe>00000000</pe>${leaf('p', spot.toFixed(2))}${scanRate(priceScan(underlying, 0, spot), underlying.vsr)}</phy></phyPf>`,
  );
}

function printFutures(market: Market, underlying: Underlying, { index, spot, own, house }: Family): string {
  const text = [
    `<futPf>${head(underlying, index * 3 + 2)}<valueMeth>FUT</valueMeth><undPf><exch>${house.exchange}</exch>${leaf('pfId', index * 3 + 1)}<s>B</s><i>1.0</i></undPf>`,
  ];
  own
    .filter((contract) => contract.kind === 'FUT')
    .forEach((contract, at) => {
      const { price, risk } = priceContract(market, contract, spot);
      const years = (daysBetween(market.date, contract.expiry) / 365).toFixed(6);
      text.push(
        `<fut>${leaf('cId', at + 1)}${leaf('pe', contract.expiry)}${leaf('p', price.toFixed(2))}<d>1.0</d>${leaf('t', years)}`,
        `${printArray(risk)}</fut>`,
      );
    });
  return lines(...text, '</futPf>');
}

function* printOptions(market: Market, underlying: Underlying, { index, spot, own, house }: Family): Generator<string> {
  yield lines(
    `<oopPf>${head(underlying, index * 3 + 3)}<exercise>EURO</exercise><valueMeth>EQTY</valueMeth><priceModel>BS</priceModel>`,
    `<undPf><exch>${house.exchange}</exch>${leaf('pfId', index * 3 + 1)}<s>A</s><i>1.0</i></undPf>`,
  );
  for (const expiry of underlying.optionExpiries) {
    const days = daysBetween(market.previousDate, expiry);
    const text = [
      `<series>${leaf('pe', expiry)}${leaf('v', underlying.sigma.toFixed(6))}${leaf('t', (daysBetween(market.date, expiry) / 365).toFixed(6))}<sc>1.0</sc>`,
      `${leaf('intrRate', `<val>${RATE.toFixed(2)}</val><rl>0</rl><cpm>0</cpm><exm>12</exm>`)}${scanRate(priceScan(underlying, days, spot), underlying.vsr)}`,
    ];
    let id = 0;
    for (const contract of own) {
      if (contract.kind === 'FUT' || contract.expiry !== expiry) continue;
      const { price, risk } = priceContract(market, contract, spot);
      text.push(
        `<opt>${leaf('cId', ++id)}${leaf('o', contract.kind.slice(0, 1))}${leaf('k', contract.strike.toFixed(2))}${leaf('p', price.toFixed(2))}` +
          `${leaf('d', risk.delta.toFixed(4))}${leaf('v', smile(contract, spot).toFixed(6))}<cvf>1.00</cvf>${leaf('val', price.toFixed(2))}<sc>1.00</sc>`,
        `${printArray(risk)}</opt>`,
      );
    }
    yield lines(...text, '</series>');
  }
  yield lines('</oopPf>');
}

function printCommodity(market: Market, underlying: Underlying, { index, spot, own, house }: Family): string {
  const expiries = [...new Set(own.map((contract) => contract.expiry))].sort((a, b) => a - b);
  const symbol = escaped(underlying.symbol);
  const types = underlying.optionExpiries.length > 0 ? ['PHY', 'FUT', 'OOP'] : ['PHY', 'FUT'];
  return lines(
    `<ccDef>${leaf('cc', symbol)}${leaf('name', symbol)}<currency>INR</currency><riskExponent>0</riskExponent><procMeth>NORMAL</procMeth>`,
    '<wfprMeth>NORMAL</wfprMeth><spotMeth>NORMAL</spotMeth><somMeth>GROSS</somMeth>',
    ...types.map(
      (type, at) =>
        `<pfLink><exch>${house.exchange}</exch>${leaf('pfId', index * 3 + at + 1)}${leaf('pfCode', symbol)}${leaf('pfType', type)}<sc>1.0</sc></pfLink>`,
    ),
    '<adjRate><r>1</r><baseR>1</baseR><val>1.0</val></adjRate>',
    `<scanTiers>${scanTiers(market.date, expiries)}</scanTiers><intraTiers/><interTiers/><rateTiers/>`,
    '<somTiers><tier><tn>0</tn><rate><r>1</r><val>0</val></rate></tier></somTiers>',
    ...spreads(market, underlying, expiries, spot),
    '</ccDef>',
  );
}

/** One tier of all expiries; on an expiry day the expiring contracts have theirs. */
function scanTiers(date: number, expiries: readonly number[]): string {
  const tier = (number: number, from: number, to: number): string => `<tier>${leaf('tn', number)}${leaf('sPe', from)}${leaf('ePe', to)}</tier>`;
  const [first = 0] = expiries;
  const last = expiries[expiries.length - 1] ?? first;
  const next = expiries[1];
  return first === date && next !== undefined ? tier(1, first, first) + tier(2, next, last) : tier(1, first, last);
}

/** Calendar charge: a share of the far-month future, whole rupees, the same for every pair of expiries that does not name today. */
export function calendarCharge(market: Market, underlying: Underlying, spot: number): number {
  const far = underlying.futureExpiries[underlying.futureExpiries.length - 1] ?? market.date;
  const future = spot * Math.exp((RATE * daysBetween(market.date, far)) / 365);
  return Math.round(future * (underlying.isIndex ? CALENDAR_RATE.index : CALENDAR_RATE.stock));
}

function spreads(market: Market, underlying: Underlying, expiries: readonly number[], spot: number): string[] {
  const rate = calendarCharge(market, underlying, spot).toFixed(6);
  const symbol = escaped(underlying.symbol);
  const leg = (expiry: number, side: string): string => `<pLeg>${leaf('cc', symbol)}${leaf('pe', expiry)}${leaf('rs', side)}<i>1.0</i></pLeg>`;
  const live = expiries.filter((expiry) => expiry !== market.date);
  const text: string[] = [];
  for (let near = 0; near < live.length; near++) {
    for (let far = near + 1; far < live.length; far++) {
      text.push(
        `<dSpread>${leaf('spread', text.length + 1)}<chargeMeth>F</chargeMeth><rate><r>1</r>${leaf('val', rate)}</rate>${leg(live[near] ?? 0, 'A')}${leg(live[far] ?? 0, 'B')}</dSpread>`,
      );
    }
  }
  return text;
}
