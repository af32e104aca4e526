// Exactly once, at every seam of a crash. The gateway's disk is copied at a chosen moment, as kill -9 would leave it, and another gateway starts from
// the copy; the OMS keeps its own store and reconnects. Whatever the seam: each order has one verdict, each report arrives once.
import { readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../gateway/index.ts';
import { OmsClient, OmsMemory } from '../oms-client.ts';
import { execution, newOrder } from '../order-messages.ts';
import { diskImage, type SmallHouse, smallHouse, startHouse } from '../small-house.ts';

let house: SmallHouse;
let crashes = 0;

beforeAll(async () => {
  house = await smallHouse();
  // Loads the day once; every test starts from this image.
  await (await startHouse(house, 'loaded')).stop();
});
afterAll(() => rmSync(house.folder, { recursive: true, force: true }));

/** A gateway over a fresh copy of the loaded day, and an OMS with one confirmed order on it. */
async function begin(shards = 0): Promise<{ gateway: Gateway; oms: OmsClient; memory: OmsMemory; data: string }> {
  const data = `live-${++crashes}`;
  diskImage(house, 'loaded', data);
  const gateway = await startHouse(house, data, { shards });
  const memory = new OmsMemory();
  const oms = await OmsClient.logon(gateway.fixPort, memory);
  oms.send('D', newOrder('first', house.share));
  await oms.report('first');
  return { gateway, oms, memory, data };
}

/** The copy as a running gateway, the OMS reconnected to it, and everything settled. */
async function restart(data: string, memory: OmsMemory, shards = 0): Promise<{ gateway: Gateway; oms: OmsClient }> {
  const gateway = await startHouse(house, data, { shards });
  const oms = await OmsClient.logon(gateway.fixPort, memory);
  await oms.quiet();
  await oms.quiet();
  return { gateway, oms };
}

/** Reports of a ClOrdID as [ExecType, ExecID]. */
const reports = (memory: OmsMemory, clOrdId: string): string[] =>
  memory.reports.filter((fields) => fields.get(11) === clOrdId && fields.get(35) === '8').map((fields) => `${fields.get(150)} ${fields.get(17)}`);

function expectOnceEach(memory: OmsMemory): void {
  const ids = memory.reports.filter((fields) => fields.get(35) === '8').map((fields) => fields.get(17));
  expect(new Set(ids).size).toBe(ids.length);
}

describe('a crash', () => {
  it('before the journal: the order is asked for again, and judged once', async () => {
    const { gateway, oms, memory, data } = await begin();
    diskImage(house, data, `image-${crashes}`);
    // The OMS sent it, the gateway never had it.
    oms.drop();
    memory.sent.set(memory.nextOut, { type: 'D', body: newOrder('lost', house.share), sendingTime: '20261120-09:15:00.000' });
    memory.nextOut += 1;
    await gateway.stop();
    const again = await restart(`image-${crashes}`, memory);
    expect(reports(memory, 'lost')).toHaveLength(1);
    expectOnceEach(memory);
    again.oms.drop();
    await again.gateway.stop();
  });

  it('after the journal, before the session log: the verdict is sent although nobody asked again', async () => {
    const { gateway, oms, memory, data } = await begin();
    diskImage(house, data, `image-${crashes}`, ['sessions', 'parameters', 'days', 'token']);
    oms.send('D', newOrder('between', house.share));
    await oms.report('between');
    const given = reports(memory, 'between');
    diskImage(house, data, `image-${crashes}`, ['journal']);
    oms.drop();
    await gateway.stop();
    // The OMS never saw it.
    memory.reports.length = 0;
    memory.nextIn -= 1;
    const again = await restart(`image-${crashes}`, memory);
    expect(reports(memory, 'between')).toEqual(given);
    expectOnceEach(memory);
    again.oms.drop();
    await again.gateway.stop();
  });

  it('after the session log, before the socket: the OMS asks, and gets the same report again', async () => {
    const { gateway, oms, memory, data } = await begin();
    oms.send('D', newOrder('logged', house.share));
    await oms.report('logged');
    const given = reports(memory, 'logged');
    diskImage(house, data, `image-${crashes}`);
    oms.drop();
    await gateway.stop();
    const original = memory.reports.at(-1);
    memory.reports.length = 0;
    memory.nextIn -= 1;
    const again = await restart(`image-${crashes}`, memory);
    expect(reports(memory, 'logged')).toEqual(given);
    const resent = memory.reports.find((fields) => fields.get(11) === 'logged');
    expect([resent?.get(43), resent?.get(122)]).toEqual(['Y', original?.get(52)]);
    expect([...(resent ?? [])].filter(([tag]) => ![9, 10, 43, 52, 122].includes(tag))).toEqual(
      [...(original ?? [])].filter(([tag]) => ![9, 10, 52].includes(tag)),
    );
    again.oms.drop();
    await again.gateway.stop();
  });

  it('after the socket: nothing comes twice', async () => {
    const { gateway, oms, memory, data } = await begin();
    diskImage(house, data, `image-${crashes}`);
    oms.drop();
    await gateway.stop();
    const again = await restart(`image-${crashes}`, memory);
    expect(reports(memory, 'first')).toHaveLength(1);
    again.oms.send('D', newOrder('after', house.share));
    await again.oms.report('after');
    expectOnceEach(memory);
    again.oms.drop();
    await again.gateway.stop();
  });

  it('with a torn session log entry: the tail is cut, its report sent again under the same number', async () => {
    const { gateway, oms, memory, data } = await begin();
    oms.send('D', newOrder('torn', house.share));
    await oms.report('torn');
    const given = reports(memory, 'torn');
    diskImage(house, data, `image-${crashes}`);
    oms.drop();
    await gateway.stop();
    const folder = `${house.folder}/image-${crashes}/sessions`;
    for (const file of readdirSync(folder).map((name) => `${folder}/${name}`)) {
      const { size } = statSync(file);
      if (size > 200) truncateSync(file, size - 5);
    }
    memory.reports.length = 0;
    memory.nextIn -= 1;
    const again = await restart(`image-${crashes}`, memory);
    expect(reports(memory, 'torn')).toEqual(given);
    again.oms.drop();
    await again.gateway.stop();
  });
});

describe('a crash under load, two shard threads then one then inline', () => {
  it('costs no order and doubles none, whatever the log had noted', async () => {
    const { gateway, oms, memory, data } = await begin(2);
    const accounts = ['RICH', 'CASHONLY', 'SMALL', 'POOR', 'SELLER'];
    const ids: string[] = [];
    const place = (client: OmsClient, count: number): void => {
      for (let i = 0; i < count; i++) {
        ids.push(`l${ids.length}`);
        client.send('D', newOrder(ids.at(-1) ?? '', house.share, { account: accounts[i % 5] ?? '' }));
      }
    };
    place(oms, 900);
    await oms.report('l40');
    // Somewhere in the middle; session logs first, so that they are behind the journals.
    const image = `image-${crashes}`;
    diskImage(house, data, image, ['sessions', 'parameters', 'days', 'token']);
    const seen = memory.nextIn;
    await oms.report('l800');
    diskImage(house, data, image, ['journal']);
    oms.drop();
    await gateway.stop();
    // What the gateway sent after its log was copied was, in that history, never sent.
    const unseen = memory.reports.filter((fields) => Number(fields.get(34)) >= seen).length;
    expect(unseen).toBeGreaterThan(0);
    memory.reports.length -= unseen;
    memory.nextIn = seen;
    const second = await restart(image, memory, 1);
    place(second.oms, 50);
    await second.oms.report(ids.at(-1) ?? '');
    second.oms.drop();
    await second.gateway.stop();
    const third = await restart(image, memory, 0);
    for (const id of ids) expect([id, reports(memory, id).length]).toEqual([id, 1]);
    expectOnceEach(memory);
    third.oms.drop();
    await third.gateway.stop();
  });
});

describe('while the OMS is away', () => {
  it('reports of its orders wait under their numbers', async () => {
    const { gateway, oms, memory } = await begin();
    const other = new OmsMemory();
    const orderId = memory.reports[0]?.get(37) ?? '';
    oms.drop();
    // One who has lost its numbers and does not say so is told what was expected, and learns nothing.
    const stranger = await OmsClient.logon(gateway.fixPort, other);
    expect([stranger.wire[0]?.get(35), stranger.wire[0]?.get(58)]).toEqual(['5', expect.stringContaining('MsgSeqNum too low')]);
    await stranger.until(() => stranger.closed, 'the end of the connection');
    const back = await OmsClient.logon(gateway.fixPort, memory);
    back.send('8', execution('F', 'x1', 'first', house.share, { orderId, quantity: 1, last: [1, house.share.close], status: '2' }));
    back.drop();
    const again = await OmsClient.logon(gateway.fixPort, memory);
    await again.quiet();
    await again.quiet();
    expect(reports(memory, 'first').map((text) => text[0])).toEqual(['0', 'F']);
    expectOnceEach(memory);
    again.drop();
    await gateway.stop();
  });

  it('a refused message stays refused: its answer is resent, the message is not judged again', async () => {
    const { gateway, oms, memory, data } = await begin();
    oms.send(
      'D',
      newOrder('headless', house.share).filter(([tag]) => tag !== 1),
    );
    await oms.quiet();
    diskImage(house, data, `image-${crashes}`);
    oms.drop();
    await gateway.stop();
    const count = memory.reports.filter((fields) => fields.get(35) === 'j').length;
    expect(count).toBe(1);
    const again = await restart(`image-${crashes}`, memory);
    expect(memory.reports.filter((fields) => fields.get(35) === 'j')).toHaveLength(1);
    again.oms.drop();
    await again.gateway.stop();
  });

  it('a slow reader gets every verdict once it reads again', async () => {
    const { gateway, oms, memory } = await begin();
    oms.read(false);
    const count = 12_000;
    for (let i = 0; i < count; i++) oms.send('D', newOrder(`s${i}`, house.share, { account: i % 2 === 0 ? 'RICH' : 'FROZEN' }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(memory.reports).toHaveLength(1);
    oms.read(true);
    await oms.until(() => memory.reports.length === count + 1, `${count} verdicts`);
    expectOnceEach(memory);
    oms.drop();
    await gateway.stop();
  });

  it('a reset restarts numbers and nothing else', async () => {
    const { gateway, oms, memory } = await begin();
    oms.drop();
    memory.nextOut = 1;
    const back = await OmsClient.logon(gateway.fixPort, memory, [[141, 'Y']]);
    back.send('D', newOrder('first', house.share));
    await back.until(() => memory.reports.length === 2, 'the second verdict');
    expect(reports(memory, 'first').map((text) => text[0])).toEqual(['0', '8']);
    back.drop();
    await gateway.stop();
  });
});
