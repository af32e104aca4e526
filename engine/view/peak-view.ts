// The day's margin snapshots as plain objects: of one client for the API, of a whole slot for the night's reports. Reads state, changes nothing, allocates.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES } from '../command/layout.ts';
import { Client } from '../state/client-table.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Peak, PeakBasis, SNAPSHOT_MAX } from '../state/peak-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { clientRow } from './order-view.ts';

/** A client in one exchange segment at one snapshot; paise, time in EpochMicros. */
export interface SnapshotRowView {
  readonly account: string;
  readonly segment: number;
  readonly number: number;
  readonly time: number;
  readonly required: number;
  readonly available: number;
  /** What was lacking in the segment, at least 0. */
  readonly shortfall: number;
  /** Parameters it was margined under; 'incomplete': some contract was in no table and asked nothing. */
  readonly parameters: 'opening' | 'in force' | 'incomplete';
}

/** A client at one snapshot, all segments; paise. */
export interface SnapshotView {
  readonly number: number;
  readonly time: number;
  readonly required: number;
  readonly available: number;
  readonly shortfall: number;
  readonly segments: readonly SnapshotRowView[];
}

/** A client's peak of the day. Zeros before the first snapshot, and for whoever held nothing at any. */
export interface PeakView {
  readonly account: string;
  /** Largest requirement of the snapshots, which of them it was and when; largest shortfall. */
  readonly required: number;
  readonly number: number;
  readonly time: number;
  readonly shortfall: number;
  /** In the order of their numbers; only those at which the client held something. */
  readonly snapshots: readonly SnapshotView[];
}

const SEGMENT_MAX = 7;
const BASES = { [PeakBasis.OPENING]: 'opening', [PeakBasis.IN_FORCE]: 'in force', [PeakBasis.INCOMPLETE]: 'incomplete' } as const;

/** The client's snapshots of the day, or undefined when the slot has no such account. */
export function peakView(state: SlotState, account: string): PeakView | undefined {
  assert(account.length <= ACCOUNT_BYTES, 'account longer than its field');
  const client = clientRow(state, account);
  if (client === 0) return undefined;
  const taken = state.meta.u32(META_ROW, Meta.snapshots);
  const snapshots: SnapshotView[] = [];
  for (let number = 1; number <= SNAPSHOT_MAX; number++) {
    if (((taken >>> number) & 1) === 0) continue;
    const segments: SnapshotRowView[] = [];
    for (let segment = 1; segment <= SEGMENT_MAX; segment++) {
      const row = state.peaks.find(client, segment, number);
      if (row !== 0) segments.push(rowView(state, row, account));
    }
    if (segments.length > 0) snapshots.push(sumOf(segments));
  }
  const peak = snapshots.reduce<SnapshotView | undefined>(
    (most, each) => (most === undefined || each.required > most.required ? each : most),
    undefined,
  );
  return {
    account,
    required: peak?.required ?? 0,
    number: peak?.number ?? 0,
    time: peak?.time ?? 0,
    shortfall: snapshots.reduce((most, each) => Math.max(most, each.shortfall), 0),
    snapshots,
  };
}

/** Every snapshot row of the slot's day, by account, number and segment. */
export function snapshotRows(state: SlotState): SnapshotRowView[] {
  const { peaks, clients } = state;
  const rows: SnapshotRowView[] = [];
  for (let row = 1; row < peaks.rows; row++) rows.push(rowView(state, row, clients.text(peaks.u32(row, Peak.client), Client.account, ACCOUNT_BYTES)));
  return rows.sort((a, b) => (a.account < b.account ? -1 : a.account > b.account ? 1 : a.number - b.number || a.segment - b.segment));
}

/** What one snapshot came to in a slot; paise. */
export interface SnapshotSumView {
  readonly number: number;
  readonly time: number;
  /** Clients with a row, and those of them that lacked something. */
  readonly clients: number;
  readonly short: number;
  readonly required: number;
  readonly shortfall: number;
}

/** The day's snapshots of the slot in sums, by number; those at which nobody held anything are left out. */
export function snapshotSums(state: SlotState): SnapshotSumView[] {
  const found = new Map<number, SnapshotSumView & { readonly accounts: Map<string, boolean> }>();
  for (const row of snapshotRows(state)) {
    const before = found.get(row.number);
    const accounts = before?.accounts ?? new Map<string, boolean>();
    accounts.set(row.account, (accounts.get(row.account) ?? false) || row.shortfall > 0);
    found.set(row.number, {
      number: row.number,
      time: row.time,
      clients: accounts.size,
      short: [...accounts.values()].filter(Boolean).length,
      required: row.required + (before?.required ?? 0),
      shortfall: row.shortfall + (before?.shortfall ?? 0),
      accounts,
    });
  }
  return [...found.values()].sort((a, b) => a.number - b.number).map(({ accounts: _, ...sums }) => sums);
}

/** Numbers of the snapshots taken today, ascending. */
export function snapshotsTaken(state: SlotState): number[] {
  const taken = state.meta.u32(META_ROW, Meta.snapshots);
  return Array.from({ length: SNAPSHOT_MAX }, (_, i) => i + 1).filter((number) => ((taken >>> number) & 1) === 1);
}

function rowView(state: SlotState, row: number, account: string): SnapshotRowView {
  const { peaks } = state;
  const required = peaks.f64(row, Peak.required);
  const available = peaks.f64(row, Peak.available);
  return {
    account,
    segment: peaks.u8(row, Peak.segment),
    number: peaks.u8(row, Peak.number),
    time: peaks.f64(row, Peak.time),
    required,
    available,
    shortfall: Math.max(0, required - available),
    parameters: BASES[peaks.u8(row, Peak.basis) as keyof typeof BASES],
  };
}

function sumOf(segments: readonly SnapshotRowView[]): SnapshotView {
  const [first] = segments;
  assert(first !== undefined, 'a snapshot of no segment');
  return {
    number: first.number,
    time: first.time,
    required: segments.reduce((sum, { required }) => sum + required, 0),
    // The first that was handed anything was handed all there is.
    available: segments.reduce((most, { available }) => Math.max(most, available), 0),
    shortfall: segments.reduce((sum, { shortfall }) => sum + shortfall, 0),
    segments,
  };
}
