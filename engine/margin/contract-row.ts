// What a decision reads of its contract, side by side: 32 doubles, four cache lines, instead of a cell in each of two dozen columns. Already in
// the arithmetic's form: micros, rounded and scaled. Built once per table and thread by CompiledRules, read-only.
import { assert } from '../assert.ts';
import { InstrumentKind } from '../instrument.ts';
import { type ParameterTable, SCENARIOS } from '../parameters/parameter-table.ts';
import { SOM_CALLS, SOM_PUTS } from './branches.ts';
import { workingChargePerUnit } from './calendar-charge.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { optionValuePerUnit, somPerUnit } from './working-parts.ts';

/** Doubles of a row; cells of one instrument begin at instrument x this. */
export const CONTRACT_STRIDE = 32;

/** Cells of a row. Units are those of the parameter table's columns unless said otherwise. */
export const Contract = {
  /** 16 scenario losses of one long unit, micros; of a derivative. */
  losses: 0,
  /** Of a cash instrument, which has no losses. */
  cashRate: 0,
  previousClose: 1,
  /** Of a share of the T+0 session: row + 1 of the listing its units are held under; and of that listing, row + 1 of the session's. 0 = none. */
  home: 2,
  session: 3,
  /** Of a share that may be bought with the house's funding (MTF): the least rate it asks then, 1/10,000; 0 = it may not. */
  fundedRate: 4,
  /** Micros of net option value per unit. */
  value: 16,
  /** Micros per unit, rounded; of a long, the delivery margin of the last days included. */
  elmLong: 17,
  elmShort: 18,
  /** Micros one unit can add to the calendar and spot charges; negative where its delta is. */
  charge: 19,
  /** Short option minimum of one short unit in either branch, micros. */
  somCalls: 20,
  somPuts: 21,
  kind: 22,
  /** Underlying it is margined with; see CompiledRules.groupOf. */
  group: 23,
  /** Twice the scan tier; one more where the contract expires today and has lost its spreads. */
  tier: 24,
  /** Of a cash instrument, which has neither: row of the listing it is margined as (itself, mostly); row + 1 of the same share's other listing, 0 = none. */
  lead: 23,
  twin: 24,
  flags: 25,
  lot: 26,
  tickSize: 27,
  freezeQuantity: 28,
  bandLow: 29,
  bandHigh: 30,
  /** contractKey(segment, token). */
  key: 31,
} as const;

/** Segment and token as one number. */
export const contractKey = (segment: number, token: number): number => segment * 2 ** 32 + token;

/** Lays the rows out. Large buffers begin 16 bytes behind a cache line, hence the offset: it makes a row four lines, not five. */
export function packContracts(rules: CompiledRules): Float64Array {
  const { table } = rules;
  const doubles = table.instruments * CONTRACT_STRIDE;
  const cells = new Float64Array(new ArrayBuffer((doubles + 6) * 8), 48, doubles);
  for (let i = 0; i < table.instruments; i++) packContract(rules, i, cells);
  pairListings(table, cells);
  tieSessions(table, cells);
  listFunded(table, cells);
  return cells;
}

/** Ties the two listings of a share together; each is in one pair at most. */
function pairListings(table: ParameterTable, cells: Float64Array): void {
  for (const [segment, token, otherSegment, otherToken] of table.details.sameShare ?? []) {
    const [lead, other] = [table.find(segment, token), table.find(otherSegment, otherToken)];
    assert(lead >= 0 && other >= 0 && lead !== other, 'a share of two listings the table does not have');
    const [at, otherAt] = [lead * CONTRACT_STRIDE, other * CONTRACT_STRIDE];
    assert(cells[at + Contract.twin] === 0 && cells[otherAt + Contract.twin] === 0, 'a listing in two pairs');
    assert(table.kind[lead] === InstrumentKind.EQ && table.kind[other] === InstrumentKind.EQ, 'a pair that is no share');
    cells[otherAt + Contract.lead] = lead;
    cells[at + Contract.twin] = other + 1;
    cells[otherAt + Contract.twin] = lead + 1;
  }
}

/** Ties each share of the T+0 session to the listing it is held under. */
function tieSessions(table: ParameterTable, cells: Float64Array): void {
  for (const [segment, token, homeToken] of table.details.sameDay ?? []) {
    const [session, home] = [table.find(segment, token), table.find(segment, homeToken)];
    assert(session >= 0 && home >= 0 && session !== home, 'a share of the T+0 session the table does not have');
    assert(table.kind[session] === InstrumentKind.EQ && table.kind[home] === InstrumentKind.EQ, 'something of the T+0 session that is no share');
    cells[session * CONTRACT_STRIDE + Contract.home] = home + 1;
    cells[home * CONTRACT_STRIDE + Contract.session] = session + 1;
  }
}

/** Notes the shares that may be bought with funding. */
function listFunded(table: ParameterTable, cells: Float64Array): void {
  for (const [segment, token, rate] of table.details.funded ?? []) {
    const share = table.find(segment, token);
    assert(share >= 0 && table.kind[share] === InstrumentKind.EQ, 'a funded share the table does not have');
    assert(rate > 0 && rate <= 10_000, 'rate of a funded share outside 0 to 1');
    cells[share * CONTRACT_STRIDE + Contract.fundedRate] = rate;
  }
}

function packContract(rules: CompiledRules, i: number, cells: Float64Array): void {
  const { table } = rules;
  const at = i * CONTRACT_STRIDE;
  cells[at + Contract.kind] = table.kind[i] as number;
  cells[at + Contract.flags] = table.flags[i] as number;
  cells[at + Contract.lot] = table.lot[i] as number;
  cells[at + Contract.tickSize] = table.tickSize[i] as number;
  cells[at + Contract.freezeQuantity] = table.freezeQuantity[i] as number;
  cells[at + Contract.bandLow] = table.bandLow[i] as number;
  cells[at + Contract.bandHigh] = table.bandHigh[i] as number;
  cells[at + Contract.key] = contractKey(table.segment[i] as number, table.token[i] as number);
  if (table.kind[i] === InstrumentKind.EQ) {
    cells[at + Contract.cashRate] = table.cashRate[i] as number;
    cells[at + Contract.previousClose] = table.previousClose[i] as number;
    cells[at + Contract.lead] = i;
    return;
  }
  const group = rules.groupOf(i);
  const scale = rules.arrayScale[group] as number;
  for (let s = 0; s < SCENARIOS; s++) cells[at + s] = Math.floor((table.riskArray[i * SCENARIOS + s] as number) * scale + 0.5);
  cells[at + Contract.value] = optionValuePerUnit(rules, i);
  cells[at + Contract.elmLong] = Math.round(table.elmLong[i] as number) + rules.dated.deliveryPerUnit(i);
  cells[at + Contract.elmShort] = Math.round(table.elmShort[i] as number);
  cells[at + Contract.charge] = workingChargePerUnit(rules, i) * ((table.delta[i] as number) < 0 ? -1 : 1);
  cells[at + Contract.somCalls] = somPerUnit(rules, i, SOM_CALLS);
  cells[at + Contract.somPuts] = somPerUnit(rules, i, SOM_PUTS);
  cells[at + Contract.group] = group;
  cells[at + Contract.tier] = (table.scanTier[i] as number) * 2 + (rules.dated.isApart(i) ? 1 : 0);
}
