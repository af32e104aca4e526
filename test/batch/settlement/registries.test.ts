// KRA and CKYC night by night: what is submitted, refused, waiting; which layout may be used where; when waiting has an end.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RegistryRecords } from '../../../batch/registries/registry-records.ts';
import { Counterparties } from '../../../batch/sandbox/counterparties.ts';
import { FaultSwitches } from '../../../batch/sandbox/faults.ts';
import { type HttpServer, startHttpServer } from '../../../batch/sandbox/http-server.ts';
import { RegistryBooks } from '../../../batch/sandbox/registry-desk.ts';
import { LoneNodes } from './lone-nodes.ts';

const FIRST = '2026-11-18';
const SECOND = '2026-11-19';
let night: LoneNodes;
let server: HttpServer;
let faults: FaultSwitches;
let registries: RegistryBooks;

beforeEach(async () => {
  night = new LoneNodes('KRA-DAILY', 'CKYC-DAILY');
  faults = new FaultSwitches();
  registries = new RegistryBooks(faults);
  const books = new Counterparties({ clients: [], sharesBefore: new Map() }, faults);
  books.desks.set('registry', registries.decide);
  server = await startHttpServer(books, faults, 'token');
  ports({ practice: true });
});
afterEach(async () => {
  await night.end();
  await server.close();
});

function ports(more: object): void {
  const way = { primary: { kind: 'directory', path: night.data } };
  const tokenFile = join(night.data, 'token');
  writeFileSync(tokenFile, 'token\n');
  const registry = { base: `http://127.0.0.1:${server.port}`, path: '/registry/instructions', tokenFile, timeoutSeconds: 60 };
  writeFileSync(join(night.data, 'ports.json'), JSON.stringify({ exchange: way, clearing: way, depository: way, calls: { registry }, ...more }));
}

/** `reference client day` as the records account opening leaves. */
function changes(...rows: readonly string[]): void {
  mkdirSync(join(night.data, 'kyc'), { recursive: true });
  const lines = rows.map((words, at) => {
    const [reference, client, on] = words.split(' ');
    const person = {
      name: 'A Person',
      dateOfBirth: '1990-01-01',
      mobile: '9800000001',
      email: 'a@practice.example',
      address: 'Some street',
      pinCode: '400001',
    };
    return JSON.stringify({ reference, client, on, pan: `ABCPE123${at}F`, kind: 'NEW', ...person });
  });
  writeFileSync(join(night.data, 'kyc', 'changes.jsonl'), `${lines.join('\n')}\n`);
}

const left = (key: string, date: string): object => night.state(key, date).outputs;
const states = (registry: 'KRA' | 'CKYC'): string[] =>
  new RegistryRecords(night.store.root).of(registry).map(({ reference, state }) => `${reference} ${state}`);

describe('registries', () => {
  it('submit at night, and ask the next night what became of it', async () => {
    changes(`K1 C1 ${FIRST}`, `K2 C2 ${FIRST}`, `K3 C3 ${SECOND}`);
    await night.night(FIRST);
    expect(left('KRA-DAILY', FIRST)).toEqual({ sent: 2, registered: 0, refused: 0, waiting: 0 });
    expect(states('CKYC')).toEqual(['K1 submitted', 'K2 submitted']);
    await night.night(SECOND);
    expect(left('CKYC-DAILY', SECOND)).toEqual({ sent: 1, registered: 2, refused: 0, waiting: 0 });
    expect(states('KRA')).toEqual(['K1 registered', 'K2 registered', 'K3 submitted']);
    const [first] = new RegistryRecords(night.store.root).of('CKYC');
    expect(first).toMatchObject({ dueBy: '2026-11-25', word: expect.stringMatching(/^\d{14}$/) as string });
    expect(new RegistryRecords(night.store.root).of('KRA')[0]?.dueBy).toBe('2026-11-23');
  });

  it('list what was refused, with the reason', async () => {
    changes(`K1 C1 ${FIRST}`, `K2 C2 ${FIRST}`);
    faults.switchOn('registry-refuses-1');
    await night.night(FIRST);
    const { refusedFile } = left('CKYC-DAILY', FIRST) as { refusedFile?: string };
    const { refusedFile: ofKra = refusedFile } = left('KRA-DAILY', FIRST) as { refusedFile?: string };
    expect(readFileSync(ofKra ?? '', 'utf8')).toBe('Reference,PAN,Client,Reason\nK1,ABCPE1230F,C1,name differs from that of the PAN\n');
    expect([...states('KRA'), ...states('CKYC')].filter((one) => one.endsWith('refused'))).toHaveLength(1);
  });

  it('that are down: records wait for the next night, and at the KRA no longer than a day', async () => {
    changes(`K1 C1 ${FIRST}`);
    const { port } = server;
    await server.close();
    await night.night(FIRST);
    expect(night.state('KRA-DAILY', FIRST)).toMatchObject({ status: 'done', outputs: { sent: 0, waiting: 1 } });
    expect(night.state('CKYC-DAILY', FIRST)).toMatchObject({ status: 'done', outputs: { sent: 0, waiting: 1 } });
    night.now += 3600e6;
    await night.night(SECOND);
    expect(night.state('KRA-DAILY', SECOND).error).toMatch(/^KRA cannot be reached and time is up for K1 of C1 \(due 2026-11-23\)/);
    expect(night.state('CKYC-DAILY', SECOND)).toMatchObject({ status: 'done', outputs: { waiting: 1 } });
    expect(port).toBeGreaterThan(0);
  });

  it('take no practice layout outside the sandbox; the house brings its own', async () => {
    changes(`K1 C1 ${FIRST}`);
    ports({});
    writeFileSync(join(night.data, 'house.json'), JSON.stringify({ layouts: { ckyc: [{ heading: 'ID', value: 'reference' }] } }));
    await night.night(FIRST);
    expect(night.state('KRA-DAILY', FIRST).error).toBe(
      'upload to KRA: its layout is not public; house.json needs layouts.kra as the registry gave it to you',
    );
    expect(left('CKYC-DAILY', FIRST)).toMatchObject({ sent: 1 });
  });

  it('refuse a list of changes that is wrong anywhere, with its place', async () => {
    changes(`K1 C1 ${FIRST}`, `K1 C2 ${FIRST}`);
    await night.night(FIRST);
    expect(night.state('KRA-DAILY', FIRST).error).toMatch(/changes\.jsonl: line 2, reference: K1 stands twice$/);
    expect(states('KRA')).toEqual([]);
  });
});
