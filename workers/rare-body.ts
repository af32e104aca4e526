// Bodies of rare commands: a MessagePack map behind the command header. Encoding happens in the gateway and batch, decoding in the shard.
// A body that cannot be decoded is undefined, which the fold answers as CommandRefused.
import { Packr } from 'msgpackr';
import { assert, CommandView, commandName, RareBody, RECORD_BYTES_MAX } from '../engine/index.ts';

const packr = new Packr({ useRecords: false, int64AsType: 'number', variableMapSize: true });

/** A rare command as one record of its own: header, body size, MessagePack map, zero padding. Throws RangeError beyond RECORD_BYTES_MAX. */
export function rareCommand(kind: number, slot: number, body: object): CommandView {
  const packed = packr.pack(body);
  const length = (RareBody.body + packed.length + 7) & ~7;
  if (length > RECORD_BYTES_MAX) throw new RangeError(`${commandName(kind)}: body of ${packed.length} bytes is more than a record takes`);
  const bytes = new Uint8Array(length);
  const view = new CommandView().wrap(bytes, new DataView(bytes.buffer), 0);
  view.begin(kind, length, slot).setU32(RareBody.bodyBytes, packed.length);
  bytes.set(packed, RareBody.body);
  return view;
}

/** The decoded body of a rare command, or undefined when its bytes are no MessagePack map. */
export function decodeRareBody(command: CommandView): unknown {
  const size = command.u32(RareBody.bodyBytes);
  const from = command.at + RareBody.body;
  assert(from <= command.bytes.length, 'rare command shorter than its header');
  if (RareBody.body + size > command.length) return undefined;
  try {
    const body: unknown = packr.unpack(command.bytes.subarray(from, from + size));
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}
