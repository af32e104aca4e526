// What a client may take out when orders rest on its money: the engine's own margin decides, and what it holds for a withdrawal no order can use any more.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { appendAll, takeInbox, takenState } from '../../../batch/nodes/engine/engine-inbox.ts';
import { readEngine, withTables } from '../../../batch/nodes/engine/engine-state.ts';
import { NightFiles } from '../../../batch/nodes/night-files.ts';
import { ClientBanks } from '../../../batch/nodes/settlement/funds-client-banks.ts';
import { payInEarly } from '../../../batch/nodes/settlement/funds-early-pay-in.ts';
import { deliverCredits, noteEarlyPayIn } from '../../../batch/nodes/settlement/funds-engine.ts';
import type { FundsParts } from '../../../batch/nodes/settlement/funds-ports.ts';
import { takeReceipts } from '../../../batch/nodes/settlement/funds-receipts.ts';
import { type Withdrawal, withdraw } from '../../../batch/nodes/settlement/funds-withdrawals.ts';
import { tellArrivals } from '../../../batch/nodes/settlement/securities-engine.ts';
import { type ClientView, clientView } from '../../../engine/index.ts';
import { OmsClient } from '../../gateway/oms-client.ts';
import { execution, newOrder } from '../../gateway/order-messages.ts';
import { type SmallHouse, smallHouse, startHouse } from '../../gateway/small-house.ts';
import { BANK, FundsWorld, Outside } from './funds-world.ts';
import { InProcessPort } from './in-process-port.ts';

const ACCOUNT = 'HDFC0000060-50100012345678';
const TEN_CRORE = 10 * 1e7 * 100;
const QUANTITY = 100;

let house: SmallHouse;
let world: FundsWorld;
let outside: Outside;
let parts: FundsParts;
beforeAll(async () => {
  house = await smallHouse();
  const gateway = await startHouse(house);
  const oms = await OmsClient.logon(gateway.fixPort);
  try {
    oms.send('D', newOrder('e1', house.share, { quantity: QUANTITY }));
    const orderId = (await oms.report('e1')).get(37) ?? '';
    oms.send('8', execution('0', 'x0', 'e1', house.share, { orderId, quantity: QUANTITY }));
    // Its verdict comes after everything sent before it was taken in.
    oms.send('D', newOrder('e2', house.share, { quantity: 1 }));
    await oms.report('e2');
  } finally {
    oms.drop();
    await gateway.stop();
  }
  const script = { obligations: [], clients: { RICH: TEN_CRORE } };
  outside = new Outside(script);
  const ports = {
    bank: new InProcessPort('bank', outside.books, outside.faults),
    clearing: new InProcessPort('clearing', outside.books, outside.faults),
  };
  const directory = join(house.folder, 'data');
  world = new FundsWorld(script, { directory, port: (target) => ports[target] });
  parts = { dataDirectory: directory, files: new NightFiles(directory), calendar: new BusinessCalendar(), port: (target) => ports[target] };
  new ClientBanks(world.runner.parts.store.root).register({ client: 'RICH', account: ACCOUNT, by: 'asha' }, world.now, 24);
});
afterAll(async () => {
  await world.close();
  rmSync(house.folder, { recursive: true, force: true });
});

const out = (id: string, amount: number): Promise<Withdrawal> =>
  withdraw(parts, { store: world.runner.parts.store, now: () => world.now }, { id, client: 'RICH', amount, account: ACCOUNT });
/** Once the engine has taken its inbox. */
const cashInEngine = async (): Promise<number> => (await takenState(parts.dataDirectory, () => true)).state.clients.get('RICH')?.cash ?? 0;

it('lets go what is free above the margin of working orders, to the paisa, and holds it in the engine', async () => {
  const all = await out('W1', TEN_CRORE);
  expect(all.state).toBe('refused');
  const free = Number(/^RICH has (\d+) paise free above its margin/.exec(all.reason)?.[1]);
  // The order of 100 shares at the close needs at least 20 % and at most all of its value, and one share more does so too.
  const value = (QUANTITY + 1) * house.share.close * 100;
  expect(TEN_CRORE - free).toBeGreaterThanOrEqual(Math.floor(value * 0.19));
  expect(TEN_CRORE - free).toBeLessThanOrEqual(Math.ceil(value));
  expect(await out('W2', free)).toMatchObject({ state: 'paid' });
  expect(world.ledger.account('CLIENT/RICH')?.balance).toBe(TEN_CRORE - free);
  // What comes in can be traded with; what was refused was given back.
  outside.books.money.bank.receive({ to: BANK, from: ACCOUNT, name: 'RICH', paise: 5_00, reference: 'UPI1' });
  const { root } = world.runner.parts.store;
  await takeReceipts(parts, { root, now: () => world.now }, BANK);
  await deliverCredits(parts.dataDirectory, root);
  expect(await cashInEngine()).toBe(TEN_CRORE - free + 5_00);
  expect(world.balances(/USCNBA/)).toEqual({ [BANK]: outside.books.money.bank.balance(BANK) });
});

it('tells the engine of early pay-in once it is booked, each once: the sale counts, the money is gone, and neither can be withdrawn', async () => {
  const { root } = world.runner.parts.store;
  const { token } = house.share;
  const slot = (await readEngine(parts.dataDirectory)).clients.get('RICH')?.slot ?? -1;
  const view = async (): Promise<ClientView | undefined> => {
    await takeInbox(parts.dataDirectory);
    return withTables(parts.dataDirectory, (reader) => {
      const state = reader?.readSlot(slot);
      state?.rebuild(undefined);
      return state === undefined ? undefined : clientView(state, 'RICH');
    });
  };
  const sold = { account: 'RICH', segment: 1, token, product: 1, quantity: -10, price: 1_000_000 };
  await appendAll(parts.dataDirectory, [{ key: 'sold', kind: 'ImportPosition', slot, body: sold }]);
  const units = { way: 'SECURITIES', account: 'RICH', segment: 1, token, quantity: 4, reference: 'M2026223 E1' } as const;
  for (let again = 0; again < 2; again++) {
    noteEarlyPayIn(root, { key: 'early/units/E1', early: units });
    await deliverCredits(parts.dataDirectory, root);
  }
  const request = { id: 'F1', client: 'RICH', amount: 2_00, settlement: 'M2026223' };
  const scope = { store: world.runner.parts.store, now: () => world.now };
  outside.books.money.change(({ clearing }) => clearing.oblige('NCL', 'M2026223', -2_00));
  for (let again = 0; again < 2; again++) expect(await payInEarly(parts, scope, request)).toMatchObject({ state: 'paid', paid: 2_00 });
  // Ten sold at Rs 100, four of them delivered.
  expect((await view())?.funds).toMatchObject({ earlySales: 400_00, earlyPaid: 2_00, adhoc: 0 });
});

it('counts shares as free once they have come, each arrival once', async () => {
  const { token } = house.share;
  const held = async (): Promise<unknown> =>
    (await takenState(parts.dataDirectory, () => true)).state.clients.get('RICH')?.holdings.find((one) => one.token === token);
  const slot = (await readEngine(parts.dataDirectory)).clients.get('RICH')?.slot ?? -1;
  const body = { account: 'RICH', segment: 1, token, free: 3, pledged: 0, t1: 17 };
  await appendAll(parts.dataDirectory, [{ key: 'holdings', kind: 'SetHoldings', slot, body }]);
  const arrival = { key: 'release/M2026217//RICH/INE009A01021', client: 'RICH', token, units: 10, settlement: 'M2026217' };
  expect(await tellArrivals(parts.dataDirectory, [arrival, { ...arrival, key: 'x', client: 'STRANGER' }])).toBe(1);
  await tellArrivals(parts.dataDirectory, [arrival]);
  expect(await held()).toMatchObject({ free: 13, t1: 7 });
});
