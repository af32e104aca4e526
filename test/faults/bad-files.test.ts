// Bad reference files and bad configuration at real processes: refused with file and place, exit code 1, and what was in force stays in force.
import { spawn } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from '../../bench/gateway-process.ts';
import { findDayFiles } from '../../workers/reference/index.ts';
import { ask, removeHouse, type SmallHouse, smallHouse } from './house.ts';

const COMMAND_LINE = join(import.meta.dirname, '..', '..', 'gateway', 'commands', 'index.ts');
const SESSIONS = [{ SenderCompID: 'TARAZU', TargetCompID: 'OMS' }];

let house: SmallHouse;
let gateway: GatewayProcess;
/** The day's second SPAN file, unpacked. */
let span: string;

beforeAll(async () => {
  house = await smallHouse();
  span = unzipped(findDayFiles(house.day).span[1] ?? '');
  gateway = await startGateway({
    dataDirectory: join(house.folder, 'data'),
    day: house.day,
    shards: 1,
    durability: 'process',
    sender: 'OMS',
    target: 'TARAZU',
  });
});

afterAll(async () => {
  await gateway?.end('SIGTERM');
  removeHouse(house);
});

function unzipped(path: string): string {
  const [content] = Object.values(unzipSync(readFileSync(path)));
  return Buffer.from(content ?? []).toString('latin1');
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line to its end, in the house's folder. */
function tarazu(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [COMMAND_LINE, ...args], { cwd: house.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

function write(name: string, content: string): string {
  const path = join(house.folder, name);
  writeFileSync(path, content, 'latin1');
  return path;
}

describe('an intraday SPAN file', () => {
  const cases: readonly (readonly [name: string, file: () => string, message: RegExp])[] = [
    ['cut in half', () => write('cut.spn', span.slice(0, span.length / 2)), /cut\.spn:\d+: spanFile\/.*it is cut short/],
    ['with a letter in a number', () => write('letter.spn', span.replace(/<a>(?=[\d-])/, '<a>x')), /letter\.spn:\d+: .*ra\/a: "x.*" is not a number/],
    ['with fifteen scenarios', () => write('fifteen.spn', span.replace(/<a>[^<]*<\/a>/, '')), /fifteen\.spn:\d+: .*15 values, expected 16/],
    ['empty', () => write('empty.spn', ''), /empty\.spn:1: .*cut short/],
    ['that is not there', () => join(house.folder, 'none.spn'), /none\.spn: no such file/],
    ['that is another file', () => findDayFiles(house.day).elm ?? '', /ael_.*\.csv:1: is not XML/],
  ];

  it.each(cases)('%s is refused with its place; the table in force stays', async (_, file, message) => {
    const before = (await ask(gateway, '/v1/status')).data['parameters'];
    const answer = await ask(gateway, '/v1/parameters', { file: file() });
    expect(answer.status).toBe(422);
    expect(answer.message).toMatch(message);
    expect((await ask(gateway, '/v1/status')).data['parameters']).toEqual(before);
  });

  it('that is sound comes into force, named relative to who asks', async () => {
    write('next.spn', span);
    const ended = await tarazu('load-day', '--config', 'tarazu.json', '--span', 'next.spn');
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect((await ask(gateway, '/v1/status')).data['parameters']).toMatchObject({ label: 'next.spn' });
  });
});

describe('a day with an unfit file', () => {
  const bhavcopy = (): string => findDayFiles(house.day).bhavcopyCm ?? '';
  /** Replaces the cash bhavcopy of a copied day by plain text: packing is told by content, not by name. */
  const edited = (day: string, edit: (lines: string[]) => string[]): void => {
    const file = findDayFiles(day).bhavcopyCm ?? '';
    writeFileSync(file, edit(unzipped(bhavcopy()).split('\n')).join('\n'));
  };
  const cases: readonly (readonly [name: string, spoil: (day: string) => void, message: RegExp])[] = [
    [
      'short-row',
      (day) => edited(day, (lines) => lines.map((line, i) => (i === 3 ? line.split(',').slice(0, 20).join(',') : line))),
      /_CM_.*:4: .*row ends early: 20 fields/,
    ],
    ['wrong-market', (day) => copyFileSync(bhavcopy(), findDayFiles(day).bhavcopyFo ?? ''), /_FO_.*:2: Sgmt: CM is not of the derivatives bhavcopy/],
    ['bad-client', (day) => writeFileSync(join(day, 'clients.jsonl'), '{"account":\n'), /clients\.jsonl:1: not JSON/],
  ];

  it.each(cases)('%s is refused with file and line before anything is loaded', async (name, spoil, message) => {
    const day = join(house.folder, name);
    cpSync(house.day, day, { recursive: true });
    spoil(day);
    const config = { dataDirectory: `data-${name}`, fix: { SocketAcceptPort: 0, sessions: SESSIONS }, http: { port: 0 } };
    const ended = await tarazu('load-day', '--config', write(`${name}.json`, JSON.stringify(config)), '--dir', day);
    expect(ended.err).toMatch(message);
    expect(ended.code).toBe(1);
    expect(existsSync(join(house.folder, `data-${name}`, 'days'))).toBe(false);
  });
});

describe('a day directory', () => {
  it('is the same day however it is named', async () => {
    const config = { dataDirectory: 'data-twice', fix: { SocketAcceptPort: 0, sessions: SESSIONS }, http: { port: 0 } };
    const file = write('twice.json', JSON.stringify(config));
    expect((await tarazu('load-day', '--config', file, '--dir', 'day')).out).toContain('day 20261120 loaded: 7 clients');
    expect((await tarazu('load-day', '--config', file, '--dir', house.day)).out).toBe('day 20261120 was loaded before\n');
  });
});

describe('a configuration', () => {
  const good = { fix: { sessions: SESSIONS } };
  const cases: readonly (readonly [place: string, config: object])[] = [
    ['dataDirectry is not a setting', { ...good, dataDirectry: 'x' }],
    ['fix.sessions[0].HeartbtInt: unknown key; did you mean HeartBtInt?', { fix: { sessions: [{ ...SESSIONS[0], HeartbtInt: 30 }] } }],
    ['nowhere: no such directory', { ...good, day: 'nowhere', dataDirectory: 'd', http: { port: 0 } }],
  ];

  it.each(cases)('is refused at %s', async (place, config) => {
    const ended = await tarazu('run', '--config', write('typo.json', JSON.stringify(config)));
    expect(ended.err).toContain(place);
    expect(ended.err.trim().split('\n')).toHaveLength(1);
    expect(ended.code).toBe(1);
  });
});
