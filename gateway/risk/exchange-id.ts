// Exchange order and trade ids have 24 bytes in a command. A longer one is a fact like any other: it is kept as a digest of itself, so that the same
// id always gives the same 24 bytes and another id gives others.
import { createHash } from 'node:crypto';
import { EXCHANGE_ID_BYTES } from '../../engine/index.ts';
import type { MessageView } from '../fix/codec/message-view.ts';

/** Writes the id under `tag` (zero bytes when absent) at to[at, at + 24). Allocates only for an id that does not fit. */
export function fitExchangeId(message: MessageView, tag: number, to: Uint8Array, at: number): void {
  if (message.index(tag) < 0 || message.copy(tag, to, at, EXCHANGE_ID_BYTES)) return;
  const digest = createHash('sha256')
    .update(message.text(tag) ?? '', 'latin1')
    .digest('base64url');
  for (let i = 0; i < EXCHANGE_ID_BYTES; i++) to[at + i] = digest.charCodeAt(i);
}
