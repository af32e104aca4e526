// What becomes of a received message.

/** TAKEN: go on. HOLD: offer it again later, nothing has happened. CLOSE: send what is written and close. */
export const Disposition = { TAKEN: 0, HOLD: 1, CLOSE: 2 } as const;
/** One of Disposition. */
export type Disposition = (typeof Disposition)[keyof typeof Disposition];
