// `tarazu-batch units ACTION --data DIR`: units of securities between runs. early-pay-in: a client's units delivered ahead of the evening, once by id
// (again, it goes on where it was); early-pay-ins: what was asked for; pool: what rests in the broker's pool account, why, and who looks after it.
// Times are the system's, or --at for practice.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BusinessCalendar } from '../calendar/business-calendar.ts';
import { nightDirectory } from '../night/night.ts';
import { systemMicros } from '../night/with-night.ts';
import type { DayParts } from '../nodes/end-of-day/day-parts.ts';
import { NightFiles } from '../nodes/night-files.ts';
import { deliverEarly } from '../nodes/settlement/early-delivery.ts';
import type { AskedScope } from '../nodes/settlement/funds-once.ts';
import { NightStore } from '../runner/index.ts';
import { EarlyDeliveries, type EarlyDelivery } from '../securities/early-deliveries.ts';
import { POOL_REASONS, PoolStore } from '../securities/pool-units.ts';

const OPTIONS = {
  data: { type: 'string', default: 'data' },
  id: { type: 'string', default: '' },
  client: { type: 'string', default: '' },
  isin: { type: 'string', default: '' },
  units: { type: 'string', default: '' },
  settlement: { type: 'string', default: '' },
  date: { type: 'string' },
  at: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

interface Answer {
  readonly said: string;
  readonly value: unknown;
  readonly failed?: boolean;
}

interface Action {
  readonly needs: readonly ('id' | 'client' | 'isin' | 'units' | 'settlement')[];
  readonly run: (scope: AskedScope, parts: DayParts, values: Values) => Promise<Answer> | Answer;
}

const lineOf = ({ id, settlement, client, isin, units, state, reason }: EarlyDelivery): string =>
  `${id}  ${settlement}  ${client}  ${isin}  ${units}  ${state}${reason === '' ? '' : `, ${reason}`}`;

const ACTIONS: Readonly<Record<string, Action>> = {
  'early-pay-in': {
    needs: ['id', 'client', 'isin', 'units', 'settlement'],
    run: async (scope, parts, { id, client, isin, units, settlement }) => {
      if (!/^\d{1,12}$/.test(units)) throw new Error(`--units ${units} is not a whole number`);
      const found = await deliverEarly(parts, scope, { id, client, isin, settlement, units: Number(units) });
      return { said: lineOf(found), value: found, failed: found.state !== 'booked' };
    },
  },
  'early-pay-ins': {
    needs: [],
    run: ({ store }, _parts, { date }) => {
      const found = new EarlyDeliveries(store.root).all(date);
      return { said: found.map(lineOf).join('\n') || 'no early pay-in was asked for', value: found };
    },
  },
  pool: {
    needs: [],
    run: ({ store }) => {
      const rows = new PoolStore(store.root).open().map((one) => ({ ...one, owner: POOL_REASONS[one.reason].owner }));
      const lines = rows.map(({ settlement, client, isin, units, since, reason, owner, detail }) =>
        [settlement, client, isin, String(units), `since ${since}`, detail === '' ? POOL_REASONS[reason].meaning : detail, owner].join('  '),
      );
      return { said: lines.join('\n') || 'nothing rests in the pool account', value: rows };
    },
  },
};

/** See the file's head. Exit code 1 when something was refused, 2 for an action that is none. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [name = ''] = positionals;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  const missing = (action?.needs ?? []).filter((option) => values[option] === '');
  if (action === undefined || missing.length > 0) {
    const what = action === undefined ? Object.keys(ACTIONS).join(', ') : missing.map((option) => `--${option}`).join(', ');
    process.stderr.write(`tarazu-batch units: ${action === undefined ? 'say what: ' : 'needs '}${what}\n`);
    return 2;
  }
  const at = values.at === undefined ? undefined : Date.parse(values.at) * 1000;
  if (Number.isNaN(at)) throw new Error(`--at ${values.at} is not a time such as 2026-11-20T11:00:00+05:30`);
  // A directory misspelt would be made, and answer that nothing rests anywhere.
  if (!existsSync(values.data)) throw new Error(`--data ${values.data}: no such directory`);
  const store = new NightStore(join(nightDirectory(values.data), 'state'));
  const parts: DayParts = { dataDirectory: values.data, files: new NightFiles(values.data), calendar: new BusinessCalendar() };
  try {
    const { said, value, failed = false } = await action.run({ store, now: () => at ?? systemMicros() }, parts, values);
    process.stdout.write(`${values.json ? JSON.stringify(value) : said}\n`);
    return failed ? 1 : 0;
  } finally {
    await store.close();
  }
}
