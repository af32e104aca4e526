// Peak margin, as dated rows: when the clearing corporations look at members' positions, and under which parameters. A client must have had what the
// largest of the day's snapshots asks for. Times are minutes after midnight, India. What falls short costs as engine/charges/margin-penalty.ts has it.
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { ExchangeSegment } from '../instrument.ts';

/** One span of time within which a clearing corporation takes one snapshot, at a moment it draws by lot. */
export interface PeakWindow {
  /** Number of the snapshot within the day. */
  readonly number: number;
  /** Exchange segments it looks at. */
  readonly segments: readonly number[];
  readonly opens: number;
  readonly closes: number;
  /** When the house takes its own by clock; within the window. */
  readonly clock: number;
  /** First business date, yyyymmdd. */
  readonly from: number;
  readonly source: string;
}

const at = (hours: number, minutes: number): number => hours * 60 + minutes;
const EVERY: readonly number[] = Object.values(ExchangeSegment);
const FRAMEWORK = 'SEBI/HO/MRD2/DCAP/CIR/P/2020/127 of 2020-07-20, in full since 2021-09-01; windows: MCXCCL/RISK/184/2025';
const EVENING = "MCXCCL: three more from 17:00 to the close, two of them before 21:00, since 2022-01-17 (the spans are this house's)";

const window = (number: number, opens: number, closes: number, clock: number): PeakWindow => ({
  number,
  segments: EVERY,
  opens,
  closes,
  clock,
  from: 20210901,
  source: FRAMEWORK,
});
const evening = (number: number, opens: number, closes: number, clock: number): PeakWindow => ({
  number,
  segments: [ExchangeSegment.MCX],
  opens,
  closes,
  clock,
  from: 20220117,
  source: EVENING,
});

/** The table. Clocks of the first four are the plan's (11:30 closes its window, the others open theirs). */
export const PEAK_WINDOWS: readonly PeakWindow[] = [
  window(1, at(11, 0), at(11, 30), at(11, 30)),
  window(2, at(12, 30), at(13, 0), at(12, 30)),
  window(3, at(13, 30), at(14, 0), at(13, 30)),
  window(4, at(14, 30), at(15, 0), at(14, 30)),
  evening(5, at(17, 0), at(19, 0), at(18, 0)),
  evening(6, at(19, 0), at(21, 0), at(20, 0)),
  evening(7, at(21, 0), at(23, 30), at(22, 30)),
];

/** Number of the snapshot after the close: the day's final margin. */
export const FINAL_SNAPSHOT = 31;

/** Windows of a business date (yyyymmdd), in order of time. */
export function peakWindowsOn(date: number): readonly PeakWindow[] {
  return PEAK_WINDOWS.filter((each) => each.from <= date);
}

/** Minute of the window that a draw from 0 to below 1 gives: its first minute and its last have the same chance as any other. */
export function drawnMinute(of: PeakWindow, draw: number): number {
  return of.opens + Math.floor(draw * (of.closes - of.opens + 1));
}

/** Derivatives' peak margin is computed by the parameters the day began under since this date (SEBI/HO/MRD2/P/CIR/2022/60: from 2022-08-01). */
const OPENING_PARAMETERS_FROM = 20220801;

/** Is the peak margin of an exchange segment computed by the parameters the business date began under, not by those in force at the moment? */
export function isByOpeningParameters(segment: number, date: number): boolean {
  return !isCashSegment(segment) && date >= OPENING_PARAMETERS_FROM;
}
