// `tarazu-batch units ACTION --data DIR`: units of securities between runs. pool: what rests in the broker's pool account, why, and who looks after it.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nightDirectory } from '../night/night.ts';
import { NightStore } from '../runner/index.ts';
import { POOL_REASONS, PoolStore } from '../securities/pool-units.ts';

const OPTIONS = { data: { type: 'string', default: 'data' }, json: { type: 'boolean', default: false } } as const;

interface Answer {
  readonly said: string;
  readonly value: unknown;
}

const ACTIONS: Readonly<Record<string, (store: NightStore) => Answer>> = {
  pool: ({ root }) => {
    const rows = new PoolStore(root).open().map((one) => ({ ...one, owner: POOL_REASONS[one.reason].owner }));
    const lines = rows.map(({ settlement, client, isin, units, since, reason, owner, detail }) =>
      [settlement, client, isin, String(units), `since ${since}`, detail === '' ? POOL_REASONS[reason].meaning : detail, owner].join('  '),
    );
    return { said: lines.join('\n') || 'nothing rests in the pool account', value: rows };
  },
};

/** See the file's head. Exit code 2 for an action that is none. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [name = ''] = positionals;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined) {
    process.stderr.write(`tarazu-batch units: say what: ${Object.keys(ACTIONS).join(', ')}\n`);
    return 2;
  }
  const store = new NightStore(join(nightDirectory(values.data), 'state'));
  try {
    const { said, value } = action(store);
    process.stdout.write(`${values.json ? JSON.stringify(value) : said}\n`);
    return 0;
  } finally {
    await store.close();
  }
}
