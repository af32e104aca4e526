// The morning's health checks, by DATA/health.json: FIX sessions, terminal (CTCL) approval, replica, security logs, continuity plan. Each fails with
// what it found and what was asked; a missing part of the file is a failure too, since nobody then knows.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type FixLogon, tryFixLogon } from '../../ports/fix-logon.ts';
import { istDate, type NodeBody, type NodeContext, PermanentFault, TransientFault } from '../../runner/index.ts';

const DAY_MILLIS = 86_400_000;
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be YYYY-MM-DD');

interface HealthFile {
  readonly fix: readonly FixLogon[];
  readonly ctcl: readonly { readonly exchange: string; readonly approval: string; readonly validUntil: string }[];
  readonly replica: { readonly heartbeatFile: string; readonly ageSecondsMax: number };
  readonly logs: { readonly directory: string; readonly retentionDays: number; readonly since: string };
  readonly continuityPlan: { readonly reviewedOn: string; readonly ageDaysMax: number };
}

const schema: z.ZodType<HealthFile> = z.strictObject({
  fix: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        host: z.string().min(1),
        port: z.int().min(1).max(65_535),
        senderCompId: z.string().min(1),
        targetCompId: z.string().min(1),
        timeoutSeconds: z.number().positive().max(60),
      }),
    )
    .min(1),
  ctcl: z.array(z.strictObject({ exchange: z.string().min(1), approval: z.string().min(1), validUntil: day })).min(1),
  replica: z.strictObject({ heartbeatFile: z.string().min(1), ageSecondsMax: z.number().positive() }),
  logs: z.strictObject({ directory: z.string().min(1), retentionDays: z.int().min(1), since: day }),
  continuityPlan: z.strictObject({ reviewedOn: day, ageDaysMax: z.int().min(1) }),
});

/** Name of the file in a data directory. */
export const HEALTH_FILE = 'health.json';

function healthOf(dataDirectory: string): HealthFile {
  const file = join(dataDirectory, HEALTH_FILE);
  if (!existsSync(file)) throw new PermanentFault(`${file}: is not there; it says what has to be well before the market opens`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new PermanentFault(`${file}: ${(error as Error).message}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PermanentFault(`${file}: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
}

/** Bodies by node id. */
export function healthNodes(dataDirectory: string): Readonly<Record<string, NodeBody>> {
  const check = (work: (health: HealthFile, context: NodeContext) => Promise<string> | string): NodeBody => {
    return async (context) => ({ outputs: { isWell: true }, note: await work(healthOf(dataDirectory), context) });
  };
  return {
    'BOD-HC-FIX_LOGIN': check(fixCheck),
    'BOD-HC-CTCL_STATUS': check(terminalCheck),
    'BOD-HC-DR_REPLICATION': check(replicaCheck),
    'BOD-HC-CSCRF_LOG_FEED': check(logCheck),
    'BOD-HC-BCP_HEARTBEAT': check(continuityCheck),
  };
}

async function fixCheck({ fix }: HealthFile, context: NodeContext): Promise<string> {
  const time = new Date(context.now() / 1000).toISOString().slice(0, 19).replaceAll('-', '').replace('T', '-');
  for (const session of fix) await tryFixLogon(session, time);
  return `logged on: ${fix.map(({ name }) => name).join(', ')}`;
}

function terminalCheck({ ctcl }: HealthFile, { date }: NodeContext): string {
  const over = ctcl.find(({ validUntil }) => validUntil < date);
  if (over !== undefined) throw new PermanentFault(`${over.exchange}: terminal approval ${over.approval} ended on ${over.validUntil}`);
  return ctcl.map(({ exchange, validUntil }) => `${exchange} until ${validUntil}`).join(', ');
}

/** Whoever replicates touches the heartbeat file when the replica has caught up. */
function replicaCheck({ replica: { heartbeatFile, ageSecondsMax } }: HealthFile, context: NodeContext): string {
  const modified = statSync(heartbeatFile, { throwIfNoEntry: false })?.mtimeMs;
  if (modified === undefined) throw new TransientFault(`${heartbeatFile}: the replica has never reported`);
  const age = Math.round(context.now() / 1e6 - modified / 1000);
  if (age > ageSecondsMax) throw new TransientFault(`${heartbeatFile}: the replica reported ${age} s ago; ${ageSecondsMax} s are allowed`);
  return `replica reported ${Math.max(0, age)} s ago`;
}

/** One security log a day, kept for so many days; `since` is when logging began. */
function logCheck({ logs: { directory, retentionDays, since } }: HealthFile, { date }: NodeContext): string {
  const first = new Date(Math.max(Date.parse(`${date}T00:00:00Z`) - retentionDays * DAY_MILLIS, Date.parse(`${since}T00:00:00Z`)))
    .toISOString()
    .slice(0, 10);
  const names = existsSync(directory) ? readdirSync(directory) : [];
  const days = new Set(names.map((name) => /(\d{4}-\d{2}-\d{2})/.exec(name)?.[1]));
  for (let at = Date.parse(`${first}T00:00:00Z`); at <= Date.parse(`${date}T00:00:00Z`); at += DAY_MILLIS) {
    const wanted = new Date(at).toISOString().slice(0, 10);
    if (!days.has(wanted)) throw new TransientFault(`${directory}: there is no security log of ${wanted}; ${retentionDays} days are to be kept`);
  }
  return `security logs whole since ${first}`;
}

function continuityCheck({ continuityPlan: { reviewedOn, ageDaysMax } }: HealthFile, context: NodeContext): string {
  const age = Math.round((Date.parse(`${istDate(context.now())}T00:00:00Z`) - Date.parse(`${reviewedOn}T00:00:00Z`)) / DAY_MILLIS);
  if (age > ageDaysMax) throw new PermanentFault(`the continuity plan was reviewed on ${reviewedOn}, ${age} days ago; ${ageDaysMax} are allowed`);
  return `continuity plan reviewed on ${reviewedOn}`;
}
