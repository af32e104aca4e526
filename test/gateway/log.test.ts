// Redaction: none of these may be found in a log, whichever way it got there.
import { expect, it } from 'vitest';
import { newLogger } from '../../gateway/log.ts';

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
