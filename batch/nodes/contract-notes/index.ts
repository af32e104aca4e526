// Bodies of contract notes, by node id.
import { BusinessCalendar } from '../../calendar/business-calendar.ts';
import type { NodeBody } from '../../runner/index.ts';
import { NightFiles } from '../night-files.ts';
import { dispatchBody } from './dispatch.ts';
import { generateBody } from './generate.ts';

/** Bodies by node id, for one data directory. */
export function contractNoteBodies(dataDirectory: string): Readonly<Record<string, NodeBody>> {
  const parts = { dataDirectory, files: new NightFiles(dataDirectory), calendar: new BusinessCalendar() };
  return { 'EOD-CN-GENERATE': generateBody(parts), 'EOD-CN-DISPATCH': dispatchBody(parts) };
}
