// What a client may say on the stream, checked. Anything else is answered with an error and changes nothing.
import { z } from 'zod';
import { decode } from './encoding.ts';

/** Bounds of a subscription's conflation interval, milliseconds. */
const INTERVAL_MS = { least: 50, usual: 250, most: 5_000 } as const;

const topic = z.string().regex(/^(client:[\x21-\x7e]{1,16}|desk|alerts)$/, 'must be client:ACCOUNT, desk or alerts');

/** A checked message. */
export type ClientMessage =
  | {
      readonly op: 'subscribe';
      readonly topic: string;
      /** Resume: number of the state held, of the stream named. */
      readonly after?: number | undefined;
      readonly stream?: string | undefined;
      readonly interval_ms: number;
    }
  | { readonly op: 'unsubscribe'; readonly topic: string }
  | { readonly op: 'ping' };

const schema: z.ZodType<ClientMessage> = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('subscribe'),
    topic,
    after: z.int().min(0).optional(),
    stream: z.string().max(40).optional(),
    interval_ms: z.int().min(INTERVAL_MS.least).max(INTERVAL_MS.most).default(INTERVAL_MS.usual),
  }),
  z.strictObject({ op: z.literal('unsubscribe'), topic }),
  z.strictObject({ op: z.literal('ping') }),
]);

/** The message, or what is wrong with it. */
export function readClientMessage(protocol: string, data: string | Uint8Array): ClientMessage | { readonly op: 'bad'; readonly reason: string } {
  let value: unknown;
  try {
    value = decode(protocol, data);
  } catch (error) {
    return { op: 'bad', reason: `the message cannot be read: ${error instanceof Error ? error.message : 'unreadable'}` };
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue === undefined ? '' : z.core.toDotPath(issue.path);
  return { op: 'bad', reason: `${field === '' ? '' : `${field}: `}${issue?.message ?? 'not a message of the stream'}` };
}
