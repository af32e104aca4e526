// Is an address this very machine? What names clients goes no further unless the configuration says so.
import { isIP } from 'node:net';

/** True of localhost, 127/8 and ::1, brackets allowed. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}
