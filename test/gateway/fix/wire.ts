// A session on a wire made of strings: what a counterparty sends goes in with say(), what the session sends comes out of heard(). No socket, no clock
// but the one held here.
import {
  type Application,
  asciiBytes,
  MemoryStore,
  type MessageStore,
  MessageView,
  parseSessionSettings,
  Session,
} from '../../../gateway/fix/index.ts';
import { Disposition } from '../../../gateway/fix/session/disposition.ts';
import type { Link } from '../../../gateway/fix/session/link.ts';

export const NOON: number = Date.UTC(2026, 10, 20, 12) * 1_000;

export function millis(micros: number): string {
  return new Date(micros / 1_000).toISOString().slice(0, 23).replaceAll('-', '').replace('T', '-');
}

/** A whole message from TYPE, number and body fields ("112=X|58=Y"). */
export function message(type: string, seq: number, body: string, at: number, head = 'FIX.4.4'): string {
  const fields = `35=${type}|34=${seq}|49=OMS|52=${millis(at)}|56=TARAZU|${body === '' ? '' : `${body}|`}`.replaceAll('|', '\x01');
  const covered = `8=${head}\x019=${fields.length}\x01${fields}`;
  let sum = 0;
  for (let i = 0; i < covered.length; i++) sum += covered.charCodeAt(i);
  return `${covered}10=${String(sum % 256).padStart(3, '0')}\x01`;
}

export class RecordingApplication implements Application {
  readonly log: string[] = [];
  /** onMessage refuses while true. */
  full = false;
  onLogon(): void {
    this.log.push('logon');
  }
  onLogout(_session: Session, reason: string): void {
    this.log.push(`logout ${reason}`);
  }
  onReset(session: Session): void {
    this.log.push(`reset ${session.incarnation}`);
  }
  onMessage(_session: Session, view: MessageView, msgSeqNum: number): boolean {
    if (this.full) return false;
    this.log.push(`${msgSeqNum} ${view.text(35)} ${view.text(11) ?? ''}${view.flag(43) ? ' dup' : ''}${view.flag(97) ? ' resend' : ''}`);
    return true;
  }
}

export class Wire implements Link {
  now: number = NOON;
  backlog = 0;
  closed = '';
  workWanted = false;
  resumed = 0;
  readonly session: Session;
  readonly application: Application;
  readonly store: MessageStore;
  private out = '';
  private readonly view = new MessageView();

  constructor(settings: Readonly<Record<string, unknown>> = {}, application: Application = new RecordingApplication(), store?: MessageStore) {
    this.application = application;
    this.store = store ?? new MemoryStore(NOON);
    this.session = new Session({
      settings: parseSessionSettings({ SenderCompID: 'TARAZU', TargetCompID: 'OMS', ...settings }),
      application,
      store: this.store,
      clock: { now: () => this.now },
    });
  }

  connect(): this {
    this.closed = '';
    this.session.attach(this);
    return this;
  }

  /** Connects and logs on with number `seq`; the answer is left to be heard. */
  logOn(seq = 1, body = ''): this {
    this.connect();
    this.say('A', seq, `98=0|108=30${body === '' ? '' : `|${body}`}`);
    return this;
  }

  say(type: string, seq: number, body = ''): Disposition {
    return this.sayRaw(message(type, seq, body, this.now));
  }

  sayRaw(text: string): Disposition {
    const bytes = asciiBytes(text);
    if (this.view.scan(bytes, 0, bytes.length) !== 0) throw new Error(`garbled: ${text}`);
    const disposition = this.session.receive(this.view);
    this.flush();
    if (disposition === Disposition.CLOSE) this.close('closed by session');
    return disposition;
  }

  /** Everything sent since the last call: "TYPE SEQ body" each, header left out (43, 122 shown as dup). */
  heard(): string[] {
    this.flush();
    const whole = this.out;
    this.out = '';
    return whole
      .split(/(?=8=FIX)/)
      .filter((each) => each !== '')
      .map((each) => {
        const fields = each.split('\x01').slice(2, -2);
        const at = (tag: string): string => fields.find((field) => field.startsWith(`${tag}=`))?.slice(tag.length + 1) ?? '';
        const body = fields.filter((field) => !/^(35|34|43|49|50|52|56|57|122)=/.test(field));
        return `${at('35')} ${at('34')}${at('43') === 'Y' ? ' dup' : ''}${body.length === 0 ? '' : ` ${body.join('|')}`}`;
      });
  }

  /** Lets time pass in ticks of 0.1 s. */
  pass(seconds: number): void {
    for (let i = 0; i < Math.round(seconds * 10) && this.closed === ''; i++) {
      this.now += 100_000;
      this.session.tick();
    }
  }

  flush(): void {
    const { writer } = this.session;
    for (let i = 0; i < writer.end; i++) this.out += String.fromCharCode(writer.bytes[i] as number);
    writer.clear();
  }

  close(reason: string): void {
    if (this.closed !== '') return;
    this.flush();
    this.closed = reason;
    this.session.detach(reason);
  }

  wantWork(): void {
    this.workWanted = true;
  }

  resume(): void {
    this.resumed += 1;
    this.session.replay();
    this.flush();
  }
}
