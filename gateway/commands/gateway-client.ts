// What commands that talk to a running gateway share: where it listens and its token, from the same tarazu.json the gateway reads.
import { readConfig } from '../config.ts';
import { readToken, tokenPath } from '../http/auth/admin-token.ts';

/** Asks the gateway of a configuration; resolves to `data` of its answer. Throws with the gateway's own sentence when it refuses. */
export async function askGateway(configFile: string, path: string, body?: object): Promise<unknown> {
  const config = readConfig(configFile);
  const { host, port } = config.http;
  // Reading is open to anyone on the host: only what changes something needs the token.
  const posted = (): RequestInit => ({
    method: 'POST',
    headers: { authorization: `Bearer ${readToken(tokenPath(config))}` },
    body: JSON.stringify(body),
  });
  const request = body === undefined ? {} : posted();
  let response: Response;
  try {
    response = await fetch(`http://${host}:${port}${path}`, request);
  } catch {
    throw new Error(`no gateway answers on http://${host}:${port} (is it running with ${configFile}?)`);
  }
  const answer = (await response.json()) as { data: unknown; error: { message: string } | null };
  if (answer.error !== null) throw new Error(answer.error.message);
  return answer.data;
}
