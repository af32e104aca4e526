// Reads single events by the address stamped into them, for resends. Keeps a few files open; checks that what it found is that event.
import { closeSync, openSync, readSync } from 'node:fs';
import { assert, EVENT_BYTES, EventField, EventView } from '../../engine/index.ts';
import { JournalDamage } from './journal.ts';
import { journalAddress } from './layout.ts';
import { journalDirectory, segmentPath } from './segment-files.ts';

const OPEN_FILES_MAX = 8;

export class EventReader {
  private readonly directory: string;
  private readonly view: EventView;
  private readonly open = new Map<string, number>();

  constructor(dataDir: string) {
    this.directory = journalDirectory(dataDir);
    const bytes = new Uint8Array(EVENT_BYTES);
    this.view = new EventView().wrap(bytes, new DataView(bytes.buffer), 0);
  }

  /**
   * The event stamped with (journalFile, journalPosition). The view is valid until the next read. Throws JournalDamage when no such event
   * lies there, and the file system's error when its segment has been archived.
   */
  readEvent(journalFile: number, journalPosition: number): EventView {
    const { epoch, segment, shard, offset } = journalAddress(journalFile, journalPosition);
    const path = segmentPath(this.directory, epoch, shard, segment);
    const { view } = this;
    const read = readSync(this.fileOf(path), view.bytes, 0, EVENT_BYTES, offset);
    const whole = read === EVENT_BYTES && view.u32(EventField.length) === EVENT_BYTES;
    if (!whole || view.f64(EventField.journalPosition) !== journalPosition || view.u32(EventField.journalFile) !== journalFile)
      throw new JournalDamage(path, offset, 0, 'no event lies at this address');
    return view;
  }

  close(): void {
    for (const fd of this.open.values()) closeSync(fd);
    this.open.clear();
  }

  private fileOf(path: string): number {
    const known = this.open.get(path);
    if (known !== undefined) return known;
    if (this.open.size >= OPEN_FILES_MAX) this.close();
    const fd = openSync(path, 'r');
    assert(fd >= 0, 'journal: file descriptor');
    this.open.set(path, fd);
    return fd;
  }
}
