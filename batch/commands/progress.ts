// One line per thing that happens to a running night, for a person who watches it.
import { type InstanceRecord, istTime } from '../runner/index.ts';

/** Prints what a record says; inputs and assignments are too small for a line. */
export function showProgress(runId: string, key: string, record: InstanceRecord, now: number): void {
  const what = words(record);
  if (what !== '') process.stdout.write(`${istTime(now)} ${runId} ${key.padEnd(28)} ${what}\n`);
}

function words(record: InstanceRecord): string {
  switch (record.kind) {
    case 'started':
      return record.attempt > 1 || record.way !== 'usual' ? `started (attempt ${record.attempt}, ${record.way} way)` : 'started';
    case 'done':
      return `done${record.stale ? ' on a stale list' : ''}${record.note === '' ? '' : `: ${record.note}`}`;
    case 'failed':
      return `failed: ${record.error} → ${record.next.status === 'retry' ? `again at ${istTime(record.next.at)}` : record.next.status}`;
    case 'inDoubt':
      return `IN DOUBT: ${record.error} (call ${record.call}); asking again at ${istTime(record.askAt)}`;
    case 'interrupted':
      return 'was running when the process ended; goes on';
    case 'inherited':
      return `as in ${record.from}`;
    case 'proposed':
      return `${record.action} proposed by ${record.by}: ${record.reason}`;
    case 'approved':
      return `approved by ${record.by}`;
    case 'cleared':
    case 'held':
    case 'released':
    case 'withdrawn':
      return `${record.kind} by ${record.by}: ${record.reason}`;
    case 'input':
    case 'assigned':
      return '';
  }
}
