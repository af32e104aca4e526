// Every command of a data directory's journal in the order the shards folded them, for those who count and watch: surveillance, glitches. Reads only, beside a
// running owner; a torn end is where it stops. A broadcast is seen once per shard.
import { CommandView } from '../../engine/index.ts';
import { surveyJournal } from '../recovery/survey.ts';
import { SegmentReader } from './segment-reader.ts';

/** Visits each command; the view is valid inside the callback only. Throws JournalDamage. */
export function visitCommands(dataDir: string, visit: (command: CommandView, shard: number) => void): void {
  const command = new CommandView();
  for (const { file } of surveyJournal(dataDir, { repair: false }).segments) {
    const reader = new SegmentReader(file.path);
    while (reader.nextBatch()) {
      while (reader.nextRecord()) {
        command.wrap(reader.bytes, reader.data, reader.commandAt);
        visit(command, reader.header.shard);
      }
    }
  }
}
