// What both servers say in the same words: headers every answer has, refusals that no route makes, the subprotocol of a channel.
import { HttpError, refusal } from '../http-error.ts';
import { BODY_BYTES_MAX, type ChannelRoute, type HttpHandler, type HttpRequest, type HttpResponse } from './http-adapter.ts';

const TEXT_TYPE = /^text\/|json$|javascript$|xml$/;

/** Headers of an answer, lower case, its own last. */
export function headersOf(response: HttpResponse): Record<string, string> {
  const { contentType } = response;
  const isBareText = TEXT_TYPE.test(contentType) && !contentType.includes(';');
  return {
    'content-type': isBareText ? `${contentType}; charset=utf-8` : contentType,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...response.headers,
  };
}

/** A refusal in the envelope of the API. */
export function answerOf(error: HttpError, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  const { status, code, message } = error;
  const body = `${JSON.stringify({ data: null, error: { code, message }, meta: {} })}\n`;
  return { status, contentType: 'application/json', body, headers: { ...error.headers, ...headers } };
}

/** The answer to an upgrade that its route refused. */
export function refusalOf(error: unknown): HttpResponse {
  return answerOf(error instanceof HttpError ? error : refusal('TZ-INTERNAL', 'the request failed inside tarazu'));
}

/** The answer to a body larger than BODY_BYTES_MAX; `cut` when the rest of it is not awaited. */
export function tooLarge(cut: boolean): HttpResponse {
  return answerOf(refusal('TZ-BODY-TOO-LARGE', `request body is larger than ${BODY_BYTES_MAX} bytes`), cut ? { connection: 'close' } : {});
}

/** The answer to a request that says twice, differently or not, how long it is. */
export const AMBIGUOUS_LENGTH: HttpResponse = answerOf(refusal('TZ-LENGTH', 'Content-Length is given more than once'), { connection: 'close' });

/** The answer to an upgrade of a path that is no channel. */
export const NO_CHANNEL: HttpResponse = answerOf(refusal('TZ-NO-ROUTE', 'there is no WebSocket at this path'));

/** A handler that answers plain requests for a channel's path with 426, the others with `handler`. */
export function besideChannels(handler: HttpHandler, channels: readonly ChannelRoute[]): HttpHandler {
  if (channels.length === 0) return handler;
  return async (request) => {
    const channel = channels.find(({ path }) => path === request.path);
    if (channel === undefined || request.method !== 'GET') return handler(request);
    return answerOf(refusal('TZ-UPGRADE', 'this path is a WebSocket: ask with Upgrade: websocket'), { upgrade: 'websocket', connection: 'upgrade' });
  };
}

/** Lets a client into a channel: resolves to the subprotocol and the route's data, or throws HttpError. Checks what RFC 6455 section 4.2 asks of a server. */
export async function admit(route: ChannelRoute, request: HttpRequest): Promise<{ readonly protocol: string; readonly data: unknown }> {
  if (request.header('sec-websocket-version') !== '13')
    throw refusal('TZ-UPGRADE', 'only version 13 of the WebSocket protocol is spoken here', { headers: { 'sec-websocket-version': '13' } });
  if (!asksToUpgrade(request.header('connection') ?? '')) throw refusal('TZ-UPGRADE', 'Connection must be: Upgrade');
  const protocol = chooseProtocol(route.protocols, request.header('sec-websocket-protocol') ?? '');
  if (protocol === undefined) throw new HttpError(400, 'TZ-PROTOCOL', `Sec-WebSocket-Protocol must name one of: ${route.protocols.join(', ')}`);
  return { protocol, data: await route.upgrade(request) };
}

/**
 * Does Connection ask for an upgrade, and for nothing that contradicts it? Only keep-alive may stand beside it: a server that means to close cannot
 * upgrade.
 */
function asksToUpgrade(connection: string): boolean {
  const options = connection
    .toLowerCase()
    .split(',')
    .map((option) => option.trim());
  return options.includes('upgrade') && options.every((option) => option === 'upgrade' || option === 'keep-alive');
}

/** The first protocol offered that is spoken; '' when the route has none, undefined when they have none in common. */
export function chooseProtocol(spoken: readonly string[], offered: string): string | undefined {
  if (spoken.length === 0) return '';
  return offered
    .split(',')
    .map((name) => name.trim())
    .find((name) => spoken.includes(name));
}
