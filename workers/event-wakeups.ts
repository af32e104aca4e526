// Calls one listener on the event loop whenever there are events, or room again on a ring that refused something. Shards in threads ring a bell that
// this thread sleeps on without blocking its loop; inline shards have worked on this very thread, so a look at the rings afterwards is enough.
import type { GatewayRings } from './gateway-rings.ts';

export class EventWakeups {
  private readonly rings: GatewayRings;
  private readonly inline: boolean;
  private listener: (() => void) | undefined;
  private stopped = false;
  private lookWanted = false;
  private readonly hasEvents = (): boolean => this.stopped || this.rings.hasEvents() || this.rings.takeRoomAgain();

  constructor(rings: GatewayRings, inline: boolean) {
    this.rings = rings;
    this.inline = inline;
  }

  listen(listener: () => void): void {
    const first = this.listener === undefined;
    this.listener = listener;
    if (this.inline) this.worked();
    else if (first) this.arm();
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

  /** Inline shards have worked: what the caller does not take off the rings itself in this turn is told to the listener in the next. */
  worked(): void {
    if (this.lookWanted || !this.inline) return;
    this.lookWanted = true;
    setImmediate(() => this.look());
  }

  private look(): void {
    this.lookWanted = false;
    if (!this.stopped && this.hasEvents()) this.fire();
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
