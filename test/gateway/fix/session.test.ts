// What certification scripts do not test: back-pressure, recovery, large resends, refusals, resets, hours, slow readers.
import { describe, expect, it } from 'vitest';
import { MemoryStore, type Session } from '../../../gateway/fix/index.ts';
import { Disposition } from '../../../gateway/fix/session/disposition.ts';
import { message, millis, NOON, RecordingApplication, Wire } from './wire.ts';

const ORDER = `21=1|40=2|44=1.5|38=1|54=1|55=X|60=${millis(NOON)}`;
const order = (id: string): string => `11=${id}|${ORDER}`;

describe('an application that cannot take a message', () => {
  it('gets it again, unconsumed, after resume', () => {
    const app = new RecordingApplication();
    const wire = new Wire({}, app).logOn();
    app.full = true;
    expect(wire.say('D', 2, order('a'))).toBe(Disposition.HOLD);
    expect(wire.session.paused).toBe(true);
    expect(wire.store.nextInbound).toBe(2);
    app.full = false;
    wire.session.resume();
    expect(wire.say('D', 2, order('a'))).toBe(Disposition.TAKEN);
    expect(app.log).toEqual(['logon', '2 D a']);
    expect(wire.store.nextInbound).toBe(3);
  });

  it('holds messages that waited for a gap, and takes them in order after resume', () => {
    const app = new RecordingApplication();
    const wire = new Wire({}, app).logOn();
    wire.say('D', 3, order('b'));
    wire.say('D', 4, order('c'));
    app.full = true;
    expect(wire.say('D', 2, order('a'))).toBe(Disposition.HOLD);
    app.full = false;
    wire.session.resume();
    expect(wire.say('D', 2, order('a'))).toBe(Disposition.TAKEN);
    expect(app.log.slice(1)).toEqual(['2 D a', '3 D b', '4 D c']);
    expect(wire.session.state.name).toBe('inSession');
  });
});

describe('exactly-once hooks', () => {
  it('starts with the numbers recovery supplies', () => {
    const store = new MemoryStore(NOON);
    store.setNextInbound(41);
    store.setNextOutbound(17);
    const wire = new Wire({}, new RecordingApplication(), store).logOn(41);
    expect(wire.heard()).toEqual(['A 17 98=0|108=30']);
    expect(store.nextInbound).toBe(42);
  });

  it('asks for what the recovered number says is missing', () => {
    const store = new MemoryStore(NOON);
    store.setNextInbound(5);
    const wire = new Wire({}, new RecordingApplication(), store).logOn(9);
    expect(wire.heard()).toEqual(['A 1 98=0|108=30', '2 2 7=5|16=0']);
  });

  it('reserves numbers while disconnected, and gap-fills or re-encodes them when asked', () => {
    class Reencoding extends RecordingApplication {
      reencode(session: Session, msgSeqNum: number): boolean {
        if (msgSeqNum !== 2) return false;
        session.openResend('8', msgSeqNum, NOON).int(37, 77);
        session.seal();
        return true;
      }
    }
    const wire = new Wire({}, new Reencoding()).logOn();
    wire.close('cut');
    expect(wire.session.reserve()).toBe(2);
    expect(wire.session.open('8', 2)).toBe(false);
    expect(wire.session.reserve()).toBe(3);
    wire.heard();
    wire.logOn(2);
    wire.say('2', 3, '7=2|16=0');
    expect(wire.heard()).toEqual(['A 4 98=0|108=30', '8 2 dup 37=77', '4 3 dup 36=5|123=Y']);
  });

  it('sends all messages of a turn in one flush', () => {
    const wire = new Wire().logOn();
    wire.heard();
    for (let i = 0; i < 3; i++) {
      const msgSeqNum = wire.session.reserve();
      if (wire.session.open('8', msgSeqNum)) {
        wire.session.writer.int(37, i);
        wire.session.seal();
      }
    }
    const before = wire.session.writer.end;
    expect(before).toBeGreaterThan(0);
    expect(wire.heard()).toEqual(['8 2 37=0', '8 3 37=1', '8 4 37=2']);
  });

  it('bumps the incarnation at every reset', () => {
    const app = new RecordingApplication();
    const wire = new Wire({}, app).logOn();
    wire.say('A', 1, '98=0|108=30|141=Y');
    wire.say('5', 2);
    wire.logOn(1, '141=Y');
    expect(app.log.filter((line) => line.startsWith('reset'))).toEqual(['reset 2', 'reset 3']);
    expect(wire.session.incarnation).toBe(3);
  });
});

describe('a large resend', () => {
  it('goes out in chunks with live traffic between, every message once', () => {
    const wire = new Wire().logOn();
    for (let i = 0; i < 10_000; i++) wire.session.send('8', (writer) => writer.int(37, i));
    wire.heard();
    wire.say('2', 2, '7=1|16=0');
    const first = wire.heard();
    expect(first.length).toBeLessThanOrEqual(501);
    expect(wire.workWanted).toBe(true);
    wire.say('1', 3, '112=ALIVE');
    expect(wire.heard()).toEqual(['0 10002 112=ALIVE']);
    const rest: string[] = [];
    for (let more = true; more; ) {
      more = wire.session.work();
      rest.push(...wire.heard());
    }
    const all = [...first, ...rest];
    expect(all.length).toBe(10_001);
    expect(all[0]).toBe('4 1 dup 36=2|123=Y');
    expect(all.slice(1)).toEqual(Array.from({ length: 10_000 }, (_, i) => `8 ${i + 2} dup 37=${i}`));
  });

  it('waits while the socket is congested', () => {
    const wire = new Wire({ OutboundHighWater: 1_000 }).logOn();
    for (let i = 0; i < 100; i++) wire.session.send('8', (writer) => writer.int(37, i));
    wire.heard();
    wire.backlog = 2_000;
    wire.say('2', 2, '7=2|16=0');
    expect(wire.heard()).toEqual([]);
    wire.backlog = 0;
    while (wire.session.work()) wire.flush();
    expect(wire.heard().length).toBe(100);
  });

  it('is repeated only when nothing came of the request', () => {
    const wire = new Wire({}).logOn();
    wire.say('0', 5);
    wire.say('0', 6);
    expect(wire.heard().slice(1)).toEqual(['2 2 7=2|16=0']);
    for (let i = 0; i < 4; i++) {
      wire.pass(8);
      wire.say('0', 7 + i);
    }
    expect(wire.heard().filter((line) => line.startsWith('2 '))).toEqual([expect.stringMatching(/^2 \d+ 7=2\|16=0$/)]);
  });

  it('asks in chunks when so configured', () => {
    const wire = new Wire({ ResendRequestChunkSize: 2 }).logOn();
    wire.say('0', 6);
    wire.say('0', 2, `43=Y|122=${millis(NOON)}`);
    wire.say('0', 3, `43=Y|122=${millis(NOON)}`);
    wire.say('4', 4, `43=Y|122=${millis(NOON)}|36=6|123=Y`);
    expect(wire.heard().slice(1)).toEqual(['2 2 7=2|16=3', '2 3 7=4|16=5']);
    expect(wire.session.state.name).toBe('inSession');
    expect(wire.store.nextInbound).toBe(7);
  });
});

describe('logon', () => {
  it('is refused with a text when the application says why', () => {
    const app = new RecordingApplication();
    const wire = new Wire({}, Object.assign(app, { canLogon: () => 'unknown user' })).logOn();
    expect(wire.heard()).toEqual(['5 1 58=unknown user']);
    expect(wire.closed).not.toBe('');
    expect(app.log).toEqual([]);
  });

  it('below the expected number is refused with a text', () => {
    const wire = new Wire().logOn();
    wire.say('5', 2);
    wire.heard();
    wire.logOn(1);
    expect(wire.heard()).toEqual(['5 3 58=MsgSeqNum too low, expecting 3 but received 1']);
  });

  for (const [what, body] of [
    ['an encryption method', '98=1|108=30'],
    ['a negative interval', '98=0|108=-1'],
    ['no interval', '98=0'],
  ] as const) {
    it(`with ${what} is dropped without a word`, () => {
      const wire = new Wire().connect();
      wire.say('A', 1, body);
      expect(wire.heard()).toEqual([]);
      expect(wire.closed).not.toBe('');
    });
  }

  it('with 789 below what was sent gets the rest without asking', () => {
    const wire = new Wire({ EnableNextExpectedMsgSeqNum: true }).logOn(1, '789=1');
    wire.session.send('8', (writer) => writer.int(37, 1));
    wire.close('cut');
    wire.heard();
    wire.logOn(2, '789=2');
    expect(wire.heard()).toEqual(['A 3 98=0|108=30|789=3', '8 2 dup 37=1']);
  });

  it('with 789 beyond what was sent is refused', () => {
    const wire = new Wire({ EnableNextExpectedMsgSeqNum: true }).logOn(1, '789=9');
    expect(wire.heard()).toEqual(['5 1 58=NextExpectedMsgSeqNum(789) too high, expecting at most 1 but received 9']);
  });
});

describe('time', () => {
  it('a clock that steps back or forward does not kill a live session', () => {
    const wire = new Wire().logOn();
    wire.now -= 3_600_000_000;
    wire.session.tick();
    wire.pass(31);
    expect(wire.closed).toBe('');
    wire.heard();
    wire.now += 7_200_000_000;
    wire.session.tick();
    wire.session.tick();
    expect(wire.closed).toBe('');
    expect(wire.heard()).toEqual([expect.stringContaining('112=TEST')]);
    wire.pass(35);
    expect(wire.closed).toBe('');
    wire.pass(3);
    expect(wire.closed).toContain('silent');
  });

  it('sending does not hide that the counterparty is silent', () => {
    const wire = new Wire().logOn();
    for (let i = 0; i < 90 && wire.closed === ''; i++) {
      wire.session.send('8', (writer) => writer.int(37, i));
      wire.pass(1);
    }
    expect(wire.closed).toContain('silent');
  });

  it('ends the session with its hours, and starts new numbers with the next', () => {
    const wire = new Wire({ StartTime: '09:00:00', EndTime: '12:00:10', TimeZone: 'UTC' }).logOn();
    wire.heard();
    wire.pass(11);
    expect(wire.heard()).toEqual(['5 2 58=session hours ended']);
    wire.say('5', 2);
    expect(wire.closed).not.toBe('');
    wire.logOn(3);
    expect(wire.heard()).toEqual([]);
    wire.now = NOON + 22 * 3_600_000_000;
    wire.logOn(1);
    expect(wire.heard()).toEqual(['A 1 98=0|108=30']);
    expect(wire.session.incarnation).toBe(2);
  });

  it('paused input is not silence', () => {
    const app = new RecordingApplication();
    const wire = new Wire({}, app).logOn();
    app.full = true;
    wire.say('D', 2, order('a'));
    wire.pass(300);
    expect(wire.closed).toBe('');
  });
});

describe('limits', () => {
  it('a reader too slow is dropped with the reason, its messages kept', () => {
    const app = new RecordingApplication();
    const wire = new Wire({ OutboundHighWater: 500, OutboundBytesMax: 2_000 }, app).logOn();
    wire.heard();
    expect(wire.session.congested).toBe(false);
    wire.backlog = 600;
    expect(wire.session.congested).toBe(true);
    for (let i = 0; i < 40; i++) wire.session.send('8', (writer) => writer.int(37, i));
    expect(wire.closed).toContain('slow reader');
    expect(app.log.at(-1)).toContain('slow reader');
    expect(wire.store.nextOutbound).toBe(42);
    for (let number = 2; number <= 41; number++) expect(wire.store.message(number)?.length).toBeGreaterThan(50);
    wire.backlog = 0;
    wire.heard();
    wire.logOn(2);
    wire.say('2', 3, '7=2|16=41');
    while (wire.session.resends.busy) {
      wire.flush();
      wire.session.work();
    }
    expect(wire.heard().filter((line) => line.startsWith('8 '))).toHaveLength(40);
  });

  it('answers application messages above the throttle and counts them', () => {
    const app = new RecordingApplication();
    const wire = new Wire({}, app).logOn();
    wire.heard();
    wire.session.throttled = true;
    wire.say('D', 2, order('a'));
    expect(wire.heard()).toEqual(['j 2 45=2|58=Throttle limit exceeded|372=D|380=0']);
    wire.session.throttled = false;
    wire.say('D', 3, order('b'));
    expect(app.log.at(-1)).toBe('3 D b');
  });

  it('a message without a number ends the session', () => {
    const wire = new Wire().logOn();
    wire.heard();
    wire.sayRaw(message('0', Number.NaN, '', wire.now));
    expect(wire.heard()).toEqual(['5 2 58=MsgSeqNum(34) is missing or not a number']);
    expect(wire.closed).not.toBe('');
  });
});

describe('possible duplicates and resends', () => {
  it('reach the application with their flags when their number is new', () => {
    const app = new RecordingApplication();
    const wire = new Wire({}, app).logOn();
    wire.say('D', 2, `43=Y|97=Y|122=${millis(NOON)}|${order('a')}`);
    expect(app.log.at(-1)).toBe('2 D a dup resend');
  });
});
