// Trading of a rehearsed day: a gateway and an order system as programs of their own, over real FIX, in stretches between the moments the night's clock has
// something to do (margin snapshots, pay-in of the day before). While it does, nobody trades: the other side then sees at that moment what we saw.
import { setTimeout as sleep } from 'node:timers/promises';
import { istMicros } from '../runner/index.ts';
import type { DayClock } from './day-clock.ts';
import { type DayGateway, type DayOms, type Rehearsal, startDayGateway, startDayOms } from './programs.ts';

/** Ends of the stretches, minutes of the day: 10:30 pay-in, the four snapshots of equity, the last quarter of an hour before the close. */
const STRETCHES = [10 * 60 + 30, 11 * 60 + 30, 12 * 60 + 30, 13 * 60 + 30, 14 * 60 + 30, 15 * 60 + 15];
const OPENS = 9 * 60 + 15;
/**
 * Stretches after equity's close: currency to a quarter to five, commodities with their three snapshots to a quarter past eleven; trading passes
 * quicker then.
 */
const CURRENCY_FROM = 15 * 60 + 45;
const CURRENCY_ENDS = 16 * 60 + 45;
const COMMODITY_FROM = 17 * 60 + 15;
const COMMODITY_STRETCHES = [18 * 60, 20 * 60, 22 * 60 + 30, 23 * 60 + 15];
const EVENING_SPEED = 4;
/** Segments as orders name them, by when they close. */
const EQUITY = ['NSE', 'NFO', 'BSE', 'BFO'];
const CURRENCY = ['CDS', 'BCD'];
/**
 * The gateway's clock stands a second before: it does not wait while the night works, and would find T+0 ended before the order system has sent it
 * anything. By the order system's clock it ends in time.
 */
const SAME_DAY_ENDS = 13 * 60 + 30;
const IST = '+05:30';

/** How a day is traded. */
export interface SessionOptions {
  readonly folder: string;
  readonly dataDirectory: string;
  readonly day: string;
  readonly date: string;
  /** File of the day's trades. */
  readonly trades: string;
  /** Seconds of trading, all stretches together. */
  readonly seconds: number;
  /** Clients that trade, and requests a second. */
  readonly clients: number;
  readonly rate: number;
  readonly seed: number;
  readonly clock: DayClock;
  /** Lets the night do what is due up to an instant. */
  readonly nightUntil: (micros: number) => Promise<void>;
  /** Equity, then currency have closed and their trades are listed: does what follows until trading goes on. */
  readonly closed: (what: 'equity' | 'currency') => Promise<void>;
  readonly say: (line: string) => void;
}

/** Trades the day; resolves when the order system has logged out. The gateway still runs: whoever gets it stops it. */
export async function tradeDay(options: SessionOptions): Promise<DayGateway> {
  const { date, folder, dataDirectory, day, say } = options;
  const last = STRETCHES.at(-1) ?? OPENS;
  const whole: Rehearsal = { from: at(date, OPENS), until: at(date, SAME_DAY_ENDS, -1), speed: ((last - OPENS) * 60) / options.seconds };
  const gateway = await startDayGateway(folder, dataDirectory, whole);
  try {
    say(`gateway up in ${Math.round(gateway.startMillis)} ms, FIX on port ${gateway.fixPort}`);
    const oms = await startDayOms(
      [
        ...['--port', `${gateway.fixPort}`, '--day', day, '--store', `${folder}/oms`, '--trades', options.trades],
        ...['--clients', `${options.clients}`, '--rate', `${options.rate}`, '--seed', `${options.seed}`],
      ],
      `${folder}/oms.log`,
    );
    // The order system alone would only find that nobody answers.
    await Promise.race([tradeStretches(oms, options, whole.speed), gateway.died]);
    await oms.stop();
    return gateway;
  } catch (error) {
    await gateway.stop();
    throw error;
  }
}

async function tradeStretches(oms: DayOms, { date, clock, nightUntil, closed }: SessionOptions, speed: number): Promise<void> {
  /** Trading from one moment to the next; what happens at the last belongs to the next stretch: a second short of it. */
  const stretch = async (from: number, until: number, quick: number): Promise<void> => {
    await oms.resume({ from: at(date, from), until: at(date, until, -1), speed: quick });
    await sleep(((until - from) * 60 * 1000) / quick);
    await oms.pause();
    await nightUntil(istMicros(date, until));
  };
  const stretches = async (from: number, ends: readonly number[], quick: number): Promise<void> => {
    for (const [i, until] of ends.entries()) await stretch(ends[i - 1] ?? from, until, quick);
  };
  /** Trades of winding down are listed at the moment itself. */
  const standAt = (minute: number): Promise<void> => oms.resume({ from: at(date, minute), until: at(date, minute), speed });
  clock.jump(istMicros(date, OPENS));
  await stretches(OPENS, STRETCHES, speed);
  await standAt(STRETCHES.at(-1) ?? OPENS);
  await oms.close(EQUITY);
  await closed('equity');
  await stretches(CURRENCY_FROM, [CURRENCY_ENDS], speed * EVENING_SPEED);
  await standAt(CURRENCY_ENDS);
  await oms.close(CURRENCY);
  await closed('currency');
  await stretches(COMMODITY_FROM, COMMODITY_STRETCHES, speed * EVENING_SPEED);
  await standAt(COMMODITY_STRETCHES.at(-1) ?? COMMODITY_FROM);
}

/** An instant of a date in India, ISO. */
function at(date: string, minute: number, seconds = 0): string {
  const total = minute * 60 + seconds;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date}T${two(Math.floor(total / 3600))}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}${IST}`;
}
