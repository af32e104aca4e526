// `tarazu segment`: exchange segments of a running gateway. One person closes or limits one; letting orders in again takes two: one asks, another approves
// with a token of his own.
import { parseArgs } from 'node:util';
import { ExchangeSegment } from '../../engine/index.ts';
import { askGateway } from './gateway-client.ts';

/** What --help prints. */
export const USAGE: string = `usage: tarazu segment [--config tarazu.json]
       tarazu segment (--open | --pre-open | --reduce-only | --close) ${Object.keys(ExchangeSegment).join('|')} --reason TEXT [--opens-at HH:MM] [--token-file FILE] [--config tarazu.json]
       tarazu segment --approve REQUEST_ID --token-file FILE [--config tarazu.json]
`;
/** From the one that keeps nothing out to the one that keeps out everything. */
const STATES = { open: 'OPEN', 'pre-open': 'PRE_OPEN', 'reduce-only': 'REDUCE_ONLY', close: 'CLOSED' } as const;

const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;
const DAY_MS = 86_400_000;
const INDIA_MS = 19_800_000;

interface Listed {
  readonly segments: readonly { readonly segment: string; readonly state: string }[];
  readonly requests: readonly { readonly id: string; readonly segment: string; readonly state: string; readonly requested_by: string }[];
}
interface Change {
  readonly segment: string;
  readonly state: string;
  readonly by: readonly string[];
}

/** Exit code 0 when the segment is in the state, or the change waits for the second person. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', default: 'tarazu.json' },
      open: { type: 'string' },
      'pre-open': { type: 'string' },
      'opens-at': { type: 'string' },
      'reduce-only': { type: 'string' },
      close: { type: 'string' },
      reason: { type: 'string' },
      approve: { type: 'string' },
      'token-file': { type: 'string' },
    },
  });
  const as = { tokenFile: values['token-file'] };
  const ask = (path: string, body?: object): Promise<unknown> => askGateway(values.config, path, body, as);
  if (values.approve !== undefined)
    return print(changed((await ask(`/v1/segments/requests/${encodeURIComponent(values.approve)}/approve`, {})) as Change));
  const wanted = (Object.keys(STATES) as (keyof typeof STATES)[]).filter((option) => values[option] !== undefined);
  if (wanted.length === 0 && values.reason === undefined) return print(listed((await ask('/v1/segments')) as Listed));
  const [option] = wanted;
  const segment = option === undefined ? '' : (values[option] ?? '');
  const opensAt = values['opens-at'];
  const isTimed = opensAt === undefined || (option === 'pre-open' && TIME_OF_DAY.test(opensAt));
  if (option === undefined || wanted.length > 1 || values.reason === undefined || !Object.hasOwn(ExchangeSegment, segment) || !isTimed) {
    process.stderr.write(USAGE);
    return 2;
  }
  const opens = opensAt === undefined ? {} : { opens_at: todayAt(opensAt) };
  return print(await set(ask, segment, { state: STATES[option], reason: values.reason, ...opens }));
}

/** Today at a time of India's day, milliseconds since 1970. */
function todayAt(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const indian = Date.now() + INDIA_MS;
  return indian - (indian % DAY_MS) - INDIA_MS + (hours * 60 + minutes) * 60_000;
}

type Ask = (path: string, body?: object) => Promise<unknown>;

/** What lets orders in is asked for; what keeps them out is done. */
async function set(ask: Ask, segment: string, body: { readonly state: string; readonly reason: string }): Promise<string> {
  const { segments } = (await ask('/v1/segments')) as Listed;
  const strictness = Object.values<string>(STATES);
  const before = segments.find((each) => each.segment === segment)?.state ?? 'OPEN';
  if (strictness.indexOf(body.state) >= strictness.indexOf(before)) return changed((await ask(`/v1/segments/${segment}`, body)) as Change);
  const { id } = (await ask(`/v1/segments/${segment}/requests`, body)) as { readonly id: string };
  return `${segment} ${body.state} asked for: another person approves it within ten minutes by\n  tarazu segment --approve ${id} --token-file FILE\n`;
}

const changed = ({ segment, state, by }: Change): string => `${segment} is ${state}, by ${by.join(' and ')}\n`;

function listed({ segments, requests }: Listed): string {
  const waiting = requests.map(({ id, segment, state, requested_by }) => `waits   ${segment} ${state}, asked for by ${requested_by}: ${id}\n`);
  return [...segments.map(({ segment, state }) => `${segment.padEnd(7)} ${state}\n`), ...waiting].join('');
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
