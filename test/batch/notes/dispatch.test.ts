// Notes go out: accepted once, bounced onto paper, tried again when the server is away, with text messages beside them; each step on record.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Dispatch, DispatchStore } from '../../../batch/dispatch/dispatch-store.ts';
import { DLT_CODES } from '../../../batch/dispatch/dlt-codes.ts';
import { FaultSwitches } from '../../../batch/sandbox/faults.ts';
import { type MailServer, startMailServer } from '../../../batch/sandbox/mail-server.ts';
import { DATE } from '../end-of-day/trading-day.ts';
import { NoteDay } from './note-day.ts';

let day: NoteDay;
let server: MailServer;
const faults = new FaultSwitches();

const mailAt = (port: number): void => {
  const path = join(day.data, 'ports.json');
  writeFileSync(
    path,
    JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), mail: { host: '127.0.0.1', port, from: 'notes@practice.example' } }),
  );
};
const dispatches = async (): Promise<Dispatch[]> => new DispatchStore((await day.night()).store.root).of(DATE);

beforeEach(async () => {
  day = new NoteDay();
  server = await startMailServer(faults);
  mailAt(server.port);
});
afterEach(async () => {
  await server.close();
  await day.end();
});

describe('dispatch of a day’s notes', () => {
  it('mails each signed document once, under an id made of its number, and lists paper for the next working day', async () => {
    await day.run();
    expect(day.error('EOD-CN-DISPATCH')).toBe('');
    expect(day.status('EOD-CN-DISPATCH')).toBe('done');
    expect(day.outputs('EOD-CN-DISPATCH')).toMatchObject({ notes: 4, accepted: 3, paper: 1, paperDue: '2026-11-23' });
    expect(server.messages.flatMap(({ to }) => to).sort()).toEqual(['asha@client.example', 'asha@client.example', 'binod@client.example']);
    const first = server.messages.find(({ text }) => text.includes('CN-20112026-000001.pdf'))?.text ?? '';
    expect(first).toContain('Message-ID: <note.CN-20112026-000001.v1@practice.example>');
    expect(first.replace(/\s/g, '')).toContain(readFileSync(await day.path('C0001', 'pdf')).toString('base64'));
    expect(first).not.toContain('ABCPD1234F');
    const paper = readFileSync(String(day.outputs('EOD-CN-DISPATCH')['paperList']), 'utf8').split('\n');
    expect(paper[1]).toMatch(/^CN\/20112026\/000003,1,C0003,Chitra Iyer,9 Temple Street Madurai,the client wants paper,/);
  });

  it('puts a bounced note on paper with what the server said', async () => {
    faults.switchOn('mail-bounce-1');
    await day.run();
    expect(day.outputs('EOD-CN-DISPATCH')).toMatchObject({ accepted: 2, paper: 2 });
    const bounced = (await dispatches()).filter(({ state }) => state === 'bounced');
    expect(bounced.map(({ tries }) => tries.map(({ state }) => state))).toEqual([['sending', 'bounced']]);
    expect(bounced[0]?.tries.at(-1)?.said).toMatch(/^550 .* is not here/);
  });

  it('tries again when the server is away, and sends nothing twice', async () => {
    await server.close();
    await day.run();
    expect(day.error('EOD-CN-DISPATCH')).toMatch(/3 of 4 notes were not taken by the mail server/);
    expect(day.status('EOD-CN-DISPATCH')).not.toBe('done');
    server = await startMailServer(faults);
    mailAt(server.port);
    const { operator } = await day.night();
    operator.retry(day.runId, 'EOD-CN-DISPATCH', { by: 'asha', reason: 'the server is back' });
    await day.settle();
    expect(day.status('EOD-CN-DISPATCH')).toBe('done');
    expect(server.messages.length).toBe(3);
  });
});

describe('text messages by DLT template', () => {
  let gateway: Server;
  const answers: object[] = [];
  const asked: { key: string; body: Record<string, string> }[] = [];
  beforeEach(async () => {
    asked.length = 0;
    gateway = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        asked.push({ key: String(request.headers['idempotency-key']), body: JSON.parse(Buffer.concat(parts).toString()) as Record<string, string> });
        response.end(JSON.stringify(answers.shift() ?? { id: 'G1' }));
      });
    });
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', () => resolve()));
    writeFileSync(join(day.data, 'sms.token'), 'practice\n');
    day.broker({
      sms: {
        url: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/send`,
        tokenFile: join(day.data, 'sms.token'),
        entityId: '1001234567890',
        header: 'PRCTCE',
        templateId: '1107123456789',
        template: 'Contract note {#var#} of {#var#}, net Rs {#var#}. Practice Broking',
      },
    });
  });
  afterEach(() => new Promise<void>((resolve) => gateway.close(() => resolve())));

  it('fills the registered template and records what the gateway says, without holding the notes back', async () => {
    answers.push({ code: 'DLT_NDNC_BLOCK' }, { code: 'DLT_TEMPLATE_MISMATCH' }, { code: 'DLT_DUPLICATE' });
    await day.run();
    expect(day.status('EOD-CN-DISPATCH')).toBe('done');
    expect(day.outputs('EOD-CN-DISPATCH')).toMatchObject({ texts: 1 });
    const texts = (await dispatches()).filter(({ channel }) => channel === 'sms');
    expect(texts.map(({ state }) => state).sort()).toEqual(['accepted', 'blocked', 'never']);
    expect(asked.map(({ body }) => body['text'])).toContain('Contract note CN/20112026/000001 of 2026-11-20, net Rs (1,96,171.63). Practice Broking');
    expect(asked[0]?.body).toMatchObject({ entityId: '1001234567890', header: 'PRCTCE', templateId: '1107123456789' });
    expect(new Set(asked.map(({ key }) => key)).size).toBe(asked.length);
  });

  it('knows what to do about every code', () => {
    expect(Object.keys(DLT_CODES)).toHaveLength(11);
    expect(Object.values(DLT_CODES).every(({ meaning }) => meaning.length > 10)).toBe(true);
  });
});
