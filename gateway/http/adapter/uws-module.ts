// Loading of the native server, which has builds for some platforms and versions of Node only. Nothing else imports it.
import { HEADER_BYTES_MAX } from './limits.ts';

/** The module. */
export type Uws = typeof import('uWebSockets.js');

/** Loads uWebSockets.js. Rejects where it has no build. */
export function loadUws(): Promise<Uws> {
  // Read when the first server is made, and by no other means.
  process.env['UWS_HTTP_MAX_HEADERS_SIZE'] = String(HEADER_BYTES_MAX);
  return import('uWebSockets.js');
}
