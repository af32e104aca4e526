// The engine's own book against the exchange's file: a gateway takes an order and its fills, its tables on disk are what the evening reconciles.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readEngine } from '../../../batch/nodes/engine/engine-state.ts';
import { BreakStore } from '../../../batch/recon/break-store.ts';
import { OmsClient } from '../../gateway/oms-client.ts';
import { execution, newOrder } from '../../gateway/order-messages.ts';
import { type SmallHouse, smallHouse, startHouse } from '../../gateway/small-house.ts';
import { DATE, TradingDay, tradeFileOf } from './trading-day.ts';

let house: SmallHouse;
let day: TradingDay;

beforeAll(async () => {
  house = await smallHouse();
  const { share } = house;
  const gateway = await startHouse(house);
  const oms = await OmsClient.logon(gateway.fixPort);
  try {
    oms.send('D', newOrder('e1', share, { quantity: 10 }));
    const orderId = (await oms.report('e1')).get(37) ?? '';
    oms.send('8', execution('0', 'x0', 'e1', share, { orderId, quantity: 10 }));
    oms.send('8', execution('F', 'T900', 'e1', share, { orderId, quantity: 10, status: '1', last: [4, share.close] }));
    oms.send('8', execution('F', 'T901', 'e1', share, { orderId, quantity: 10, status: '2', last: [6, share.close] }));
    // Its verdict comes after everything sent before it was taken in.
    oms.send('D', newOrder('e2', share, { quantity: 1 }));
    await oms.report('e2');
  } finally {
    oms.drop();
    await gateway.stop();
  }
  day = new TradingDay({ CM: [] });
  for (const segment of ['CM', 'FO', 'CD', 'COM'] as const) rmSync(join(day.data, 'oms', `trades-${segment}-20261120.csv`));
  cpSync(join(house.folder, 'data'), day.data, { recursive: true });
});

afterAll(async () => {
  await day.end();
  rmSync(house.folder, { recursive: true, force: true });
});

it('what the engine booked is what the exchange has, but for the trade only one of them knows', async () => {
  const { token, close } = house.share;
  const side = (id: string, quantity: number): Record<string, string> => ({
    UnqTradIdr: id,
    ClntId: 'RICH',
    BuySellInd: 'B',
    FinInstrmId: String(token),
    TradQty: String(quantity),
    Pric: close.toFixed(2),
  });
  day.put('trades-cm', tradeFileOf('CM', [side('T900', 4), side('T901', 5), side('T902', 1)]));
  await day.run();
  expect(day.error('EOD-RECON@CM')).toBe('');
  expect(day.outputs('EOD-RECON@CM')).toMatchObject({ trades: 3, matched: 1, breaks: 2 });
  const { store } = await day.night();
  expect(new BreakStore(store.root).of(DATE, 'CM').map(({ id, list, ours, theirs }) => [id, list, ours?.quantity, theirs?.quantity])).toEqual([
    ['missingOurs.engine.T902.B.RICH', 'engine', undefined, 1],
    ['quantity.engine.T901.B.RICH', 'engine', 6, 5],
  ]);
  // Segments in which nobody traded agree at nothing.
  expect(day.status('EOD-RECON@FO')).toBe('done');
});

it('the day stays open until the difference is explained; then it closes: shares are paid for and on their way', async () => {
  const standing = async (): Promise<string[]> => [
    ...new Set((await readEngine(day.data)).slots.map(({ isOpen, settled }) => `${isOpen ? 'open' : 'closed'}, settled ${settled.join('')}`)),
  ];
  expect(await standing()).toEqual(['open, settled 23567']);
  const { operator } = await day.night();
  operator.propose(day.runId, 'EOD-RECON@CM', 'explain', { by: 'asha', reason: 'two trades of one share, told apart tomorrow' });
  operator.approve(day.runId, 'EOD-RECON@CM', 'ravi');
  await day.settle();
  expect(await standing()).toEqual(['closed, settled 1234567']);
  const { token, close } = house.share;
  const rich = (await readEngine(day.data)).clients.get('RICH');
  expect(rich?.positions.filter(({ net }) => net !== 0)).toEqual([]);
  expect(rich?.holdings.find((held) => held.token === token)).toMatchObject({ t1: 10 });
  // Ten shares either way, so that engine and books agree on the money although each has a trade the other has not: the gate is shut.
  expect(day.outputs('EOD-MTM-EOD@CM')).toEqual({ carried: Math.round(-1000 * close) });
  expect(day.status('EOD-MTM-EOD@CM')).toBe('done');
});
