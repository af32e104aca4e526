// Exit legs over a real FIX session, the order system on the other side as a text client. A cover order's stop-loss is cancelled (refused), changed
// and sent to the market by the client's own F and G. A bracket order: only the entry goes out, both exits follow its fills, one cancels the other,
// and both go when it is over.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, parseConfig } from '../../../gateway/index.ts';
import { type Body, type Fields, OmsClient } from '../oms-client.ts';
import { cancel, execution, newOrder, replace } from '../order-messages.ts';
import { type SmallHouse, smallHouse, startHouse, type Traded } from '../small-house.ts';

const SETTINGS = { actionSession: 'FIX.4.4:TARAZU->OMS', policy: { coverRange: { least: 50, most: 800 }, targetMost: 800 } };
let house: SmallHouse;
let gateway: Gateway;
let oms: OmsClient;
let seen = 0;

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

const field = (fields: Fields, ...tags: readonly number[]): (string | undefined)[] => tags.map((tag) => fields.get(tag));
const near = (traded: Traded, share: number): string => (Math.round((traded.close * share) / traded.tick) * traded.tick).toFixed(2);
const actions = (): Fields[] => oms.memory.reports.filter((fields) => ['D', 'G', 'F'].includes(fields.get(35) ?? ''));
/** The next so many actions of the house, none of them seen before. */
async function asked(count: number): Promise<Fields[]> {
  await oms.until(() => actions().length >= seen + count, `action ${seen + count}`);
  const news = actions().slice(seen);
  seen = actions().length;
  expect(news).toHaveLength(count);
  return news;
}

/** An exit as the order system knows it: its OrderID, and the name it has now. */
interface Exit {
  readonly id: string;
  readonly name: string;
}
const exitOf = (order: Fields): Exit => ({ id: order.get(526) ?? '', name: order.get(11) ?? '' });
/** The exchange has the order, or has done what a request asked. */
const confirm = (type: '0' | '5', { id, name }: Exit, traded: Traded, quantity: number): number =>
  oms.send('8', execution(type, `${type}${name}`, name, traded, { orderId: id, status: '0', quantity, side: 2 }));
const fill = (trade: string, { id, name }: Exit, traded: Traded, quantity: number, side: 1 | 2): number =>
  oms.send('8', execution('F', trade, name, traded, { orderId: id, status: '1', quantity, last: [quantity, traded.close], side }));
/** Carries out a G of the house; the exit goes on under its name. */
function carryOut(change: Fields, traded: Traded): Exit {
  const exit = { id: change.get(37) ?? '', name: change.get(11) ?? '' };
  confirm('5', exit, traded, Number(change.get(38)));
  return exit;
}
/** Places an entry and fills it; answers with its OrderID. */
async function enter(id: string, traded: Traded, more: Body): Promise<Exit> {
  oms.send('D', newOrder(id, traded, { quantity: 10, more }));
  const accepted = await oms.report(id);
  expect(field(accepted, 150, 58)).toEqual(['0', undefined]);
  return { id: accepted.get(37) ?? '', name: id };
}

describe('the stop-loss of a cover order, by the client’s own F and G', () => {
  it('is not cancelled, follows a better trigger, not a worse one, and goes to the market to get out now', async () => {
    const { share } = house;
    const entry = await enter('E1', share, [
      [10_001, 'CO'],
      [99, near(share, 0.97)],
    ]);
    fill('T1', entry, share, 10, 1);
    const [placed = new Map()] = await asked(1);
    const stop = exitOf(placed);
    confirm('0', stop, share, 10);

    oms.send('F', cancel('K1', stop.name, share, { quantity: 10, side: 2 }));
    expect(field(await oms.report('K1'), 35, 39, 434, 10_100)).toEqual(['9', '0', '1', '40']);
    const change = (id: string, orig: string, stopPx: string, ordType = 3): Promise<Fields> => {
      const more: Body = [
        [40, ordType],
        [99, stopPx],
      ];
      oms.send('G', replace(id, orig, share, { quantity: 10, side: 2, price: null, more }));
      return oms.report(id);
    };
    expect(field(await change('G1', stop.name, near(share, 0.9)), 35, 434, 10_100)).toEqual(['9', '2', '39']);
    expect(field(await change('G2', stop.name, near(share, 0.98)), 35, 150, 41)).toEqual(['8', 'E', stop.name]);
    // One at a time; what the exchange rejects leaves the leg as it was, free to be changed again.
    expect(field(await change('G3', stop.name, near(share, 0.99)), 35, 10_100)).toEqual(['9', '29']);
    oms.send('8', execution('8', 'X1', 'G2', share, { orderId: stop.id, status: '8', quantity: 10, side: 2 }));
    expect(field(await change('G4', stop.name, '', 1), 35, 150)).toEqual(['8', 'E']);
    const out = { id: stop.id, name: 'G4' };
    confirm('5', out, share, 10);
    fill('T2', out, share, 10, 2);
    await oms.quiet();
    // Nothing is left to exit, so the house asks for nothing more; the leg is closed.
    expect(actions()).toHaveLength(seen);
    oms.send('F', cancel('K4', 'G4', share, { quantity: 10, side: 2 }));
    expect(field(await oms.report('K4'), 35, 39, 10_100)).toEqual(['9', '2', '28']);
  });
});

describe('a bracket order', () => {
  const BRACKET: Body = [[10_001, 'BO']];
  let entry: Exit;
  let stop: Exit;
  let target: Exit;

  it('is refused without target, with one on the losing side, and a cover order with one', async () => {
    const { share } = house;
    const stopLoss: Body = [[99, near(share, 0.97)]];
    const verdict = async (id: string, more: Body): Promise<string | undefined> => {
      oms.send('D', newOrder(id, share, { quantity: 10, more }));
      return (await oms.report(id)).get(10_100);
    };
    expect(await verdict('B0', [...BRACKET, ...stopLoss])).toBe('41');
    expect(await verdict('B1', [...BRACKET, ...stopLoss, [10_007, near(share, 0.99)]])).toBe('41');
    expect(await verdict('B2', [...BRACKET, [10_007, near(share, 1.04)]])).toBe('39');
    expect(await verdict('B3', [[10_001, 'CO'], ...stopLoss, [10_007, near(share, 1.04)]])).toBe('11');
  });

  it('goes out alone, and has both exits as it fills', async () => {
    const { share } = house;
    entry = await enter('B4', share, [...BRACKET, [99, near(share, 0.97)], [10_007, near(share, 1.04)]]);
    fill('T3', entry, share, 4, 1);
    const [first = new Map(), second = new Map()] = await asked(2);
    expect(field(first, 35, 38, 40, 54, 10_001, 10_006, 58)).toEqual(['D', '4', '3', '2', 'BO', entry.id, 'stop-loss of a bracket order']);
    expect(field(second, 35, 38, 40, 54, 10_001, 10_006, 58)).toEqual(['D', '4', '2', '2', 'BO', entry.id, 'target of a bracket order']);
    expect([Number(first.get(99)).toFixed(2), Number(second.get(44)).toFixed(2)]).toEqual([near(share, 0.97), near(share, 1.04)]);
    [stop, target] = [exitOf(first), exitOf(second)];
    confirm('0', stop, share, 4);
    confirm('0', target, share, 4);
    fill('T4', entry, share, 6, 1);
    const [more = new Map(), most = new Map()] = await asked(2);
    expect([field(more, 35, 37, 38), field(most, 35, 37, 38)]).toEqual([
      ['G', stop.id, '10'],
      ['G', target.id, '10'],
    ]);
    [stop, target] = [carryOut(more, share), carryOut(most, share)];
  });

  it('keeps its exits from a cancel; the target is changed by the client’s G', async () => {
    const { share } = house;
    oms.send('F', cancel('K2', target.name, share, { quantity: 10, side: 2 }));
    expect(field(await oms.report('K2'), 35, 10_100)).toEqual(['9', '40']);
    oms.send('G', replace('G5', target.name, share, { quantity: 10, side: 2, more: [[44, near(share, 1.02)]] }));
    expect(field(await oms.report('G5'), 35, 150)).toEqual(['8', 'E']);
    target = { id: target.id, name: 'G5' };
    confirm('5', target, share, 10);
  });

  it('one cancels the other: what the target sold, the stop-loss no longer would; at the end nothing works', async () => {
    const { share } = house;
    fill('T5', target, share, 7, 2);
    const [less = new Map()] = await asked(1);
    expect(field(less, 35, 37, 38, 40)).toEqual(['G', stop.id, '3', '3']);
    stop = carryOut(less, share);
    fill('T6', target, share, 3, 2);
    const [gone = new Map()] = await asked(1);
    expect(field(gone, 35, 37)).toEqual(['F', stop.id]);
    oms.send('8', execution('4', 'C9', gone.get(11) ?? '', share, { orderId: stop.id, status: '4', quantity: 3, side: 2 }));
    await oms.quiet();
    expect(actions()).toHaveLength(seen);
  });

  it('that is cancelled unfilled never had an exit', async () => {
    const { share } = house;
    await enter('B5', share, [...BRACKET, [99, near(share, 0.97)], [10_007, near(share, 1.04)]]);
    oms.send('F', cancel('K3', 'B5', share, { quantity: 10 }));
    expect(field(await oms.report('K3'), 150)).toEqual(['6']);
    oms.send('8', execution('4', 'C10', 'K3', share, { orderId: 'NONE', status: '4', quantity: 10 }));
    await oms.quiet();
    expect(actions()).toHaveLength(seen);
  });
});

describe('the policy', () => {
  it('takes bracket orders only beside cover orders: the stop-loss needs its range', () => {
    const config = { dataDirectory: 'x', fix: { sessions: [{ SenderCompID: 'A', TargetCompID: 'B' }] }, actionSession: 'FIX.4.4:A->B' };
    expect(() => parseConfig({ ...config, policy: { targetMost: 500 } })).toThrow('targetMost: goes with coverRange');
    expect(() => parseConfig({ ...config, policy: { targetMost: 500, coverRange: { most: 500 } } })).not.toThrow();
  });
});
