// The pre-trade checks in their order, as a list of (code, does it fail). Each looks at the plain state and works out what it needs.
import { ExchangeSegment, InstrumentFlag, InstrumentKind, OrdType, Product, RejectCode, Side, TimeInForce } from '../../engine/index.ts';
import { type Account, instrumentKey, isExit, kindOf, type Order, openOrders, rowOf, type Slot, togethers, uncovered } from './book.ts';
import { gateNow } from './day-edges.ts';
import { divideUp, larger, smaller } from './exact.ts';
import { drawn, listedRate } from './funding.ts';
import { availableOf, gainOf, grossOf, heldValue, requirementNow, requirementWith, valuePaise, workingUnits } from './funds.ts';
import { lendingRise, passesSlice } from './lending.ts';
import { unitAlone } from './margin-oracle.ts';
import { listingsOf } from './same-share.ts';

/** What is asked for: a new order, or a replace of `replacing`. Raw numbers, not yet known to be whole. */
export interface Candidate {
  readonly slot: Slot;
  readonly account: Account;
  readonly segment: number;
  readonly token: number;
  readonly side: number;
  readonly product: number;
  readonly ordType: number;
  readonly timeInForce: number;
  readonly quantity: number;
  readonly price: number;
  readonly stopPx: number;
  readonly displayQuantity: number;
  readonly replacing: Order | undefined;
  /** Part in a cover or bracket order, the entry an exit names, and the ticks from an entry's price to its target. */
  readonly leg: Order['leg'];
  readonly entry: Order | undefined;
  readonly targetWay: number;
  readonly isDealer: boolean;
  /** The order as it would work, for the margin; only called once quantity and price are known to be sound. */
  readonly asOrder: () => Order;
}

type Code = keyof typeof RejectCode;
type Check = readonly [Code, (candidate: Candidate) => boolean];

const row = (c: Candidate): number => rowOf(c.slot, c.segment, c.token);
const column = (c: Candidate, name: 'lot' | 'freezeQuantity' | 'tickSize' | 'bandLow' | 'bandHigh' | 'flags'): number =>
  c.slot.table?.[name][row(c)] ?? 0;
const isCash = (c: Candidate): boolean => kindOf(c.slot, c.segment, c.token) === InstrumentKind.EQ;
const priced = (c: Candidate): boolean => c.ordType === OrdType.LIMIT || c.ordType === OrdType.STOP_LIMIT;
const stopped = (c: Candidate): boolean => c.ordType === OrdType.STOP || c.ordType === OrdType.STOP_LIMIT;
const onTick = (c: Candidate, price: number): boolean => Number.isInteger(price) && price > 0 && price % column(c, 'tickSize') === 0;
const inBand = (c: Candidate, price: number): boolean =>
  column(c, 'bandHigh') === 0 || (price >= column(c, 'bandLow') && price <= column(c, 'bandHigh'));

/** Price an order is valued at: its own, or the top of the band. */
export const valuationOf = (c: Candidate): bigint => BigInt(priced(c) ? c.price : column(c, 'bandHigh'));

const beside = (c: Candidate): Order[] => openOrders(c.account).filter((order) => order !== c.replacing);
/** Open orders that can fill together with it: not the other exit of its entry. */
const others = (c: Candidate): Order[] => beside(c).filter((order) => c.entry === undefined || order.entry !== c.entry || !isSameWay(c, order));
/** Units that would work: the whole of a new order, what is unfilled of a replaced one. */
const leaves = (c: Candidate): bigint => BigInt(c.quantity) - (c.replacing?.filled ?? 0n);
const value = (c: Candidate): bigint => valuePaise(valuationOf(c), BigInt(c.quantity));
export const leavesValue = (c: Candidate): bigint => valuePaise(valuationOf(c), leaves(c));

/** Product of the position row the order would trade into: derivatives have one for all. */
export const positionProduct = (segment: number, product: number): number => {
  const cash = segment === ExchangeSegment.NSE || segment === ExchangeSegment.BSE;
  return cash ? product : 0;
};

function net(c: Candidate): bigint {
  const product = positionProduct(c.segment, c.product);
  return c.account.positions.get(`${instrumentKey(c.segment, c.token)}/${product}`)?.units ?? 0n;
}

/** Would the order trade into the same position row? */
const isSameRow = (c: Candidate, { segment, token, product }: Order): boolean =>
  segment === c.segment && token === c.token && positionProduct(segment, product) === positionProduct(c.segment, c.product);

const isSameWay = (c: Candidate, order: Order): boolean => isSameRow(c, order) && order.side === c.side;

/** Working units of the other orders on one side of the same position row. */
function working(c: Candidate, side: number): bigint {
  const same = others(c).filter((order) => isSameRow(c, order) && order.side === side);
  return togethers(same).reduce((sum, group) => sum + group.map(workingUnits).reduce(larger), 0n);
}

function deliverable(c: Candidate): bigint {
  return heldUnits(c.account, c.segment, c.token) + (CASH_BOTH.every((segment) => c.account.segments.has(segment)) ? deliverableElsewhere(c) : 0n);
}

const CASH_BOTH = [ExchangeSegment.NSE, ExchangeSegment.BSE];

function heldUnits(account: Account, segment: number, token: number): bigint {
  const holding = account.holdings.get(instrumentKey(segment, token));
  return holding === undefined ? 0n : holding.free + holding.t1;
}

/** What the other listing of the same share leaves: held there, bought today, less what is on sale there. */
function deliverableElsewhere(c: Candidate): bigint {
  return elsewhereUnits(c.slot, c.account, c.segment, c.token);
}

/** The same of any listing. */
export function elsewhereUnits(slot: Slot, account: Account, ofSegment: number, ofToken: number): bigint {
  const { table } = slot;
  const own = rowOf(slot, ofSegment, ofToken);
  const other = listingsOf(table, own).find((row) => row !== own);
  if (table === undefined || other === undefined || own < 0) return 0n;
  const [segment, token] = [table.segment[other] ?? 0, table.token[other] ?? 0];
  const units = account.positions.get(`${instrumentKey(segment, token)}/${Product.CNC}`)?.units ?? 0n;
  const sales = openOrders(account).filter(
    (order) => order.segment === segment && order.token === token && order.product === Product.CNC && order.side === Side.SELL,
  );
  return heldUnits(account, segment, token) + units - sales.reduce((sum, order) => sum + workingUnits(order), 0n);
}

/** Does the order only bring its position nearer to flat, whatever else fills? */
function reduces(c: Candidate): boolean {
  // In plain numbers: the quantity has not been checked yet and may be a fraction.
  const asked = c.quantity - Number(c.replacing?.filled ?? 0n);
  if (c.side === Side.BUY) return asked <= Number(-net(c) - working(c, Side.BUY));
  const held = isCash(c) && c.product === Product.CNC ? deliverable(c) : 0n;
  return asked <= Number(net(c) + held - working(c, Side.SELL));
}

function hasUnnamedPosition(c: Candidate): boolean {
  return [...c.account.positions.values()].some((position) => position.units !== 0n && rowOf(c.slot, position.segment, position.token) < 0);
}

function noParameters(c: Candidate): boolean {
  if (c.slot.table === undefined) return true;
  const unpriced = !isCash(c) && (column(c, 'flags') & InstrumentFlag.NO_RISK_ARRAY) !== 0;
  return (unpriced || hasUnnamedPosition(c)) && !reduces(c);
}

function typeRefused(c: Candidate): boolean {
  if (c.ordType < 1 || c.ordType > 4) return true;
  if (c.timeInForce !== TimeInForce.DAY && c.timeInForce !== TimeInForce.IOC) return true;
  if (c.timeInForce === TimeInForce.IOC && stopped(c)) return true;
  if (c.leg !== 'none' && (c.timeInForce !== TimeInForce.DAY || (c.leg === 'stop') === (c.ordType === OrdType.LIMIT))) return true;
  const tradedApart = isCash(c) && (column(c, 'flags') & InstrumentFlag.TRADE_TO_TRADE) !== 0;
  const { cover, targetMost } = c.slot.policy;
  if (c.product === Product.CO) return tradedApart || cover === undefined || (c.leg === 'none' && !reduces(c));
  if (c.product === Product.BO) return tradedApart || targetMost === undefined || (c.leg === 'none' && !reduces(c));
  if (c.product === Product.MTF) return tradedApart || !isCash(c) || ((c.slot.policy.fundingLimit ?? 0n) === 0n && !reduces(c));
  if (c.product !== Product.MIS && c.product !== (isCash(c) ? Product.CNC : Product.NRML)) return true;
  return isCash(c) && c.product === Product.MIS && (column(c, 'flags') & InstrumentFlag.TRADE_TO_TRADE) !== 0;
}

const isEntry = ({ leg }: Candidate): boolean => leg === 'entry' || leg === 'released';

function stopRefused(c: Candidate): boolean {
  if (isEntry(c)) return false;
  if (!stopped(c)) return c.stopPx !== 0;
  if (!onTick(c, c.stopPx) || !inBand(c, c.stopPx)) return true;
  if (c.ordType !== OrdType.STOP_LIMIT) return false;
  return c.side === Side.BUY ? c.stopPx > c.price : c.stopPx < c.price;
}

const limit = (c: Candidate, name: keyof Account['limits']): bigint => c.account.limits[name];
const over = (amount: bigint, most: bigint): boolean => most !== 0n && amount > most;
const valueHeld = (orders: readonly Order[]): bigint => togethers(orders).reduce((sum, group) => sum + group.map(heldValue).reduce(larger), 0n);
const openValue = (c: Candidate): bigint => valueHeld(others(c));
/** An exit: of an entry that has something to exit, all of that, and the only one of its kind. */
function linkRefused({ leg, entry, ...c }: Candidate): boolean {
  if (!isExit(leg)) return false;
  if (entry === undefined || entry.leg !== 'entry') return true;
  if (entry.exits.some((exit) => exit.leg === leg && exit.ending === undefined && exit !== c.replacing)) return true;
  if (BigInt(c.quantity) - (c.replacing?.filled ?? 0n) !== uncovered(entry)) return true;
  return entry.token !== c.token || entry.segment !== c.segment || entry.product !== c.product || entry.side === c.side;
}

/** How far the stop is from the entry's price on the losing side, ticks. */
const wayToStop = (side: number, price: number, stop: number): number => (side === Side.BUY ? price - stop : stop - price);

function stopLossRefused(c: Candidate): boolean {
  const { least = 0, most = 0 } = c.slot.policy.cover ?? {};
  if (c.leg === 'stop' && c.entry !== undefined) {
    const price = Number(c.entry.terms.price);
    return c.stopPx !== 0 && wayToStop(c.entry.side, price, c.stopPx) * 10_000 > price * most;
  }
  if (!isEntry(c)) return false;
  const way = wayToStop(c.side, c.price, c.stopPx);
  const inside = c.stopPx >= column(c, 'bandLow') && c.stopPx <= column(c, 'bandHigh');
  if (!onTick(c, c.stopPx) || !inside || way <= 0 || way * 10_000 < c.price * least || way * 10_000 > c.price * most) return true;
  return BigInt(way) * 100n > leastMargin(c);
}

function targetRefused(c: Candidate): boolean {
  if (!isEntry(c) || c.product !== Product.BO) return false;
  const target = c.side === Side.BUY ? c.price + c.targetWay : c.price - c.targetWay;
  if (!onTick(c, target) || target < column(c, 'bandLow') || target > column(c, 'bandHigh')) return true;
  return c.targetWay === 0 || c.targetWay * 10_000 > c.price * (c.slot.policy.targetMost ?? 0);
}

/** Micros the exchange asks at least for a unit with nothing beside it. */
function leastMargin(c: Candidate): bigint {
  const { table, policy } = c.slot;
  if (table === undefined) return 0n;
  if (!isCash(c)) return unitAlone(table, row(c), c.side);
  const rate = larger(BigInt(table.cashRate[row(c)] ?? 0), policy.cashRateFloor);
  return divideUp(BigInt(c.price) * rate, 100n);
}

const ENGINE_ORDER_VALUE = 1_000_000_000_000n;

function orderTooLarge(c: Candidate): boolean {
  if (isExit(c.leg)) return value(c) > ENGINE_ORDER_VALUE;
  const bounds = [c.slot.policy.maxOrderValue, limit(c, 'maxOrderValue'), ENGINE_ORDER_VALUE].filter((bound) => bound !== 0n);
  return value(c) > bounds.reduce(smaller);
}

function positionTooLarge(c: Candidate): boolean {
  const after = (c.side === Side.BUY ? net(c) : -net(c)) + working(c, c.side) + leaves(c);
  if (over(after, limit(c, 'maxNetQuantity'))) return true;
  return !reduces(c) && over(divideUp(grossOf(c.account), 100n) + openValue(c) + leavesValue(c), limit(c, 'maxGrossValue'));
}

const isFundedBuy = (c: Candidate): boolean => c.product === Product.MTF && c.side === Side.BUY;

function fundedTooMuch(c: Candidate): boolean {
  if (!isFundedBuy(c)) return false;
  const most = smaller(c.account.sanction, c.slot.policy.fundingLimit ?? 0n);
  return drawn(c.slot, c.account, c.replacing, { paise: leavesValue(c), share: c }) > most;
}

const fundedSellTooLarge = (c: Candidate): boolean => c.product === Product.MTF && c.side === Side.SELL && leaves(c) > net(c) - working(c, Side.SELL);

const cncSellTooLarge = (c: Candidate): boolean =>
  isCash(c) && c.product === Product.CNC && c.side === Side.SELL && leaves(c) > deliverable(c) + net(c) - working(c, Side.SELL);

/** Requirement before and after, and what there is. */
export function marginFigures(c: Candidate): { before: bigint; after: bigint; available: bigint } {
  const after = requirementWith(c.slot, c.account, [...beside(c), c.asOrder()]);
  return { before: requirementNow(c.slot, c.account), after, available: availableOf(c.slot, c.account) };
}

function notCovered(c: Candidate): boolean {
  const { before, after, available } = marginFigures(c);
  return after > available && after > before && !(c.isDealer && reduces(c));
}

const quantityRefused = (c: Candidate): boolean => !Number.isInteger(c.quantity) || c.quantity < 1 || c.quantity > 100_000_000;
const displayRefused = (c: Candidate): boolean => !Number.isInteger(c.displayQuantity) || c.displayQuantity < 0 || c.displayQuantity > c.quantity;

/** Does the gate keep it out? The pre-open session of derivatives takes futures only. */
function shutOut(c: Candidate): boolean {
  const kind = kindOf(c.slot, c.segment, c.token);
  switch (gateNow(c.slot, c.segment)) {
    case 'OPEN':
      return false;
    case 'PRE_OPEN':
      return (kind === InstrumentKind.CE || kind === InstrumentKind.PE) && c.segment !== ExchangeSegment.NSE && c.segment !== ExchangeSegment.BSE;
    case 'REDUCE_ONLY':
      return !reduces(c);
    default:
      return true;
  }
}

const SEGMENT: Check[] = [
  ['lendingNotOffered', (c) => c.segment === 8],
  ['segmentNotAllowed', (c) => !c.account.segments.has(c.segment)],
  ['segmentClosed', shutOut],
];
const STANDING: Check[] = [
  ['firmKilled', (c) => c.slot.firmKilled],
  ['accountKilled', (c) => c.account.killed],
  ['accountNotActive', (c) => c.account.status === 'FROZEN' || c.account.status === 'CLOSED'],
];
const INSTRUMENT: Check[] = [
  ['unknownInstrument', (c) => c.slot.table !== undefined && row(c) < 0],
  ['parametersMissing', noParameters],
  ['instrumentBanned', (c) => (column(c, 'flags') & InstrumentFlag.BANNED) !== 0 && !reduces(c)],
  ['orderTypeNotAllowed', typeRefused],
  ['fundingNotAllowed', (c) => isFundedBuy(c) && (c.account.sanction === 0n || listedRate(c.slot, row(c)) === 0n)],
  ['quantityInvalid', quantityRefused],
];
const LINK: Check = ['linkedOrder', linkRefused];
/** What an exit is held against after its terms: nothing, because its entry was. */
const limitsFor = ({ leg }: Candidate): Check[] => (isExit(leg) ? LIMITS.slice(0, 2) : LIMITS);
const slotReduces = ({ reducingAt }: Slot, segment: number): boolean => reducingAt.has(segment <= 3 ? 'NCL' : segment <= 6 ? 'ICCL' : 'MCXCCL');
const TERMS: Check[] = [
  ['lotSize', (c) => c.quantity % column(c, 'lot') !== 0],
  ['freezeQuantity', (c) => column(c, 'freezeQuantity') !== 0 && c.quantity > column(c, 'freezeQuantity')],
  ['priceTick', (c) => priced(c) && !onTick(c, c.price)],
  ['priceBand', (c) => (priced(c) ? !inBand(c, c.price) : column(c, 'bandHigh') === 0)],
  ['stopPrice', stopRefused],
  ['stopLossRange', stopLossRefused],
  ['targetRange', targetRefused],
  ['displayQuantity', displayRefused],
];
const LIMITS: Check[] = [
  ['clientOrderQuantity', (c) => !isExit(c.leg) && over(BigInt(c.quantity), limit(c, 'maxOrderQuantity'))],
  ['orderValue', orderTooLarge],
  ['openOrderCount', (c) => c.replacing === undefined && over(BigInt(others(c).length + 1), limit(c, 'maxOpenOrders'))],
  ['openOrderValue', (c) => over(openValue(c) + leavesValue(c), limit(c, 'maxOpenOrderValue'))],
  ['positionLimit', positionTooLarge],
  ['turnoverLimit', (c) => over(c.account.turnover + openValue(c) + leavesValue(c), limit(c, 'maxTurnover'))],
  ['fundingLimit', fundedTooMuch],
  ['fundingExhausted', (c) => passesSlice(c.slot, lendingRise(c, leavesValue(c)))],
  ['reduceOnly', (c) => c.account.status === 'REDUCE_ONLY' && !reduces(c)],
  ['riskReduction', (c) => c.account.reducing && !reduces(c)],
  ['memberRiskReduction', (c) => slotReduces(c.slot, c.segment) && !reduces(c)],
  ['lossLimit', (c) => limit(c, 'maxLoss') > 0n && divideUp(-gainOf(c.account), 100n) >= limit(c, 'maxLoss') && !reduces(c)],
  ['insufficientHoldings', (c) => cncSellTooLarge(c) || fundedSellTooLarge(c)],
  ['insufficientMargin', notCovered],
];

const firstFailing = (checks: readonly Check[], c: Candidate): number => {
  const failing = checks.find(([, fails]) => fails(c));
  return failing === undefined ? RejectCode.none : RejectCode[failing[0]];
};

/** Verdict on a new order of a known account with a fresh ClOrdID. */
export const judgePlace = (c: Candidate): number => firstFailing([...STANDING, ...SEGMENT, ...INSTRUMENT, LINK, ...TERMS, ...limitsFor(c)], c);

/** May the account change orders at all? The same for replaces, before the order is looked up. */
export const judgeStanding = (slot: Slot, account: Account): number => firstFailing(STANDING, { slot, account } as Candidate);

/** Verdict on a replace whose order was found and may be changed. */
export function judgeReplace(c: Candidate): number {
  const belowFilled: Check = ['replaceBelowFilled', () => leaves(c) <= 0n];
  return firstFailing([...SEGMENT, ...INSTRUMENT, belowFilled, LINK, ...TERMS, ...limitsFor(c)], c);
}

/** Units working on both sides, for pictures. */
export const heldValueOf = (account: Account): bigint => valueHeld(openOrders(account));
