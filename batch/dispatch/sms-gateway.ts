// The DLT gateway over HTTP: entity, header, template id, number and text, with the message's id as Idempotency-Key. It answers {"id"} when it took the message
// and {"code"} when it did not. Whether it was taken is unknown when the answer is lost: sent again with the same key, the gateway says DLT_DUPLICATE.
import { readFileSync } from 'node:fs';
import type { SmsSettings } from '../notes/broker.ts';
import { TransientFault } from '../runner/index.ts';

/** One message. */
export interface TextMessage {
  readonly id: string;
  readonly mobile: string;
  readonly text: string;
}

/** Taken, or why not. */
export type TextAnswer = { readonly id: string } | { readonly code: string };

/** A gateway of text messages. */
export interface SmsGateway {
  /** Throws TransientFault when nobody knows or nothing could be sent. */
  send(message: TextMessage): Promise<TextAnswer>;
}

const TIMEOUT_MS = 30_000;
const VARIABLE = '{#var#}';

/** The registered text with its variables filled, in turn. */
export function filledTemplate(template: string, values: readonly string[]): string {
  let next = 0;
  return template.replaceAll(VARIABLE, () => values[next++] ?? '');
}

/** The gateway of broker.json. */
export function httpSmsGateway({ url, tokenFile, entityId, header, templateId }: SmsSettings): SmsGateway {
  const token = readFileSync(tokenFile, 'utf8').trimEnd();
  return {
    send: async ({ id, mobile, text }) => {
      const body = JSON.stringify({ entityId, header, templateId, to: `91${mobile}`, text });
      const headers = { authorization: `Bearer ${token}`, 'idempotency-key': id, 'content-type': 'application/json' };
      try {
        const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
        const answer = (await response.json()) as { id?: unknown; code?: unknown };
        if (typeof answer.code === 'string') return { code: answer.code };
        if (response.ok && typeof answer.id === 'string') return { id: answer.id };
        throw new Error(`answered ${response.status}`);
      } catch (error) {
        throw new TransientFault(`text gateway: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
}
