// The codec by tables and by properties: values, framing however the bytes are cut, fields, encoding.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOfDays } from '../../../gateway/fix/codec/timestamp-writer.ts';
import {
  asciiBytes,
  asciiText,
  daysFromCivil,
  Frame,
  FrameScanner,
  Garble,
  MessageView,
  MessageWriter,
  parseInteger,
  parseQuantity,
  parseTicks,
  parseTimestamp,
} from '../../../gateway/fix/index.ts';
import { message, NOON } from './wire.ts';

const HEAD = asciiBytes('8=FIX.4.4\x019=');
const read = (parse: (bytes: Uint8Array, start: number, end: number) => number, text: string): number =>
  parse(asciiBytes(`x${text}y`), 1, text.length + 1);

describe('values', () => {
  it.each([
    ['0', 0],
    ['-7', -7],
    ['007', 7],
    ['999999999999999', 999_999_999_999_999],
    ['1000000000000000', Number.NaN],
    ['', Number.NaN],
    ['-', Number.NaN],
    ['+1', Number.NaN],
    ['1.0', Number.NaN],
    ['1 ', Number.NaN],
  ])('integer %j', (text, value) => expect(read(parseInteger, text)).toBe(value));

  it.each([
    ['1', 10_000],
    ['1234.56', 12_345_600],
    ['0.0001', 1],
    ['0.05', 500],
    ['.5', 5_000],
    ['5.', 50_000],
    ['-2.25', -22_500],
    ['1.23450000', 12_345],
    ['1.23456', Number.NaN],
    ['900719925474.0991', 9_007_199_254_740_991],
    ['900719925474.0992', Number.NaN],
    ['1e3', Number.NaN],
    ['1.2.3', Number.NaN],
    ['.', Number.NaN],
    ['', Number.NaN],
    ['--1', Number.NaN],
  ])('price in ticks %j', (text, value) => expect(read(parseTicks, text)).toBe(value));

  it.each([
    ['200', 200],
    ['002000.00', 2_000],
    ['200.5', Number.NaN],
    ['+200.00', Number.NaN],
  ])('quantity %j', (text, value) => expect(read(parseQuantity, text)).toBe(value));

  it.each([
    ['20261120-12:00:00', NOON],
    ['20261120-12:00:00.007', NOON + 7_000],
    ['20261120-12:00:00.000123', NOON + 123],
    ['20261120-12:00:00.000123999', NOON + 123],
    ['20240229-00:00:00', Date.UTC(2024, 1, 29) * 1_000],
    ['20230229-00:00:00', Number.NaN],
    ['20261320-12:00:00', Number.NaN],
    ['20261120-24:00:00', Number.NaN],
    ['20261120-12:00:60', NOON + 60_000_000],
    ['20261120-12:60:00', Number.NaN],
    ['20261120-12:00:00.0', Number.NaN],
    ['20261120 12:00:00', Number.NaN],
    ['20040415', Number.NaN],
  ])('timestamp %j', (text, value) => expect(read(parseTimestamp, text)).toBe(value));

  it('dates agree with the calendar for four centuries, both ways', () => {
    for (let days = -50_000; days < 100_000; days += 37) {
      const date = new Date(days * 86_400_000);
      const [y, m, d] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
      expect(dateOfDays(days)).toBe(y * 10_000 + m * 100 + d);
      expect(daysFromCivil(y, m, d)).toBe(days);
    }
  });
});

function frames(chunks: readonly Uint8Array[], scanner = new FrameScanner()): string[] {
  const found: string[] = [];
  for (const chunk of chunks) {
    scanner.push(chunk);
    while (scanner.next() === Frame.FOUND) found.push(asciiText(scanner.bytes, scanner.start, scanner.end));
  }
  return found;
}

describe('framing', () => {
  const noise = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constant('8='),
    fc.constant('8=FIX.4.4\x01'),
    fc.constant('\x0110=000\x01'),
    fc.constant('58=8=\x01'),
  );
  const whole = fc
    .tuple(fc.integer({ min: 1, max: 99_999 }), fc.stringMatching(/^[A-Za-z0-9 ]{0,40}$/))
    .map(([seq, text]) => message('0', seq, text === '' ? '' : `112=${text}`, NOON));

  it('finds the same messages however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 3, arbitrary: whole }, noise), { maxLength: 8 }),
        fc.array(fc.nat(60), { maxLength: 40 }),
        (parts, cuts) => {
          const stream = asciiBytes(parts.join(''));
          const chunks: Uint8Array[] = [];
          let at = 0;
          for (const cut of cuts) {
            chunks.push(stream.subarray(at, at + cut));
            at += cut;
          }
          chunks.push(stream.subarray(at));
          const single = Array.from(stream, (_, i) => stream.subarray(i, i + 1));
          const expected = frames([stream]);
          expect(frames(chunks)).toEqual(expected);
          expect(frames(single)).toEqual(expected);
        },
      ),
    );
  });

  it('finds every message of a clean stream', () => {
    fc.assert(
      fc.property(fc.array(whole, { maxLength: 6 }), (messages) => {
        expect(frames([asciiBytes(messages.join(''))])).toEqual(messages);
      }),
    );
  });

  it('a length too long swallows the next message whole, no more', () => {
    const bad = message('0', 1, '', NOON).replace(/9=\d+/, '9=90');
    expect(frames([asciiBytes(bad + message('0', 2, '', NOON) + message('0', 3, '', NOON))])).toEqual([
      bad + message('0', 2, '', NOON),
      message('0', 3, '', NOON),
    ]);
  });

  it('gives a frame back to be found again', () => {
    const scanner = new FrameScanner();
    scanner.push(asciiBytes(message('0', 1, '', NOON) + message('0', 2, '', NOON)));
    expect(scanner.next()).toBe(Frame.FOUND);
    const first = scanner.end;
    scanner.unread();
    expect(scanner.next()).toBe(Frame.FOUND);
    expect(scanner.end).toBe(first);
  });

  it.each(['9=70000\x01', '9=999\x01'])('keeps no more than its bound of a message announced with %j', (length) => {
    const scanner = new FrameScanner(1_000);
    scanner.push(asciiBytes(`8=FIX.4.4\x01${length}`));
    let result: number = scanner.next();
    for (let i = 0; i < 100 && result === Frame.NONE; i++) {
      scanner.push(new Uint8Array(100).fill(0x41));
      result = scanner.next();
    }
    expect(result).toBe(Frame.OVERSIZED);
    expect(scanner.pending).toBeLessThanOrEqual(1_200);
  });

  it('never keeps noise', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (chunks) => {
        const scanner = new FrameScanner(500);
        for (const chunk of chunks) {
          scanner.push(chunk);
          let result: number = scanner.next();
          while (result === Frame.FOUND) result = scanner.next();
          if (result === Frame.OVERSIZED) return;
          expect(scanner.pending).toBeLessThanOrEqual(500);
        }
      }),
    );
  });
});

function scan(text: string): { readonly view: MessageView; readonly garble: number } {
  const view = new MessageView();
  const bytes = asciiBytes(text);
  return { view, garble: view.scan(bytes, 0, bytes.length) };
}

describe('fields', () => {
  it('reads each typed value, and absence', () => {
    const { view, garble } = scan(message('D', 7, '11=ABC|38=200.00|44=1.05|54=2|97=Y|5001=deep', NOON));
    expect(garble).toBe(Garble.none);
    expect([view.int(34), view.quantity(38), view.ticks(44), view.char(54), view.flag(97), view.text(11), view.text(5001)]).toEqual([
      7,
      200,
      10_500,
      0x32,
      true,
      'ABC',
      'deep',
    ]);
    expect([view.int(1), view.ticks(1), view.char(1), view.flag(1), view.text(1), view.has(1)]).toEqual([
      Number.NaN,
      Number.NaN,
      0,
      false,
      undefined,
      false,
    ]);
    expect(view.equals(11, asciiBytes('ABC'))).toBe(true);
    expect(view.equals(11, asciiBytes('ABD'))).toBe(false);
    const to = new Uint8Array(6).fill(9);
    expect(view.copy(11, to, 1, 4)).toBe(true);
    expect([...to]).toEqual([9, 65, 66, 67, 0, 9]);
    expect(view.copy(11, to, 1, 2)).toBe(false);
  });

  it('finds nothing of the message before', () => {
    const view = new MessageView();
    const first = asciiBytes(message('D', 1, '11=A|55=B|1=C', NOON));
    const second = asciiBytes(message('0', 2, '', NOON));
    view.scan(first, 0, first.length);
    view.scan(second, 0, second.length);
    expect([view.has(11), view.has(55), view.has(1), view.int(34)]).toEqual([false, false, false, 2]);
  });

  it('gives the first of repeated tags, and odd tags as written', () => {
    const { view } = scan(message('D', 1, '40=1|40=2|-1=x|0=y|007=z', NOON));
    expect(view.text(40)).toBe('1');
    const texts = Array.from({ length: view.count }, (_, i) => view.tagText(i));
    expect(texts.slice(-4)).toEqual(['-1', '0', '007', '10']);
    expect(Array.from(view.tags.subarray(view.count - 4, view.count))).toEqual([0, 0, 0, 10]);
  });

  it('reads data fields by their length, delimiters and trailers inside included', () => {
    const data = 'a\x0110=123\x01b=';
    const body = `35=0\x0134=1\x0149=OMS\x0152=20261120-12:00:00\x0156=TARAZU\x0195=${data.length}\x0196=${data}\x0158=after\x01`;
    const covered = `8=FIX.4.4\x019=${body.length}\x01${body}`;
    const text = `${covered}10=${String(asciiBytes(covered).reduce((a, b) => a + b, 0) % 256).padStart(3, '0')}\x01`;
    expect(frames([asciiBytes(text)])).toEqual([text]);
    const { view, garble } = scan(text);
    expect(garble).toBe(Garble.none);
    expect([view.text(96), view.text(58)]).toEqual([data, 'after']);
  });

  const good = message('0', 1, '112=x', NOON);
  it.each([
    ['checksum', good.replace(/10=\d/, (text) => (text === '10=0' ? '10=1' : '10=0')), Garble.checkSum],
    ['checksum of two digits', good.replace(/10=\d(\d\d)/, '10=$1'), Garble.checkSum],
    ['no tag', good.replace('112=x', '=2=xy'), Garble.fieldSyntax],
    ['letters for a tag', good.replace('112=x', 'abc=x'), Garble.fieldSyntax],
    ['no equals sign', good.replace('112=x', '112xx'), Garble.fieldSyntax],
    ['a tag beyond all bounds', good.replace('112=x', '99999999999=x'), Garble.fieldSyntax],
  ])('a message is garbled by %s', (_, text, garble) => expect(scan(text).garble).toBe(garble));
});

describe('encoding', () => {
  it('every written value reads back, at every body width', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.integer({ min: 0, max: 4e15 }),
        fc.array(fc.constantFrom('A', 'Z', '0', ' ', '='), { maxLength: 1_500 }),
        (number, ticks, micros, letters) => {
          const writer = new MessageWriter(64);
          const text = letters.join('');
          for (let turn = 0; turn < 2; turn++) {
            writer.begin(HEAD);
            writer
              .text(35, 'D')
              .ticks(44, ticks)
              .timestamp(60, micros)
              .text(58, text)
              .int(9_001, number % 1e15)
              .char(54, 0x31);
            writer.finish();
          }
          const view = new MessageView();
          const half = writer.end / 2;
          for (const at of [0, half]) {
            expect(view.scan(writer.bytes, at, at + half)).toBe(Garble.none);
            expect([view.ticks(44), view.timestamp(60), view.text(58), view.int(9_001)]).toEqual([
              ticks + 0,
              micros - (micros % 1_000),
              text,
              (number % 1e15) + 0,
            ]);
          }
        },
      ),
    );
  });

  it('a delimiter in a text cannot break the message', () => {
    const writer = new MessageWriter();
    writer.begin(HEAD);
    writer.text(35, '0').text(58, 'a\x0110=000\x01');
    writer.finish();
    const view = new MessageView();
    expect(view.scan(writer.bytes, 0, writer.end)).toBe(Garble.none);
    expect(view.text(58)).toBe('a 10=000 ');
  });

  it.each([
    [12_345_600, '1234.56'],
    [12_345_678, '1234.5678'],
    [0, '0.00'],
    [-500, '-0.05'],
    [5, '0.0005'],
  ])('%d ticks are written %s', (ticks, text) => {
    const writer = new MessageWriter();
    writer.begin(HEAD);
    writer.ticks(44, ticks);
    expect(asciiText(writer.bytes, 0, writer.end)).toContain(`44=${text}\x01`);
  });
});
