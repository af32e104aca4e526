// A process that runs a small night of pure, ledger and external nodes and is killed by its parent at some record: SIGKILL at the nth record that is
// stored (before or after its effect outside, as it falls). Arguments: store, bank file, n (0 = never).
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { Graph } from '../../../batch/graph/graph.ts';
import { istMicros, NightRunner, NightStore, type NodeBody } from '../../../batch/runner/index.ts';
import { Counterparty } from './counterparty.ts';
import { DATE, rowsOf } from './night-script.ts';

const [storePath = '', bankFile = '', killAt = '0'] = process.argv.slice(2);
const bank = new Counterparty(bankFile);
const store = new NightStore(storePath, { synced: false });
const postings = store.root.openDB<number, string>({ name: 'postings', encoding: 'msgpack' });
const money = { effect: 'external', idempotent: 'no (money movement)', compensation: 'reverse' } as const;
const graph = new Graph(
  rowsOf([
    ['EOD-FILES', ''],
    ['EOD-BOOK', 'EOD-FILES', { effect: 'ledger' }],
    ['EOD-PAY', 'EOD-BOOK', { ...money, per: ['CM', 'FO'] }],
    ['EOD-REPORT', 'EOD-PAY'],
  ]),
);
let left = Number(killAt);
const die = (): void => {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};
const bodies = new Map<string, NodeBody>([
  ['EOD-FILES', async () => ({ outputs: { trades: 3 } })],
  [
    'EOD-BOOK',
    async () => ({
      commit: () => {
        postings.putSync('brokerage', (postings.get('brokerage') ?? 0) + 300);
        die();
      },
    }),
  ],
  [
    'EOD-PAY',
    async (context) => {
      const first = await context.call(bank, 'first', { paise: 100 });
      die();
      const second = await context.call(bank, 'second', { paise: 200 });
      die();
      return { outputs: { first, second } };
    },
  ],
  ['EOD-REPORT', async (context) => ({ outputs: { paid: context.outputsOf('EOD-PAY@CM') } })],
]);
const runner = new NightRunner({
  store,
  graph,
  bodies,
  calendar: new BusinessCalendar(),
  now: () => istMicros(DATE, 960),
  parallel: 1,
  onRecord: die,
});
const run = runner.open(DATE, 'eod', 'ops');
await runner.advance();
process.send?.({
  isGreen: runner.isGreen(run.id),
  brokerage: postings.get('brokerage') ?? 0,
  outputs: runner.states.state(run.id, 'EOD-PAY@FO').outputs,
});
await store.close();
process.disconnect?.();
