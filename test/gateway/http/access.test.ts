// Who gets in: tokens good and bad, roles, the accounts a trader is tied to, and the limits on how often.
import { createHmac } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicHalf } from '../../../gateway/http/auth/key-file.ts';
import { ROLES, type Role } from '../../../gateway/http/auth/principal.ts';
import type { Gateway } from '../../../gateway/index.ts';
import { type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { adminToken, tokenFor } from '../tokens.ts';
import { type Answer, askApi } from './api-client.ts';

let house: SmallHouse;
let gateway: Gateway;
let data = '';

beforeAll(async () => {
  house = await smallHouse();
  data = join(house.folder, 'data');
  gateway = await startHouse(house, 'data', { http: { port: 0, rates: { address: { perSecond: 0 } } } });
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(house.folder, { recursive: true, force: true });
});

const me = (token?: string): Promise<Answer> => askApi(gateway, 'GET', '/v1/me', { token });
const seconds = (): number => Math.floor(Date.now() / 1_000);
const ownKey = (): { kid: string; x: string; y: string } => JSON.parse(readFileSync(join(data, 'auth-key.json'), 'utf8'));

/** A token signed by the gateway's own key, with claims and header as given. */
async function signed(claims: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> {
  const key = await importJWK(ownKey() as never, 'ES256');
  const all = { iss: 'tarazu', aud: 'tarazu-api', sub: 'x', role: 'auditor', exp: seconds() + 60, ...claims };
  return new SignJWT(all).setProtectedHeader({ alg: 'ES256', kid: ownKey().kid, ...header }).sign(key);
}

/** HS256 with the gateway's public key as the secret: a verifier that believed the header's algorithm would take it. */
function confused(): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: 'tarazu', aud: 'tarazu-api', sub: 'x', role: 'admin', exp: seconds() + 60 };
  const text = `${part({ alg: 'HS256', kid: ownKey().kid })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', JSON.stringify(publicHalf(ownKey() as never)))
    .update(text)
    .digest('base64url')}`;
}

describe('a token', () => {
  const bad: readonly (readonly [what: string, code: string, make: () => string | Promise<string>])[] = [
    ['that is no token', 'TZ-TOKEN-MALFORMED', () => 'x'.repeat(43)],
    ['without signature (alg none)', 'TZ-TOKEN-ALGORITHM', () => new UnsecuredJWT({ role: 'admin' }).setSubject('x').encode()],
    ['of a shared-secret algorithm', 'TZ-TOKEN-ALGORITHM', confused],
    ['that names an unknown key', 'TZ-TOKEN-KEY', () => signed({}, { kid: 'another' })],
    ['whose payload was changed', 'TZ-TOKEN-SIGNATURE', async () => changed(await signed({ role: 'auditor' }), { role: 'admin' })],
    ['that has expired', 'TZ-TOKEN-EXPIRED', () => signed({ exp: seconds() - 60 })],
    ['that is not valid yet', 'TZ-TOKEN-EARLY', () => signed({ nbf: seconds() + 600 })],
    ['of another issuer', 'TZ-TOKEN-ISSUER', () => signed({ iss: 'elsewhere' })],
    ['for another audience', 'TZ-TOKEN-AUDIENCE', () => signed({ aud: 'elsewhere' })],
    ['without expiry', 'TZ-TOKEN-CLAIMS', () => signed({ exp: undefined })],
    ['without subject', 'TZ-TOKEN-CLAIMS', () => signed({ sub: undefined })],
    ['of a role nobody has', 'TZ-TOKEN-CLAIMS', () => signed({ role: 'root' })],
    ['of a role of the prototype', 'TZ-TOKEN-CLAIMS', () => signed({ role: 'constructor' })],
    ['with accounts that are no names', 'TZ-TOKEN-CLAIMS', () => signed({ accounts: ['two words'] })],
    ['longer than any', 'TZ-TOKEN-MALFORMED', () => 'x'.repeat(9_000)],
  ];
  it.each(bad)('%s is refused with %s', async (_, code, make) => {
    const answer = await me(await make());
    expect([answer.status, answer.error?.code]).toEqual([401, code]);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="tarazu", error="invalid_token"/);
  });

  it('that is right says who the caller is', async () => {
    const answer = await me(await signed({ sub: 'asha', role: 'desk' }));
    expect(answer.data).toMatchObject({ subject: 'asha', role: 'desk', accounts: 'all' });
    expect((await me(adminToken(data))).data).toMatchObject({ role: 'admin' });
  });

  it('lies in files that only their owner reads', () => {
    for (const file of ['token', 'auth-key.json']) expect(statSync(join(data, file)).mode & 0o077, file).toBe(0);
  });
});

/** The token with other claims and the signature it had. */
function changed(token: string, claims: object): string {
  const [head, payload = '', signature] = token.split('.');
  const all = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), ...claims };
  return [head, Buffer.from(JSON.stringify(all)).toString('base64url'), signature].join('.');
}

describe('a role', () => {
  const tries: readonly (readonly [scope: string, method: string, path: string, body?: object])[] = [
    ['margin:read', 'GET', '/v1/clients/RICH/margin'],
    ['orders:read', 'GET', '/v1/clients/RICH/orders'],
    ['orders:write', 'POST', '/v1/orders/mass-cancel', { account: 'RICH' }],
    ['house:read', 'GET', '/v1/breaks'],
    ['limits:write', 'PATCH', '/v1/clients/RICH', { status: 'ACTIVE' }],
    ['kill:engage', 'POST', '/v1/kill-switches', {}],
    ['kill:release', 'POST', '/v1/kill-switches/release', {}],
    ['sessions:write', 'POST', '/v1/sessions/nobody/reset', {}],
    ['parameters:write', 'POST', '/v1/parameters', {}],
    ['day:write', 'POST', '/v1/day/close', { x: 1 }],
  ];
  const may: Record<Role, string> = {
    trader: 'margin:read orders:read orders:write',
    desk: 'margin:read orders:read orders:write house:read limits:write kill:engage kill:release sessions:write',
    operations: 'margin:read orders:read house:read sessions:write parameters:write day:write',
    admin: tries.map(([scope]) => scope).join(' '),
    auditor: 'margin:read orders:read house:read',
  };
  it.each(Object.keys(ROLES) as Role[])('%s gets what it may and 403 for the rest', async (role) => {
    const token = await tokenFor(data, { role, accounts: ['RICH'] });
    const open: string[] = [];
    for (const [scope, method, path, body] of tries) {
      const { status } = await askApi(gateway, method, path, { token, body });
      if (status !== 403) open.push(scope);
    }
    expect(open.join(' ')).toBe(may[role]);
  });
});

describe('a trader', () => {
  it('sees its own accounts; others do not exist', async () => {
    const token = await tokenFor(data, { role: 'trader', accounts: ['RICH', 'POOR'] });
    const ask = (path: string): Promise<Answer> => askApi(gateway, 'GET', path, { token });
    expect((await ask('/v1/clients/RICH/margin')).status).toBe(200);
    const hidden = await ask('/v1/clients/SMALL/margin');
    const absent = await ask('/v1/clients/NOBODY/margin');
    expect([hidden.status, hidden.error]).toEqual([404, absent.error]);
    const list = await ask('/v1/clients?sort=account');
    expect((list.data['clients'] as { account: string }[]).map(({ account }) => account)).toEqual(['POOR', 'RICH']);
  });

  it('places orders for its own accounts only, and finds no order of another', async () => {
    const trader = await tokenFor(data, { role: 'trader', accounts: ['RICH'] });
    const desk = await tokenFor(data, { role: 'desk' });
    const body = { exchange: 'NSE', symbol: house.share.symbol, side: 'BUY', quantity: 1, price: house.share.close };
    const place = (token: string, account: string): Promise<Answer> =>
      askApi(gateway, 'POST', '/v1/orders', { token, body: { account, ...body }, key: `access-${account}-${token.length}` });
    expect((await place(trader, 'RICH')).status).toBe(201);
    expect((await place(trader, 'CASHONLY')).status).toBe(404);
    const other = String((await place(desk, 'CASHONLY')).data['id']);
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/explain'],
      ['DELETE', ''],
    ] as const)
      expect((await askApi(gateway, method, `/v1/orders/${other}${path}`, { token: trader })).status, `${method} ${path}`).toBe(404);
    expect((await askApi(gateway, 'POST', '/v1/orders/mass-cancel', { token: trader, body: {} })).status).toBe(403);
  });
});

describe('keys of an identity provider', () => {
  it('from a file are taken beside the gateway’s own; private keys in it are not', async () => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
    const file = join(house.folder, 'jwks.json');
    writeFileSync(file, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'idp-1', alg: 'EdDSA', use: 'sig' }] }));
    const other = await startHouse(house, 'idp', { http: { port: 0, auth: { jwksFile: file, issuer: 'https://idp.example', audience: 'desk' } } });
    const token = await new SignJWT({ role: 'auditor' })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'idp-1' })
      .setSubject('from-idp')
      .setIssuer('https://idp.example')
      .setAudience('desk')
      .setExpirationTime('1m')
      .sign(privateKey);
    try {
      expect((await askApi(other, 'GET', '/v1/me', { token })).data).toMatchObject({ subject: 'from-idp', role: 'auditor' });
    } finally {
      await other.stop();
    }
    writeFileSync(file, JSON.stringify({ keys: [{ ...(await exportJWK(privateKey)), kid: 'idp-1' }] }));
    await expect(startHouse(house, 'idp2', { http: { port: 0, auth: { jwksFile: file } } })).rejects.toThrow(/private or shared key/);
  });
});

describe('how often', () => {
  it('an address without a token, a principal and its orders are counted, each on its own', async () => {
    const rates = { address: { perSecond: 1, burst: 3 }, principal: { perSecond: 1, burst: 5 }, orders: { perSecond: 1, burst: 2 } };
    const slow = await startHouse(house, 'slow', { http: { port: 0, rates } });
    try {
      const token = await tokenFor(join(house.folder, 'slow'), { role: 'desk' });
      const body = { account: 'NOBODY', exchange: 'NSE', symbol: 'X', side: 'BUY', quantity: 1 };
      const orders: number[] = [];
      for (let i = 0; i < 3; i++) orders.push((await askApi(slow, 'POST', '/v1/orders', { token, body, key: `r${i}` })).status);
      expect(orders).toEqual([404, 404, 429]);
      const answers: Answer[] = [];
      for (let i = 0; i < 3; i++) answers.push(await askApi(slow, 'GET', '/v1/me', { token }));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
      const [, second, refused] = answers;
      expect(second?.headers.get('ratelimit')).toMatch(/^"principal";r=0;t=\d+$/);
      expect(second?.headers.get('ratelimit-policy')).toBe('"principal";q=5;w=5');
      expect([second?.headers.get('ratelimit-limit'), second?.headers.get('ratelimit-remaining')]).toEqual(['5', '0']);
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(refused?.error?.code).toBe('TZ-RATE');
      const open: number[] = [];
      for (let i = 0; i < 4; i++) open.push((await fetch(`http://127.0.0.1:${slow.httpPort}/healthz`)).status);
      expect(open).toEqual([200, 200, 200, 429]);
      // Bad tokens are not even looked at any more, good ones neither: whoever floods from here waits.
      expect((await askApi(slow, 'GET', '/v1/me', { token: 'x'.repeat(43) })).status).toBe(429);
    } finally {
      await slow.stop();
    }
  });
});
