// A request that failed, in the server's own words.

/** The server said no, or could not be reached (status 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {{ code?: string, details?: unknown }} [more] The server's stable code, where it has one.
   */
  constructor(status, message, { code = '', details } = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/**
 * A failure as one sentence.
 * @param {unknown} error
 */
export function faultText(error) {
  return error instanceof Error ? error.message : String(error);
}
