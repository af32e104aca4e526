// A health.json to practise with: everything in order on the market day, the exchange's FIX door at the sandbox. Written only where there is none.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Text of the file; makes the replica heartbeat and the log folder it names. */
export function practiceHealth(dataDirectory: string, date: string, fixPort: number): string {
  const practice = join(dataDirectory, 'practice');
  mkdirSync(join(practice, 'logs'), { recursive: true });
  writeFileSync(join(practice, 'replica-heartbeat'), '');
  writeFileSync(join(practice, 'logs', `security-${date}.log`), 'practice\n');
  const year = Number(date.slice(0, 4));
  const health = {
    fix: [{ name: 'NSE drop copy', host: '127.0.0.1', port: fixPort, senderCompId: 'PRACTICE', targetCompId: 'NSE', timeoutSeconds: 60 }],
    ctcl: [{ exchange: 'NSE', approval: 'CTCL-PRACTICE', validUntil: `${year + 1}-03-31` }],
    replica: { heartbeatFile: join(practice, 'replica-heartbeat'), ageSecondsMax: 86_400 },
    logs: { directory: join(practice, 'logs'), retentionDays: 180, since: date },
    continuityPlan: { reviewedOn: `${year}-01-31`, ageDaysMax: 365 },
  };
  return `${JSON.stringify(health, null, 2)}\n`;
}
