// Which server: the native one where it loads, else the twin on node:http and ws.
import type { Logger } from '../../log.ts';
import type { HttpAdapter } from './http-adapter.ts';
import { NodeHttpAdapter } from './node-http-adapter.ts';
import { UwsHttpAdapter } from './uws-http-adapter.ts';
import { loadUws } from './uws-module.ts';

/** `http.server` of tarazu.json. auto: uws where its native module loads, else node. */
export type ServerChoice = 'auto' | 'uws' | 'node';

/** An adapter that does not listen yet. Rejects when uws is asked for by name and does not load. */
export async function openAdapter(choice: ServerChoice, log: Pick<Logger, 'warn'>, load: typeof loadUws = loadUws): Promise<HttpAdapter> {
  if (choice === 'node') return new NodeHttpAdapter();
  try {
    return new UwsHttpAdapter(await load());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (choice === 'uws') throw new Error(`http.server: uWebSockets.js does not load here: ${reason}`);
    log.warn({ reason }, 'uWebSockets.js does not load here; node:http and ws take its place (http.server: node says so on purpose)');
    return new NodeHttpAdapter();
  }
}
