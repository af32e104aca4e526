// Calls of the gateway's API. Every answer is the envelope {data, error, meta}; a failure becomes an ApiError with the gateway's own words.
import { ApiError } from '/kit/api-error.js';
import { session } from './session.js';

const GAVE_UP_AFTER_MILLIS = 15_000;
const UNAUTHORIZED = 401;

/**
 * @template Answer
 * @typedef {{ data: Answer, next: string }} Page
 */

/**
 * GET; resolves to the data.
 * @template Answer
 * @param {string} path
 * @param {Record<string, string | number | undefined>} [query]
 * @returns {Promise<Answer>}
 */
export async function get(path, query = {}) {
  return /** @type {Page<Answer>} */ (await call('GET', path, { query })).data;
}

/**
 * GET of a list; `next` is the cursor of the next page, '' at the end.
 * @template Answer
 * @param {string} path
 * @param {Record<string, string | number | undefined>} [query]
 * @returns {Promise<Page<Answer>>}
 */
export async function getPage(path, query = {}) {
  return /** @type {Page<Answer>} */ (await call('GET', path, { query }));
}

/**
 * GET of text that has no envelope.
 * @param {string} path
 * @returns {Promise<string>}
 */
export async function getText(path) {
  const response = await fetch(path, {
    headers: { authorization: `Bearer ${session.token}` },
    cache: 'no-store',
    signal: AbortSignal.timeout(GAVE_UP_AFTER_MILLIS),
  }).catch(() => undefined);
  if (response?.ok === true) return response.text();
  throw new ApiError(response?.status ?? 0, `The file could not be had (${response?.status ?? 'no answer'}).`);
}

/**
 * POST, PUT, PATCH or DELETE; resolves to the data. `key` makes a repeat harmless: it goes out as Idempotency-Key.
 * @template Answer
 * @param {'POST' | 'PUT' | 'PATCH' | 'DELETE'} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {string} [key]
 * @returns {Promise<Answer>}
 */
export async function send(method, path, body, key = crypto.randomUUID()) {
  return /** @type {Page<Answer>} */ (await call(method, path, { body, key })).data;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{ query?: Record<string, string | number | undefined>, body?: unknown, key?: string }} more
 * @returns {Promise<Page<unknown>>}
 */
async function call(method, path, { query = {}, body, key }) {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  const token = session.token;
  /** @type {Record<string, string>} */
  const headers = { accept: 'application/json' };
  if (token !== '') headers.authorization = `Bearer ${token}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (key !== undefined) headers['idempotency-key'] = key;
  let response;
  try {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    response = await fetch(`${path}${search === '' ? '' : `?${search}`}`, {
      method,
      headers,
      ...sent,
      cache: 'no-store',
      signal: AbortSignal.timeout(GAVE_UP_AFTER_MILLIS),
    });
  } catch {
    throw new ApiError(0, 'The gateway cannot be reached.');
  }
  /** @type {{ data?: unknown, error?: { code?: string, message?: string, details?: unknown } | null, meta?: { next_cursor?: string } } | undefined} */
  const envelope = await response.json().catch(() => undefined);
  if (response.ok && envelope === undefined) throw new ApiError(0, 'The answer of the gateway broke off.');
  if (response.ok) return { data: envelope?.data, next: envelope?.meta?.next_cursor ?? '' };
  const { code = `HTTP-${response.status}`, message = `The gateway answered ${response.status}.`, details } = envelope?.error ?? {};
  if (response.status === UNAUTHORIZED && token === session.token) session.refused(`The gateway did not take this token: ${message}.`);
  throw new ApiError(response.status, message, { code, details });
}

/**
 * POST that changes nothing; resolves to the data.
 * @template Answer
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<Answer>}
 */
export async function ask(path, body) {
  return /** @type {Page<Answer>} */ (await call('POST', path, { body })).data;
}
