// One line of a market-data file: CSV by header, or a JSON object. Prices in rupees with at most four decimals, times ISO 8601 or milliseconds
// since 1970. A line that cannot be read throws RangeError naming the field; the reader adds file and line.
import { ExchangeSegment } from '../../engine/index.ts';
import { emptyTick, INDEX_SEGMENT, type MarketNews, type SessionState, type Tick } from './market-data-port.ts';

const TICKS_PER_RUPEE = 10_000;
const SEGMENTS: Readonly<Record<string, number>> = { ...ExchangeSegment, INDEX: INDEX_SEGMENT };
const STATES: readonly string[] = ['preOpen', 'open', 'closed', 'halted'];

/** What a line is. */
export type FileLine = { readonly time: number; readonly tick: Tick } | { readonly time: number; readonly news: MarketNews };

type Fields = Readonly<Record<string, unknown>>;

/** Reads a JSON line, or a CSV line under `header`. */
export function readFileLine(line: string, header: readonly string[] | undefined): FileLine {
  const fields = header === undefined ? jsonFields(line) : csvFields(line, header);
  const time = timeOf(fields['time']);
  const { type } = fields;
  if (type === undefined || type === '' || type === 'tick') return { time, tick: tickOf(fields, time) };
  return { time, news: newsOf(fields) };
}

function jsonFields(line: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new RangeError('not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RangeError('not a JSON object');
  return value as Fields;
}

function csvFields(line: string, header: readonly string[]): Fields {
  const cells = line.split(',');
  if (cells.length !== header.length) throw new RangeError(`${cells.length} columns, the header has ${header.length}`);
  return Object.fromEntries(header.map((name, index) => [name, (cells[index] ?? '').trim()]));
}

function tickOf(fields: Fields, time: number): Tick {
  const tick = emptyTick();
  tick.segment = segmentOf(fields);
  tick.token = tokenOf(fields);
  tick.price = priceOf(fields, 'price', true);
  tick.time = time;
  for (const name of ['open', 'high', 'low', 'close'] as const) tick[name] = priceOf(fields, name, false);
  for (const name of ['volume', 'openInterest'] as const) tick[name] = wholeOf(fields, name);
  return tick;
}

function newsOf(fields: Fields): MarketNews {
  const { type } = fields;
  const isYes = (value: unknown): boolean => value === true || value === 'true' || value === 'Y';
  switch (type) {
    case 'band':
      return {
        type,
        segment: segmentOf(fields),
        token: tokenOf(fields),
        low: priceOf(fields, 'low', false),
        high: priceOf(fields, 'high', false),
      };
    case 'ban':
      return { type, underlying: textOf(fields, 'underlying'), banned: isYes(fields['banned']) };
    case 'halt':
      return { type, index: textOf(fields, 'index'), halted: isYes(fields['halted']) };
    case 'session': {
      const state = textOf(fields, 'state');
      if (!STATES.includes(state)) throw new RangeError(`state must be one of ${STATES.join(', ')}, found "${state}"`);
      return { type, segment: segmentOf(fields), state: state as SessionState };
    }
    default:
      throw new RangeError(`type must be tick, band, ban, halt or session, found "${String(type)}"`);
  }
}

function segmentOf(fields: Fields): number {
  const segment = SEGMENTS[String(fields['exchange'])];
  if (segment === undefined)
    throw new RangeError(`exchange must be one of ${Object.keys(SEGMENTS).join(', ')}, found "${String(fields['exchange'])}"`);
  return segment;
}

function tokenOf(fields: Fields): number {
  const token = Number(fields['token']);
  if (!Number.isInteger(token) || token < 1 || token > 0xffffffff)
    throw new RangeError(`token must be an exchange token, found "${String(fields['token'])}"`);
  return token;
}

function priceOf(fields: Fields, name: string, isNeeded: boolean): number {
  const value = fields[name];
  if (value === undefined || value === '') {
    if (isNeeded) throw new RangeError(`${name} is missing`);
    return 0;
  }
  const ticks = Number(value) * TICKS_PER_RUPEE;
  if (!Number.isFinite(ticks) || Math.abs(ticks - Math.round(ticks)) > 1e-3) throw new RangeError(`${name} must be rupees, found "${String(value)}"`);
  return Math.round(ticks);
}

function wholeOf(fields: Fields, name: string): number {
  const value = fields[name] === undefined || fields[name] === '' ? 0 : Number(fields[name]);
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} must be a whole number, found "${String(fields[name])}"`);
  return value;
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '' || value.length > 60) throw new RangeError(`${name} is missing`);
  return value;
}

function timeOf(value: unknown): number {
  if (value === undefined || value === '') return 0;
  const time = typeof value === 'number' || /^\d+$/.test(String(value)) ? Number(value) : Date.parse(String(value));
  if (!Number.isFinite(time) || time < 0) throw new RangeError(`time must be ISO 8601 or milliseconds, found "${String(value)}"`);
  return time;
}
