// Calls of the night's routes. A failure becomes an ApiError with the server's own sentence; 401 ends the session.
import { ApiError } from '/kit/api-error.js';
import { session } from './session.js';

const GAVE_UP_AFTER_MILLIS = 15_000;
const UNAUTHORIZED = 401;
/** The server waits until the engine has taken a correction. */
const SENDING_MILLIS = 45_000;

/**
 * One request with the person's token; rejects with ApiError unless it is answered 2xx or 304.
 * @param {string} path
 * @param {{ query?: Record<string, string | number>, body?: unknown, headers?: Record<string, string>, signal?: AbortSignal }} [more]
 */
export async function ask(path, { query = {}, body, headers = {}, signal = AbortSignal.timeout(GAVE_UP_AFTER_MILLIS) } = {}) {
  const { token } = session;
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  /** @type {Record<string, string>} */
  const all = { authorization: `Bearer ${token}`, ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  let response;
  try {
    response = await fetch(`${path}${search === '' ? '' : `?${search}`}`, { ...sent, headers: all, cache: 'no-store', signal });
  } catch {
    throw new ApiError(0, 'The night’s server cannot be reached.');
  }
  if (response.ok || response.status === 304) return response;
  /** @type {{ error?: string }} */
  const { error = `The server answered ${response.status}.` } = await response.json().catch(() => ({}));
  if (response.status === UNAUTHORIZED && token === session.token) session.refused('The server does not know this token.');
  throw new ApiError(response.status, error);
}

/**
 * GET of JSON.
 * @template Answer
 * @param {string} path
 * @param {Record<string, string | number>} [query]
 * @returns {Promise<Answer>}
 */
export async function get(path, query = {}) {
  return (await ask(path, { query })).json();
}

/**
 * Does an act; resolves to what it did, in words.
 * @param {Record<string, unknown>} act
 * @returns {Promise<string>}
 */
export async function act(act) {
  return (await (await ask('/v1/night/acts', { body: act })).json()).said;
}

/**
 * Does an act on a trade break; resolves to what it did, in words.
 * @param {Record<string, unknown>} act
 * @returns {Promise<string>}
 */
export async function actOnBreak(act) {
  return (await (await ask('/v1/breaks/acts', { body: act, signal: AbortSignal.timeout(SENDING_MILLIS) })).json()).said;
}
