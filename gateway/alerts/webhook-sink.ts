// Tells another program of alerts by webhook, signed, in order, one at a time. What is not taken is sent again, ever more slowly, with the same id; when
// too many wait the oldest are dropped and counted. Never stands in anybody's way: an alert is on disk whether or not it was delivered.
import { randomUUID } from 'node:crypto';
import type { Logger } from '../log.ts';
import type { Alert, AlertChange } from './alert.ts';
import { signWebhook } from './webhook-signature.ts';

const QUEUE_MAX = 1_000;
const ATTEMPTS_MAX = 8;
const FIRST_RETRY_MS = 1_000;
const RETRY_MAX_MS = 300_000;
const TIMEOUT_MS = 5_000;

/** What a sink needs. */
export interface WebhookOptions {
  readonly url: string;
  readonly key: Buffer;
  readonly log: Logger;
  /** First wait before sending again, milliseconds; it doubles. */
  readonly firstRetryMs?: number;
}

interface Message {
  readonly id: string;
  readonly body: string;
  attempts: number;
}

export class WebhookSink {
  delivered = 0;
  failed = 0;
  dropped = 0;
  private readonly options: WebhookOptions;
  private readonly queue: Message[] = [];
  private readonly abort = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private isSending = false;

  constructor(options: WebhookOptions) {
    this.options = options;
  }

  /** Queues a change; repeated sightings are not told. */
  tell(alert: Alert, change: AlertChange): void {
    if (change === 'repeated' || this.abort.signal.aborted) return;
    if (this.queue.length >= QUEUE_MAX) {
      this.queue.shift();
      this.dropped += 1;
    }
    const body = JSON.stringify({ type: `alert.${change}`, timestamp: new Date(alert.lastSeen).toISOString(), data: alert });
    this.queue.push({ id: `msg_${randomUUID()}`, body, attempts: 0 });
    void this.work();
  }

  /** Messages waiting. */
  get waiting(): number {
    return this.queue.length;
  }

  /** Sends no more. */
  close(): void {
    clearTimeout(this.timer);
    this.abort.abort();
    this.queue.length = 0;
  }

  private async work(): Promise<void> {
    if (this.isSending || this.timer !== undefined) return;
    this.isSending = true;
    try {
      for (let message = this.queue[0]; message !== undefined; message = this.queue[0]) {
        message.attempts += 1;
        const problem = await this.send(message);
        if (this.abort.signal.aborted) return;
        if (problem !== '' && message.attempts < ATTEMPTS_MAX) {
          this.retry(message.attempts, problem);
          return;
        }
        // Dropped meanwhile by a full queue: then another one is first.
        if (this.queue[0] === message) this.queue.shift();
        if (problem === '') this.delivered += 1;
        else {
          this.failed += 1;
          this.options.log.error({ webhookId: message.id, problem }, 'an alert could not be delivered by webhook');
        }
      }
    } finally {
      this.isSending = false;
    }
  }

  private retry(attempts: number, problem: string): void {
    const wait = Math.min((this.options.firstRetryMs ?? FIRST_RETRY_MS) * 2 ** (attempts - 1), RETRY_MAX_MS);
    this.options.log.warn({ problem, attempts, waitMs: wait }, 'the alert webhook did not take a message');
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.work();
    }, wait);
    this.timer.unref();
  }

  /** '' when it was taken, else why not. */
  private async send(message: Message): Promise<string> {
    const timestamp = Math.floor(Date.now() / 1_000);
    const headers = {
      'content-type': 'application/json',
      'webhook-id': message.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signWebhook(this.options.key, message.id, timestamp, message.body),
    };
    try {
      const signal = AbortSignal.any([this.abort.signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const answer = await fetch(this.options.url, { method: 'POST', headers, body: message.body, redirect: 'error', signal });
      await answer.body?.cancel();
      return answer.ok ? '' : `answered ${answer.status}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
