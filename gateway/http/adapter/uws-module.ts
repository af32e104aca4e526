// Loading of the native server, which has builds for some platforms and versions of Node only. Nothing else imports it.
import { HEADER_BYTES_MAX } from './limits.ts';

/** The module, with the constant its own types leave out. */
export type Uws = typeof import('uWebSockets.js') & { readonly LIBUS_LISTEN_EXCLUSIVE_PORT: number };

/** Loads uWebSockets.js. Rejects where it has no build. */
export async function loadUws(): Promise<Uws> {
  // Read when the first server is made, and by no other means.
  process.env['UWS_HTTP_MAX_HEADERS_SIZE'] = String(HEADER_BYTES_MAX);
  return (await import('uWebSockets.js')) as unknown as Uws;
}
