// Sentences: what the console says of a client's margin, a verdict, a check. Figures come from the gateway; nothing is computed here but differences.
import { count, price, rupees, spaced } from './format.js';

/** @typedef {'paise' | 'ticks' | 'number'} Unit */

const TICKS_PER_RUPEE = 10_000;

/** Unit of each check's two figures, and whether a limit of 0 means none. @type {Record<string, { unit: Unit, zeroIsNone?: boolean }>} */
const FIGURES = {
  lotSize: { unit: 'number' },
  freezeQuantity: { unit: 'number', zeroIsNone: true },
  quantityInvalid: { unit: 'number' },
  replaceBelowFilled: { unit: 'number' },
  displayQuantity: { unit: 'number' },
  clientOrderQuantity: { unit: 'number', zeroIsNone: true },
  insufficientHoldings: { unit: 'number' },
  openOrderCount: { unit: 'number', zeroIsNone: true },
  positionLimit: { unit: 'number', zeroIsNone: true },
  priceTick: { unit: 'ticks' },
  priceBand: { unit: 'ticks', zeroIsNone: true },
  stopPrice: { unit: 'ticks' },
  orderValue: { unit: 'paise', zeroIsNone: true },
  openOrderValue: { unit: 'paise', zeroIsNone: true },
  turnoverLimit: { unit: 'paise', zeroIsNone: true },
  insufficientMargin: { unit: 'paise' },
};

/** What each check asks, for people who do not know its name. @type {Record<string, string>} */
const QUESTIONS = {
  dayNotOpen: 'Is the business day open?',
  unknownAccount: 'Is the account known?',
  duplicateClOrdId: 'Is the order’s id new for this client?',
  firmKilled: 'Is the firm trading?',
  accountKilled: 'Is the client’s kill switch off?',
  accountNotActive: 'Is the account active?',
  segmentNotAllowed: 'May the client trade this segment?',
  segmentClosed: 'Is the segment open, or does the order reduce?',
  unknownInstrument: 'Is the instrument in today’s file?',
  parametersMissing: 'Are its risk parameters there?',
  instrumentBanned: 'Is it out of the ban period, or does the order reduce?',
  orderTypeNotAllowed: 'Are order type, validity and product allowed?',
  quantityInvalid: 'Is the quantity a positive whole number?',
  lotSize: 'Is it whole lots?',
  freezeQuantity: 'Is it within the freeze quantity?',
  priceTick: 'Is the price on the tick?',
  stopPrice: 'Is the trigger on the right side of the price?',
  priceBand: 'Is the price inside the band?',
  displayQuantity: 'Is the disclosed quantity within the order’s?',
  clientOrderQuantity: 'Is it within the client’s order quantity?',
  orderValue: 'Is the order’s value within the limit?',
  openOrderCount: 'Is there room for one more open order?',
  openOrderValue: 'Does the value of open orders stay within the limit?',
  positionLimit: 'Does the position stay within the limit?',
  turnoverLimit: 'Does the day’s turnover stay within the limit?',
  reduceOnly: 'May the client raise risk, or does the order reduce?',
  lossLimit: 'Is the day’s loss below its limit, or does the order reduce?',
  riskReduction: 'Is enough margin unused, or does the order reduce?',
  memberRiskReduction: 'Has the broker room at the clearing corporation, or does the order reduce?',
  fundingNotAllowed: 'May the client buy the share with the broker’s funding?',
  fundingLimit: 'Is what is lent to the client within what is sanctioned?',
  fundingExhausted: 'Is enough of what the broker lends in all left?',
  sliceExhausted: 'Is enough of the broker’s limit at the clearing corporation left?',
  insufficientHoldings: 'Is the sale covered by free holdings?',
  insufficientMargin: 'Is the margin after the order covered?',
};

/**
 * What ends in shares soon, soonest first; '' when nothing does.
 * @param {readonly import('./wire.d.ts').Delivery[]} deliveries
 */
export function deliveryWords(deliveries) {
  const [first] = deliveries.filter(({ shares }) => shares !== 0);
  if (first === undefined) return '';
  const left = first.days_to_expiry;
  const when = left === 0 ? 'Today' : left === 1 ? 'In 1 trading day' : `In ${left} trading days`;
  const names = deliveries
    .filter(({ shares, days_to_expiry: days }) => shares !== 0 && days === left)
    .map(({ symbol, shares, underlying, value_paise: value }) => {
      const act = shares > 0 ? 'takes' : 'gives';
      return `${symbol} ${act} ${count(Math.abs(shares))} ${underlying} for ${rupees(value)}`;
    });
  const more = deliveries.some(({ shares, days_to_expiry: days }) => shares !== 0 && days > left) ? ' More follow.' : '';
  return `Delivery. ${when}: ${names.join('; ')}. Close or roll what should not end in shares.${more}`;
}

/** @param {string} check */
export function question(check) {
  return QUESTIONS[check] ?? spaced(check);
}

/**
 * One figure of a check; '' where the check has none.
 * @param {string} check
 * @param {number | null | undefined} value
 */
export function checkFigure(check, value) {
  const shown = FIGURES[check];
  if (shown === undefined || value === null || value === undefined || (value === 0 && shown.unit === 'ticks')) return '';
  if (shown.unit === 'paise') return rupees(value);
  return shown.unit === 'ticks' ? `₹${price(value / TICKS_PER_RUPEE)}` : count(value);
}

/**
 * The limit of a check, in words where 0 means none.
 * @param {string} check
 * @param {number | null | undefined} limit
 */
export function checkLimit(check, limit) {
  return limit === 0 && FIGURES[check]?.zeroIsNone === true ? 'no limit' : checkFigure(check, limit);
}

/**
 * The headline of a client's margin.
 * @param {{ needs_paise: number, available_paise: number, requirement_paise: number, excess_paise: number }} client
 * @returns {{ tone: 'loss' | 'warn' | 'ok', words: string, more: string }}
 */
export function marginWords({ needs_paise: needs, available_paise: available, requirement_paise: requirement, excess_paise: excess }) {
  if (needs > 0)
    return {
      tone: 'loss',
      words: `Needs ${rupees(needs)} more`,
      more: 'Only orders that do not raise the requirement are accepted until it is there.',
    };
  const used = available > 0 ? requirement / available : requirement > 0 ? 1 : 0;
  if (used >= 0.9)
    return { tone: 'warn', words: `Only ${rupees(excess)} free`, more: `${Math.floor(used * 100)} % of the available funds are in use.` };
  return {
    tone: 'ok',
    words: `${rupees(excess)} free`,
    more: requirement === 0 ? 'Nothing is in use.' : `${Math.max(1, Math.round(used * 100))} % of the available funds are in use.`,
  };
}

/**
 * The verdict of a what-if, as a sentence.
 * @param {import('./wire.d.ts').WhatIf} verdict
 * @returns {{ tone: 'ok' | 'loss', words: string, more: string }}
 */
export function verdictWords({
  code,
  reject,
  shortfall_paise: short,
  requirement_before_paise: before,
  requirement_after_paise: after,
  value,
  limit,
  level,
}) {
  if (code === 0) {
    const change = (after ?? 0) - (before ?? 0);
    const more =
      change === 0 ? 'The margin stays as it is.' : change > 0 ? `Takes ${rupees(change)} of margin.` : `Frees ${rupees(-change)} of margin.`;
    return { tone: 'ok', words: 'Would be accepted', more };
  }
  const name = reject?.name ?? '';
  if (name === 'insufficientMargin')
    return { tone: 'loss', words: `Needs ${rupees(short)} more`, more: 'Margin after the order would not be covered.' };
  const figure = checkFigure(name, value);
  const who = level !== '' && level !== 'none' ? `, set by the ${level}` : '';
  const figures = figure === '' ? '' : ` ${figure} against ${checkLimit(name, limit)}${who}.`;
  return { tone: 'loss', words: 'Would be refused', more: `${reject?.message ?? spaced(name)}.${figures}` };
}

/**
 * "BUY 775 HDFCBANK27JAN950PE @ 29.45"
 * @param {import('./wire.d.ts').Order} order
 */
export function orderWords({ side, quantity, symbol, price: limit }) {
  return `${side} ${count(quantity)} ${symbol}${limit > 0 ? ` @ ${price(limit)}` : ' at market'}`;
}
