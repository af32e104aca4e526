// Goes round the slots for ever, a few at a time: for what no event tells. A step does nothing while one is under way, so that a slow shard is not
// asked twice; one that fails is made again.
import { SLOT_COUNT } from '../engine/index.ts';

/** How a walk goes. */
export interface SlotWalkOptions {
  /** Looks at one slot. */
  readonly look: (slot: number) => Promise<void>;
  /** Slots looked at together, a divisor of SLOT_COUNT; one unless given. */
  readonly together?: number;
  /** Called after each step; `isRound`: it was the last of a round. */
  readonly stepped?: (isRound: boolean) => Promise<void> | void;
}

export class SlotWalk {
  private readonly options: SlotWalkOptions;
  private nextSlot = 0;
  private isAsking = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: SlotWalkOptions) {
    this.options = options;
  }

  /** Steps by itself from now on. */
  start(everyMillis: number): void {
    this.timer ??= setInterval(() => void this.step().catch(() => undefined), everyMillis);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Looks at the next slots; the timer calls it. */
  async step(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    const { look, together = 1, stepped } = this.options;
    try {
      await Promise.all(Array.from({ length: together }, (_, index) => look(this.nextSlot + index)));
      this.nextSlot = (this.nextSlot + together) % SLOT_COUNT;
      await stepped?.(this.nextSlot === 0);
    } finally {
      this.isAsking = false;
    }
  }
}
