// The side channel between gateway and a shard: parameter tables, questions, stop. Messages are structured clones; a word in shared
// memory counts them, so that a busy shard looks at the port only when there is something. Never carries a command.
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { assert, ParameterTable } from '../engine/index.ts';
import type { ShardRecovery } from './shard-setup.ts';

/** To a shard. */
export type ControlMessage =
  | { readonly type: 'table'; readonly hash: string; readonly buffer: SharedArrayBuffer }
  | { readonly type: 'query'; readonly id: number; readonly slot: number; readonly request: object }
  | { readonly type: 'stop' };

/** From a shard. */
export type ControlAnswer =
  | { readonly type: 'ready'; readonly recovery: ShardRecovery }
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
  | { readonly type: 'parametersLoaded'; readonly hash: string }
  | { readonly type: 'parametersRefused'; readonly hash: string };

/** Time a shard gives to questions between two batches, milliseconds; one is always answered. */
const QUERY_BUDGET_MS = 1;

/** The shard's end. */
export class ShardControl {
  /** Told to finish. */
  isStopping = false;
  private readonly port: MessagePort;
  private readonly pending: Int32Array;
  private readonly tables: Map<string, ParameterTable>;
  private readonly questions: Extract<ControlMessage, { type: 'query' }>[] = [];

  /** `pending` counts messages posted and not yet received; `tables` receives parameter tables by hash. */
  constructor(port: MessagePort, pending: SharedArrayBuffer, tables: Map<string, ParameterTable>) {
    this.port = port;
    this.pending = new Int32Array(pending);
    this.tables = tables;
  }

  get hasMessages(): boolean {
    return Atomics.load(this.pending, 0) > 0 || this.questions.length > 0;
  }

  /** Takes in what was posted: tables at once, questions to be answered, the order to stop. */
  receive(): void {
    while (Atomics.load(this.pending, 0) > 0) {
      const received = receiveMessageOnPort(this.port) as { message: ControlMessage } | undefined;
      assert(received !== undefined, 'control: a counted message is not there');
      Atomics.sub(this.pending, 0, 1);
      const { message } = received;
      if (message.type === 'table') this.tables.set(message.hash, new ParameterTable(message.buffer));
      else if (message.type === 'query') this.questions.push(message);
      else this.isStopping = true;
    }
  }

  /** Answers questions until the budget is spent. */
  answer(query: (slot: number, request: object) => unknown): void {
    const until = performance.now() + QUERY_BUDGET_MS;
    for (let question = this.questions.shift(); question !== undefined; question = this.questions.shift()) {
      const { id } = question;
      try {
        this.send({ type: 'answer', id, answer: query(question.slot, question.request) });
      } catch (error) {
        this.send({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) });
      }
      if (performance.now() >= until) return;
    }
  }

  send(answer: ControlAnswer): void {
    this.port.postMessage(answer);
  }
}
