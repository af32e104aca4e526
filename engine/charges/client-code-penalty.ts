// What the exchange takes for trades whose client code was modified after they were made: a share of their value, by how much of the month's turnover
// they are. SEBI CIR/DNPD/6/2011 of 5 July 2011, in force from 1 August 2011, all segments; BSE 20231129-47 has the same slabs. Trades moved to the
// member's ERROR account and closed out in the market are no modification (the caller leaves them out). Amounts in paise. Not here: waivers, one per
// pair of codes and quarter, which the exchange grants.
import { assert } from '../assert.ts';
import { type BusinessDate, type Paise, paise } from '../units.ts';
import type { Penalty } from './margin-penalty.ts';

const IN_FORCE_FROM = 20_110_801;
/** Per cent of the turnover up to which the lower rate holds; above one per cent the exchange inspects the member. */
const LOWER_UP_TO = 5;
const INSPECTED_ABOVE = 1;

/** One exchange segment in one calendar month, trades of clients that are no institutions; paise. */
export interface ModifiedTurnover {
  readonly modified: Paise;
  readonly turnover: Paise;
}

/** The penalty, and whether the month's share calls for a special inspection. */
export interface ClientCodePenalty extends Penalty {
  readonly isInspected: boolean;
}

/** 1 % of what was modified, 2 % when it is more than 5 % of the turnover; half a paisa up. Nothing before 1 August 2011. */
export function clientCodePenalty({ modified, turnover }: ModifiedTurnover, date: BusinessDate): ClientCodePenalty {
  assert(modified >= 0 && turnover >= modified, 'what was modified is part of the turnover');
  if (date < IN_FORCE_FROM || modified === 0) return { rate: 0, amount: paise(0), isInspected: false };
  const percent = modified * 100 > turnover * LOWER_UP_TO ? 2 : 1;
  const amount = (BigInt(modified) * BigInt(percent) + 50n) / 100n;
  return { rate: percent / 100, amount: paise(Number(amount)), isInspected: modified * 100 > turnover * INSPECTED_ABOVE };
}
