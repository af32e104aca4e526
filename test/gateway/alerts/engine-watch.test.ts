// Alerts of a running house: a client who runs short, an order nobody confirms, a kill switch; and what a restart remembers.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventField, EventKind, EventView, EventWriter } from '../../../engine/index.ts';
import { EngineWatch } from '../../../gateway/alerts/engine-watch.ts';
import type { Gateway } from '../../../gateway/index.ts';
import { OmsClient } from '../oms-client.ts';
import { execution, newOrder } from '../order-messages.ts';
import { type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { adminToken } from '../tokens.ts';
import { bookIn } from './books.ts';

describe('events', () => {
  /** Shows the watch a MarginChanged of an account. */
  function margin(watch: EngineWatch, account: string, requirement: number, available: number, kind: number = EventKind.MarginChanged): void {
    const writer = new EventWriter(1);
    writer.begin(kind, 0).u16(EventField.slot, 3).f64(EventField.requirementAfter, requirement).f64(EventField.available, available);
    const bytes = Buffer.from(account.padEnd(16, '\0'), 'latin1');
    writer.copy(EventField.account, bytes, 0, 16);
    watch.learn(new EventView().wrap(writer.bytes, new DataView(writer.bytes.buffer), 0));
  }

  function house() {
    const clock = { now: 1_000 };
    const { book, close } = bookIn(() => clock.now);
    const watch = new EngineWatch({ query: () => Promise.reject(new Error('not asked here')) }, book, () => clock.now);
    return { watch, clock, close, standing: () => [...book.activeAlerts()].map(({ kind, subject }) => `${kind} ${subject}`) };
  }

  it('move a client from one level to the next, one alert at a time', () => {
    const { watch, clock, standing, close } = house();
    const timeline: [second: number, requirement: number, expected: string[]][] = [
      [1, 50, []],
      [2, 85, ['utilisation80 C1']],
      [3, 95, ['utilisation90 C1']],
      [4, 120, ['marginShortfall C1']],
      [5, 99, ['marginShortfall C1']],
      [6, 95, ['marginShortfall C1']],
      [15, 95, ['marginShortfall C1']],
      [16, 95, ['utilisation90 C1']],
      [17, 10, ['utilisation90 C1']],
      [20, 93, ['utilisation90 C1']],
      [28, 10, ['utilisation90 C1']],
      [37, 10, ['utilisation90 C1']],
      [38, 10, []],
    ];
    for (const [second, requirement, expected] of timeline) {
      clock.now = second * 1_000;
      margin(watch, 'C1', requirement, 100);
      expect([second, standing()]).toEqual([second, expected]);
    }
    close();
  });

  it('tell one client from another, however many there are', () => {
    const { watch, clock, standing, close } = house();
    const short = new Set<string>();
    for (let i = 0; i < 2_000; i++) {
      margin(watch, `C${i}`, i % 7 === 0 ? 150 : 10, 100);
      if (i % 7 === 0) short.add(`marginShortfall C${i}`);
    }
    expect(new Set(standing())).toEqual(short);
    for (const second of [20, 31]) {
      clock.now = second * 1_000;
      for (let i = 0; i < 2_000; i++) margin(watch, `C${i}`, 10, 100);
    }
    expect(standing()).toEqual([]);
    close();
  });

  it('of a refused order say nothing about the client: its requirement is what would have been', () => {
    const { watch, standing, close } = house();
    margin(watch, 'C1', 500, 100, EventKind.OrderRejected);
    expect(standing()).toEqual([]);
    close();
  });
});

describe('a running house', () => {
  let house: SmallHouse;
  let gateway: Gateway;
  let oms: OmsClient;
  const start = (): Promise<Gateway> => startHouse(house, 'data', { policy: { confirmWithinSeconds: 1 } });

  beforeAll(async () => {
    house = await smallHouse();
    gateway = await start();
    oms = await OmsClient.logon(gateway.fixPort);
  });
  afterAll(async () => {
    oms?.drop();
    await gateway?.stop();
    rmSync(house.folder, { recursive: true, force: true });
  });

  const headers = (): Record<string, string> => ({
    authorization: `Bearer ${adminToken(join(house.folder, 'data'))}`,
    'content-type': 'application/json',
  });
  async function standing(): Promise<string[]> {
    const answer = await fetch(`http://127.0.0.1:${gateway.httpPort}/v1/alerts`, { headers: headers() });
    const { data } = (await answer.json()) as { data: { kind: string; subject: string; cleared_at: number | null }[] };
    return data.filter(({ cleared_at }) => cleared_at === null).map(({ kind, subject }) => `${kind} ${subject}`);
  }
  async function until(expected: string, isThere: boolean, patience = 60_000): Promise<void> {
    const limit = Date.now() + patience;
    for (;;) {
      const alerts = await standing();
      if (alerts.includes(expected) === isThere) return;
      if (Date.now() > limit) throw new Error(`waited for ${expected} ${isThere ? 'to stand' : 'to end'}; there are ${alerts.join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('raises a stuck order, and ends it when the OMS reports', async () => {
    oms.send('D', newOrder('stuck', house.share, { quantity: 1 }));
    const orderId = (await oms.report('stuck')).get(37) ?? '';
    await until('stuckOrders RICH', true);
    oms.send('8', execution('4', 'X1', 'stuck', house.share, { quantity: 1, orderId, status: '4' }));
    await until('stuckOrders RICH', false);
  });

  it('raises a break that nobody settles, and remembers it over a restart', async () => {
    oms.send('8', execution('F', 'X2', 'never-seen', house.share, { quantity: 1, last: [1, house.share.close], status: '2' }));
    await until('breakOpened RICH', true);
    const memory = oms.memory;
    oms.drop();
    await gateway.stop();
    gateway = await start();
    oms = await OmsClient.logon(gateway.fixPort, memory);
    expect(await standing()).toContain('breakOpened RICH');
  });

  it('raises a kill switch while it is engaged', async () => {
    const body = JSON.stringify({ scope: 'ACCOUNT', account: 'POOR', reason: 'trying it' });
    const answer = await fetch(`http://127.0.0.1:${gateway.httpPort}/v1/kill-switches`, {
      method: 'POST',
      headers: { ...headers(), 'idempotency-key': 'kill-test-1' },
      body,
    });
    expect(answer.ok).toBe(true);
    await until('killSwitch POOR', true);
  });
});
