// Refusals in Kite Connect 3's form: {status: "error", message, error_type, data: null}, with Kite's own statuses. Programs written for Kite branch
// on error_type.
import type { HttpError } from '../http/http-error.ts';
import type { RefusalForm } from '../http/route.ts';

/** Exceptions of Kite that this gateway has a reason for. */
const EXCEPTIONS = ['InputException', 'TokenException', 'PermissionException', 'NetworkException', 'GeneralException'] as const;
type KiteException = (typeof EXCEPTIONS)[number];

const [BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, TOO_MANY, SERVER_ERROR, UNAVAILABLE] = [400, 401, 403, 429, 500, 503];

/** Kite's exception and status for a status of ours: a token that is not taken is 403 there, whatever is wrong with the request 400. */
function exceptionOf(status: number): readonly [KiteException, number] {
  if (status === UNAUTHORIZED) return ['TokenException', FORBIDDEN];
  if (status === FORBIDDEN) return ['PermissionException', FORBIDDEN];
  if (status === TOO_MANY) return ['NetworkException', TOO_MANY];
  if (status < SERVER_ERROR) return ['InputException', BAD_REQUEST];
  return status === SERVER_ERROR ? ['GeneralException', SERVER_ERROR] : ['NetworkException', UNAVAILABLE];
}

/** The body of a refusal. */
export function kiteError(message: string, errorType: KiteException): object {
  return { status: 'error', message, error_type: errorType, data: null };
}

/** How Kite-shaped routes say no. */
export const KITE_REFUSAL: RefusalForm = {
  statusOf: (status: number): number => exceptionOf(status)[1],
  body: ({ status, message }: HttpError): object => kiteError(message, exceptionOf(status)[0]),
  schema: {
    type: 'object',
    required: ['status', 'message', 'error_type', 'data'],
    additionalProperties: false,
    properties: {
      status: { const: 'error' },
      message: { type: 'string' },
      error_type: { type: 'string', enum: [...EXCEPTIONS] },
      data: { type: 'null' },
    },
  },
};
