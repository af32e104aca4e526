// All control flow of a pre-trade decision: one line per check, in precedence order. The first code that is not 0 is the verdict. Each check
// is a pure function in checks/; nothing here changes state. After the last line nothing may fail: apply.ts does what was decided.
import { accountKilled } from './checks/account-killed.ts';
import { accountNotActive } from './checks/account-not-active.ts';
import { cancelPending } from './checks/cancel-pending.ts';
import { clientOrderQuantity } from './checks/client-order-quantity.ts';
import { dayNotOpen } from './checks/day-not-open.ts';
import type { DecisionContext } from './checks/decision-context.ts';
import { displayQuantity } from './checks/display-quantity.ts';
import { duplicateClOrdId } from './checks/duplicate-cl-ord-id.ts';
import { firmKilled } from './checks/firm-killed.ts';
import { freezeQuantity } from './checks/freeze-quantity.ts';
import { fundingExhausted } from './checks/funding-exhausted.ts';
import { fundingLimit } from './checks/funding-limit.ts';
import { fundingNotAllowed } from './checks/funding-not-allowed.ts';
import { instrumentBanned } from './checks/instrument-banned.ts';
import { insufficientHoldings } from './checks/insufficient-holdings.ts';
import { insufficientMargin } from './checks/insufficient-margin.ts';
import { legStays, linkedOrder } from './checks/linked-order.ts';
import { lossLimit } from './checks/loss-limit.ts';
import { lotSize } from './checks/lot-size.ts';
import { memberRiskReduction } from './checks/member-risk-reduction.ts';
import { openOrderCount } from './checks/open-order-count.ts';
import { openOrderValue } from './checks/open-order-value.ts';
import { orderTypeNotAllowed } from './checks/order-type-not-allowed.ts';
import { orderValue } from './checks/order-value.ts';
import { parametersMissing } from './checks/parameters-missing.ts';
import { positionLimit } from './checks/position-limit.ts';
import { priceBand } from './checks/price-band.ts';
import { priceTick } from './checks/price-tick.ts';
import { quantityInvalid } from './checks/quantity-invalid.ts';
import { reduceOnly } from './checks/reduce-only.ts';
import { replaceBelowFilled } from './checks/replace-below-filled.ts';
import { replaceMismatch } from './checks/replace-mismatch.ts';
import { replacePending } from './checks/replace-pending.ts';
import { riskReduction } from './checks/risk-reduction.ts';
import { segmentClosed } from './checks/segment-closed.ts';
import { segmentNotAllowed } from './checks/segment-not-allowed.ts';
import { sliceExhausted } from './checks/slice-exhausted.ts';
import { stopLossRange } from './checks/stop-loss-range.ts';
import { stopPrice } from './checks/stop-price.ts';
import { targetRange } from './checks/target-range.ts';
import { tooLateToChange } from './checks/too-late-to-change.ts';
import { turnoverLimit } from './checks/turnover-limit.ts';
import { unknownAccount } from './checks/unknown-account.ts';
import { unknownInstrument } from './checks/unknown-instrument.ts';
import { unknownOrder } from './checks/unknown-order.ts';
import { LENDING_SEGMENT, Product } from './instrument.ts';
import { RejectCode } from './reject-code.ts';
import { isExit, Leg } from './state/linked-orders.ts';

/** Verdict on a new order: 0 or a RejectCode. The context is resolved (resolve.ts). */
export function decidePlace(d: DecisionContext): number {
  return (
    requestChecks(d) ||
    standingChecks(d) ||
    instrumentChecks(d) ||
    placeTermChecks(d) ||
    (isExit(d.leg)
      ? d.must(RejectCode.insufficientMargin, insufficientMargin(d))
      : d.test(RejectCode.openOrderCount, openOrderCount(d)) || exposureChecks(d))
  );
}

/** Verdict on a replace. */
export function decideReplace(d: DecisionContext): number {
  return (
    requestChecks(d) ||
    standingChecks(d) ||
    d.must(RejectCode.unknownOrder, unknownOrder(d)) ||
    d.must(RejectCode.tooLateToChange, tooLateToChange(d)) ||
    d.must(RejectCode.changePending, replacePending(d)) ||
    d.must(RejectCode.replaceMismatch, replaceMismatch(d)) ||
    instrumentChecks(d) ||
    replaceTermChecks(d) ||
    (isExit(d.leg) ? d.must(RejectCode.insufficientMargin, insufficientMargin(d)) : exposureChecks(d))
  );
}

/** Verdict on a cancel: kill switches and frozen accounts do not stop it. */
export function decideCancel(d: DecisionContext): number {
  return (
    requestChecks(d) ||
    d.must(RejectCode.unknownOrder, unknownOrder(d)) ||
    d.must(RejectCode.tooLateToChange, tooLateToChange(d)) ||
    d.must(RejectCode.changePending, cancelPending(d)) ||
    (d.leg === Leg.NONE ? 0 : d.test(RejectCode.linkedOrder, legStays(d)))
  );
}

/** Does a verdict of this code leave the ClOrdID unused? Only where the client or the id itself was in doubt. */
export function leavesIdUnused(code: number): boolean {
  return code === RejectCode.dayNotOpen || code === RejectCode.unknownAccount || code === RejectCode.duplicateClOrdId;
}

function requestChecks(d: DecisionContext): number {
  return (
    d.test(RejectCode.dayNotOpen, dayNotOpen(d)) ||
    d.must(RejectCode.unknownAccount, unknownAccount(d)) ||
    d.test(RejectCode.duplicateClOrdId, duplicateClOrdId(d))
  );
}

function standingChecks(d: DecisionContext): number {
  return (
    d.test(RejectCode.firmKilled, firmKilled(d)) ||
    d.test(RejectCode.accountKilled, accountKilled(d)) ||
    d.test(RejectCode.accountNotActive, accountNotActive(d))
  );
}

function instrumentChecks(d: DecisionContext): number {
  return (
    d.test(d.segment === LENDING_SEGMENT ? RejectCode.lendingNotOffered : RejectCode.segmentNotAllowed, segmentNotAllowed(d)) ||
    d.test(RejectCode.segmentClosed, segmentClosed(d)) ||
    d.must(RejectCode.unknownInstrument, unknownInstrument(d)) ||
    d.must(RejectCode.parametersMissing, parametersMissing(d)) ||
    d.test(RejectCode.instrumentBanned, instrumentBanned(d)) ||
    d.test(RejectCode.orderTypeNotAllowed, orderTypeNotAllowed(d)) ||
    (d.product === Product.MTF ? d.test(RejectCode.fundingNotAllowed, fundingNotAllowed(d)) : 0)
  );
}

function placeTermChecks(d: DecisionContext): number {
  return (
    d.must(RejectCode.quantityInvalid, quantityInvalid(d)) ||
    (d.leg === Leg.NONE ? 0 : d.must(RejectCode.linkedOrder, linkedOrder(d))) ||
    termChecks(d)
  );
}

function replaceTermChecks(d: DecisionContext): number {
  return (
    d.must(RejectCode.quantityInvalid, quantityInvalid(d)) ||
    d.must(RejectCode.replaceBelowFilled, replaceBelowFilled(d)) ||
    (d.leg === Leg.NONE ? 0 : d.must(RejectCode.linkedOrder, linkedOrder(d))) ||
    termChecks(d)
  );
}

function termChecks(d: DecisionContext): number {
  return (
    d.test(RejectCode.lotSize, lotSize(d)) ||
    d.test(RejectCode.freezeQuantity, freezeQuantity(d)) ||
    d.must(RejectCode.priceTick, priceTick(d)) ||
    d.must(RejectCode.priceBand, priceBand(d)) ||
    d.test(RejectCode.stopPrice, stopPrice(d)) ||
    (d.leg === Leg.NONE ? 0 : d.test(RejectCode.stopLossRange, stopLossRange(d)) || d.test(RejectCode.targetRange, targetRange(d))) ||
    d.test(RejectCode.displayQuantity, displayQuantity(d)) ||
    d.test(RejectCode.clientOrderQuantity, clientOrderQuantity(d)) ||
    d.must(RejectCode.orderValue, orderValue(d))
  );
}

/** What would be lent with the order filled: to its client, and to all. */
function fundingChecks(d: DecisionContext): number {
  return d.test(RejectCode.fundingLimit, fundingLimit(d)) || d.test(RejectCode.fundingExhausted, fundingExhausted(d));
}

function exposureChecks(d: DecisionContext): number {
  return (
    d.test(RejectCode.openOrderValue, openOrderValue(d)) ||
    d.test(RejectCode.positionLimit, positionLimit(d)) ||
    d.test(RejectCode.turnoverLimit, turnoverLimit(d)) ||
    (d.product === Product.MTF ? fundingChecks(d) : 0) ||
    d.test(RejectCode.reduceOnly, reduceOnly(d)) ||
    d.test(RejectCode.riskReduction, riskReduction(d)) ||
    d.test(RejectCode.memberRiskReduction, memberRiskReduction(d)) ||
    d.test(RejectCode.lossLimit, lossLimit(d)) ||
    d.test(RejectCode.insufficientHoldings, insufficientHoldings(d)) ||
    d.must(RejectCode.insufficientMargin, insufficientMargin(d)) ||
    d.test(RejectCode.sliceExhausted, sliceExhausted(d))
  );
}
