// The runner of published acceptance definitions (`npm run test:fix-scripts`), tried on definitions of our own: it must read the form as it is published,
// pass what is right in each delivery, and find what is wrong.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, createEchoAcceptor } from '../../../gateway/fix/index.ts';
import { difference } from './definitions/comparison.ts';
import { readDefinition, SOH, withFrame, withTimes } from './definitions/definition.ts';
import { DELIVERIES, runDefinition, type Target } from './definitions/run-definition.ts';

const OWN = new URL('definitions/own/', import.meta.url);
const names = readdirSync(OWN);
const soh = (text: string): string => text.replaceAll('|', SOH);
const read = (name: string): string => readFileSync(new URL(name, OWN), 'latin1');

describe('reading a definition', () => {
  it('knows connections by number, comments, and messages', () => {
    const steps = readDefinition('# a\r\niCONNECT\r\n\r\nI8=FIX.4.4|\ni2,CONNECT\nE2,8=FIX.4.4|\ne2,DISCONNECT\ni1,DISCONNECT\n');
    expect(steps.map(({ line, verb, connection, text }) => `${line} ${verb} ${connection} ${text}`)).toEqual([
      '2 connect 1 ',
      '4 send 1 8=FIX.4.4|',
      '5 connect 2 ',
      '6 expect 2 8=FIX.4.4|',
      '7 expectDisconnect 2 ',
      '8 disconnect 1 ',
    ]);
  });

  it.each([
    ['iCONNECT\niCONNETC', 'line 2: not a step'],
    ['iCONNECT\n8=FIX.4.4|', 'line 2: not a step'],
    ['eCONNECT', 'line 1: not a step of an acceptor'],
    ['I8=FIX.4.4|', 'never connects'],
  ])('says what is no definition: %j', (text, message) => {
    expect(() => readDefinition(text)).toThrow(message);
  });

  it('puts in times, seconds earlier and later', () => {
    const at = Date.UTC(2026, 10, 20, 23, 59, 58, 700);
    expect(withTimes('52=<TIME>|60=<TIME+2>|122=<TIME-121>|', at)).toBe('52=20261120-23:59:58|60=20261121-00:00:00|122=20261120-23:57:57|');
  });

  // The bytes of "8=FIX.4.2|9=5|35=0|" sum to 161 modulo 256.
  it.each([
    ['8=FIX.4.2|35=0|', '8=FIX.4.2|9=5|35=0|10=161|', 'both absent'],
    ['8=FIX.4.2|9=5|35=0|', '8=FIX.4.2|9=5|35=0|10=161|', 'a length is kept'],
    ['8=FIX.4.2|35=0|10=7|', '8=FIX.4.2|9=4|35=0|10=7|', 'a checksum is kept, and not counted'],
    ['35=0|8=FIX.4.2|10=7|', '35=0|8=FIX.4.2|10=7|', 'does not begin with 8'],
  ])('frames %s', (text, framed) => {
    expect(withFrame(soh(text))).toBe(soh(framed));
  });
});

describe('comparing', () => {
  const received = withFrame(soh('8=FIX.4.4|35=8|34=2|52=20261120-10:00:00.123|37=77|58=a=b|'));
  it.each([
    ['8=FIX.4.4|9=48|35=8|34=2|52=00000000-00:00:00|37=1|58=a=b|10=000|', undefined],
    ['8=FIX.4.4|35=8|34=2|52=00000000-00:00:00|37=1|58=a=b|', undefined],
    ['8=FIX.4.4|9=52|35=8|34=2|52=00000000-00:00:00|37=1|58=a=b|', 'field 9 should be 52, is 48'],
    ['8=FIX.4.4|35=8|34=3|52=00000000-00:00:00|37=1|58=a=b|', 'field 34 should be 3, is 2'],
    ['8=FIX.4.4|35=8|34=2|52=00000000-00:00:00|37=1|58=a=c|', 'field 58 should be a=c, is a=b'],
    ['8=FIX.4.4|35=8|52=00000000-00:00:00|34=2|37=1|58=a=b|', 'expected tag 52, found 34=2'],
    ['8=FIX.4.4|35=8|34=2|52=00000000-00:00:00|37=1|', 'expected tag 10, found 58=a=b'],
    ['8=FIX.4.4|35=8|34=2|52=00000000-00:00:00|37=1|58=a=b|59=0|', 'expected tag 59, found 10='],
  ])('%s', (expected, fault) => {
    const found = difference(soh(expected), received);
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(fault);
  });

  it.each([
    ['9=48', '9=47', 'BodyLength is 47'],
    ['37=77', '37=78', 'CheckSum is'],
    ['9=48', '11=48', 'not a framed'],
  ])('refuses a frame that lies: %s as %s', (right, wrong, fault) => {
    expect(difference(received, received.replace(right, wrong))).toContain(fault);
  });
});

/** Passes while a definition waits for what comes by the clock, and at no other time: on a busy machine nobody is late with an answer. */
class HeldClock implements Clock {
  private at = 0;
  now(): number {
    return this.at;
  }
  begin(): void {
    this.at = Date.now() * 1_000;
  }
  advance(micros: number): void {
    this.at += micros;
  }
}

describe('running definitions', () => {
  const clock = new HeldClock();
  const acceptor = createEchoAcceptor(clock);
  let port = 0;
  beforeAll(async () => {
    clock.begin();
    port = await acceptor.listen(0);
  });
  afterAll(() => acceptor.close());
  const pass = (): void => {
    clock.advance(100_000);
    acceptor.tick();
  };
  const target = (): Target => {
    clock.begin();
    return { host: '127.0.0.1', port, answerMillis: 60_000, closeMillis: 60_000, pass };
  };

  it('has definitions to run', () => expect(names.length).toBe(4));
  for (const name of names) for (const delivery of DELIVERIES) it(`${name}, ${delivery}`, () => runDefinition(read(name), target(), delivery));

  it.each([
    ['an answer that differs', '108=20|10=0|', '108=21|10=0|', 'line 4: field 108 should be 21, is 20'],
    ['an end that does not come', 'eDISCONNECT', 'eDISCONNECT\neDISCONNECT\niCONNECT\neDISCONNECT', 'line 12: the connection stays open'],
    ['a message where the end should be', 'E8=FIX.4.4|35=D', 'eDISCONNECT\n#', 'line 6: expected the connection to end, received 8=FIX.4.4|'],
    ['an end where a message should be', 'eDISCONNECT', 'E8=FIX.4.4|35=0|', 'line 9: the connection was closed'],
    ['an unopened connection', 'iCONNECT', 'i2,CONNECT', 'line 3: connection 1 was never opened'],
  ])('finds %s', async (_, from, to, message) => {
    const text = read('order-comes-back.def').replaceAll(SOH, '|').replace(from, to);
    await expect(runDefinition(soh(text), { ...target(), closeMillis: 100 }, 'whole')).rejects.toThrow(message);
  });
});

describe('npm run test:fix-scripts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tarazu-definitions-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (...args: string[]): Promise<string> =>
    new Promise((resolve) => {
      const program = new URL('definitions/main.ts', import.meta.url).pathname;
      execFile(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], (error, stdout, stderr) =>
        resolve(`${error?.code ?? 0}\n${stdout}${stderr}`.replace(/ +\d+\.\d s/g, '')),
      );
    });

  it('prints a line a definition and how many passed; one that failed makes the exit code 1', async () => {
    writeFileSync(join(folder, 'a.def'), read('order-comes-back.def'));
    writeFileSync(join(folder, 'b.def'), 'iCONNECT\niCONNETC\n');
    expect(await run(folder, '--delivery', 'coalesced')).toBe(
      "1\npass  a\nFAIL  b: line 2: not a step of an acceptor's definition: iCONNETC\n1 passed, 1 failed\n",
    );
  });

  it('says how it is used', async () => {
    expect(await run('--delivery', 'slowly', folder)).toMatch(/^2\nusage: /);
  });
});
