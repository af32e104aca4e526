// Shares bought with funding (MTF), as the engine has them at the end of a day: its lots, with what the day's trades make of them at the close. Settlement is prepared in the
// evening of the cash segment, hours before the close of the engine's day makes the lots; both say the same, because trading in shares is over.
import type { EngineClient, EngineState } from './engine-state.ts';

/** Units left of a day's purchase of a share. */
export interface FundedUnits {
  readonly segment: number;
  readonly token: number;
  /** yyyymmdd. */
  readonly boughtOn: number;
  readonly units: number;
}

/** Has anybody shares bought with funding? */
export const isFundingHeld = ({ clients }: Pick<EngineState, 'clients'>): boolean =>
  [...clients.values()].some(({ lots = [], positions }) => lots.length > 0 || positions.some(({ isFunded, net }) => isFunded === true && net !== 0));

/** Units pledged of a lot by then: those the engine is told of before its close count there. */
export type PledgedOf = (lot: FundedUnits) => number;

/**
 * A client's lots after the close of the day the engine has open, or closed last (`businessDate`, yyyymmdd): purchases make one; sales take what is not pledged before what is,
 * each the oldest first.
 */
export function lotsAtClose(
  { lots = [], positions }: Pick<EngineClient, 'lots' | 'positions'>,
  businessDate: number,
  pledgedOf: PledgedOf,
): FundedUnits[] {
  const left = [...lots].sort((a, b) => a.boughtOn - b.boughtOn).map(({ segment, token, boughtOn, units }) => ({ segment, token, boughtOn, units }));
  const pledged = new Map(left.map((lot) => [lot, Math.min(lot.units, pledgedOf(lot))]));
  for (const { segment, token, net, isFunded } of positions) {
    if (isFunded !== true) continue;
    const own = left.filter((lot) => lot.segment === segment && lot.token === token);
    const moved = net - own.reduce((sum, { units }) => sum + units, 0);
    if (moved > 0) left.push({ segment, token, boughtOn: businessDate, units: moved });
    let sold = Math.max(0, -moved);
    const takeDownTo = (floorOf: PledgedOf): void => {
      for (const lot of own) {
        const taken = Math.min(sold, Math.max(0, lot.units - floorOf(lot)));
        lot.units -= taken;
        sold -= taken;
      }
    };
    takeDownTo((lot) => pledged.get(lot as (typeof own)[number]) ?? 0);
    takeDownTo(() => 0);
  }
  return left.filter(({ units }) => units > 0);
}
