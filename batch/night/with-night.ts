// Where a command finds the night: in a process that serves it, if there is one, else in the directory itself, for as long as the command lasts.
import { nightBodies } from '../nodes/index.ts';
import { type Night, nightDirectory, openNight } from './night.ts';
import { actFaults, doAct, type NightAct, nightAct } from './night-acts.ts';
import { NightClient, servedPort } from './night-client.ts';
import { type NightView, nightView } from './night-view.ts';

type NightOptionTypes = {
  readonly data: { readonly type: 'string'; readonly default: string };
  readonly date: { readonly type: 'string' };
  readonly by: { readonly type: 'string' };
  readonly token: { readonly type: 'string' };
  readonly json: { readonly type: 'boolean'; readonly default: boolean };
};

/** Options every command of the night takes. */
export const NIGHT_OPTIONS: NightOptionTypes = {
  data: { type: 'string', default: 'data' },
  date: { type: 'string' },
  by: { type: 'string' },
  token: { type: 'string' },
  json: { type: 'boolean', default: false },
};

/** What a command knows of where the night is. */
export interface NightPlace {
  readonly data: string;
  /** A person's token, for a night that is served; else TARAZU_TOKEN. */
  readonly token?: string | undefined;
}

/** Microseconds since 1970 by the system's clock. */
export const systemMicros = (): number => Math.round((performance.timeOrigin + performance.now()) * 1000);

/** View of a date. */
export async function viewOf(place: NightPlace, date: string): Promise<NightView> {
  const client = clientOf(place);
  if (client !== undefined) return client.view(date);
  return withOpenNight(place.data, async (night) => nightView(night, date));
}

/** Does an act, and lets the runner do what became ready by it. Rejects with a sentence. */
export async function actOn(place: NightPlace, act: { readonly act: NightAct['act'] } & Record<string, unknown>): Promise<string> {
  const client = clientOf(place);
  if (client !== undefined) return client.act(Object.fromEntries(Object.entries(act).filter(([name]) => name !== 'by')));
  const parsed = nightAct.safeParse(act);
  if (!parsed.success) throw new Error(actFaults(parsed.error));
  return withOpenNight(place.data, async (night) => doAct(night, parsed.data));
}

/** Opens the night in this process for as long as `work` lasts. */
export async function withOpenNight<Result>(data: string, work: (night: Night) => Promise<Result>): Promise<Result> {
  const night = await openNight({ dataDirectory: data, bodies: nightBodies({ dataDirectory: data }), now: systemMicros });
  try {
    return await work(night);
  } finally {
    await night.close();
  }
}

function clientOf({ data, token }: NightPlace): NightClient | undefined {
  const port = servedPort(nightDirectory(data));
  if (port === undefined) return undefined;
  const given = token ?? process.env['TARAZU_TOKEN'];
  if (given === undefined)
    throw new Error(`the night of ${data} is served on port ${port}: give --token or TARAZU_TOKEN (a person's; tarazu-batch person add NAME)`);
  return new NightClient(port, given);
}
