// Is a FIX session to be had? Connects, sends Logon(A), waits for the other side's Logon(A), sends Logout(5). FIX 4.4, no encryption, sequence numbers reset by
// agreement. Sends no application message and keeps no session: that is the order management system's.
import { connect } from 'node:net';
import { PermanentFault, TransientFault } from '../runner/index.ts';

const SOH = '\u0001';

/** Who speaks to whom. */
export interface FixEnd {
  readonly type: string;
  readonly sender: string;
  readonly target: string;
  readonly sequence: number;
}

/** One message: header, the fields given, length and checksum. `time` as FIX UTCTimestamp. */
export function fixMessage(
  { type, sender, target, sequence }: FixEnd,
  fields: readonly (readonly [tag: number, value: string])[],
  time = '19700101-00:00:00',
): string {
  const body = [[35, type] as const, [49, sender] as const, [56, target] as const, [34, String(sequence)] as const, [52, time] as const, ...fields]
    .map(([tag, value]) => `${tag}=${value}${SOH}`)
    .join('');
  const whole = `8=FIX.4.4${SOH}9=${body.length}${SOH}${body}`;
  const sum = [...Buffer.from(whole, 'latin1')].reduce((total, byte) => total + byte, 0) % 256;
  return `${whole}10=${String(sum).padStart(3, '0')}${SOH}`;
}

/** Value of the first field of a tag, '' when there is none. */
export function fieldOf(message: string, tag: number): string {
  const start = `${SOH}${message}`.indexOf(`${SOH}${tag}=`);
  if (start < 0) return '';
  const from = start + `${tag}=`.length;
  const end = message.indexOf(SOH, from);
  return message.slice(from, end < 0 ? undefined : end);
}

/** A session to try. */
export interface FixLogon {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly senderCompId: string;
  readonly targetCompId: string;
  readonly timeoutSeconds: number;
}

/**
 * Resolves when the other side has answered Logon. Rejects with TransientFault when nobody answers, PermanentFault when it refuses with a reason.
 * `time` as FIX UTCTimestamp.
 */
export function tryFixLogon(session: FixLogon, time: string): Promise<void> {
  const { name, host, port, senderCompId: sender, targetCompId: target, timeoutSeconds } = session;
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new TransientFault(`${name}: ${host}:${port}: ${reason}`));
    };
    let received = '';
    socket.setTimeout(timeoutSeconds * 1000, () => fail('no answer to Logon'));
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => fail('closed without a Logon'));
    socket.on('connect', () => {
      const fields = [[98, '0'] as const, [108, '30'] as const, [141, 'Y'] as const];
      socket.write(fixMessage({ type: 'A', sender, target, sequence: 1 }, fields, time), 'latin1');
    });
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      if (!received.includes(`${SOH}10=`)) return;
      socket.removeAllListeners('close');
      if (fieldOf(received, 35) === 'A') {
        socket.end(fixMessage({ type: '5', sender, target, sequence: 2 }, [], time), 'latin1');
        resolve();
        return;
      }
      socket.destroy();
      reject(new PermanentFault(`${name}: answered Logon with message type ${fieldOf(received, 35)}: ${fieldOf(received, 58)}`));
    });
  });
}
