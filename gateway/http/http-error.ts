// A refusal on its way to the caller, whoever makes the answer of it: the router for a request, an adapter for an upgrade.

/** Refuses a request with a status, a stable code and a sentence. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;
  readonly details: object | undefined;

  constructor(status: number, code: string, message: string, details?: object) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}
