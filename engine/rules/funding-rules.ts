// The clock of a lot bought with funding (MTF): the client accepts its pledge to the house's funding account (CSMFA) by 17:00 of the third trading
// day after the purchase; what is not accepted then is squared off on the fourth, a part of a lot too. Source: pledge of shares bought under margin
// trading funding, NCL/CMPT/63669 (reported).

/** Trading days after the purchase on which the pledge can still be accepted, last of all, and until when, minutes since midnight. */
export const PLEDGE_WITHIN_DAYS = 3;
export const PLEDGE_UNTIL_MINUTE: number = 17 * 60;

/** What is to be done about a lot: nothing, wait for the client, wait on the last day, square off what is not pledged. */
export type PledgeStep = 'none' | 'await' | 'lastDay' | 'squareOff';

/** Step of `unpledged` units of a lot so many trading days after its purchase. */
export function pledgeStep(unpledged: number, daysSince: number): PledgeStep {
  if (unpledged <= 0) return 'none';
  if (daysSince > PLEDGE_WITHIN_DAYS) return 'squareOff';
  return daysSince === PLEDGE_WITHIN_DAYS ? 'lastDay' : 'await';
}
