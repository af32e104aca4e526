// Calls one listener on the event loop whenever there are events, or room again on a ring that refused something, and sleeps without blocking the loop in between.
import type { GatewayRings } from './gateway-rings.ts';

export class EventWakeups {
  private readonly rings: GatewayRings;
  private listener: (() => void) | undefined;
  private stopped = false;
  private readonly hasEvents = (): boolean => this.stopped || this.rings.hasEvents() || this.rings.takeRoomAgain();

  constructor(rings: GatewayRings) {
    this.rings = rings;
  }

  listen(listener: () => void): void {
    const first = this.listener === undefined;
    this.listener = listener;
    if (first) this.arm();
  }

  stop(): void {
    this.stopped = true;
    this.rings.bell.ring();
  }

  /** Calls the listener now, if there is one. */
  fire(): boolean {
    this.listener?.();
    return this.listener !== undefined;
  }

  private arm(): void {
    if (this.stopped) return;
    const parked = this.rings.bell.parkAsync(this.hasEvents);
    if (parked === undefined) setImmediate(() => this.wake());
    else void parked.then(() => this.wake());
  }

  private wake(): void {
    if (this.stopped) return;
    this.fire();
    this.arm();
  }
}
