// What a group's exposure falls by because its futures of near and far months offset: calendarExposureRelief (engine/rules) over the group's rows,
// with nothing allocated and the same arithmetic in the same order. Granted only while no order works on the group; the caller sees to that.
import { InstrumentKind } from '../instrument.ts';
import type { Arena } from '../state/arena.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { CONTRACT_STRIDE, Contract } from './contract-row.ts';
import { C_INSTRUMENT, C_NEXT, G_FIRST_CONTRACT } from './group-rows.ts';

/** Futures of one group there is room for from the start; more make room once. */
const USUAL = 16;
/** Cells of a leg: expiry, exposure in micros per unit, units. */
const EXPIRY = 0;
const EXPOSURE = 1;
const UNITS = 2;
const LEG = 3;

/** Scratch of one shard. */
export class FuturesRelief {
  private readonly arena: Arena;
  private legs = new Float64Array(USUAL * LEG);

  constructor(arena: Arena) {
    this.arena = arena;
  }

  /** Takes the relief (micros, rounded down) off the number in a cell. */
  takeOff(cell: Float64Array, rules: CompiledRules, head: number, isWithdrawn: boolean): void {
    const count = this.gather(rules, head, isWithdrawn);
    if (count < 2) return;
    const { legs } = this;
    let relief = 0;
    for (let near = 0; near < count * LEG; near += LEG) {
      for (let far = near + LEG; far < count * LEG; far += LEG) {
        const nearUnits = legs[near + UNITS] as number;
        const farUnits = legs[far + UNITS] as number;
        if (nearUnits * farUnits >= 0 || legs[near + EXPIRY] === legs[far + EXPIRY]) continue;
        const matched = Math.min(Math.abs(nearUnits), Math.abs(farUnits));
        relief += matched * (legs[near + EXPOSURE] as number) + (matched * (legs[far + EXPOSURE] as number) * 2) / 3;
        legs[near + UNITS] = nearUnits - Math.sign(nearUnits) * matched;
        legs[far + UNITS] = farUnits - Math.sign(farUnits) * matched;
      }
    }
    cell[0] = (cell[0] as number) - Math.floor(relief);
  }

  /** The group's futures in the order of their expiries; returns how many. */
  private gather(rules: CompiledRules, head: number, isWithdrawn: boolean): number {
    const { u32s, f64s } = this.arena;
    const { contracts, table } = rules;
    let count = 0;
    for (let c = u32s[head * 2 + G_FIRST_CONTRACT] as number; c !== 0; c = u32s[c * 2 + C_NEXT] as number) {
      const instrument = u32s[c * 2 + C_INSTRUMENT] as number;
      const cells = instrument * CONTRACT_STRIDE;
      const units = f64s[c] as number;
      if (units === 0 || contracts[cells + Contract.kind] !== InstrumentKind.FUT) continue;
      // Its lowest bit says that it expires today, where that matters.
      if (isWithdrawn && (contracts[cells + Contract.tier] as number) % 2 === 1) continue;
      const exposure = contracts[cells + (units > 0 ? Contract.elmLong : Contract.elmShort)] as number;
      this.insert(count, table.expiry[instrument] as number, exposure, units);
      count += 1;
    }
    return count;
  }

  /** Sorted by expiry, exposure, units, as the rule sorts them. */
  private insert(count: number, expiry: number, exposure: number, units: number): void {
    if ((count + 1) * LEG > this.legs.length) {
      const more = new Float64Array(this.legs.length * 2);
      more.set(this.legs);
      this.legs = more;
    }
    const { legs } = this;
    let at = count * LEG;
    while (at > 0 && this.isAfter(at - LEG, expiry, exposure, units)) {
      legs[at + EXPIRY] = legs[at - LEG + EXPIRY] as number;
      legs[at + EXPOSURE] = legs[at - LEG + EXPOSURE] as number;
      legs[at + UNITS] = legs[at - LEG + UNITS] as number;
      at -= LEG;
    }
    legs[at + EXPIRY] = expiry;
    legs[at + EXPOSURE] = exposure;
    legs[at + UNITS] = units;
  }

  private isAfter(at: number, expiry: number, exposure: number, units: number): boolean {
    const { legs } = this;
    const byExpiry = (legs[at + EXPIRY] as number) - expiry;
    if (byExpiry !== 0) return byExpiry > 0;
    const byExposure = (legs[at + EXPOSURE] as number) - exposure;
    if (byExposure !== 0) return byExposure > 0;
    return (legs[at + UNITS] as number) > units;
  }
}
