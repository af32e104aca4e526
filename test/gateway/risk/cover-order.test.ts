// A cover order from entry to exit, with the order system on the other side as a text client: the stop-loss comes by itself, follows the fills, comes
// again when the exchange cancels it, and after a restart of the gateway; what the client may not do to it is refused with 40.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, type Gateway, parseConfig } from '../../../gateway/index.ts';
import { type Fields, OmsClient } from '../oms-client.ts';
import { cancel, execution, newOrder } from '../order-messages.ts';
import { type SmallHouse, smallHouse, startHouse } from '../small-house.ts';

const SETTINGS = { actionSession: 'FIX.4.4:TARAZU->OMS', policy: { coverRange: { least: 50, most: 800 } } };
let house: SmallHouse;
let gateway: Gateway;
let oms: OmsClient;
let entryId = '';

beforeAll(async () => {
  house = await smallHouse();
  gateway = await startHouse(house, 'data', SETTINGS);
  oms = await OmsClient.logon(gateway.fixPort);
});
afterAll(async () => {
  oms?.drop();
  await gateway?.stop();
  rmSync(house.folder, { recursive: true, force: true });
});

const received = (type: string): Fields[] => oms.memory.reports.filter((fields) => fields.get(35) === type);
async function next(type: string, count: number): Promise<Fields> {
  await oms.until(() => received(type).length >= count, `message ${count} of type ${type}`);
  return received(type)[count - 1] ?? new Map();
}
const field = (fields: Fields, ...tags: readonly number[]): (string | undefined)[] => tags.map((tag) => fields.get(tag));
const stopOf = (): number => Math.floor((house.share.close * 0.97) / house.share.tick) * house.share.tick;

/** The exchange fills units of an order. */
function fill(trade: string, clOrdId: string, orderId: string, quantity: number, side: 1 | 2): void {
  oms.send('8', execution('F', trade, clOrdId, house.share, { orderId, status: '1', quantity, last: [quantity, house.share.close], side }));
}

describe('a cover order', () => {
  it('is refused without its stop-loss, and taken with it', async () => {
    oms.send('D', newOrder('E0', house.share, { quantity: 10, more: [[10_001, 'CO']] }));
    expect(field(await oms.report('E0'), 150, 10_100)).toEqual(['8', '39']);
    oms.send(
      'D',
      newOrder('E1', house.share, {
        quantity: 10,
        more: [
          [10_001, 'CO'],
          [99, stopOf().toFixed(2)],
        ],
      }),
    );
    const accepted = await oms.report('E1');
    expect(field(accepted, 150)).toEqual(['0']);
    entryId = accepted.get(37) ?? '';
    expect(received('D')).toEqual([]);
  });

  it('gets its stop-loss with the first fill, of what was filled', async () => {
    fill('T1', 'E1', entryId, 6, 1);
    const stop = await next('D', 1);
    expect(field(stop, 1, 38, 40, 54, 10_001, 10_006, 58)).toEqual(['RICH', '6', '3', '2', 'CO', entryId, 'stop-loss of a cover order']);
    expect(Number(stop.get(99))).toBeCloseTo(stopOf(), 2);
    expect(stop.get(11)).toMatch(/^CX/);
    oms.send('8', execution('0', 'N1', stop.get(11) ?? '', house.share, { orderId: stop.get(526) ?? '', status: '0', quantity: 6, side: 2 }));
  });

  it('has it changed when more is filled', async () => {
    fill('T2', 'E1', entryId, 4, 1);
    const change = await next('G', 1);
    const stop = received('D')[0] ?? new Map();
    expect(field(change, 37, 38, 40)).toEqual([stop.get(526), '10', '3']);
    oms.send(
      '8',
      execution('5', 'R1', change.get(11) ?? '', house.share, {
        orderId: stop.get(526) ?? '',
        status: '0',
        quantity: 10,
        side: 2,
        more: [[41, stop.get(11) ?? '']],
      }),
    );
    await oms.quiet();
  });

  it('keeps it: a cancel of the leg is refused', async () => {
    const change = received('G')[0] ?? new Map();
    oms.send('F', cancel('K1', change.get(11) ?? '', house.share, { quantity: 10, side: 2 }));
    expect(field(await oms.report('K1'), 35, 10_100)).toEqual(['9', '40']);
  });

  it('gets another when the exchange cancels it, also through a restart', async () => {
    const stop = received('D')[0] ?? new Map();
    oms.drop();
    await gateway.stop();
    gateway = await startHouse(house, 'data', SETTINGS);
    oms = await OmsClient.logon(gateway.fixPort, oms.memory);
    oms.send(
      '8',
      execution('4', 'C1', received('G')[0]?.get(11) ?? '', house.share, { orderId: stop.get(526) ?? '', status: '4', quantity: 10, side: 2 }),
    );
    const again = await next('D', 2);
    expect(field(again, 38, 40, 10_006)).toEqual(['10', '3', entryId]);
    oms.send('8', execution('0', 'N2', again.get(11) ?? '', house.share, { orderId: again.get(526) ?? '', status: '0', quantity: 10, side: 2 }));
    fill('T3', again.get(11) ?? '', again.get(526) ?? '', 10, 2);
    await oms.quiet();
    expect([received('D').length, received('G').length, received('F').length]).toEqual([2, 1, 0]);
  });
});

describe('the policy', () => {
  it('takes cover orders only where an action session carries their stop-losses', () => {
    const config = { dataDirectory: 'x', fix: { sessions: [{ SenderCompID: 'A', TargetCompID: 'B' }] }, policy: { coverRange: { most: 500 } } };
    expect(() => parseConfig(config)).toThrow(ConfigError);
    expect(() => parseConfig({ ...config, actionSession: 'FIX.4.4:A->B' })).not.toThrow();
    expect(() => parseConfig({ ...config, actionSession: 'FIX.4.4:A->B', policy: { coverRange: { least: 600, most: 500 } } })).toThrow('coverRange');
  });
});
