// Every error code of the API: its HTTP status and what it means. Codes are for ever: appended, never renamed, because clients key on them.

/** HTTP status and meaning by code. */
export const ERROR_CODES = {
  'TZ-PATH': { status: 400, means: 'A part of the path is not valid percent-encoding, or empty.' },
  'TZ-QUERY': { status: 400, means: 'A query parameter is unknown, repeated or out of bounds.' },
  'TZ-JSON': { status: 400, means: 'The body is not JSON; the message names line and column.' },
  'TZ-CURSOR': { status: 400, means: 'The cursor was not given out by this gateway for this list.' },
  'TZ-ORDER-ID': { status: 400, means: 'An order id has the form SLOT-SEQUENCE.' },
  'TZ-IDEMPOTENCY-KEY': { status: 400, means: 'The Idempotency-Key is missing where one is needed, or is not 1 to 64 printable characters.' },
  'TZ-LENGTH': { status: 400, means: 'Content-Length is given more than once.' },
  'TZ-PROTOCOL': { status: 400, means: 'The WebSocket asks for no subprotocol that is spoken here.' },
  'TZ-TOKEN-MISSING': { status: 401, means: 'The route needs Authorization: Bearer TOKEN.' },
  'TZ-TOKEN-MALFORMED': { status: 401, means: 'The token is neither a signed JWT nor the admin token.' },
  'TZ-TOKEN-ALGORITHM': { status: 401, means: 'The token is signed by an algorithm that is not allowed (ES256, EdDSA and RS256 are).' },
  'TZ-TOKEN-KEY': { status: 401, means: 'The token names a key that is not known here.' },
  'TZ-TOKEN-SIGNATURE': { status: 401, means: 'The signature of the token does not fit.' },
  'TZ-TOKEN-EXPIRED': { status: 401, means: 'The token has expired.' },
  'TZ-TOKEN-EARLY': { status: 401, means: 'The token is not valid yet.' },
  'TZ-TOKEN-ISSUER': { status: 401, means: 'The token was issued by another issuer.' },
  'TZ-TOKEN-AUDIENCE': { status: 401, means: 'The token was issued for another audience.' },
  'TZ-TOKEN-CLAIMS': { status: 401, means: 'The token lacks a subject, an expiry or a known role, or its accounts are not names.' },
  'TZ-SCOPE': { status: 403, means: 'The token does not have the scope that the route needs.' },
  'TZ-LOOPBACK': { status: 403, means: 'The route answers callers on the same machine only.' },
  'TZ-NO-ROUTE': { status: 404, means: 'There is nothing at this path.' },
  'TZ-NOT-FOUND': { status: 404, means: 'The account, order, session or request is not known here, or not visible to the token.' },
  'TZ-METHOD': { status: 405, means: 'The path does not offer this method; Allow lists those it does.' },
  'TZ-REFUSED': { status: 409, means: 'The engine refused the command; nothing changed.' },
  'TZ-TWO-PERSONS': {
    status: 409,
    means: 'The release of a kill switch, or the opening of a segment, needs a second person: the approver must not be who asked.',
  },
  'TZ-SESSION': { status: 409, means: 'The session is logged on, or the numbers asked for would lose or repeat messages.' },
  'TZ-IN-FLIGHT': { status: 409, means: 'The first request with this Idempotency-Key has not been answered yet.' },
  'TZ-BODY-TOO-LARGE': { status: 413, means: 'The body is larger than the gateway takes.' },
  'TZ-CONTENT-TYPE': { status: 415, means: 'The body is not of a type the route takes.' },
  'TZ-INVALID': { status: 422, means: 'A field of the body is missing, unknown or out of bounds; details.issues names each.' },
  'TZ-KEY-REUSED': { status: 422, means: 'The Idempotency-Key was used before with another body.' },
  'TZ-LIMIT-ROWS': { status: 422, means: 'Rows of the upload are bad; details.rows names each, and nothing was applied.' },
  'TZ-PARAMETERS': { status: 422, means: 'A reference file cannot be used; the message names file and place.' },
  'TZ-UPGRADE': { status: 426, means: 'The path is a WebSocket of version 13.' },
  'TZ-RATE': { status: 429, means: 'Too many requests; Retry-After says when to come back.' },
  'TZ-INTERNAL': { status: 500, means: 'The request failed inside tarazu; the log has it under the request_id.' },
  'TZ-BUSY': { status: 503, means: 'The engine has no room for the order or question now; nothing was decided.' },
  'TZ-TIMEOUT': { status: 504, means: 'The engine did not answer in time; ask again with the same Idempotency-Key.' },
} as const;

/** A code of the table. */
export type ErrorCode = keyof typeof ERROR_CODES;
