// The load generator must not lie: its orders must be sound FIX, its histogram must agree with a sorted list, and a stalled peer must show in the
// latencies of all orders planned during the stall (no coordinated omission).
import { createServer } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../bench/histogram.ts';
import { runLoad } from '../../bench/load/index.ts';
import { OrderStream, orderText } from '../../bench/load/order-stream.ts';
import { frameEnd, ReportScanner } from '../../bench/load/report-scanner.ts';
import { MessageView } from '../../gateway/fix/codec/message-view.ts';

const IDS = { sender: 'LOAD', target: 'TARAZU' };
const ORDERS = [
  {
    body: [
      [1, 'C000001'],
      [38, '650'],
      [44, '123.45'],
      [54, '1'],
      [55, 'NIFTY26NOV24000CE'],
    ] as const,
  },
  {
    body: [
      [1, 'C000002'],
      [38, '75'],
      [44, '9.05'],
      [54, '2'],
      [55, 'RELIANCE'],
    ] as const,
  },
];

describe('order stream', () => {
  it('patches numbers, times and checksum so that the codec finds each order sound', () => {
    const stream = new OrderStream(IDS, 'L', ORDERS);
    const bytes = Buffer.alloc(stream.bytesMax);
    const view = new MessageView();
    for (const [sequence, number] of [
      [2, 0],
      [3, 1],
      [999_999_999, 123_456_789],
      [100_000_000, 987_654_320],
    ] as const) {
      stream.setTime(Date.UTC(2026, 10, 20, 3, 45, 0, sequence % 1000));
      const end = stream.write(bytes, 0, sequence, number);
      expect(frameEnd(bytes.subarray(0, end), 0)).toBe(end);
      expect(view.scan(bytes, 0, end)).toBe(0);
      expect(view.int(34)).toBe(sequence);
      expect(view.text(11)).toBe(`L${`${number}`.padStart(9, '0')}`);
      expect(view.text(1)).toBe(number % 2 === 0 ? 'C000001' : 'C000002');
      expect(view.text(52)).toBe(view.text(60));
    }
  });
});

describe('report scanner', () => {
  it('finds the same reports however the bytes are split', () => {
    const report = (number: number): string =>
      orderText('8', '1', IDS, '20261120-03:45:00.000', `37=1-2\x0111=L${`${number}`.padStart(9, '0')}\x0158=x\x01`);
    const all = Buffer.from([0, 7, 41].map(report).join('') + orderText('0', '2', IDS, '20261120-03:45:00.000', ''), 'latin1');
    for (let size = 1; size < all.length; size += 13) {
      const seen: number[] = [];
      const scanner = new ReportScanner();
      for (let at = 0; at < all.length; at += size) scanner.push(all.subarray(at, at + size), (_type, number) => seen.push(number));
      expect(seen).toEqual([0, 7, 41, -1]);
    }
  });
});

describe('histogram', () => {
  it('agrees with the sorted list to 1 % at every printed percentile', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5_000_000_000 }), { minLength: 1, maxLength: 300 }), (values) => {
        const histogram = new Histogram();
        for (const value of values) histogram.record(value);
        const sorted = [...values].sort((a, b) => a - b);
        for (const percentile of [50, 90, 99, 99.9, 100]) {
          const exact = sorted[Math.max(0, Math.ceil((percentile / 100) * values.length) - 1)] ?? 0;
          const found = histogram.at(percentile);
          expect(found).toBeGreaterThanOrEqual(Math.min(exact, sorted.at(-1) ?? 0));
          expect(found).toBeLessThanOrEqual(exact * 1.01 + 1);
        }
      }),
    );
  });
});

describe('open loop', () => {
  it('charges a stall of the peer to every order planned during it', async () => {
    let stalled = false;
    const server = createServer((socket) => {
      let rest = Buffer.alloc(0);
      const answer = (chunk: Buffer): void => {
        const bytes = Buffer.concat([rest, chunk]);
        let at = 0;
        for (let end = frameEnd(bytes, 0); end >= 0; at = end, end = frameEnd(bytes, at)) {
          const digits = bytes.toString('latin1', at, end).match(/11=L(\d{9})/)?.[1] ?? '';
          socket.write(orderText('8', '1', IDS, '20261120-03:45:00.000', `11=L${digits}\x01`));
        }
        rest = bytes.subarray(at);
      };
      socket.on('data', (chunk: Buffer) => {
        if (stalled || chunk.length === 0) return answer(chunk);
        stalled = true;
        const until = Date.now() + 300;
        while (Date.now() < until);
        answer(chunk);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const phases = [{ mode: 'open', label: 'stall', perSecond: 1000, seconds: 0.6 }] as const;
    const [result] = await runLoad({ port, logon: false, ...IDS, warmUp: 0, firstNumber: 0, orders: ORDERS, phases });
    server.close();
    expect(result?.answered).toBe(600);
    // 300 ms of a 600 ms plan stood still: the median order waited; a closed loop would have seen one slow order.
    expect(result?.latency.p90).toBeGreaterThan(100_000);
  });
});
