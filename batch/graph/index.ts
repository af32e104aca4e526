// The plan of a business day as one graph, for the exchange segments a house is member of.
import { BEGIN_OF_DAY } from './begin-of-day.ts';
import { END_OF_DAY } from './end-of-day.ts';
import { Graph } from './graph.ts';
import { type Chain, type NodeRow, SEGMENTS } from './node-row.ts';
import { SETTLEMENT } from './settlement.ts';
import { TRADING_HOURS } from './trading-hours.ts';

/** Begin of day, trading hours, end of day and settlement together: edges cross phases. `chains`: those of the house; the plan's four unless given. */
export const dayGraph = (chains: readonly Chain[] = SEGMENTS): Graph =>
  new Graph([...BEGIN_OF_DAY, ...TRADING_HOURS, ...END_OF_DAY, ...SETTLEMENT].map((row) => rowFor(row, chains)));

/** A row without the chains the house has not. */
export function rowFor(row: NodeRow, chains: readonly Chain[]): NodeRow {
  const { per, across } = row;
  if (per === 'day') return row;
  const isOf = (key: string): boolean => chains.some((chain) => key.endsWith(`@${chain}`));
  const own = per.filter((chain) => chains.includes(chain));
  if (across === undefined) return { ...row, per: own };
  return { ...row, per: own, across: Object.fromEntries(Object.entries(across).map(([chain, keys]) => [chain, keys.filter(isOf)])) };
}
