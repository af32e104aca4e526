// The night's server: who may ask what, what each bad request is told, tags, the change feed, requests that never end, acts in the token's name.
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PermanentFault } from '../../../batch/runner/index.ts';
import { ScriptedNight, TONIGHT } from './scripted-night.ts';

const REQUEST_MILLIS = 400;
const RUN = `${TONIGHT}/eod/1`;
let scripted: ScriptedNight;
let port: number;
const tokens = { asha: '', binod: '', reader: '' };

beforeAll(async () => {
  scripted = await ScriptedNight.open();
  scripted.script['EOD-TB-CM'] = async () => {
    throw new PermanentFault('trades.csv:7: no quantity');
  };
  scripted.script['EOD-TB-FO'] = async () => {
    throw new PermanentFault('trades.csv:9: no price');
  };
  await scripted.run('th', 9 * 60);
  await scripted.run('eod', 16 * 60);
  tokens.asha = scripted.token('asha');
  tokens.binod = scripted.token('binod');
  tokens.reader = scripted.token('reader', 'read');
  port = await scripted.serve({ requestMillis: REQUEST_MILLIS });
});
afterAll(() => scripted.close());

const url = (path: string): string => `http://127.0.0.1:${port}${path}`;
const headers = (token: string): Record<string, string> => (token === '' ? {} : { authorization: `Bearer ${token}` });
const get = (path: string, token = tokens.asha, more: Record<string, string> = {}): Promise<Response> =>
  fetch(url(path), { headers: { ...headers(token), ...more } });
const post = (body: unknown, token = tokens.asha): Promise<Response> =>
  fetch(url('/v1/night/acts'), { method: 'POST', headers: headers(token), body: typeof body === 'string' ? body : JSON.stringify(body) });
const node = { run: RUN, key: 'EOD-TB-CM@CM' };

describe('what is asked badly', () => {
  it.each<[string, string, string, number, RegExp]>([
    ['GET', '/v1/night?date=2026-11-20', 'none', 401, /Authorization: Bearer/],
    ['GET', '/v1/night?date=2026-11-20', 'wrong', 401, /Authorization: Bearer/],
    ['GET', '/v1/night/changes', 'none', 401, /Authorization/],
    ['GET', '/v1/nothing', 'none', 401, /Authorization/],
    ['GET', '/v1/nothing', 'asha', 404, /nothing at this path/],
    ['GET', '/nothing.js', 'none', 404, /nothing at this path/],
    ['GET', '/../package.json', 'none', 404, /nothing at this path/],
    ['POST', '/', 'none', 405, /POST is not offered/],
    ['DELETE', '/v1/night?date=2026-11-20', 'asha', 405, /DELETE is not offered/],
    ['POST', '/v1/night/changes', 'asha', 405, /POST is not offered/],
    ['GET', '/v1/night/acts', 'asha', 405, /GET is not offered/],
    ['POST', '/v1/night/acts', 'reader', 403, /reader may look, not act/],
    ['GET', '/v1/night', 'asha', 400, /date is needed/],
    ['GET', '/v1/night?date=20-11-2026', 'asha', 400, /date must be a date/],
    ['GET', '/v1/night?date=2026-02-30', 'asha', 400, /date must be a date/],
    ['GET', '/v1/night/days?until=2026-11-20&count=9999&states=0', 'asha', 400, /count must be a whole number up to/],
    ['GET', '/v1/night/days?until=2026-11-20&count=1.5&states=0', 'asha', 400, /count must be a whole number/],
    ['GET', '/v1/night/places?phase=lunch', 'asha', 400, /phase must be one of bod, th, eod, set/],
    ['GET', '/v1/night/node?date=2026-11-20&key=NO-SUCH', 'asha', 409, /NO-SUCH: the graph has no such node/],
    ['GET', '/v1/night/graph.svg?date=2026-11-19&phase=eod', 'asha', 404, /was not run on that date/],
    ['GET', '/v1/night/audit?run=2026-11-19/eod/1', 'asha', 404, /was never opened/],
    ['GET', '/v1/night/diff?left=2026-11-20/eod/1&right=x', 'asha', 404, /run x was never opened/],
    ['GET', '/v1/night/backfill?phase=eod&from=2026-11-20&to=2026-11-01', 'asha', 409, /is after to/],
    ['GET', '/v1/statements?kind=gossip&client=C1&from=2026-11-01&to=2026-11-20&format=pdf', 'asha', 400, /kind must be one of ledger/],
    ['GET', '/v1/statements?kind=ledger&client=C1&from=2026-11-01&to=2026-11-20&format=xml', 'asha', 400, /format must be one of/],
    ['GET', '/v1/statements?kind=ledger&client=C1&from=2026-11-01&to=2026-11-20&format=csv', 'asha', 409, /contacts.csv/],
    ['GET', '/v1/statements?kind=ledger&client=C1&from=2026-11-01&to=2026-11-20&format=csv', 'none', 401, /Authorization/],
    ['GET', '/v1/night/backfill?phase=eod&from=2031-11-20&to=2031-11-21', 'asha', 409, /no year 2031/],
  ])('%s %s as %s is %i', async (method, path, who, status, words) => {
    const token = who === 'none' ? '' : who === 'wrong' ? 'x'.repeat(43) : (tokens[who as keyof typeof tokens] ?? '');
    const response = await fetch(url(path), { method, headers: headers(token), ...(method === 'POST' ? { body: '{}' } : {}) });
    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: string }).error).toMatch(words);
    if (status === 405) expect(response.headers.get('allow')).toBeTruthy();
  });

  it.each<[string, unknown, number, RegExp]>([
    ['not JSON', '{', 400, /the body is not JSON/],
    ['a list', [], 400, /an act is an object/],
    ['nothing', 'null', 400, /an act is an object/],
    ['an unknown act', { act: 'delete', ...node }, 422, /act/],
    ['a field too many', { act: 'retry', ...node, reason: 'try it', force: true }, 422, /force/],
    ['no reason', { act: 'retry', ...node }, 422, /reason/],
    ['a run that is none', { act: 'retry', run: 'tonight', key: 'EOD-TB-CM@CM', reason: 'try it' }, 422, /must be DATE\/PHASE\/CYCLE/],
    ['a run never opened', { act: 'retry', run: '2026-11-19/eod/1', key: 'EOD-TB-CM@CM', reason: 'try it' }, 409, /never opened/],
    ['a node of another phase', { act: 'retry', run: RUN, key: 'BOD-START', reason: 'try it' }, 409, /no node of run/],
    ['an act not allowed now', { act: 'propose', ...node, action: 'explain', reason: 'because' }, 409, /is failed: explain is for gate/],
    ['a holiday', { act: 'open', date: '2026-11-21', phase: 'eod' }, 409, /not a trading day/],
    ['a body too long', JSON.stringify({ act: 'retry', ...node, reason: 'x'.repeat(70_000) }), 413, /at most 65536 bytes/],
  ])('%s', async (_name, body, status, words) => {
    const before = scripted.night.feed.count;
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: string }).error).toMatch(words);
    expect(scripted.night.feed.count).toBe(before);
  });
});

describe('what is never finished', () => {
  const until = (socket: Socket): Promise<string> =>
    new Promise((resolve) => {
      let text = '';
      socket.on('data', (data) => {
        text += data.toString();
      });
      socket.on('close', () => resolve(text));
    });

  it.each([
    ['a head that does not end', 'POST /v1/night/acts HTTP/1.1\r\nHost: x\r\n'],
    ['a body that does not come', 'POST /v1/night/acts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKEN\r\nContent-Length: 100\r\n\r\n{"act"'],
    ['chunks that stop', 'POST /v1/night/acts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKEN\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"ac\r\n'],
  ])('%s is cut off with 408', async (_name, text) => {
    const socket = connect(port, '127.0.0.1');
    const said = until(socket);
    socket.write(text.replace('TOKEN', tokens.asha));
    expect(await said).toMatch(/^HTTP\/1\.1 408/);
    expect((await get('/healthz')).status).toBe(200);
  });

  it('a body without end is cut off at its limit', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    const said = until(socket);
    socket.write(`POST /v1/night/acts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokens.asha}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    for (let i = 0; i < 20; i++) socket.write(`2000\r\n${'x'.repeat(0x2000)}\r\n`);
    expect(await said).toMatch(/^HTTP\/1\.1 413/);
  });

  it('a caller who leaves in the middle is not talked about', async () => {
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve) =>
      socket.write(`POST /v1/night/acts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokens.asha}\r\nContent-Length: 9\r\n\r\n{`, resolve),
    );
    socket.destroy();
    expect((await get('/v1/me')).status).toBe(200);
  });
});

describe('what is answered', () => {
  it('tags the view: the same until something happens', async () => {
    const first = await get(`/v1/night?date=${TONIGHT}`);
    const tag = first.headers.get('etag') ?? '';
    const view = (await first.json()) as { runs: { instances: unknown[] }[]; queue: { key: string; surface: string }[] };
    expect(view.runs[1]?.instances.length).toBe(48);
    expect(view.queue.map(({ key }) => key).sort()).toEqual(['EOD-TB-CM@CM', 'EOD-TB-FO@FO']);
    const again = await get(`/v1/night?date=${TONIGHT}`, tokens.binod, { 'if-none-match': tag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get('/v1/night?date=2026-11-19', tokens.asha, { 'if-none-match': tag })).status).toBe(200);
    await post({ act: 'assign', ...node, owner: 'asha' });
    expect((await get(`/v1/night?date=${TONIGHT}`, tokens.asha, { 'if-none-match': tag })).status).toBe(200);
  });

  it('tells listeners of changes, gathered, and beats in between', async () => {
    const abort = new AbortController();
    const response = await fetch(url('/v1/night/changes'), { headers: headers(tokens.reader), signal: abort.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = (await reader?.read())?.value ?? '';
    const count = Number(/event: changed\ndata: (\d+)\n\n/.exec(first)?.[1]);
    expect(count).toBe(scripted.night.feed.count);
    await post({ act: 'assign', ...node, owner: 'binod' });
    await post({ act: 'assign', ...node, owner: 'asha' });
    const next = (await reader?.read())?.value ?? '';
    expect(Number(/data: (\d+)/.exec(next)?.[1])).toBeGreaterThan(count);
    abort.abort();
  });

  it('gives a HEAD without a body, and headers that keep it to itself', async () => {
    const head = await fetch(url(`/v1/night?date=${TONIGHT}`), { method: 'HEAD', headers: headers(tokens.asha) });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('x-content-type-options')).toBe('nosniff');
    const page = await get('/', '');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'self';/);
    expect((await fetch(url('/'), { headers: { 'if-none-match': page.headers.get('etag') ?? '' } })).status).toBe(304);
  });

  it('explains a node: plan, records, what waits for it', async () => {
    const detail = (await (await get(`/v1/night/node?date=${TONIGHT}&key=EOD-TB-CM@CM`)).json()) as {
      records: { kind: string }[];
      below: string[];
      row: object;
    };
    expect(detail.records.map(({ kind }) => kind).slice(0, 2)).toEqual(['started', 'failed']);
    expect(detail.below).toContain('EOD-READY');
    expect(detail.row).toMatchObject({ id: 'EOD-TB-CM', retry: '3× then alternate FTP' });
  });

  it('hands out the audit pack, whose last line is the hash of the rest', async () => {
    const response = await get(`/v1/night/audit?run=${RUN}`);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="audit-${TONIGHT}-eod-1.jsonl"`);
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(10);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});

describe('acts are the token’s', () => {
  const said = async (body: object, token: string): Promise<[number, string]> => {
    const response = await post(body, token);
    const answer = (await response.json()) as { said?: string; error?: string };
    return [response.status, answer.said ?? answer.error ?? ''];
  };

  it('whatever name the body has', async () => {
    expect(await said({ act: 'propose', ...node, by: 'binod', action: 'skip', reason: 'no session today' }, tokens.asha)).toEqual([
      200,
      'skip of EOD-TB-CM@CM is proposed by asha; another person has to approve',
    ]);
  });

  it('so that nobody approves their own proposal, by any name', async () => {
    for (const by of ['asha', 'binod', ' asha', 'ASHA'])
      expect(await said({ act: 'approve', ...node, by }, tokens.asha)).toEqual([
        409,
        'EOD-TB-CM@CM: asha proposed this; another person has to approve',
      ]);
    expect((await said({ act: 'approve', ...node, by: 'binod' }, tokens.reader))[0]).toBe(403);
    // A new token is the same person.
    tokens.asha = scripted.token('asha');
    expect((await said({ act: 'approve', ...node }, tokens.asha))[0]).toBe(409);
    expect(scripted.night.runner.states.state(RUN, 'EOD-TB-CM@CM').status).toBe('failed');
  });

  it('and another person does', async () => {
    expect(await said({ act: 'approve', ...node }, tokens.binod)).toEqual([200, 'EOD-TB-CM@CM: approved by binod']);
    expect(scripted.night.runner.states.state(RUN, 'EOD-TB-CM@CM')).toMatchObject({ status: 'skipped', note: 'no session today' });
  });

  it('knows a new person and forgets a removed one without a restart', async () => {
    const token = scripted.token('chitra');
    expect((await get('/v1/me', token)).status).toBe(200);
    scripted.people.remove('chitra');
    expect((await get('/v1/me', token)).status).toBe(401);
  });
});
