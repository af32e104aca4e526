// What takes two persons: one asks, another approves within ten minutes. What is asked for lives in this process: a restart forgets requests, never what
// was done. Whoever approves is compared with who asked by the subject of his token.
import { randomBytes } from 'node:crypto';
import { refusal } from '../http/http-error.ts';

const VALID_MS = 10 * 60_000;
const PENDING_MAX = 100;

/** Something that waits for the second person. Times in milliseconds since 1970. */
export interface AskedFor<Target> {
  readonly id: string;
  readonly target: Target;
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedAt: number;
  readonly expiresAt: number;
}

export class TwoPersons<Target> {
  /** What the requests are, in the singular: "release". */
  private readonly what: string;
  private readonly pending = new Map<string, AskedFor<Target>>();

  constructor(what: string) {
    this.what = what;
  }

  /** Opens a request. Refuses with 503 when too many wait. */
  ask(target: Target, reason: string, by: string): AskedFor<Target> {
    const now = Date.now();
    if (this.waiting.length >= PENDING_MAX) throw refusal('TZ-BUSY', `${PENDING_MAX} requests for a ${this.what} wait for approval`);
    const request = { id: randomBytes(6).toString('hex'), target, reason, requestedBy: by, requestedAt: now, expiresAt: now + VALID_MS };
    this.pending.set(request.id, request);
    return request;
  }

  /**
   * Takes out what another person asked for: two approvals at once must not both act. Refuses with 404 when nothing of that id waits, with 409 who asked
   * for it himself.
   */
  approve(id: string, by: string): AskedFor<Target> {
    const request = this.waiting.find((each) => each.id === id);
    if (request === undefined) throw refusal('TZ-NOT-FOUND', `no ${this.what} of this id waits for approval (requests expire after ten minutes)`);
    if (request.requestedBy === by) throw refusal('TZ-TWO-PERSONS', `${by} asked for this ${this.what}: another person must approve it`);
    this.pending.delete(id);
    return request;
  }

  /** Requests that have not expired. */
  get waiting(): readonly AskedFor<Target>[] {
    const now = Date.now();
    for (const [id, { expiresAt }] of this.pending) if (expiresAt <= now) this.pending.delete(id);
    return [...this.pending.values()];
  }
}
