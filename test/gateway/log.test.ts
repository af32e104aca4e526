// Redaction: none of these may be found in a log, whichever way it got there.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newLogger } from '../../gateway/log.ts';
import { runInTrace } from '../../gateway/trace/current-trace.ts';

function logged(write: (log: ReturnType<typeof newLogger>) => void): string {
  const lines: string[] = [];
  write(newLogger('info', { write: (line: string) => void lines.push(line) }));
  return lines.join('');
}

it.each([
  ['PAN in a message', (log: ReturnType<typeof newLogger>) => log.info('client ABCPE1234F joined'), 'ABCPE1234F'],
  ['PAN in any field', (log: ReturnType<typeof newLogger>) => log.info({ note: 'of abcpe1234f' }, 'x'), 'abcpe1234f'],
  ['PAN in an error', (log: ReturnType<typeof newLogger>) => log.error({ error: new Error('no ABCPE1234F') }, 'x'), 'ABCPE1234F'],
  ['Aadhaar with spaces', (log: ReturnType<typeof newLogger>) => log.info('id 2345 6789 0123'), '6789'],
  ['Aadhaar in a nested list', (log: ReturnType<typeof newLogger>) => log.info({ a: [{ b: '234567890123' }] }, 'x'), '234567890123'],
  ['bank account', (log: ReturnType<typeof newLogger>) => log.info('paid to 50100123456789'), '50100123456789'],
  ['account field', (log: ReturnType<typeof newLogger>) => log.info({ account: 'C0042' }, 'x'), 'C0042'],
  ['nested account field', (log: ReturnType<typeof newLogger>) => log.info({ order: { account: 'C0042' } }, 'x'), 'C0042'],
  ['bearer token', (log: ReturnType<typeof newLogger>) => log.info('got Bearer abcdef.ghi-jkl'), 'abcdef'],
  ['JSON web token', (log: ReturnType<typeof newLogger>) => log.info({ header: 'eyJhbGciOi.eyJzdWIi.c2ln' }, 'x'), 'c2ln'],
])('takes out %s', (_, write, secret) => {
  const text = logged(write);
  expect(text).not.toContain(secret);
  expect(text).toMatch(/\[(pan|aadhaar|number|redacted|token)\]/);
});

it('leaves what operations need', () => {
  const text = logged((log) => log.info({ session: 'FIX.4.4:TARAZU->OMS', slot: 17, sequence: 123_456_789_012 }, 'resend served'));
  expect(JSON.parse(text)).toMatchObject({ session: 'FIX.4.4:TARAZU->OMS', slot: 17, sequence: 123_456_789_012, msg: 'resend served' });
});

const letter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const digits = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((each) => each.join(''));
const segment = fc.stringMatching(/^[A-Za-z0-9_-]{4,30}$/);
const pan = fc
  .tuple(letter, letter, letter, fc.constantFrom(...'ABCFGHLJPT'), letter, digits(4), letter, fc.boolean())
  .map(([a, b, c, d, e, number, f, lower]) => (lower ? `${a}${b}${c}${d}${e}${number}${f}`.toLowerCase() : `${a}${b}${c}${d}${e}${number}${f}`));
const aadhaar = fc
  .tuple(fc.integer({ min: 2, max: 9 }), digits(3), digits(4), digits(4), fc.constantFrom('', ' ', '-'))
  .map(([a, b, c, d, gap]) => `${a}${b}${gap}${c}${gap}${d}`);
const jwt = fc.tuple(segment, segment, segment).map(([a, b, c]) => `eyJ${a}.eyJ${b}.${c}`);
const secret = fc.oneof(pan, aadhaar, jwt, digits(14));

/** A value with the text in it somewhere: deep, in a list, in a key, in an error and its cause, in a map, behind toJSON. */
const hidden = (text: string): fc.Arbitrary<unknown> =>
  fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constant(text),
      fc
        .tuple(fc.constantFrom('of ', 'x=', '{"a":"', '', '/path/', '\n', 'ü'), fc.constantFrom(' and more', '', '"}', '&b=1', '.', '_x'))
        .map(([a, b]) => `${a}${text}${b}`),
      fc.constant(new Error(`failed for ${text}`)),
      fc.constant(new Error('outer', { cause: new Error(text) })),
      fc.constant(Object.assign(new Error('more'), { detail: text })),
      fc.constant(new Map([['who', text]])),
      fc.constant(new Set([text])),
      fc.constant({ toJSON: () => ({ text }) }),
      fc.constant({ [text]: 1 }),
      tie('value').map((value) => ({ a: value, b: 2 })),
      tie('value').map((value) => [1, value]),
    ),
  })).value;

it('lets no identity through, wherever it hides', () => {
  fc.assert(
    fc.property(
      secret.chain((text) => fc.tuple(fc.constant(text), hidden(text), hidden(text), fc.boolean())),
      ([text, value, other, bound]) => {
        const lines = logged((log) => {
          (bound ? log.child({ client: other }).child({ again: text }) : log).info({ value }, `said ${text} of %s and %j`, text, other as object);
          log.warn(new Error(`no ${text}`));
          log.error(new Error('x', { cause: text }), `because of ${text}`);
          log.info(value as object, 'bare');
        });
        expect(lines).not.toContain(text);
        expect(lines.toLowerCase()).not.toContain(text.toLowerCase());
        for (const line of lines.trim().split('\n')) JSON.parse(line);
      },
    ),
    { numRuns: 400 },
  );
});

it('cuts cycles, depth and bytes instead of following them', () => {
  const loop: Record<string, unknown> = { name: 'loop' };
  loop['self'] = loop;
  let deep: unknown = 'ABCPE1234F';
  for (let i = 0; i < 30; i++) deep = { deep };
  const text = logged((log) => log.info({ loop, deep, bytes: Buffer.from('ABCPE1234F'), at: new Date(0), big: 234567890123n, run: () => 1 }, 'x'));
  expect(JSON.parse(text)).toMatchObject({
    loop: { name: 'loop', self: '[circular]' },
    bytes: '[10 bytes]',
    at: '1970-01-01T00:00:00.000Z',
    big: '[aadhaar]',
  });
  expect(text).not.toContain('ABCPE1234F');
});

it('keeps its own ids whole, although nine digits may stand in a row in them', () => {
  const ids = {
    traceId: '4bf92f3577b34da6a3ce929123456789',
    spanId: '1234567890123456',
    requestId: 'tz_12345678-1234-1234-1234-123456789012',
    hash: '9'.repeat(64),
  };
  expect(JSON.parse(logged((log) => log.info(ids, 'x')))).toMatchObject(ids);
  expect(logged((log) => log.info({ note: '1234567890123456' }, 'x'))).not.toContain('1234567890123456');
});

it('writes the trace of the request being served on every line', () => {
  const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', isSampled: true };
  const text = logged((log) => {
    runInTrace({ trace, parentId: '' }, () => log.info('inside'));
    log.info('outside');
  });
  const [inside, outside] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(inside).toMatchObject({ traceId: trace.traceId, spanId: trace.spanId });
  expect(outside).not.toHaveProperty('traceId');
});
