// The margin check: enough, or no worse than before (a client in shortfall can always reduce). In a pre-open session an order's margin is its own, whatever
// the client holds: an exit asks too. The house gets a client out of a position whatever that asks of the rest, which may have leant on it.
import { Side } from '../instrument.ts';
import { aloneMargin } from '../margin/alone-margin.ts';
import { AFTER, BEFORE } from '../margin/margin-book.ts';
import type { OrderTerms } from '../margin/order-terms.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { fillAvailable } from '../state/available-funds.ts';
import { weighHouse } from '../state/house-requirement.ts';
import { isExit } from '../state/linked-orders.ts';
import { isMarginedAlone } from '../state/pre-open-orders.ts';
import { MarginBasis } from '../verdict.ts';
import type { DecisionContext } from './decision-context.ts';
import { isHouseExit } from './house-exit.ts';

/** insufficientMargin: value is the requirement after, limit the available funds, paise. Passes too when the requirement does not rise. */
export function insufficientMargin(d: DecisionContext): number {
  const isAlone = isMarginedAlone(d.state, d.segment, d.instrument);
  if (isAlone) d.marginBasis = MarginBasis.GROSS;
  const rise = isAlone ? riseAlone(d) : 0;
  const weighed = weighHouse(d.state, d.client, isAlone ? null : d.adding, isAlone || !d.removes ? null : d.removing, rise);
  if (weighed === undefined) return RejectCode.parametersMissing;
  d.requirementBefore = weighed[BEFORE] as number;
  d.requirementAfter = weighed[AFTER] as number;
  fillAvailable(d, d.state, d.client);
  d.measure(d.requirementAfter, d.available, LimitLevel.client);
  // Exit legs are compulsory, so none is ever refused for what it costs: its entry was covered.
  if (isExit(d.leg) || d.requirementAfter <= d.available || d.requirementAfter <= d.requirementBefore) return 0;
  return isHouseExit(d) ? 0 : RejectCode.insufficientMargin;
}

/** Paise by which the contract asks more by itself once the order works (less, where a replace lowers it). */
function riseAlone(d: DecisionContext): number {
  const { rules } = d.state;
  if (rules === undefined) return 0;
  const isBuy = d.side === Side.BUY;
  const asked = unitsOf(d.adding);
  const held = d.removes ? unitsOf(d.removing) : 0;
  const { instrument, buyLeaves, sellLeaves } = d;
  const after = aloneMargin(rules, instrument, buyLeaves + (isBuy ? asked : 0), sellLeaves + (isBuy ? 0 : asked));
  return after - aloneMargin(rules, instrument, buyLeaves + (isBuy ? held : 0), sellLeaves + (isBuy ? 0 : held));
}

/** Units the order holds: the larger side of a pending replace. */
const unitsOf = (terms: OrderTerms): number => Math.max(terms.quantity, terms.altQuantity);
