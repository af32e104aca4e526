// `tarazu segment`: exchange segments of a running gateway. One person closes or limits one; letting orders in again takes two: one asks, another approves
// with a token of his own.
import { parseArgs } from 'node:util';
import { ExchangeSegment } from '../../engine/index.ts';
import { askGateway } from './gateway-client.ts';

const USAGE = `usage: tarazu segment [--config tarazu.json]
       tarazu segment (--open | --reduce-only | --close) ${Object.keys(ExchangeSegment).join('|')} --reason TEXT [--token-file FILE] [--config tarazu.json]
       tarazu segment --approve REQUEST_ID --token-file FILE [--config tarazu.json]
`;
const STATES = { open: 'OPEN', 'reduce-only': 'REDUCE_ONLY', close: 'CLOSED' } as const;

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
  if (option === undefined || wanted.length > 1 || values.reason === undefined || !Object.hasOwn(ExchangeSegment, segment)) {
    process.stderr.write(USAGE);
    return 2;
  }
  return print(await set(ask, segment, { state: STATES[option], reason: values.reason }));
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
