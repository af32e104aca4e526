// The night's paths as a table: what each answers and what its caller has to be allowed. Queries are checked here; a bad one is refused by its name.
import type { z } from 'zod';
import { PHASES, type Phase } from '../graph/graph.ts';
import { STATEMENT_KINDS } from '../notes/statements/statement-kinds.ts';
import { auditPack, runDifferences } from '../runner/index.ts';
import { backfillDates } from './backfill.ts';
import { BreakDesk, breakAct } from './break-desk.ts';
import { inputRoles } from './correction.ts';
import { daySums } from './day-sums.ts';
import { graphPlaces } from './graph-places.ts';
import { graphSvg } from './graph-svg.ts';
import { type Answer, json, Refusal } from './http-answer.ts';
import { booksAnswer, noteAnswer, notesAnswer } from './loop-route.ts';
import type { Night } from './night.ts';
import { actFaults, doAct, nightAct } from './night-acts.ts';
import { nightView } from './night-view.ts';
import { nodeDetail } from './node-detail.ts';
import { pastDays } from './past-days.ts';
import type { May, People, Person } from './people.ts';
import { statementAnswer } from './statement-route.ts';

/** What routes work with. `acted` is called after each act, so that the runner looks again. */
export interface RouteParts {
  readonly night: Night;
  /** Where the house's own files lie: broker.json, contacts.csv. */
  readonly dataDirectory: string;
  readonly people: People;
  readonly acted: () => void;
  /** Differs between two starts of the server, so that tags of an earlier one are not taken for ours. */
  readonly incarnation: string;
}

/** A request whose caller is known. */
export interface Asked {
  readonly by: Person;
  readonly url: URL;
  /** If-None-Match. */
  readonly known: string;
  readonly body: unknown;
}

/** One method of one path. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly may: May;
  readonly answer: (parts: RouteParts, asked: Asked) => Answer | Promise<Answer>;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DAYS_MAX = 92;
const STATES_MAX = 15;
const LOOP_MAX = 31;
/** Predictions move with the clock: a view is good for this long although nothing happened. */
const VIEW_MICROS = 10e6;

/** See the file's head. */
export const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/me',
    may: 'read',
    answer: ({ people, night }, { by }) => json(200, { ...by, people: people.all, now: night.runner.parts.now() }),
  },
  { method: 'GET', path: '/v1/night', may: 'read', answer: view },
  {
    method: 'GET',
    path: '/v1/night/days',
    may: 'read',
    answer: ({ night }, { url }) =>
      json(200, { days: pastDays(night, dateOf(url, 'until'), countOf(url, 'count', DAYS_MAX), countOf(url, 'states', STATES_MAX)) }),
  },
  {
    method: 'GET',
    path: '/v1/night/loop',
    may: 'read',
    answer: ({ night }, { url }) => json(200, { days: daySums(night, dateOf(url, 'until'), countOf(url, 'count', LOOP_MAX)) }),
  },
  { method: 'GET', path: '/v1/night/notes', may: 'read', answer: ({ night }, { url }) => notesAnswer(night, dateOf(url)) },
  { method: 'GET', path: '/v1/night/note', may: 'read', answer: ({ night }, { url }) => noteAnswer(night, dateOf(url), needed(url, 'number')) },
  { method: 'GET', path: '/v1/night/books', may: 'read', answer: ({ night }) => booksAnswer(night) },
  {
    method: 'GET',
    path: '/v1/night/node',
    may: 'read',
    answer: ({ night }, { url }) => json(200, nodeDetail(night, dateOf(url), needed(url, 'key'))),
  },
  {
    method: 'GET',
    path: '/v1/night/places',
    may: 'read',
    answer: ({ night }, { url }) => {
      const phase = phaseOf(url);
      return json(200, { phase, places: Object.fromEntries(graphPlaces(night.runner.parts.graph.phase(phase))) });
    },
  },
  { method: 'GET', path: '/v1/night/graph.svg', may: 'read', answer: svg },
  { method: 'GET', path: '/v1/night/audit', may: 'read', answer: audit },
  {
    method: 'GET',
    path: '/v1/night/diff',
    may: 'read',
    answer: ({ night }, { url }) =>
      json(200, { differences: runDifferences(statesOf(night, needed(url, 'left')), statesOf(night, needed(url, 'right'))) }),
  },
  {
    method: 'GET',
    path: '/v1/night/backfill',
    may: 'read',
    answer: ({ night }, { url }) => json(200, { dates: backfillDates(night, phaseOf(url), dateOf(url, 'from'), dateOf(url, 'to')) }),
  },
  {
    method: 'GET',
    path: '/v1/night/inputs',
    may: 'read',
    answer: ({ night }, { url }) => json(200, { roles: inputRoles(night, dateOf(url), phaseOf(url)) }),
  },
  { method: 'GET', path: '/v1/statements/kinds', may: 'read', answer: () => json(200, { kinds: Object.keys(STATEMENT_KINDS) }) },
  {
    method: 'GET',
    path: '/v1/statements',
    may: 'read',
    answer: ({ night, dataDirectory }, { url }) =>
      statementAnswer(night, dataDirectory, {
        kind: needed(url, 'kind'),
        client: needed(url, 'client'),
        from: dateOf(url, 'from'),
        to: dateOf(url, 'to'),
        format: needed(url, 'format'),
      }),
  },
  {
    method: 'GET',
    path: '/v1/breaks',
    may: 'read',
    answer: ({ night, dataDirectory }, { url }) => json(200, { breaks: new BreakDesk(night.store.root, dataDirectory).of(dateOf(url)) }),
  },
  { method: 'POST', path: '/v1/breaks/acts', may: 'act', answer: actOnBreak },
  { method: 'POST', path: '/v1/night/acts', may: 'act', answer: act },
];

/** The view, with a tag that changes when something happened or predictions have moved on. */
function view({ night, incarnation }: RouteParts, { url, known }: Asked): Answer {
  const date = dateOf(url);
  const tag = `"${incarnation}-${date}-${night.feed.count}-${Math.floor(night.runner.parts.now() / VIEW_MICROS)}"`;
  const headers = { etag: tag, 'cache-control': 'no-cache', vary: 'authorization' };
  if (known.split(',').some((one) => one.trim().replace(/^W\//, '') === tag))
    return { status: 304, contentType: 'application/json', body: '', headers };
  return json(200, nightView(night, date), headers);
}

function svg({ night }: RouteParts, { url }: Asked): Answer {
  const phase = phaseOf(url);
  const found = nightView(night, dateOf(url)).runs.find(({ run }) => run.phase === phase);
  if (found === undefined) throw new Refusal(404, 'that phase was not run on that date');
  return { status: 200, contentType: 'image/svg+xml', body: graphSvg(found.instances, found.run.id) };
}

function audit({ night }: RouteParts, { url }: Asked): Answer {
  const run = needed(url, 'run');
  if (night.store.run(run) === undefined) throw new Refusal(404, `run ${run} was never opened`);
  return {
    status: 200,
    contentType: 'application/jsonl',
    body: [...auditPack(night.store, run)].join(''),
    headers: { 'content-disposition': `attachment; filename="audit-${run.replaceAll('/', '-')}.jsonl"` },
  };
}

function act({ night, acted }: RouteParts, asked: Asked): Answer {
  const said = doAct(night, readAct(nightAct, asked));
  night.feed.bump();
  acted();
  return json(200, { said });
}

async function actOnBreak({ night, dataDirectory }: RouteParts, asked: Asked): Promise<Answer> {
  const said = await new BreakDesk(night.store.root, dataDirectory).act(readAct(breakAct, asked));
  night.feed.bump();
  return json(200, { said });
}

/** Whatever name the body has: the act is done by whose token it is. */
function readAct<Act>(schema: z.ZodType<Act>, { body, by }: Asked): Act {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal(400, 'an act is an object');
  const parsed = schema.safeParse({ ...body, by: by.name });
  if (!parsed.success) throw new Refusal(422, actFaults(parsed.error));
  return parsed.data;
}

function statesOf({ store, runner }: Night, run: string): ReturnType<typeof runner.states.of> {
  if (store.run(run) === undefined) throw new Refusal(404, `run ${run} was never opened`);
  return runner.states.of(run);
}

function dateOf(url: URL, name = 'date'): string {
  const date = needed(url, name);
  const time = DATE.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date) throw new Refusal(400, `${name} must be a date, YYYY-MM-DD`);
  return date;
}

function phaseOf(url: URL): Phase {
  const phase = PHASES.find((known) => known === needed(url, 'phase'));
  if (phase === undefined) throw new Refusal(400, `phase must be one of ${PHASES.join(', ')}`);
  return phase;
}

function countOf(url: URL, name: string, most: number): number {
  const count = Number(needed(url, name));
  if (!Number.isInteger(count) || count < 0 || count > most) throw new Refusal(400, `${name} must be a whole number up to ${most}`);
  return count;
}

function needed(url: URL, name: string): string {
  const value = url.searchParams.get(name);
  if (value === null || value === '') throw new Refusal(400, `${name} is needed`);
  return value;
}
