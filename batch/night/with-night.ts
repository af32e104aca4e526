// Where a command finds the night: in a process that serves it, if there is one, else in the directory itself, for as long as the command lasts. Who acts
// is whom a token proves; without people on file a name is taken at its word, except where two persons are needed.

import { existsSync } from 'node:fs';
import { makeDirectory } from '../../workers/index.ts';
import { nightBodies } from '../nodes/index.ts';
import { type Night, type NightOptions, nightDirectory, openNight } from './night.ts';
import { actFaults, doAct, type NightAct, needsPerson, nightAct } from './night-acts.ts';
import { NightClient, servedAt } from './night-client.ts';
import { type NightView, nightView } from './night-view.ts';
import { People } from './people.ts';

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
  /** A person's token; else TARAZU_TOKEN. */
  readonly token?: string | undefined;
  /** Name a command was given; the token's name is what counts. */
  readonly by?: string | undefined;
}

/** An act as a command gives it. */
type WantedAct = { readonly act: NightAct['act'] } & Readonly<Record<string, unknown>>;

/** Microseconds since 1970 by the system's clock. */
export const systemMicros = (): number => Math.round((performance.timeOrigin + performance.now()) * 1000);

/** Asks the serving process, or opens the night in this one for as long as `opened` lasts. Rejects when a directory that was named is not there. */
export async function askNight<Result>(
  place: NightPlace,
  served: (client: NightClient) => Promise<Result>,
  opened: (night: Night) => Promise<Result>,
): Promise<Result> {
  const client = await clientOf(place);
  if (client !== undefined) return served(client);
  // A directory misspelt would be made, and answer that nothing was run and nothing is wrong.
  if (place.data !== NIGHT_OPTIONS.data.default && !existsSync(place.data)) throw new Error(`--data ${place.data}: no such directory`);
  return withOpenNight(place.data, opened);
}

/** View of a date. */
export function viewOf(place: NightPlace, date: string): Promise<NightView> {
  return askNight(
    place,
    (client) => client.view(date),
    async (night) => nightView(night, date),
  );
}

/** Does an act; a serving process also lets the runner do what became ready by it. Rejects with a sentence. */
export function actOn(place: NightPlace, act: WantedAct): Promise<string> {
  return askNight(
    place,
    (client) => client.act(act),
    async (night) => {
      const parsed = nightAct.safeParse({ ...act, by: actorOf(place, act) });
      if (!parsed.success) throw new Error(actFaults(parsed.error));
      return doAct(night, parsed.data);
    },
  );
}

/** Opens the night in this process for as long as `work` lasts. */
export async function withOpenNight<Result>(
  data: string,
  work: (night: Night) => Promise<Result>,
  more: Pick<NightOptions, 'wait' | 'onRecord'> = {},
): Promise<Result> {
  const night = await openNight({ dataDirectory: data, bodies: nightBodies({ dataDirectory: data }), now: systemMicros, ...more });
  try {
    return await work(night);
  } finally {
    await night.close();
  }
}

/** The serving process of a data directory; undefined when none serves it. Rejects when one does and no token was given. */
export async function clientOf({ data, token }: NightPlace): Promise<NightClient | undefined> {
  const serving = await servedAt(nightDirectory(data));
  if (serving === undefined) return undefined;
  const given = token ?? process.env['TARAZU_TOKEN'];
  if (given === undefined)
    throw new Error(
      `the night of ${data} is served on port ${serving.port}: give --token or TARAZU_TOKEN (a person's; tarazu-batch person add NAME)`,
    );
  return new NightClient(serving.port, given);
}

/** Name under which an act on an open directory is done. */
function actorOf({ data, token = process.env['TARAZU_TOKEN'], by }: NightPlace, act: WantedAct): string | undefined {
  makeDirectory(nightDirectory(data));
  const people = new People(nightDirectory(data));
  if (token === undefined) {
    if (needsPerson(act))
      throw new Error(`${act.act} is one of two persons' acts: give --token or TARAZU_TOKEN (tarazu-batch person add NAME makes one)`);
    if (people.all.length > 0) throw new Error('this night knows its people: give --token or TARAZU_TOKEN, a name alone is not enough');
    return by;
  }
  const person = people.personOf(token);
  if (person === undefined) throw new Error('the token is nobody’s here (tarazu-batch person list)');
  if (person.may !== 'act') throw new Error(`${person.name} may look, not act`);
  if (by !== undefined && by !== person.name) throw new Error(`the token is ${person.name}'s, not ${by}'s`);
  return person.name;
}
