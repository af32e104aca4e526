// What happens to contracts and shares without an order: the last day of a contract, a corporate action, a trade that belonged to somebody else.
// Worked out on the account's plain positions; gains are compared as sums, so nothing here knows how they are kept.
import { Product, RejectCode } from '../../engine/index.ts';
import { type Account, instrumentKey, kindOf, openOrders, type Position, type Slot } from './book.ts';
import { abs, larger } from './exact.ts';
import { adjustLots, closeOutLot, lotUnits, notePurchase } from './funding.ts';
import { isOptionPosition, requirementNow, valuePaise } from './funds.ts';
import { type Happening, opened } from './happening.ts';
import { book, positionIn } from './positions.ts';

type Body = Readonly<Record<string, unknown>>;

const EXPIRY_MISMATCH = 14;
const PUT = 3;
const isShares = (segment: number): boolean => segment === 1 || segment === 4;
const number = (body: Body, key: string): number => Number(body[key] ?? 0);
const refused = (rejectCode: number = RejectCode.commandMalformed): Happening[] => [{ kind: 'CommandRefused', facts: { rejectCode } }];

/** What a settlement left short is settled by others: no longer owed, back in the account, or no longer coming. */
export function settleShortage(slot: Slot, account: Account, body: Body): Happening[] {
  const [segment, token] = [number(body, 'segment'), number(body, 'token')];
  const [short, returned, lapsed] = ['short', 'returned', 'lapsed'].map((key) => BigInt(number(body, key))) as [bigint, bigint, bigint];
  if (body['boughtOn'] !== undefined)
    return isShares(segment) ? closeOutLot(account, { segment, token, boughtOn: number(body, 'boughtOn') }, lapsed) : refused();
  const key = instrumentKey(segment, token);
  const holding = account.holdings.get(key) ?? { segment, token, free: 0n, pledged: 0n, t1: 0n };
  if (!isShares(segment) || short + returned + lapsed === 0n || lapsed > holding.t1) return refused();
  if (short > 0n) book(account, positionIn(slot, account, { segment, token, product: Product.CNC }), short, 0n);
  if (returned + lapsed > 0n) account.holdings.set(key, { ...holding, free: holding.free + returned, t1: holding.t1 - lapsed });
  return [];
}

/** A position on its contract's last day. */
export function exerciseAssign(slot: Slot, account: Account, body: Body): Happening[] {
  const [segment, token, units, settled] = [
    number(body, 'segment'),
    number(body, 'token'),
    BigInt(number(body, 'units')),
    BigInt(number(body, 'settled')),
  ];
  const price = BigInt(number(body, 'price'));
  const shares = body['shares'] as { segment: number; token: number } | undefined;
  if (isShares(segment) || settled < 0n || settled > abs(units) || (shares !== undefined && !isShares(shares.segment))) return refused();
  if (!slot.open) return refused(RejectCode.dayNotOpen);
  const position = positionIn(slot, account, { segment, token, product: 0 });
  const isOption = isOptionPosition(position);
  const signed = units < 0n ? -settled : settled;
  const mismatch = position.units - units;
  if (position.units !== 0n) book(account, position, -position.units, isOption ? 0n : price);
  let delivered = 0n;
  if (shares === undefined) account.premium -= isOption ? signed * price : 0n;
  else {
    delivered = isOption ? (position.kind === PUT ? -signed : signed) : units;
    if (delivered !== 0n) book(account, positionIn(slot, account, { ...shares, product: Product.CNC }), delivered, price);
  }
  const facts = {
    account: account.account,
    value: Number(signed),
    limit: Number(delivered),
    requirementAfter: Number(requirementNow(slot, account)),
  };
  const breaks = mismatch === 0n ? [] : [opened(EXPIRY_MISMATCH, account.account)];
  return [{ kind: 'ContractSettled', facts }, ...breaks];
}

/** New units for old ones, everywhere. */
export function corporateAction(slot: Slot, body: Body): Happening[] {
  const [segment, token] = [number(body, 'segment'), number(body, 'token')];
  const [gain, give, payout] = [BigInt(number(body, 'newUnits')), BigInt(number(body, 'oldUnits')), BigInt(number(body, 'payout'))];
  const to = body['newToken'] === undefined ? token : number(body, 'newToken');
  if (gain < 1n || give < 1n) return refused();
  const accounts = [...slot.accounts.values()];
  if (accounts.some((account) => openOrders(account).some((order) => order.segment === segment && order.token === token))) return refused();
  let [before, after, valueBefore, valueAfter] = [0n, 0n, 0n, 0n];
  const become = (units: bigint): bigint => {
    const whole = (units * gain) / give;
    before += abs(units);
    after += abs(whole);
    return whole;
  };
  for (const account of accounts) {
    const holding = isShares(segment) ? account.holdings.get(instrumentKey(segment, token)) : undefined;
    if (holding !== undefined) {
      const there =
        to === token
          ? { segment, token, free: 0n, pledged: 0n, t1: 0n }
          : (account.holdings.get(instrumentKey(segment, to)) ?? { free: 0n, pledged: 0n, t1: 0n });
      const next = { segment, token: to, free: there.free, pledged: there.pledged, t1: there.t1 };
      for (const part of ['free', 'pledged', 't1'] as const) next[part] += become(holding[part]);
      account.holdings.delete(instrumentKey(segment, token));
      account.holdings.set(instrumentKey(segment, to), next);
    }
    for (const position of [...account.positions.values()].filter((each) => each.segment === segment && each.token === token && each.units !== 0n)) {
      const value = position.units * position.mark;
      // Nearest tick, half up, at least one.
      const price = larger(1n, (2n * larger(0n, position.mark - payout) * give + gain) / (2n * gain));
      const standing = value - position.cost;
      const loose = position.product === Product.MTF ? position.units - lotUnits(account, position) : position.units;
      const lots = loose === position.units ? 0n : adjustLots(account, position, { to, price, become, cut: (each) => (each * gain) / give });
      const units = lots + become(loose);
      restate(slot, account, position, to, units, price, standing);
      valueBefore += value;
      valueAfter += units * price;
    }
  }
  const facts = { token: to, value: Number(before), limit: Number(after), leavesQuantity: Number(before * gain - after * give) };
  return [{ kind: 'CorporateActionApplied', facts: { ...facts, price: Number(valueBefore), lastPx: Number(valueAfter) } }];
}

function restate(slot: Slot, account: Account, from: Position, token: number, units: bigint, price: bigint, standing: bigint): void {
  if (token === from.token) {
    Object.assign(from, { units, mark: price, cost: units * price - standing });
    return;
  }
  const target = positionIn(slot, account, { segment: from.segment, token, product: from.product });
  target.kind ??= from.kind;
  const together = standing + target.units * target.mark - target.cost;
  Object.assign(from, { units: 0n, cost: 0n });
  const net = target.units + units;
  Object.assign(target, { units: net, mark: price, cost: net * price - together });
}

/** One half of a trade's move. */
export function transferTrade(slot: Slot, account: Account, body: Body): Happening[] {
  const [segment, token, tradeDate] = [number(body, 'segment'), number(body, 'token'), number(body, 'tradeDate')];
  const [quantity, price] = [BigInt(number(body, 'quantity')), BigInt(number(body, 'price'))];
  const side = body['side'] === 'BUY' ? 1 : 2;
  const key = `${segment}/${tradeDate}/${String(body['tradeId'])}/${side}`;
  const seen = account.trades.get(key);
  if (quantity < 1n) return refused();
  const units = side === 1 ? quantity : -quantity;
  const told = (signed: bigint): Happening => ({
    kind: 'TradeTransferred',
    facts: { account: account.account, value: Number(signed), lastPx: Number(price) },
  });
  if (body['way'] === 'OUT') {
    if (seen === undefined || seen.busted || seen.quantity !== quantity || seen.price !== price || seen.position.token !== token) return refused();
    book(account, seen.position, -units, price);
    if (side === 1) notePurchase(account, seen.position, -units, price);
    account.turnover -= valuePaise(price, quantity);
    seen.busted = true;
    return [told(-units)];
  }
  if (seen !== undefined && !seen.busted) return refused();
  const product = isShares(segment) ? (body['product'] === 'CNC' ? Product.CNC : Product.MIS) : Product.NRML;
  const position = positionIn(slot, account, { segment, token, product });
  position.kind ??= kindOf(slot, segment, token);
  account.trades.set(key, { position, order: undefined, side, quantity, price, busted: false });
  book(account, position, units, price);
  account.turnover += valuePaise(price, quantity);
  return [told(units)];
}
