// Risk-reduction mode of the member at a clearing corporation: whoever the client is, only what closes positions cleared there passes.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import type { DecisionContext } from './decision-context.ts';
import { reduces } from './reduces.ts';

/** memberRiskReduction: value is the leaves, limit the net position. */
export function memberRiskReduction(d: DecisionContext): number {
  d.measure(d.leaves, d.net, LimitLevel.firm);
  if (((d.state.meta.u8(META_ROW, Meta.memberReducing) >> d.segment) & 1) === 0) return 0;
  return reduces(d) ? 0 : RejectCode.memberRiskReduction;
}
