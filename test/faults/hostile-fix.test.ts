// Hostile and broken FIX counterparties at a running gateway: while they try, the one honest session trades on; each refused connection leaves a line
// in the log, and memory does not grow with what they send.

import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from '../../bench/gateway-process.ts';
import { frame } from '../crash/fix-text.ts';
import { OmsClient } from '../gateway/oms-client.ts';
import { newOrder } from '../gateway/order-messages.ts';
import { removeHouse, type SmallHouse, smallHouse } from './house.ts';

const IDS = { sender: 'OMS', target: 'TARAZU' };
const LOGON = [
  [98, 0],
  [108, 30],
] as const;
const MEGABYTE = 1_048_576;

let house: SmallHouse;
let gateway: GatewayProcess;
let oms: OmsClient;
const sockets: Socket[] = [];

beforeAll(async () => {
  house = await smallHouse();
  const dataDirectory = join(house.folder, 'data');
  gateway = await startGateway({ dataDirectory, day: house.day, shards: 0, durability: 'process', ...IDS });
  oms = await OmsClient.logon(gateway.fixPort);
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  oms?.drop();
  await gateway?.end('SIGTERM');
  removeHouse(house);
});

/** Sends bytes on a connection of its own; resolves to what came back once the gateway has hung up. */
function attack(...pieces: readonly (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(gateway.fixPort, '127.0.0.1');
    let answer = '';
    sockets.push(socket);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    for (const piece of pieces) socket.write(piece);
  });
}

/** Bytes that look random and are the same in every run. */
function noise(length: number): Uint8Array {
  let state = 12_345;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

async function stillTrades(name: string): Promise<void> {
  oms.send('D', newOrder(name, house.share, { quantity: 1 }));
  expect((await oms.report(name)).get(150), `the honest session's order ${name}`).toBe('0');
}

const residentMegabytes = (): number => {
  const pages = Number(readFileSync(`/proc/${gateway.pid}/statm`, 'latin1').split(' ')[1]);
  return (pages * 4_096) / MEGABYTE;
};

/** What is sent first on a connection, and what the log says of it. */
const REFUSED: readonly (readonly [name: string, bytes: () => string | Uint8Array, log: RegExp])[] = [
  ['noise', () => noise(5_000), /not a FIX message/],
  ['HTTP', () => 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', /not a FIX message/],
  ['a body length beyond any message', () => '8=FIX.4.4\x019=999999999\x0135=A\x01', /not a FIX message/],
  ['a body length above the limit', () => '8=FIX.4.4\x019=9999999\x0135=A\x01', /larger than 65536 bytes/],
  ['a message that never ends', () => `8=FIX.4.4\x019=60000\x0135=A\x01${'x'.repeat(100_000)}`, /larger than 65536 bytes/],
  ['a stranger', () => frame('A', 1, { sender: 'EVIL', target: 'TARAZU' }, LOGON), /no session FIX\.4\.4:TARAZU->EVIL/],
  [
    'another version',
    () =>
      frame('A', 1, IDS, LOGON)
        .replace('FIX.4.4', 'FIX.4.2')
        .replace(/10=\d+/, '10=000'),
    /garbled|no session/,
  ],
  ['the session that is up', () => frame('A', 1, IDS, LOGON), /is connected already/],
];

describe('a hostile connection', () => {
  it.each(REFUSED)('%s: closed without a word, said in the log', async (name, bytes, log) => {
    expect(await attack(bytes())).toBe('');
    expect(
      gateway
        .output()
        .split('\n')
        .filter((line) => line.includes('FIX connection refused'))
        .at(-1),
    ).toMatch(log);
    await stillTrades(`after ${name}`.slice(0, 40));
  });

  it('two hundred half-open ones with half a message each neither stop the honest one nor fill memory', async () => {
    const before = residentMegabytes();
    const half = `8=FIX.4.4\x019=60000\x0135=A\x01${'x'.repeat(50_000)}`;
    const opened = Array.from({ length: 200 }, () => attack(half));
    for (let i = 0; i < 5; i++) await stillTrades(`H${i}`);
    expect(residentMegabytes() - before).toBeLessThan(150);
    for (const socket of sockets) socket.destroy();
    await Promise.all(opened);
    await stillTrades('H9');
  });
});

describe('garbage inside a session', () => {
  it('is dropped; the messages around it have their effect once, however they are cut', async () => {
    oms.raw('8=FIX.4.4\x019=999999999\x0135=D\x01');
    oms.raw(Buffer.from(noise(3_000)).toString('latin1'));
    await stillTrades('G1');
    const spoilt = frame('D', oms.memory.nextOut, IDS, newOrder('G2', house.share, { quantity: 1 }));
    oms.raw(spoilt.replace('\x0138=1\x01', '\x0138=2\x01'));
    await stillTrades('G3');
    expect(oms.memory.reports.filter((report) => report.get(11) === 'G2')).toEqual([]);
  });

  it('is counted, and said in the log once a minute', async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${gateway.httpPort}/metrics`)).text();
    const counted = /tarazu_session_garbled_total\{session="FIX\.4\.4:TARAZU->OMS"\} (\d+)/.exec(metrics)?.[1];
    expect(Number(counted)).toBeGreaterThanOrEqual(2);
    expect(gateway.output().split('garbled FIX input dropped')).toHaveLength(2);
  });
});
