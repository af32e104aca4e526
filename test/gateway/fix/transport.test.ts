// Acceptor and initiator over loopback TCP and TLS: reconnect and recovery, who may connect, back-pressure, slow readers, hostile clients.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  FileStore,
  FixAcceptor,
  FixInitiator,
  MemoryStore,
  type MessageStore,
  parseSessionSettings,
  Session,
  systemClock,
} from '../../../gateway/fix/index.ts';
import { message, millis, RecordingApplication } from './wire.ts';

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const each of cleanups.splice(0).toReversed()) await each();
});

function session(settings: Readonly<Record<string, unknown>>, application: RecordingApplication, store?: MessageStore): Session {
  return new Session({
    settings: parseSessionSettings(settings),
    application,
    store: store ?? new MemoryStore(systemClock.now()),
    clock: systemClock,
  });
}

interface Served {
  readonly acceptor: FixAcceptor;
  readonly session: Session;
  readonly app: RecordingApplication;
  readonly port: number;
  readonly closed: string[];
}

async function serve(settings: Readonly<Record<string, unknown>> = {}, options: ConstructorParameters<typeof FixAcceptor>[1] = {}): Promise<Served> {
  const app = new RecordingApplication();
  const own = session({ SenderCompID: 'TARAZU', TargetCompID: 'OMS', ...settings }, app);
  const closed: string[] = [];
  const acceptor = new FixAcceptor([own], { tickMillis: 20, onClosed: (_, reason) => closed.push(reason), ...options });
  cleanups.push(() => acceptor.close());
  return { acceptor, session: own, app, port: await acceptor.listen(0), closed };
}

function initiate(
  port: number,
  store?: MessageStore,
  options: ConstructorParameters<typeof FixInitiator>[1] = {},
): { readonly initiator: FixInitiator; readonly app: RecordingApplication } {
  const app = new RecordingApplication();
  const settings = { ConnectionType: 'initiator', SenderCompID: 'OMS', TargetCompID: 'TARAZU', SocketConnectPort: port, ReconnectInterval: 0 };
  const initiator = new FixInitiator(session(settings, app, store), { tickMillis: 20, ...options });
  cleanups.push(() => initiator.stop());
  initiator.start();
  return { initiator, app };
}

async function until(condition: () => boolean): Promise<void> {
  for (const limit = Date.now() + 60_000; !condition() && Date.now() < limit; ) await delay(5);
  expect(condition()).toBe(true);
}

function sendOrder(from: Session, id: string): number {
  return from.send('D', (writer) =>
    writer.text(11, id).char(21, 0x31).int(38, 10).char(40, 0x31).char(54, 0x31).text(55, 'X').timestamp(60, from.time),
  );
}

async function rawClient(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  cleanups.push(() => void socket.destroy());
  socket.on('error', () => {});
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return socket;
}

const logon = (): string => message('A', 1, '98=0|108=30', systemClock.now());
const orders = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) =>
    message('D', from + i, `11=o${from + i}|21=1|38=1|40=1|54=1|55=X|60=${millis(systemClock.now())}`, systemClock.now()),
  ).join('');

describe('an initiator and an acceptor', () => {
  it('log on, exchange messages both ways, and log out in the FIX way', async () => {
    const { session: server, app, port } = await serve();
    const { initiator, app: client } = initiate(port);
    await until(() => server.loggedOn && initiator.session.loggedOn);
    sendOrder(initiator.session, 'one');
    sendOrder(server, 'two');
    await until(() => app.log.includes('2 D one') && client.log.includes('2 D two'));
    await initiator.stop();
    await until(() => !server.loggedOn);
    expect(client.log.at(-1)).toContain('logout');
    expect(server.store.nextInbound).toBe(initiator.session.store.nextOutbound);
  });

  it('says nothing after it was stopped while its connection was being made: the store may be closed', async () => {
    const { port } = await serve();
    const store = new MemoryStore(systemClock.now());
    const { initiator, app: client } = initiate(port, store);
    await initiator.stop();
    await delay(60);
    expect(store.nextOutbound).toBe(1);
    expect(client.log).toEqual([]);
  });

  it('after a cut reconnect, and each receives what it missed exactly once', async () => {
    const { session: server, app, port } = await serve();
    const { initiator, app: client } = initiate(port);
    await until(() => server.loggedOn && initiator.session.loggedOn);
    // The acceptor does not know yet: what it sends now goes into a dead socket.
    initiator.abort();
    for (let i = 0; i < 50; i++) sendOrder(server, `missed${i}`);
    await until(() => client.log.filter((line) => line.includes('missed')).length === 50);
    sendOrder(initiator.session, 'after');
    await until(() => app.log.some((line) => line.endsWith('after')));
    expect(new Set(client.log.filter((line) => line.includes('missed')).map((line) => line.split(' ')[2])).size).toBe(50);
    expect(client.log.filter((line) => line === 'logon').length).toBe(2);
  });

  it('numbers survive a restart of the initiator in its file store', async () => {
    const { session: server, app, port } = await serve();
    const directory = mkdtempSync(join(tmpdir(), 'fix-initiator-'));
    cleanups.unshift(() => rmSync(directory, { recursive: true }));
    for (const id of ['first', 'second']) {
      const { initiator } = initiate(port, new FileStore(directory, 'S', systemClock.now()));
      await until(() => initiator.session.loggedOn);
      sendOrder(initiator.session, id);
      await until(() => app.log.some((line) => line.endsWith(id)));
      await initiator.stop();
      initiator.session.store.close();
      await until(() => !server.loggedOn);
    }
    expect(app.log.filter((line) => line.includes(' D '))).toEqual(['2 D first', '5 D second']);
  });

  it('keeps trying while nobody listens', async () => {
    const { acceptor, port } = await serve();
    await acceptor.close();
    const reasons: string[] = [];
    const { initiator } = initiate(port, undefined, { onClosed: (reason) => reasons.push(reason) });
    await until(() => reasons.length >= 2);
    expect(reasons[0]).toContain('ECONNREFUSED');
    await initiator.stop();
  });
});

describe('who may connect', () => {
  it('an address outside the allow-list is closed without a word', async () => {
    const { port, app, closed } = await serve({ AllowedRemoteAddresses: '10.0.0.0/8, 192.168.1.7' });
    const socket = await rawClient(port);
    socket.write(logon());
    await until(() => closed.length === 1);
    expect(closed).toEqual([expect.stringContaining('may not connect from this address')]);
    expect(socket.bytesRead).toBe(0);
    expect(app.log).toEqual([]);
  });

  it('an address on the list is let in', async () => {
    const { port, session: own } = await serve({ AllowedRemoteAddresses: '127.0.0.0/8' });
    (await rawClient(port)).write(logon());
    await until(() => own.loggedOn);
  });

  it.each([
    ['noise', 'GET / HTTP/1.1\r\n\r\n'],
    ['an endless message', `8=FIX.4.4\x019=5\x01${'A'.repeat(70_000)}`],
    ['a length beyond the bound', '8=FIX.4.4\x019=9999999\x01'],
  ])('%s is closed without a word', async (_, bytes) => {
    const { port, closed } = await serve();
    const socket = await rawClient(port);
    socket.write(bytes);
    await until(() => closed.length === 1);
    expect(socket.bytesRead).toBe(0);
  });
});

describe('back-pressure', () => {
  it('a full application stops the socket; nothing is lost or doubled when it goes on', async () => {
    const { port, app, session: own } = await serve();
    const socket = await rawClient(port);
    socket.write(logon());
    await until(() => own.loggedOn);
    app.full = true;
    socket.write(orders(2, 2_000));
    await until(() => own.paused);
    expect(own.store.nextInbound).toBe(2);
    for (let i = 0; i < 20; i++) {
      app.full = i % 3 === 0;
      own.resume();
      await delay(2);
    }
    app.full = false;
    own.resume();
    await until(() => own.store.nextInbound === 2_002);
    expect(app.log.filter((line) => line.includes(' D '))).toEqual(Array.from({ length: 2_000 }, (_, i) => `${i + 2} D o${i + 2}`));
  });

  it('a throttled session is read at its rate', async () => {
    const { port, app, session: own } = await serve({ InboundThrottle: 50 });
    const socket = await rawClient(port);
    socket.write(logon() + orders(2, 80));
    await until(() => app.log.length >= 40);
    const atFirst = app.log.length;
    expect(atFirst).toBeLessThan(81);
    await until(() => own.store.nextInbound === 82);
    expect(app.log.length).toBe(81);
  });

  it('a reader that never reads is dropped at the bound, with the reason', async () => {
    const { port, session: own, closed } = await serve({ OutboundBytesMax: 2_000_000, OutboundHighWater: 500_000 });
    const socket = await rawClient(port);
    socket.pause();
    socket.write(logon());
    await until(() => own.loggedOn);
    let sent = 0;
    while (own.loggedOn && sent < 1_000_000) {
      for (let i = 0; i < 1_000 && own.loggedOn; i++) sent = own.send('B', (writer) => writer.text(148, 'x'.repeat(200)));
      own.flush();
      await delay(0);
    }
    expect(closed).toEqual(['slow reader: too many outbound bytes']);
    expect(own.store.nextOutbound).toBe(sent + 1);
  });
});

const OPENSSL = 'openssl';
const hasOpenssl = spawnSync(OPENSSL, ['version']).status === 0;

describe('TLS', () => {
  it.runIf(hasOpenssl || process.env['CI'] === 'true')('carries sessions, and refuses a client without the certificate asked for', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'fix-tls-'));
    cleanups.unshift(() => rmSync(directory, { recursive: true }));
    const made = (name: string): { readonly key: Buffer; readonly cert: Buffer } => {
      const [key, cert] = [join(directory, `${name}.key`), join(directory, `${name}.crt`)];
      const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', `/CN=${name}`];
      const run = spawnSync(OPENSSL, [...args, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert]);
      expect(run.status, String(run.stderr)).toBe(0);
      return { key: readFileSync(key), cert: readFileSync(cert) };
    };
    const [server, client] = [made('server'), made('client')];
    const { port, session: own, app } = await serve({}, { tls: { ...server, ca: [client.cert], requestCert: true, rejectUnauthorized: true } });
    const refused = initiate(port, undefined, { tls: { ca: [server.cert] } });
    await delay(150);
    expect(own.loggedOn).toBe(false);
    await refused.initiator.stop();
    const { initiator } = initiate(port, undefined, { tls: { ...client, ca: [server.cert] } });
    await until(() => own.loggedOn && initiator.session.loggedOn);
    sendOrder(initiator.session, 'secret');
    await until(() => app.log.some((line) => line.endsWith('secret')));
  });
  if (!hasOpenssl) console.warn('openssl is not installed: the TLS test was skipped');
});
