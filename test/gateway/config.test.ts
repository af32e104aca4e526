// tarazu.json: what is accepted, what defaults apply, and how a mistake is located.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configHash, parseConfig, readConfig } from '../../gateway/config.ts';

const session = { SenderCompID: 'TARAZU', TargetCompID: 'OMS' };
const good = { fix: { sessions: [session] } };

describe('config', () => {
  it('fills defaults: loopback, process durability, inline shards', () => {
    const config = parseConfig(good);
    expect(config).toMatchObject({ durability: 'process', shards: 0, http: { host: '127.0.0.1', port: 8080 } });
    expect(config.fix).toMatchObject({
      SocketAcceptAddress: '127.0.0.1',
      SocketAcceptPort: 9878,
      sessions: [{ BeginString: 'FIX.4.4', HeartBtInt: 30, ResetOnLogon: false }],
    });
  });

  it.each([
    ['an unknown key', { ...good, durabilty: 'power' }, 'durabilty is not a setting'],
    ['an unknown key of a session', { fix: { sessions: [{ ...session, Hartbeat: 30 }] } }, 'fix.sessions[0].Hartbeat: unknown key'],
    ['a wrong value', { ...good, durability: 'maybe' }, 'durability: Invalid option'],
    ['a wrong type', { ...good, shards: '2' }, 'shards: Invalid input'],
    ['a multiplier below the exchange minimum', { ...good, policy: { spanMultiplier: 9_999 } }, 'policy.spanMultiplier: Too small'],
    ['keys from another machine', { ...good, http: { auth: { jwksUrl: 'https://idp.example/jwks' } } }, 'http.auth.jwksUrl: must be on this machine'],
    ['a bucket without room', { ...good, http: { rates: { orders: { burst: 0 } } } }, 'http.rates.orders.burst: Too small'],
    ['no session', { fix: { sessions: [] } }, 'fix.sessions: must be a list with at least one session'],
    ['the same session twice', { fix: { sessions: [session, session] } }, 'fix.sessions[1].TargetCompID: session FIX.4.4:TARAZU->OMS appears twice'],
  ])('refuses %s, saying where', (_, value, message) => {
    expect(() => parseConfig(value, 'tarazu.json')).toThrow(`tarazu.json: ${message}`);
  });

  it('names the file when it is missing or not JSON', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tarazu-config-'));
    const file = join(folder, 'tarazu.json');
    expect(() => readConfig(file)).toThrow(`${file}: cannot be read (ENOENT)`);
    writeFileSync(file, '{"fix": }');
    expect(() => readConfig(file)).toThrow(`${file}: not JSON`);
  });

  it('resolves paths beside the file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tarazu-config-'));
    writeFileSync(join(folder, 'tarazu.json'), JSON.stringify({ ...good, dataDirectory: 'data' }));
    expect(readConfig(join(folder, 'tarazu.json')).dataDirectory).toBe(join(folder, 'data'));
  });

  it('takes keys from this machine, and limits one by one', () => {
    const { http } = parseConfig({ ...good, http: { auth: { jwksUrl: 'http://127.0.0.1:9000/jwks' }, rates: { orders: { perSecond: 5 } } } });
    expect(http.auth).toMatchObject({ jwksUrl: 'http://127.0.0.1:9000/jwks', issuer: 'tarazu' });
    expect(http.rates).toMatchObject({ orders: { perSecond: 5, burst: 80 }, address: { perSecond: 50 } });
  });

  it('keeps the example valid', () => {
    const example = new URL('../../gateway/tarazu.example.json', import.meta.url).pathname;
    expect(() => parseConfig(JSON.parse(readFileSync(example, 'utf8')), example)).not.toThrow();
  });

  it('hashes what decides behaviour, not where it runs', () => {
    const config = parseConfig(good);
    expect(configHash(parseConfig({ ...good, http: { port: 9 } }))).toBe(configHash(config));
    expect(configHash(parseConfig({ ...good, shards: 2 }))).not.toBe(configHash(config));
  });
});
