// What commands that talk to a running gateway share: where it listens and its token, from the same tarazu.json the gateway reads.
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { readToken } from '../http/bearer-token.ts';

/** Asks the gateway of a configuration; resolves to `data` of its answer. Throws with the gateway's own sentence when it refuses. */
export async function askGateway(configFile: string, path: string, body?: object): Promise<unknown> {
  const config = readConfig(configFile);
  const { host, port, tokenFile } = config.http;
  const token = readToken(tokenFile ?? join(config.dataDirectory, 'token'));
  const request = { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(body) };
  let response: Response;
  try {
    response = await fetch(`http://${host}:${port}${path}`, body === undefined ? {} : request);
  } catch {
    throw new Error(`no gateway answers on http://${host}:${port} (is it running with ${configFile}?)`);
  }
  const answer = (await response.json()) as { data: unknown; error: { message: string } | null };
  if (answer.error !== null) throw new Error(answer.error.message);
  return answer.data;
}
