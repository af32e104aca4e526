// Standard Webhooks: what is signed and how. HMAC-SHA256 over "id.timestamp.body", base64, with a version before it; secrets are "whsec_" and base64.
import { createHmac, timingSafeEqual } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES_MIN = 24;

/** The key in a secret's text. Throws RangeError when it is none, or too short to be one. */
export function webhookKey(secret: string): Buffer {
  const text = secret.trim();
  const key = Buffer.from(text.slice(PREFIX.length), 'base64');
  if (!text.startsWith(PREFIX) || key.length < SECRET_BYTES_MIN)
    throw new RangeError(`a webhook secret is "${PREFIX}" and at least ${SECRET_BYTES_MIN} bytes in base64`);
  return key;
}

/** Value of webhook-signature. `timestamp` in seconds since 1970. */
export function signWebhook(key: Buffer, id: string, timestamp: number, body: string): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** Whether one of the signatures in a header is right; for receivers, and for the test that plays one. */
export function isSignedBy(
  key: Buffer,
  headers: { readonly id: string; readonly timestamp: number; readonly signature: string },
  body: string,
): boolean {
  const expected = Buffer.from(signWebhook(key, headers.id, headers.timestamp, body));
  return headers.signature.split(' ').some((given) => {
    const bytes = Buffer.from(given);
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
}
