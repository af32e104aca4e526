// The demo's market data: last prices as MarkPrices commands, left in an inbox of the gateway's data directory as any program beside it would do. At most two a
// second, the whole list each time: the shards take what their clients hold.
import { ALL_SLOTS, CommandKind, MarkPrices, newCommandView } from '../../engine/index.ts';
import { InboxStore } from '../../workers/index.ts';
import type { MarkedPrice } from './run-oms.ts';

/** Number the demo's market data is known by among the programs of a data directory. */
const ORIGIN = 7701;

export class MarkFeed {
  private readonly inbox: InboxStore;
  /** Sets this run's keys apart from those of earlier runs. */
  private readonly run = Date.now().toString(36);
  private serial = 0;

  constructor(dataDirectory: string) {
    this.inbox = new InboxStore(dataDirectory, ORIGIN, 'write');
  }

  /** Leaves one MarkPrices for every slot. */
  publish(marks: readonly MarkedPrice[]): void {
    const length = MarkPrices.entries + marks.length * MarkPrices.ENTRY_BYTES;
    const command = newCommandView(length).begin(CommandKind.MarkPrices, length, ALL_SLOTS);
    command.setU32(MarkPrices.count, marks.length);
    for (const [index, mark] of marks.entries()) {
      const at = MarkPrices.entries + index * MarkPrices.ENTRY_BYTES;
      command.setU32(at, mark.token);
      command.setU32(at + 4, mark.segmentNumber);
      command.setF64(at + 8, mark.price);
    }
    this.serial += 1;
    this.inbox.append(command.bytes, `${this.run}/${this.serial}`);
  }

  close(): Promise<void> {
    return this.inbox.close();
  }
}
