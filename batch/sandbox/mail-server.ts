// The mail server of the sandbox: takes whatever comes and keeps it for tests to read; with mail-bounce on, the first recipients are refused.
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { FaultSwitches } from './faults.ts';

/** One message. */
export interface Message {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

/** A running server. */
export interface MailServer {
  readonly port: number;
  readonly messages: readonly Message[];
  close(): Promise<void>;
}

/** Starts it on loopback, without TLS or login. */
export async function startMailServer(faults: FaultSwitches): Promise<MailServer> {
  const messages: Message[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: (address, _session, done) => done(faults.play('mail-bounce') ? new Error(`550 ${address.address} is not here`) : null),
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        messages.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(parts).toString('utf8'),
        });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    messages,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
