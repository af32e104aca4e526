// Average cost without fractions: the share of a cost that some of its units carry.
import { assert } from '../assert.ts';
import { PLAIN_NET_MAX } from '../limits.ts';

/** round(cost x part / whole), half away from zero; cost >= 0, 0 <= part <= whole. Exact at any size: in parts, or in BigInt past PLAIN_NET_MAX. */
export function shareOfCost(cost: number, part: number, whole: number): number {
  assert(cost >= 0 && part >= 0 && part <= whole && whole > 0, 'share of cost out of range');
  if (whole > PLAIN_NET_MAX) return Number((BigInt(cost) * BigInt(part) * 2n + BigInt(whole)) / (BigInt(whole) * 2n));
  const rest = cost % whole;
  const product = rest * part;
  const remainder = product % whole;
  const quotient = ((cost - rest) / whole) * part + (product - remainder) / whole;
  return remainder * 2 >= whole ? quotient + 1 : quotient;
}
