// Which of the 256 slots a key lives in. For ever: another formula would move clients between slots.
import { assert } from './assert.ts';
import { ACCOUNT_BYTES } from './command/layout.ts';
import { hashField, hashText } from './state/hash-bytes.ts';
import { SLOT_COUNT, type Slot, slot } from './units.ts';

const SLOT_SEED = 0x74617261;

/** Slot of a risk group (a keyed token of the PAN, ASCII), where all accounts of one person live. */
export function slotOf(riskGroup: string): Slot {
  assert(riskGroup.length > 0, 'slot of an empty risk group');
  return slot(hashText(riskGroup, SLOT_SEED) & (SLOT_COUNT - 1));
}

/** Slot an account nobody has opened is sent to, to be rejected there: hash of its zero-padded bytes at `at`. */
export function slotOfAccountBytes(bytes: Uint8Array, at: number): Slot {
  assert(at >= 0 && at < bytes.length, 'account bytes outside their record');
  return slot(hashField(bytes, at, ACCOUNT_BYTES, SLOT_SEED) & (SLOT_COUNT - 1));
}
