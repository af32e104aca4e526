// An upload to a registry, KRA or CKYC: new and changed records of the day and those still waiting are sent in parcels, row by row answered; what was
// submitted earlier is asked after. A registry that is down leaves records waiting, with three tries a night, until their window is over; then the
// node fails and says whose.
import { z } from 'zod';
import { callPort, readPortsFile } from '../../ports/ports-file.ts';
import { type KycChange, readKycChanges } from '../../registries/kyc-changes.ts';
import { registryLayout, registryText } from '../../registries/registry-layouts.ts';
import { type Registry, type RegistryRecord, RegistryRecords, registryDue } from '../../registries/registry-records.ts';
import type { ReportColumn } from '../../reports/layouts.ts';
import { type NodeBody, type NodeContext, type Outcome, type Outputs, PermanentFault, TransientFault, UnansweredCall } from '../../runner/index.ts';
import { type DayParts, keepMade, refusing } from '../end-of-day/day-parts.ts';
import { readHouse } from '../end-of-day/house.ts';

/** How long a registry may be down before somebody has to act, hours. */
export interface RegistryWindow {
  readonly registry: Registry;
  readonly hours: number;
}

const PARCEL_RECORDS = 200;
const TRIES = 3;
const MICROS_PER_HOUR = 3600e6;
const SHOWN_MAX = 5;

const answerSchema = z.object({
  rows: z.array(z.object({ reference: z.string(), status: z.enum(['SUBMITTED', 'REGISTERED', 'REFUSED']), word: z.string() })),
});
type Answer = z.infer<typeof answerSchema>['rows'][number];

/** Body of a registry's node. Outputs: records sent, registered, refused, waiting; files of upload and refusals. */
export function registryBody(parts: DayParts, window: RegistryWindow): NodeBody {
  return async (context) => {
    const records = new RegistryRecords(context.root);
    const changes = await refusing(async () => readKycChanges(parts.dataDirectory, context.date));
    const waiting = enqueue(parts, context, records, changes, window.registry);
    const asked = records.of(window.registry, 'submitted');
    if (waiting.length + asked.length === 0) return { outputs: { sent: 0, registered: 0, refused: 0, waiting: 0 } };
    try {
      const answered = await upload(parts, context, window.registry, waiting);
      answered.push(...(await inquire(parts, context, window.registry, asked)));
      return done(parts, context, window.registry, { waiting, answered });
    } catch (error) {
      if (!(error instanceof TransientFault) || context.attempt < TRIES) throw error;
      return stillWaiting(context, records, window, error.message);
    }
  };
}

/** Records that are to be sent, noted as waiting from the first time they are seen. */
function enqueue(parts: DayParts, context: NodeContext, records: RegistryRecords, changes: readonly KycChange[], registry: Registry): KycChange[] {
  const waiting = changes.filter(({ pan, reference }) => (records.get(registry, pan, reference)?.state ?? 'queued') === 'queued');
  const fresh = waiting.filter(({ pan, reference }) => records.get(registry, pan, reference) === undefined);
  if (fresh.length === 0) return waiting;
  context.root.transactionSync(() => {
    for (const { pan, reference, client, on } of fresh) {
      const dueBy = registryDue(registry, on, parts.calendar);
      records.put({ registry, pan, reference, client, state: 'queued', queuedAt: context.now(), submittedAt: 0, dueBy, word: '' });
    }
  });
  return waiting;
}

async function upload(parts: DayParts, context: NodeContext, registry: Registry, changes: readonly KycChange[]): Promise<Answer[]> {
  if (changes.length === 0) return [];
  const columns = layoutOf(parts, registry);
  const answered: Answer[] = [];
  for (let at = 0; at < changes.length; at += PARCEL_RECORDS) {
    const parcel = changes.slice(at, at + PARCEL_RECORDS);
    const number = at / PARCEL_RECORDS + 1;
    const text = await refusing(async () => registryText(registry, columns, parcel));
    const name = `${registry.toLowerCase()}-${context.runId.replaceAll('/', '-')}-${number}.csv`;
    const { sha256 } = keepMade(parts, `${registry.toLowerCase()}-upload`, context.date, { name, bytes: Buffer.from(text, 'utf8') });
    const request: Outputs = { kind: 'upload', registry, name, sha256, text, references: parcel.map(({ reference }) => reference) };
    answered.push(...(await called(parts, context, `upload ${number}`, request, parcel)));
  }
  return answered;
}

/** Asks after what was submitted on earlier nights. */
async function inquire(parts: DayParts, context: NodeContext, registry: Registry, asked: readonly RegistryRecord[]): Promise<Answer[]> {
  const answered: Answer[] = [];
  for (let at = 0; at < asked.length; at += PARCEL_RECORDS) {
    const parcel = asked.slice(at, at + PARCEL_RECORDS);
    const request: Outputs = { kind: 'status', registry, references: parcel.map(({ reference }) => reference) };
    answered.push(...(await called(parts, context, `status ${at / PARCEL_RECORDS + 1}`, request, parcel)));
  }
  return answered;
}

/** A registry knows a record by its reference: sending it again changes nothing there, so an answer that was lost is asked for by sending again. */
async function called(
  { dataDirectory }: DayParts,
  context: NodeContext,
  name: string,
  request: Outputs,
  parcel: readonly { readonly reference: string }[],
): Promise<Answer[]> {
  const port = callPort(portsOf(dataDirectory), 'registry');
  const answer = await port.call(`${context.runId}/${context.key}/${name}`, request).catch((error: unknown) => {
    throw error instanceof UnansweredCall ? new TransientFault(error.message) : error;
  });
  const rows = answerSchema.safeParse(answer).data?.rows ?? [];
  if (rows.length !== parcel.length || rows.some(({ reference }, at) => reference !== parcel[at]?.reference))
    throw new PermanentFault(`registry: ${name}: the answer is not one to these ${parcel.length} records`);
  return rows;
}

function portsOf(dataDirectory: string): ReturnType<typeof readPortsFile> {
  try {
    return readPortsFile(dataDirectory);
  } catch (error) {
    throw new PermanentFault(error instanceof Error ? error.message : String(error));
  }
}

function layoutOf({ dataDirectory }: DayParts, registry: Registry): readonly ReportColumn[] {
  const columns = registryLayout(registry, readHouse(dataDirectory).layouts, portsOf(dataDirectory).practice === true);
  if (columns !== undefined) return columns;
  throw new PermanentFault(
    `upload to ${registry}: its layout is not public; house.json needs layouts.${registry.toLowerCase()} as the registry gave it to you`,
  );
}

const STATES = { SUBMITTED: 'submitted', REGISTERED: 'registered', REFUSED: 'refused' } as const;

function done(
  parts: DayParts,
  context: NodeContext,
  registry: Registry,
  { waiting, answered }: { readonly waiting: readonly KycChange[]; readonly answered: readonly Answer[] },
): Outcome {
  const records = new RegistryRecords(context.root);
  const known = new Map(records.of(registry).map((record) => [record.reference, record]));
  const changed = answered.flatMap(({ reference, status, word }) => {
    const before = known.get(reference);
    if (before === undefined) return [];
    return [{ ...before, state: STATES[status], word, submittedAt: before.submittedAt === 0 ? context.now() : before.submittedAt }];
  });
  const of = (state: RegistryRecord['state']): RegistryRecord[] => changed.filter((one) => one.state === state);
  const refused = of('refused');
  const lines = refused.map(({ reference, pan, client, word }) => `${reference},${pan},${client},${word.replaceAll(',', ';')}`);
  const list = refused.length === 0 ? undefined : keepRefused(parts, context, registry, lines);
  return {
    outputs: {
      sent: waiting.length,
      registered: of('registered').length,
      refused: refused.length,
      waiting: 0,
      ...(list === undefined ? {} : { refusedFile: list.path, refusedSha256: list.sha256 }),
    },
    note:
      refused.length === 0
        ? ''
        : `refused by ${registry}: ${refused
            .slice(0, SHOWN_MAX)
            .map(({ reference, word }) => `${reference} (${word})`)
            .join('; ')}`,
    commit: () => {
      for (const record of changed) records.put(record);
    },
  };
}

const keepRefused = (parts: DayParts, context: NodeContext, registry: Registry, lines: readonly string[]): ReturnType<typeof keepMade> =>
  keepMade(parts, `${registry.toLowerCase()}-refused`, context.date, {
    name: `${registry.toLowerCase()}-refused-${context.runId.replaceAll('/', '-')}.csv`,
    bytes: Buffer.from(`Reference,PAN,Client,Reason\n${lines.join('\n')}\n`, 'utf8'),
  });

/** The registry could not be reached: records wait for the next night, unless one's window is over. */
function stillWaiting(context: NodeContext, records: RegistryRecords, { registry, hours }: RegistryWindow, why: string): Outcome {
  const queued = records.of(registry, 'queued');
  const isOver = ({ queuedAt, dueBy }: RegistryRecord): boolean => context.now() - queuedAt > hours * MICROS_PER_HOUR || context.date > dueBy;
  const over = queued.filter(isOver).map(({ reference, client, dueBy }) => `${reference} of ${client} (due ${dueBy})`);
  if (over.length > 0) throw new PermanentFault(`${registry} cannot be reached and time is up for ${over.slice(0, SHOWN_MAX).join(', ')}: ${why}`);
  return { outputs: { sent: 0, registered: 0, refused: 0, waiting: queued.length }, note: `${queued.length} records wait for ${registry}: ${why}` };
}
