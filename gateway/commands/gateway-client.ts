// What commands that talk to a running gateway share: where it listens and its token, from the same tarazu.json the gateway reads.
import { readConfig } from '../config.ts';
import { readToken, tokenPath } from '../http/auth/admin-token.ts';

/** Who asks, when it is not the machine's own admin token. */
export interface AskAs {
  /** File with a token of `tarazu token`; the admin token when undefined. */
  readonly tokenFile?: string | undefined;
}

/**
 * Asks the gateway of a configuration: GET, or POST when there is a body. Resolves to `data` of its answer; throws with the gateway's own sentence
 * when it refuses.
 */
export async function askGateway(configFile: string, path: string, body?: object, as: AskAs = {}): Promise<unknown> {
  const answer = (await (await request(configFile, path, body, as)).json()) as { data: unknown; error: { message: string } | null };
  if (answer.error !== null) throw new Error(answer.error.message);
  return answer.data;
}

/** GET of what is served as plain text. Throws with the gateway's own sentence when it refuses. */
export async function askGatewayText(configFile: string, path: string, as: AskAs = {}): Promise<string> {
  const response = await request(configFile, path, undefined, as);
  const text = await response.text();
  if (response.ok) return text;
  throw new Error((JSON.parse(text) as { error: { message: string } }).error.message);
}

async function request(configFile: string, path: string, body: object | undefined, as: AskAs): Promise<Response> {
  const config = readConfig(configFile);
  const { host, port } = config.http;
  const headers = { authorization: `Bearer ${readToken(as.tokenFile ?? tokenPath(config))}`, 'content-type': 'application/json' };
  try {
    return await fetch(`http://${host}:${port}${path}`, body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) });
  } catch {
    throw new Error(`no gateway answers on http://${host}:${port} (is it running with ${configFile}?)`);
  }
}
