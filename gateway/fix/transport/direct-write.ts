// Hands bytes straight to a socket's descriptor: half the time of a stream's write, whose bookkeeping costs more than the system call. Only for a
// plain connected socket whose stream holds nothing back; whatever it does not take goes through the stream, errors included.
import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';

/** What a stream shows of its handle where the platform gives a socket a descriptor (Linux, macOS); none on Windows and under TLS. */
interface Described {
  readonly _handle?: { readonly fd?: number } | null;
  readonly encrypted?: boolean;
}

/** Writes what the system takes at once of bytes[0, length); returns how many that was, 0 when the stream has to do it. */
export function writeDirectly(socket: Socket, bytes: Uint8Array, length: number): number {
  if (socket.writableLength > 0 || socket.connecting || !socket.writable) return 0;
  const { _handle, encrypted } = socket as Described;
  // Read at every write: a closed socket's descriptor may already be another's.
  const descriptor = _handle?.fd ?? -1;
  if (descriptor < 0 || encrypted === true) return 0;
  try {
    return writeSync(descriptor, bytes, 0, length);
  } catch {
    // A full buffer (EAGAIN), or a fault that the stream's own write meets again and reports.
    return 0;
  }
}
