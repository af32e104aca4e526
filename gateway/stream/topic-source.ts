// Where the state of topics comes from. A source only reads; when is the stream's business.
import type { Principal } from '../http/auth/principal.ts';
import type { TopicData } from './difference.ts';

/** Reads one kind of topic. */
export interface TopicSource {
  /** Does it read the topic of this name? */
  owns(name: string): boolean;
  /** Throws HttpError when the caller may not see the topic, or must not know of it. */
  authorize(name: string, principal: Principal): void;
  /** The present state; undefined when there is no such thing. Rejects when it cannot be had now. */
  read(name: string): Promise<TopicData | undefined>;
  /** Fields that change without meaning anything by themselves. */
  readonly silent: readonly string[];
  /** Milliseconds between two readings at least, however much happens. */
  readonly restMs: number;
  /** Milliseconds after which a state is read again though no event touched it: some figures move without one. */
  readonly recheckMs: number;
}
