// How near a client is to the end of the funds, as a level with hysteresis: 0 fine, 1 above 80 %, 2 above 90 %, 3 short. Pure.

/** 0 to 3. */
export type MarginLevel = 0 | 1 | 2 | 3;

/** Share of the funds at which a level begins, and below which it ends. */
const RAISE_AT = [0, 0.8, 0.9, 1] as const;
const CLEAR_BELOW = [0, 0.77, 0.87, 0.98] as const;

/** Used share of the funds; a requirement without funds is more than all of them. */
export function usedShare(requirement: number, available: number): number {
  if (requirement <= 0) return 0;
  return available <= 0 ? Number.POSITIVE_INFINITY : requirement / available;
}

/** The level after a look, coming from `before`. Exactly all funds used is not yet short. */
export function marginLevel(requirement: number, available: number, before: MarginLevel): MarginLevel {
  const share = usedShare(requirement, available);
  const reached: MarginLevel = share > RAISE_AT[3] ? 3 : share >= RAISE_AT[2] ? 2 : share >= RAISE_AT[1] ? 1 : 0;
  if (reached >= before) return reached;
  // Coming down: a level is left only below its own edge.
  let level = before;
  while (level > reached && share < (CLEAR_BELOW[level] ?? 0)) level = (level - 1) as MarginLevel;
  return level;
}
