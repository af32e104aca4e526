// The gates of the morning, one per segment. The engine's day begins with every segment closed; each gate lets its own open when all it waits for is
// there, but not before the segment's time: until then the engine holds the gate shut and opens it itself, after the pre-open session where the
// segment has one. Where two persons went on without a node, the segment opens to reducing orders only, in their names. The first gate that comes
// through opens the day.
import { join } from 'node:path';
import { ExchangeSegment, isPreOpenGross, type OpenDayBody, SegmentGate, type SetSegmentStateBody, SLOT_COUNT } from '../../../engine/index.ts';
import { openDayPolicy, ReferenceFileError, readDayPolicy } from '../../../workers/reference/index.ts';
import { BusinessCalendar } from '../../calendar/business-calendar.ts';
import { dayGraph } from '../../graph/index.ts';
import { type Gate, istMicros, istTime, type NodeBody, type NodeContext, PermanentFault, TransientFault } from '../../runner/index.ts';
import { appendAll, oneAtATime, type PlannedCommand, planned, takenState } from '../engine/engine-inbox.ts';
import { type EngineState, readEngine } from '../engine/engine-state.ts';
import { segmentsOf } from '../engine/exchange-segments.ts';
import type { FetchParts } from '../fetch-file.ts';

const calendar = new BusinessCalendar();
/** The rule set new days are opened under. */
const RULE_SET = 1;
/** Whose name an opening carries when nobody had to decide. */
const BY_ITSELF = 'begin of day';

/** Body of the two nodes that join: which of what they wait for was gone on without, and who decided it. */
export const readyBody: NodeBody = async (context) => {
  const { without, by } = goneWithout(context, context.key);
  return { outputs: { without, by }, note: without.length === 0 ? '' : `without ${without.join(', ')}, by ${by.join(' and ')}` };
};

interface GoneWithout {
  readonly without: readonly string[];
  readonly by: readonly string[];
}

/** Of what a node waits for, as it stands now: what left nothing, and the two who decided to go on. Throws TransientFault while one of them runs again. */
function goneWithout(context: NodeContext, key: string): GoneWithout {
  const without = dayGraph(context.chains)
    .instance(key)
    .waitsFor.filter((one) => leftNothing(context, one));
  return { without, by: [...new Set(without.flatMap((one) => context.peopleOf(one)))].sort() };
}

function leftNothing(context: NodeContext, key: string): boolean {
  try {
    return Object.keys(context.outputsOf(key)).length === 0;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TransientFault(error.message);
  }
}

/** What the gate of a segment is to do. */
interface Opening {
  readonly state: 'OPEN' | 'REDUCE_ONLY';
  readonly without: readonly string[];
  readonly by: readonly string[];
  readonly segments: readonly number[];
  /** EpochMicros: the segment's time on the day. */
  readonly from: number;
}

/** Body of the gate of one segment. */
export function gateBody({ dataDirectory }: FetchParts): NodeBody {
  return async (context) => {
    const opening = openingOf(context);
    const { state, without, by } = opening;
    const { gate, commands } = await oneAtATime(dataDirectory, async () => {
      const engine = await readEngine(dataDirectory);
      const commands = [...openDay(dataDirectory, context, engine), ...openSegments(context, engine, opening)];
      if (commands.length === 0) return { gate: tally(engine, context, opening), commands };
      await appendAll(dataDirectory, commands);
      const taken = await takenState(dataDirectory, (engine) => tally(engine, context, opening).right === SLOT_COUNT, context.now);
      return { gate: tally(taken.state, context, opening), commands };
    });
    const how = state === 'OPEN' ? 'open' : `open to reducing orders only, by ${by.join(' and ')}: without ${without.join(', ')}`;
    return {
      outputs: { state, without, by, commands: commands.length },
      gates: [gate],
      note: `${how}${opening.from > context.now() ? `, from ${istTime(opening.from)}` : ''}`,
    };
  };
}

function openingOf(context: NodeContext): Opening {
  const { segment } = context;
  if (segment === undefined) throw new PermanentFault(`${context.key}: a gate belongs to a segment`);
  // Asked anew of each that was joined: one of them may have been cleared, and gone on without, since it was joined.
  const joined = [`BOD-READY-DATA@${segment}`, 'BOD-READY-HEALTH'].map((key) =>
    leftNothing(context, key) ? { without: [key], by: context.peopleOf(key) } : goneWithout(context, key),
  );
  const without = joined.flatMap((each) => each.without);
  const by = [...new Set(joined.flatMap((each) => each.by))].sort();
  const where = { segments: segmentsOf(segment, context.chains), from: istMicros(context.date, calendar.open(segment)) };
  return without.length === 0 ? { state: 'OPEN', without, by: [BY_ITSELF], ...where } : { state: 'REDUCE_ONLY', without, by, ...where };
}

/** Shares have a session before continuous trading; futures since the dated rule of it. Currency and commodity begin with continuous trading. */
const hasPreOpen = (context: NodeContext): boolean =>
  context.segment === 'CM' || (context.segment === 'FO' && isPreOpenGross(businessDateOf(context)));

const businessDateOf = ({ date }: NodeContext): number => Number(date.replaceAll('-', ''));

function openDay(dataDirectory: string, context: NodeContext, { slots }: EngineState): PlannedCommand[] {
  if (slots.length < SLOT_COUNT || slots.some(({ parametersHash }) => parametersHash === ''))
    throw new PermanentFault('the engine has no parameters: without a reload it cannot be opened, not even to reducing orders');
  const businessDate = businessDateOf(context);
  const other = slots.find((slot) => slot.isOpen && slot.businessDate !== businessDate);
  if (other !== undefined) throw new PermanentFault(`the engine still has ${other.businessDate} open: its end of day has to close it first`);
  if (slots.every(({ isOpen }) => isOpen)) return [];
  try {
    const policy = {
      ...openDayPolicy(readDayPolicy(join(dataDirectory, 'policy.json')), businessDate),
      gatedSegments: Object.values(ExchangeSegment),
    };
    const body: OpenDayBody = { businessDate, ruleSet: RULE_SET, policy };
    return [planned(context.date, 'open-day', { kind: 'OpenDay', slot: 'all', body })];
  } catch (error) {
    if (error instanceof ReferenceFileError) throw new PermanentFault(error.message);
    throw error;
  }
}

/** One command per segment that does not stand as wanted. The state it was decided on is part of the key: what was closed since may be opened again. */
function openSegments(context: NodeContext, { slots }: EngineState, { state, without, by, segments, from }: Opening): PlannedCommand[] {
  const reason = without.length === 0 ? 'all is ready' : `without ${without.join(', ')}`.slice(0, 250);
  const [first] = slots;
  return segments.flatMap((segment) => {
    const stands = first?.isOpen === true && first.coming[segment] === SegmentGate[state];
    if (stands) return [];
    // A segment that two persons let open to reducing orders only does so with continuous trading.
    const preOpen = state === 'OPEN' && hasPreOpen(context);
    const body: SetSegmentStateBody = { segment, state, reason, by, from, ...(preOpen ? { preOpen } : {}) };
    return [planned(context.date, `segment-${segment}/${first?.sequence ?? 0}`, { kind: 'SetSegmentState', slot: 'all', body })];
  });
}

function tally({ slots }: EngineState, context: NodeContext, { state, segments }: Opening): Gate {
  const standing = slots.filter(
    ({ isOpen, businessDate, coming }) =>
      isOpen && businessDate === businessDateOf(context) && segments.every((segment) => coming[segment] === SegmentGate[state]),
  );
  return {
    name: `slots with the segment ${state === 'OPEN' ? 'open' : 'open to reducing orders'}: all, standing so`,
    left: SLOT_COUNT,
    right: standing.length,
  };
}
