// What would make an order pass that has too little margin: money, or a bought option of the same underlying, held first, whose premium is less than
// that money; and one that would be lent too much (MTF): fewer units. Candidates are bounded: options of the order's expiry that gain where the order
// loses, nearest strikes first. Each is weighed by the book on a copy of the client, and the cheapest that suffices is tried by the live decision
// before anything is said.
import { DecisionContext } from '../checks/decision-context.ts';
import { resolvePlace } from '../checks/resolve.ts';
import { type CommandView, newCommandView } from '../command/command-view.ts';
import { CommandKind, PlaceOrder } from '../command/layout.ts';
import type { Fold } from '../fold.ts';
import { InstrumentKind, Side } from '../instrument.ts';
import { openPosition } from '../lifecycle/open-position.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { RejectCode } from '../reject-code.ts';
import { availableFunds } from '../state/available-funds.ts';
import { Client } from '../state/client-table.ts';
import { fundedRateOf, lentOn } from '../state/funding.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Position } from '../state/position-table.ts';
import { scaleUp } from '../state/scale-up.ts';
import { SlotMemory } from '../state/slot-memory.ts';
import type { SlotState } from '../state/slot-state.ts';
import { valueOfUp } from '../units.ts';
import { MarginBasis, Verdict } from '../verdict.ts';
import { copyClient, ONLY_CLIENT } from './basket-client.ts';
import { Contract } from './contract-row.ts';

/** Options looked at for one order. */
const CANDIDATES_MAX = 120;

/** An option to buy before the order: instrument of the table, units, ticks a unit; paise of premium; what the client then must have and has. */
export interface Hedge {
  readonly segment: number;
  readonly token: number;
  readonly name: string;
  readonly units: number;
  readonly price: number;
  readonly premium: number;
  readonly requirementAfter: number;
  readonly availableAfter: number;
}

/** Paise to add, or a hedge that costs less (null: none was found that suffices). */
export interface CheapestFix {
  readonly add: number;
  readonly hedge: Hedge | null;
  /** Options weighed. */
  readonly tried: number;
  /** Of a purchase with funding (MTF) above what may be lent: the most units that pass; nothing is to be added then. */
  readonly units?: number;
}

/** Verdicts on what would be lent (MTF): to the client, or by the slot's part of what the house lends in all. */
export const LENT_TOO_MUCH: ReadonlySet<number> = new Set([RejectCode.fundingLimit, RejectCode.fundingExhausted]);

/** The fix of a PlaceOrder that is refused for margin or for what would be lent on it now; undefined for any other verdict or command. Changes nothing. */
export function cheapestFix(engine: Fold, state: SlotState, command: CommandView): CheapestFix | undefined {
  if (command.kind !== CommandKind.PlaceOrder) return undefined;
  const verdict = new Verdict();
  engine.whatIf(state, command, verdict);
  if (LENT_TOO_MUCH.has(verdict.code)) return fewerUnits(engine, state, command, verdict);
  if (verdict.code !== RejectCode.insufficientMargin) return undefined;
  const add = verdict.requirementAfter - verdict.available;
  // Nothing that is held lowers what an order of a pre-open session asks.
  if (verdict.marginBasis === MarginBasis.GROSS) return { add, hedge: null, tried: 0 };
  const d = new DecisionContext();
  resolvePlace(d, state, command);
  const { rules } = state;
  if (rules === undefined) return { add, hedge: null, tried: 0 };
  const { client } = d;
  const copy = copyClient(state, client, new SlotMemory(), true);
  resolvePlace(d, copy, command);
  const rows = hedgeRows(rules.table, d, CANDIDATES_MAX);
  const passing = rows.map((row) => weighedHedge(copy, ONLY_CLIENT, d, row)).filter((hedge) => hedge !== undefined && hedge.premium < add);
  for (const hedge of (passing as Hedge[]).sort((a, b) => a.premium - b.premium || a.token - b.token)) {
    if (suffices(engine, state, client, { command, hedge })) return { add, hedge, tried: rows.length };
  }
  return { add, hedge: null, tried: rows.length };
}

/**
 * The most units of a funded purchase that what may be lent leaves room for, tried by the live decision; undefined when it leaves none, or margin
 * does not suffice.
 */
function fewerUnits(engine: Fold, state: SlotState, command: CommandView, { code, value, limit }: Verdict): CheapestFix | undefined {
  const d = new DecisionContext();
  resolvePlace(d, state, command);
  const rate = fundedRateOf(state, d.instrument);
  const lot = Math.max(1, d.contracts[d.contractAt + Contract.lot] as number);
  const left = limit - (value - lentOn(d.leavesValue, rate));
  const asked = command.f64(PlaceOrder.quantity);
  // The house lends whole paise of a value in whole paise: a lot more than the quotient may still fit.
  const about = Math.floor((left * asked) / lentOn(d.leavesValue, rate) / lot) + 1;
  for (let lots = about; lots > 0 && lots >= about - 2; lots--) {
    const verdict = new Verdict();
    const fewer = ofUnits(command, lots * lot);
    engine.whatIf(state, fewer, verdict);
    if (verdict.code === RejectCode.none) return { add: 0, hedge: null, tried: 0, units: lots * lot };
    // Within what the client is sanctioned, and still more than the house lends in all.
    if (verdict.code !== code && LENT_TOO_MUCH.has(verdict.code)) return fewerUnits(engine, state, fewer, verdict);
  }
  return undefined;
}

/** The same order of other units. */
function ofUnits({ bytes, at, length }: CommandView, units: number): CommandView {
  const copy = newCommandView(length);
  copy.bytes.set(bytes.subarray(at, at + length));
  copy.setF64(PlaceOrder.quantity, units);
  return copy;
}

/** At most so many options that gain where the order loses, nearest first: calls against a fall in what was sold dear, puts against what was bought. */
export function hedgeRows(table: ParameterTable, d: DecisionContext, most: number): number[] {
  const { instrument } = d;
  const underlying = table.underlying[instrument] as number;
  const kind = table.kind[instrument] as number;
  if (underlying < 0 || kind === InstrumentKind.EQ || (kind !== InstrumentKind.FUT && d.side === Side.BUY)) return [];
  const wanted = kind === InstrumentKind.FUT ? (d.side === Side.SELL ? InstrumentKind.CE : InstrumentKind.PE) : kind;
  const near = kind === InstrumentKind.FUT ? (table.spot[underlying] as number) : (table.strike[instrument] as number);
  const first = table.firstInstrument[underlying] as number;
  const rows: number[] = [];
  const distance = (row: number): number => Math.abs((table.strike[row] as number) - near);
  for (let row = first; row < first + (table.instrumentCount[underlying] as number); row++) {
    if (table.kind[row] !== wanted || table.expiry[row] !== table.expiry[instrument] || row === instrument || table.flags[row] !== 0) continue;
    if (table.segment[row] !== table.segment[instrument] || (table.price[row] as number) <= 0) continue;
    // Kept in order as they come: a few of many are wanted, and rows at one distance stay in the table's order.
    let at = rows.length;
    while (at > 0 && distance(rows[at - 1] as number) > distance(row)) at -= 1;
    if (at === most) continue;
    rows.splice(at, 0, row);
    if (rows.length > most) rows.length = most;
  }
  return rows;
}

/** Ticks one pays for an option by the file, rounded up to its tick. */
function priceOf(table: ParameterTable, row: number): number {
  const step = Math.max(1, table.tickSize[row] as number);
  return Math.ceil(((table.price[row] as number) * 100) / step) * step;
}

/** The option as a hedge, when with it held the client's order would be covered by what is left of the funds. The book is left as it was. */
export function weighedHedge(state: SlotState, client: number, d: DecisionContext, row: number): Hedge | undefined {
  const { book, parameters: table } = state.derived;
  if (book === undefined || table === undefined) return undefined;
  const lot = Math.max(1, table.lot[row] as number);
  const units = Math.ceil(d.leaves / lot) * lot;
  const price = priceOf(table, row);
  const premium = valueOfUp(price, units);
  book.addPosition(client, row, 0, units);
  const requirementAfter = scaleUp(book.requirementIf(client, d.adding, null), state.meta.f64(META_ROW, Meta.spanMultiplier));
  book.addPosition(client, row, 0, -units);
  const availableAfter = availableFunds(state, client) - premium;
  if (requirementAfter > availableAfter) return undefined;
  const name = table.instrumentName(row);
  return { segment: table.segment[row] as number, token: table.token[row] as number, name, units, price, premium, requirementAfter, availableAfter };
}

/** Does the live decision pass the order once the hedge is held and paid for? */
function suffices(engine: Fold, state: SlotState, client: number, tried: { readonly command: CommandView; readonly hedge: Hedge }): boolean {
  const { command, hedge } = tried;
  const copy = copyClient(state, client, new SlotMemory(), true);
  const row = openPosition(copy, ONLY_CLIENT, hedge.segment, hedge.token, 0);
  copy.positions.addF64(row, Position.net, hedge.units);
  copy.clients.addF64(ONLY_CLIENT, Client.premium, hedge.units * hedge.price);
  copy.rebuild(state.rules?.table);
  const verdict = new Verdict();
  engine.whatIf(copy, command, verdict);
  return verdict.code === RejectCode.none;
}
