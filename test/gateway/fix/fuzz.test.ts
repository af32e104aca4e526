// Hostile bytes: whatever arrives, nothing throws, memory stays bounded, and no number is consumed that no good message carried.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asciiBytes, EchoApplication, Frame, FrameScanner, fix44Dictionary, Garble, MessageView } from '../../../gateway/fix/index.ts';
import { Disposition } from '../../../gateway/fix/session/disposition.ts';
import { message, millis, NOON, Wire } from './wire.ts';

const SOH = String.fromCharCode(1);
const SEALED = new RegExp(`^8=FIX\\.4\\.4${SOH}9=\\d+${SOH}(.*${SOH})10=\\d{3}${SOH}$`, 's');

const bodies: readonly (readonly [type: string, body: string])[] = [
  ['0', '112=x'],
  ['1', '112=x'],
  ['2', '7=1|16=0'],
  ['3', '45=1|371=55|372=D|373=5'],
  ['4', '36=9|123=Y'],
  ['4', '36=3'],
  ['5', '58=bye'],
  ['A', '98=0|108=30|141=Y'],
  ['D', `11=a|21=1|40=2|44=1.5|38=10|54=1|55=X|60=${millis(NOON)}|453=1|448=P|447=D|452=1|802=2|523=s|523=t`],
  ['D', `11=a|386=2|336=x|336=y|40=1|54=1|60=${millis(NOON)}|-1=q|0=r`],
  ['8', '37=1|17=1|150=0|39=0|54=1|151=1|14=0|6=0'],
  ['d', '320=a|322=b|323=6|454=0'],
];
const valid = fc.tuple(fc.constantFrom(...bodies), fc.integer({ min: 0, max: 12 })).map(([[type, body], seq]) => message(type, seq, body, NOON));
const mutated = fc
  .tuple(valid, fc.array(fc.tuple(fc.nat(400), fc.nat(255), fc.constantFrom('set', 'insert', 'delete', 'copy')), { minLength: 1, maxLength: 4 }))
  .map(([text, edits]) => {
    const bytes = [...asciiBytes(text)];
    for (const [at, value, edit] of edits) {
      const i = at % bytes.length;
      if (edit === 'set') bytes[i] = value;
      else if (edit === 'insert') bytes.splice(i, 0, value);
      else if (edit === 'delete') bytes.splice(i, 1 + (value % 8));
      else bytes.splice(i, 0, ...bytes.slice(i, i + value));
    }
    return resealed(bytes);
  });

/** Half of the mutations get a correct length and checksum again, so that they reach the session. */
function resealed(bytes: number[]): string {
  const text = String.fromCharCode(...bytes);
  const body = SEALED.exec(text)?.[1];
  if (body === undefined || body.length % 2 === 0) return text;
  const covered = `8=FIX.4.4\x019=${body.length}\x01${body}`;
  return `${covered}10=${String(asciiBytes(covered).reduce((a, b) => a + b, 0) % 256).padStart(3, '0')}\x01`;
}

it('random and mutated messages never throw and never grow without bound', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(valid, mutated, fc.string({ maxLength: 30 })), { maxLength: 20 }), (parts) => {
      const wire = new Wire({}, new EchoApplication(fix44Dictionary())).logOn();
      const scanner = new FrameScanner(2_000);
      const view = new MessageView();
      for (const part of parts) {
        scanner.push(asciiBytes(part));
        for (let frame = scanner.next(); frame === Frame.FOUND && wire.closed === ''; frame = scanner.next()) {
          if (view.scan(scanner.bytes, scanner.start, scanner.end) !== Garble.none) continue;
          const before = wire.store.nextInbound;
          const disposition = wire.session.receive(view);
          if (disposition === Disposition.CLOSE) wire.close('closed');
          const moved = wire.store.nextInbound - before;
          if (!view.has(36) && !view.flag(141)) expect(moved).toBeLessThanOrEqual(1 + wire.session.queue.size + 20);
          for (const line of wire.heard()) expect(line).toMatch(/^[0-9A-Za-z]{1,2} \d+/);
        }
        expect(scanner.pending).toBeLessThanOrEqual(6_000);
        expect(wire.session.queue.size).toBeLessThanOrEqual(30);
      }
    }),
    { numRuns: 1_500 },
  );
});

it('everything the session says is itself a valid message', () => {
  fc.assert(
    fc.property(fc.array(mutated, { maxLength: 10 }), (parts) => {
      const wire = new Wire({}, new EchoApplication(fix44Dictionary())).logOn();
      const view = new MessageView();
      const answer = new MessageView();
      for (const part of parts) {
        const bytes = asciiBytes(part);
        if (wire.closed !== '' || view.scan(bytes, 0, bytes.length) !== Garble.none) continue;
        wire.heard();
        if (wire.session.receive(view) === Disposition.CLOSE) wire.close('closed');
        const { writer } = wire.session;
        const scanner = new FrameScanner();
        scanner.push(writer.bytes.slice(0, writer.end));
        let end = 0;
        while (scanner.next() === Frame.FOUND) {
          expect(answer.scan(scanner.bytes, scanner.start, scanner.end)).toBe(Garble.none);
          end = scanner.end;
        }
        expect(end).toBe(writer.end);
      }
    }),
    { numRuns: 500 },
  );
});
