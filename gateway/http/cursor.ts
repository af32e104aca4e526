// Cursors of lists: where the next page begins, signed for its list, so that a caller can hand one back but not make one up. The key lives as long as
// the process; after a restart a list is begun anew.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { refusal } from './http-error.ts';

const KEY: Buffer = randomBytes(32);
const TAG_BYTES = 12;
const CURSOR = /^[A-Za-z0-9_-]{17,400}$/;

/** Values that say where a page begins. */
export type CursorValues = readonly (string | number)[];

/** A cursor of `list` (route and everything its order depends on). */
export function sealCursor(list: string, values: CursorValues): string {
  const payload = Buffer.from(JSON.stringify(values));
  return Buffer.concat([tagOf(list, payload), payload]).toString('base64url');
}

/** What a cursor says; refuses with 400 one of another list, of another process, or altered. */
export function openCursor(list: string, cursor: string): CursorValues {
  const bytes = CURSOR.test(cursor) ? Buffer.from(cursor, 'base64url') : Buffer.alloc(0);
  const payload = bytes.subarray(TAG_BYTES);
  if (payload.length === 0 || !timingSafeEqual(bytes.subarray(0, TAG_BYTES), tagOf(list, payload)))
    throw refusal('TZ-CURSOR', 'the cursor is not one of this list: begin again without it');
  return JSON.parse(payload.toString()) as CursorValues;
}

function tagOf(list: string, payload: Buffer): Buffer {
  return createHmac('sha256', KEY).update(list).update('\0').update(payload).digest().subarray(0, TAG_BYTES);
}
