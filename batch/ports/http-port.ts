// A counterparty over HTTP: an instruction is posted with its key in Idempotency-Key, and can be asked about by that key. What the status means for
// money: 2xx done, 4xx refused for good (but 408, 409, 425 and 429), a connection that could not be opened was not sent, everything else is unknown.
import { type CallPort, type Inquiry, type Outputs, PermanentFault, TransientFault, UnansweredCall } from '../runner/index.ts';

/** Where and how. */
export interface HttpEndpoint {
  /** Base address; loopback in tests and demos. */
  readonly base: string;
  /** Path instructions are posted to, below the base. */
  readonly path: string;
  readonly token: string;
  readonly timeoutSeconds: number;
}

const REQUEST_TIMEOUT = 408;
const CONFLICT = 409;
const TOO_EARLY = 425;
const TOO_MANY = 429;
/** Not refused: too soon, too often, or the same key is still being worked on. */
const NOT_FINAL = new Set([REQUEST_TIMEOUT, CONFLICT, TOO_EARLY, TOO_MANY]);
/** The connection was never made: nothing can have been done. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);
const MILLIS = 1000;

/** See the file's head. */
export class HttpPort implements CallPort {
  readonly name: string;
  private readonly endpoint: HttpEndpoint;

  constructor(name: string, endpoint: HttpEndpoint) {
    this.name = name;
    this.endpoint = endpoint;
  }

  async call(key: string, request: Outputs): Promise<Outputs> {
    const response = await this.send('POST', this.endpoint.path, key, JSON.stringify(request));
    if (NOT_FINAL.has(response.status)) {
      // A 409 says that this key is being worked on; the others that nothing was taken.
      if (response.status === CONFLICT) throw new UnansweredCall(`${this.name}: ${key} is still being worked on`);
      throw new TransientFault(`${this.name}: asked to come back later (${response.status})`);
    }
    if (response.status >= 400 && response.status < 500) throw new PermanentFault(`${this.name}: refused ${key}: ${await reasonOf(response)}`);
    if (!response.ok) throw new UnansweredCall(`${this.name}: answered ${response.status}`);
    const answer = await this.parsed(response, key);
    // Somebody else's answer says nothing about this key.
    if (typeof answer['key'] === 'string' && answer['key'] !== key)
      throw new UnansweredCall(`${this.name}: answered ${key} with what belongs to ${answer['key']}`);
    return answer;
  }

  /** Reads a page that lies beside the instructions: a statement, acknowledgements. Throws TransientFault when it cannot be had. */
  async read(page: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    const path = `${this.endpoint.path.slice(0, this.endpoint.path.lastIndexOf('/'))}/${page}?${new URLSearchParams(query)}`;
    try {
      const response = await this.send('GET', path, page);
      if (!response.ok) throw new TransientFault(`${this.name}: has no ${page} now (${response.status})`);
      return await response.json();
    } catch (error) {
      throw error instanceof TransientFault ? error : new TransientFault(`${this.name}: ${page} cannot be read: ${(error as Error).message}`);
    }
  }

  async inquire(key: string): Promise<Inquiry> {
    const response = await this.send('GET', `${this.endpoint.path}/by-key/${encodeURIComponent(key)}`, key).catch((error: unknown) => {
      throw error instanceof UnansweredCall ? new TransientFault(error.message) : error;
    });
    if (response.status === 404) return { found: 'nothing' };
    if (!response.ok) throw new TransientFault(`${this.name}: cannot say what became of ${key} (${response.status})`);
    const { state, answer, reason } = (await response.json()) as { state: string; answer?: Outputs; reason?: string };
    if (state === 'done') return { found: 'done', answer: answer ?? {} };
    if (state === 'refused') return { found: 'refused', reason: `${this.name}: ${reason ?? 'refused'}` };
    if (state === 'pending') return { found: 'pending' };
    throw new TransientFault(`${this.name}: says "${state}" of ${key}, which means nothing here`);
  }

  private async send(method: string, path: string, key: string, body?: string): Promise<Response> {
    const { base, token, timeoutSeconds } = this.endpoint;
    try {
      return await fetch(`${base}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'idempotency-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        signal: AbortSignal.timeout(timeoutSeconds * MILLIS),
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? '';
      if (NEVER_SENT.has(code)) throw new TransientFault(`${this.name}: ${base} cannot be reached (${code})`);
      throw new UnansweredCall(`${this.name}: no answer to ${key} (${code === '' ? (error as Error).message : code})`);
    }
  }

  /** A body that is cut or is no JSON leaves the outcome unknown. */
  private async parsed(response: Response, key: string): Promise<Outputs> {
    try {
      return (await response.json()) as Outputs;
    } catch {
      throw new UnansweredCall(`${this.name}: the answer to ${key} cannot be read`);
    }
  }
}

async function reasonOf(response: Response): Promise<string> {
  const text = await response.text().catch(() => '');
  return `${response.status} ${text.slice(0, 200)}`.trim();
}
