// The plan of a business day as one graph.
import { BEGIN_OF_DAY } from './begin-of-day.ts';
import { END_OF_DAY } from './end-of-day.ts';
import { Graph } from './graph.ts';
import { SETTLEMENT } from './settlement.ts';
import { TRADING_HOURS } from './trading-hours.ts';

/** Begin of day, trading hours, end of day and settlement together: edges cross phases. */
export const dayGraph = (): Graph => new Graph([...BEGIN_OF_DAY, ...TRADING_HOURS, ...END_OF_DAY, ...SETTLEMENT]);
