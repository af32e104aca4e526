// Instruments that some client holds or works: the only ones whose prices are worth a command. Learned from events at once, and from a walk over
// the slots that also forgets what nobody holds any more. A slot is asked between batches, one at a time.
import { EventField, EventKind, type EventView, SLOT_COUNT } from '../../engine/index.ts';
import type { Shards } from '../../workers/index.ts';
import { SlotWalk } from '../slot-walk.ts';
import { keyOf } from './instrument-key.ts';

/** Slots asked together at the start. */
const FIRST_WALK_TOGETHER = 16;

export class HeldInstruments {
  private readonly shards: Pick<Shards, 'query'>;
  private readonly onAdded: (key: number) => void;
  private readonly now: () => number;
  /** Since when each is held, milliseconds. */
  private held = new Map<number, number>();
  /** What this walk has found, and what events told during it. */
  private found = new Map<number, number>();
  private readonly round = new SlotWalk({ look: (slot) => this.askSlot(slot), stepped: (isRound) => (isRound ? this.endWalk() : undefined) });
  /** Grows when the set changes. */
  version = 0;

  /** `onAdded` is called once for each instrument that becomes held; `now` in milliseconds. */
  constructor(shards: Pick<Shards, 'query'>, now: () => number, onAdded: (key: number) => void) {
    this.shards = shards;
    this.now = now;
    this.onAdded = onAdded;
  }

  get size(): number {
    return this.held.size;
  }

  /** Every held instrument's key. */
  keys(): IterableIterator<number> {
    return this.held.keys();
  }

  has(key: number): boolean {
    return this.held.has(key);
  }

  /** Since when the instrument is held, milliseconds; undefined when it is not. */
  since(key: number): number | undefined {
    return this.held.get(key);
  }

  /** Sees every event; an accepted order and a booked trade name an instrument that is now held or worked. */
  learn(event: EventView): void {
    const { kind } = event;
    if (kind !== EventKind.OrderAccepted && kind !== EventKind.ExecutionRecorded && kind !== EventKind.OrderReplaced) return;
    const token = event.u32(EventField.token);
    if (token !== 0) this.add(keyOf(event.u8(EventField.segment), token));
  }

  /** Walks all slots once. */
  async walk(): Promise<void> {
    for (let slot = 0; slot < SLOT_COUNT; slot += FIRST_WALK_TOGETHER)
      await Promise.all(Array.from({ length: Math.min(FIRST_WALK_TOGETHER, SLOT_COUNT - slot) }, (_, index) => this.askSlot(slot + index)));
    this.endWalk();
  }

  /** Asks the next slot; after the last one what nobody holds is forgotten. Does nothing while an answer is due. */
  step(): Promise<void> {
    return this.round.step();
  }

  private async askSlot(slot: number): Promise<void> {
    const instruments = (await this.shards.query(slot, { type: 'instruments' })) as readonly { readonly segment: number; readonly token: number }[];
    for (const { segment, token } of instruments) this.add(keyOf(segment, token));
  }

  private add(key: number): void {
    // Everything found is held: the usual case ends here.
    if (this.found.has(key)) return;
    const since = this.held.get(key);
    this.found.set(key, since ?? this.now());
    if (since !== undefined) return;
    this.held.set(key, this.now());
    this.version += 1;
    this.onAdded(key);
  }

  private endWalk(): void {
    if (this.found.size !== this.held.size) {
      this.held = this.found;
      this.version += 1;
    }
    // What events told during the walk is in it, so it was not forgotten with a slot that was asked before.
    this.found = new Map();
  }
}
