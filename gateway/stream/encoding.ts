// The two subprotocols: the same messages as JSON in text frames, or as MessagePack in binary frames.
import { Packr } from 'msgpackr';

/** Name of the subprotocol that speaks JSON. */
export const JSON_PROTOCOL = 'tarazu.margin.json';
/** Name of the subprotocol that speaks MessagePack. */
export const MSGPACK_PROTOCOL = 'tarazu.margin.msgpack';

/** A message ready for any number of sockets. */
export interface Encoded {
  readonly data: Uint8Array;
  readonly isText: boolean;
}

/** Plain maps, so that any MessagePack reader reads them; numbers as JSON has them (no int64, which readers turn into BigInt). */
const packr = new Packr({ useRecords: false, variableMapSize: true });
const REASON_LENGTH_MAX = 200;

/** Encodes a message for a subprotocol. */
export function encode(protocol: string, message: object): Encoded {
  if (protocol !== MSGPACK_PROTOCOL) return { data: Buffer.from(JSON.stringify(message)), isText: true };
  // The packer goes on writing in the memory it hands out.
  return { data: Uint8Array.from(packr.pack(message)), isText: false };
}

/** Decodes what a client of a subprotocol said. Throws with a reason a client may be shown. */
export function decode(protocol: string, data: string | Uint8Array): unknown {
  try {
    if (protocol === MSGPACK_PROTOCOL && typeof data !== 'string') return packr.unpack(Buffer.from(data));
    return JSON.parse(typeof data === 'string' ? data : new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch (error) {
    throw new Error(error instanceof Error ? error.message.slice(0, REASON_LENGTH_MAX) : 'unreadable');
  }
}
