// What became of every KYC record at each registry: waiting to be sent, submitted, registered, refused. The time limits run from the day of the
// change: three working days at a KRA (upload rule of the KRA regulations), seven days at CKYC (central registry's rules); a record left waiting is
// somebody's work before it is late.
import type { Database, RootDatabase } from 'lmdb';
import type { BusinessCalendar } from '../calendar/business-calendar.ts';

/** Registries. */
export const REGISTRIES = ['KRA', 'CKYC'] as const;
/** One of REGISTRIES. */
export type Registry = (typeof REGISTRIES)[number];

/** A record at a registry. Times in microseconds since 1970; 0 = not yet. */
export interface RegistryRecord {
  readonly registry: Registry;
  readonly pan: string;
  readonly reference: string;
  readonly client: string;
  /** submitted: taken, not yet decided; registered: in the registry; refused: needs a corrected record under another reference. */
  readonly state: 'queued' | 'submitted' | 'registered' | 'refused';
  readonly queuedAt: number;
  readonly submittedAt: number;
  /** Last day for it, YYYY-MM-DD. */
  readonly dueBy: string;
  /** Why it was refused, or the registry's number of it. */
  readonly word: string;
}

type Key = [registry: Registry, pan: string, reference: string];

/** See the file's head. */
export class RegistryRecords {
  private readonly table: Database<RegistryRecord, Key> | undefined;

  constructor(root: RootDatabase) {
    // Opened for reading, a table that nobody has written to is not there.
    this.table = root.openDB({ name: 'registry-records', encoding: 'msgpack' }) as Database<RegistryRecord, Key> | undefined;
  }

  get(registry: Registry, pan: string, reference: string): RegistryRecord | undefined {
    return this.table?.get([registry, pan, reference]);
  }

  /** Stores one; again replaces. */
  put(record: RegistryRecord): void {
    this.table?.putSync([record.registry, record.pan, record.reference], record);
  }

  /** Records of a registry in a state, or in any. */
  of(registry: Registry, state?: RegistryRecord['state']): RegistryRecord[] {
    const range = { start: [registry, '', ''] as Key, end: [registry, '\uffff', '\uffff'] as Key };
    return [...(this.table?.getRange(range) ?? [])].map(({ value }) => value).filter((one) => state === undefined || one.state === state);
  }
}

const KRA_WORKING_DAYS = 3;
const CKYC_DAYS = 7;
const DAY_MS = 86_400_000;

/** Last day on which a change of `on` may reach a registry. */
export function registryDue(registry: Registry, on: string, calendar: BusinessCalendar): string {
  if (registry === 'CKYC') return new Date(Date.parse(`${on}T00:00:00Z`) + CKYC_DAYS * DAY_MS).toISOString().slice(0, 10);
  let day = on;
  for (let i = 0; i < KRA_WORKING_DAYS; i++) day = calendar.tradedAfter(day);
  return day;
}
