// Mail out, over SMTP. A message's id is made of the note's number and version, so that a message sent twice is recognised as one. Outside this
// machine nothing is sent without TLS. What the server says decides: 5xx is a bounce for good, everything else is tried again.
import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import type { MailEntry } from '../ports/ports-file.ts';

/** One message with one document. */
export interface NoteMail {
  /** Without brackets. */
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly attachment: { readonly name: string; readonly path: string };
}

/** Taken, refused for good, or not now. `said` is the server's sentence. */
export interface MailAnswer {
  readonly result: 'accepted' | 'bounced' | 'later';
  readonly said: string;
}

/** See the file's head. */
export interface MailSender {
  send(mail: NoteMail): Promise<MailAnswer>;
  close(): void;
}

export const MAIL_CONNECTIONS = 4;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);
const SAID_MAX = 200;

/** The mail server of ports.json. */
export function smtpSender({ host, port, from, user, passwordFile }: MailEntry): MailSender {
  const isHere = LOOPBACK.has(host);
  const auth = user === undefined || passwordFile === undefined ? {} : { auth: { user, pass: readFileSync(passwordFile, 'utf8').trimEnd() } };
  const transport = createTransport({ host, port, pool: true, maxConnections: MAIL_CONNECTIONS, requireTLS: !isHere, ignoreTLS: isHere, ...auth });
  return {
    send: async ({ messageId, to, subject, text, attachment }) => {
      try {
        const { response } = await transport.sendMail({
          messageId: `<${messageId}>`,
          from,
          to,
          subject,
          text,
          attachments: [{ filename: attachment.name, path: attachment.path, contentType: 'application/pdf' }],
        });
        return { result: 'accepted', said: response.slice(0, SAID_MAX) };
      } catch (error) {
        const { responseCode, response, message } = error as { responseCode?: number; response?: string; message: string };
        const isFinal = responseCode !== undefined && responseCode >= 500 && responseCode !== 530 && responseCode !== 535;
        return { result: isFinal ? 'bounced' : 'later', said: (response ?? message).slice(0, SAID_MAX) };
      }
    },
    close: () => transport.close(),
  };
}
