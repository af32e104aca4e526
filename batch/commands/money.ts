// `tarazu-batch money ACTION --data DIR`: client money between runs. bank add|list|withdraw: registered bank accounts; receipts: take in what came;
// withdraw, withdrawals; early-pay-in: funds for a settlement before its evening; send-back and identify: money of nobody known; opening: books of a
// fresh house begin with what clients.jsonl says; state: our accounts beside the bank's; breaks, assign, close, approve: exceptions. Times are the
// system's, or --at for practice. Amounts in rupees.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { paise, paiseText } from '../../engine/index.ts';
import { BusinessCalendar } from '../calendar/business-calendar.ts';
import { scaledNumber } from '../files/decimal-field.ts';
import { nightDirectory } from '../night/night.ts';
import { systemMicros } from '../night/with-night.ts';
import { NightFiles } from '../nodes/night-files.ts';
import { placesOf } from '../nodes/settlement/bank-recon.ts';
import { ClientBanks } from '../nodes/settlement/funds-client-banks.ts';
import { payInEarly } from '../nodes/settlement/funds-early-pay-in.ts';
import { deliverCredits } from '../nodes/settlement/funds-engine.ts';
import { readFundsHouse } from '../nodes/settlement/funds-house.ts';
import type { AskedScope } from '../nodes/settlement/funds-once.ts';
import { openClientMoney } from '../nodes/settlement/funds-opening.ts';
import { type FundsParts, portsOf } from '../nodes/settlement/funds-ports.ts';
import { takeReceipts } from '../nodes/settlement/funds-receipts.ts';
import { identify, sendBack } from '../nodes/settlement/funds-suspense.ts';
import { withdraw, withdrawals } from '../nodes/settlement/funds-withdrawals.ts';
import { NightStore } from '../runner/index.ts';
import { BREAK_ACTIONS } from './money-breaks.ts';
import { MONEY_OPTIONS, type MoneyAction, type MoneyValues } from './money-options.ts';

const rupees = (amount: number): string => paiseText(paise(amount));

function amountOf({ amount = '' }: MoneyValues): number {
  const found = scaledNumber(amount, 2);
  if (found === undefined || found <= 0) throw new Error(`--amount ${amount} is not an amount in rupees above zero`);
  return found;
}

const bank: MoneyAction = {
  needs: ['client'],
  run: async ({ scope, parts, words, values }) => {
    const { client = '', account = '', by = '' } = values;
    const banks = new ClientBanks(scope.store.root);
    const [verb = 'list'] = words;
    if (verb === 'add') banks.register({ client, account, by }, scope.now(), readFundsHouse(parts.dataDirectory).coolOffHours);
    else if (verb === 'withdraw') banks.withdraw(client, account, scope.now());
    else if (verb !== 'list') throw new Error('bank add, bank withdraw or bank list');
    const lines = banks.of(client).map(({ account: known, payableFrom, withdrawnAt, by: who }) => {
      const state =
        withdrawnAt > 0 ? 'withdrawn' : payableFrom > scope.now() ? `payable from ${new Date(payableFrom / 1000).toISOString()}` : 'in force';
      return `${known}  ${state}, registered by ${who}`;
    });
    return { said: lines.join('\n') || `${client} has no registered account`, value: banks.of(client) };
  },
};

const ACTIONS: Readonly<Record<string, MoneyAction>> = {
  bank,
  receipts: {
    needs: [],
    run: async ({ scope, parts, values }) => {
      const { root } = scope.store;
      const found = await takeReceipts(parts, { root, now: scope.now }, values.account ?? readFundsHouse(parts.dataDirectory).client);
      await deliverCredits(parts.dataDirectory, root);
      const said = `${rupees(found.credited)} credited to clients, ${rupees(found.suspense)} in suspense, ${rupees(found.uncleared)} not cleared, ${rupees(found.returned)} came back`;
      return { said, value: found };
    },
  },
  withdraw: {
    needs: ['id', 'client', 'amount', 'account'],
    run: async ({ scope, parts, values }) => {
      const { id = '', client = '', account = '' } = values;
      const found = await withdraw(parts, scope, { id, client, amount: amountOf(values), account });
      return { said: `${id}: ${found.state}${found.reason === '' ? '' : `, ${found.reason}`}`, value: found, failed: found.state !== 'paid' };
    },
  },
  withdrawals: {
    needs: [],
    run: async ({ scope }) => {
      const found = withdrawals(scope.store.root);
      const lines = found.map(
        ({ id, client, amount, state, reason }) => `${id}  ${client}  ${rupees(amount)}  ${state}${reason === '' ? '' : `, ${reason}`}`,
      );
      return { said: lines.join('\n') || 'no withdrawal yet', value: found };
    },
  },
  'early-pay-in': {
    needs: ['id', 'client', 'amount', 'settlement'],
    run: async ({ scope, parts, values }) => {
      const { id = '', client = '', settlement = '' } = values;
      const found = await payInEarly(parts, scope, { id, client, settlement, amount: amountOf(values) });
      return { said: `${id}: ${found.state}${found.reason === '' ? '' : `, ${found.reason}`}`, value: found, failed: found.state !== 'paid' };
    },
  },
  'send-back': {
    needs: ['id'],
    run: async ({ scope, parts, values }) => {
      const found = await sendBack(parts, scope, values.id ?? '');
      return { said: `${rupees(found.paise)} sent back to ${found.from}`, value: found };
    },
  },
  identify: {
    needs: ['id', 'client'],
    run: async ({ scope, parts, values }) => {
      const found = await identify(parts, scope, values.id ?? '', values.client ?? '');
      return { said: `${rupees(found.paise)} credited to ${values.client}`, value: found };
    },
  },
  opening: {
    needs: ['by'],
    run: async ({ scope, parts, values }) => {
      const found = openClientMoney(parts, scope, (values.by ?? '').split(','));
      return { said: `${found.clients} clients begin with ${rupees(found.paise)} in ${found.account}`, value: found };
    },
  },
  state: {
    needs: [],
    run: async ({ scope, parts }) => {
      const places = await placesOf(parts, scope.store.root);
      const lines = places.map(
        ({ account, ours, theirs }) =>
          `${account.padEnd(24)} ${rupees(ours).padStart(18)} ${rupees(theirs).padStart(18)}${ours === theirs ? '' : '  differ'}`,
      );
      return { said: lines.join('\n') || 'no account yet', value: places, failed: places.some(({ ours, theirs }) => ours !== theirs) };
    },
  },
  ...BREAK_ACTIONS,
};

/** See the file's head. Exit code 1 when something was refused or differs. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: MONEY_OPTIONS, allowPositionals: true });
  const [name = '', ...words] = positionals;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  const missing = (action?.needs ?? []).filter((option) => values[option] === undefined);
  if (action === undefined || missing.length > 0) {
    const what = action === undefined ? Object.keys(ACTIONS).join(', ') : missing.map((option) => `--${option}`).join(', ');
    process.stderr.write(`tarazu-batch money: ${action === undefined ? 'say what: ' : 'needs '}${what}\n`);
    return 2;
  }
  const at = values.at === undefined ? undefined : Date.parse(values.at) * 1000;
  if (Number.isNaN(at)) throw new Error(`--at ${values.at} is not a time such as 2026-11-20T18:00:00+05:30`);
  const store = new NightStore(join(nightDirectory(values.data), 'state'));
  const scope: AskedScope = { store, now: () => at ?? systemMicros() };
  const parts: FundsParts = {
    dataDirectory: values.data,
    files: new NightFiles(values.data),
    calendar: new BusinessCalendar(),
    port: portsOf(values.data),
  };
  try {
    const { said, value, failed = false } = await action.run({ scope, parts, words, values });
    process.stdout.write(`${values.json ? JSON.stringify(value) : said}\n`);
    return failed ? 1 : 0;
  } finally {
    await store.close();
  }
}
