// A refusal on its way to the caller, whoever makes the answer of it: the router for a request, an adapter for an upgrade.
import { ERROR_CODES, type ErrorCode } from './error-code.ts';

/** Refuses a request with a status, a stable code and a sentence; headers go out with the answer. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;
  readonly details: object | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, details?: object, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

/** What may go with a refusal. */
export interface RefusalExtras {
  readonly details?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal by its code; the status is the code's. */
export function refusal(code: ErrorCode, message: string, extras: RefusalExtras = {}): HttpError {
  return new HttpError(ERROR_CODES[code].status, code, message, extras.details, extras.headers);
}
