// How much of what the member has at a clearing corporation is used, as a level: 0 fine, 1 alert, 2 risk-reduction mode. Pure.

/** Marks in 1/10,000. */
export interface MemberMarks {
  readonly alertAt: number;
  readonly enterAt: number;
  readonly leaveBelow: number;
}

/** Margin and collateral of all clients at a corporation; paise. */
export interface MemberFigures {
  readonly required: number;
  readonly cashLike: number;
  readonly nonCash: number;
}

const WHOLE = 10_000;

/** What counts there: collateral that is not cash-like only as far as cash-like stands beside it (50:50 at the member's level). */
export const effectiveOf = ({ cashLike, nonCash }: MemberFigures): number => cashLike + Math.min(nonCash, Math.max(0, cashLike));

/** The level after a look, coming from `before`. Each level is left only as far below its mark as risk-reduction mode is below its own. */
export function memberLevel(figures: MemberFigures, before: number, { alertAt, enterAt, leaveBelow }: MemberMarks): 0 | 1 | 2 {
  const effective = effectiveOf(figures);
  const isUsed = (mark: number): boolean => figures.required > 0 && (effective <= 0 || figures.required * WHOLE >= effective * mark);
  if (isUsed(before === 2 ? leaveBelow : enterAt)) return 2;
  return isUsed(before > 0 ? Math.max(1, alertAt - enterAt + leaveBelow) : alertAt) ? 1 : 0;
}
