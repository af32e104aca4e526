// Process of the echo floor; see echo-floor.ts. One write per chunk read, like any gateway worth comparing with.
import { type AddressInfo, createServer } from 'node:net';
import { orderText } from './order-stream.ts';
import { frameEnd } from './report-scanner.ts';

const [reportBytes = 0, clOrdIdAt = 0] = process.argv.slice(2).map(Number);
const DIGITS = 9;
const report = template(reportBytes);
const digitsAt = report.indexOf('\x0111=L', 0, 'latin1') + 5;

function template(bytes: number): Buffer {
  const body = (filler: number): string => `37=000-000000000\x0111=L${'0'.repeat(DIGITS)}\x0158=${'x'.repeat(filler)}\x01`;
  const of = (filler: number): Buffer =>
    Buffer.from(orderText('8', '000000000', { sender: 'F', target: 'L' }, '0'.repeat(21), body(filler)), 'latin1');
  return of(Math.max(1, 1 + bytes - of(1).length));
}

const server = createServer((socket) => {
  socket.setNoDelay(true);
  let tail: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    const bytes = tail.length === 0 ? chunk : Buffer.concat([tail, chunk]);
    const starts: number[] = [];
    let at = 0;
    for (let end = frameEnd(bytes, at); end >= 0; end = frameEnd(bytes, at)) {
      starts.push(at);
      at = end;
    }
    tail = Buffer.from(bytes.subarray(at));
    if (starts.length === 0) return;
    const answer = Buffer.allocUnsafe(starts.length * report.length);
    for (let i = 0; i < starts.length; i++) {
      report.copy(answer, i * report.length);
      const from = (starts[i] ?? 0) + clOrdIdAt;
      bytes.copy(answer, i * report.length + digitsAt, from, from + DIGITS);
    }
    socket.write(answer);
  });
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit(0));
