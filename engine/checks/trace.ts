// What explain collects while a decision runs: each check with its figures, also those after the first that fails. Allocates; never set
// in a live decision.
import { RejectCode } from '../reject-code.ts';
import type { CheckTrace, Verdict } from '../verdict.ts';

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(RejectCode).map(([name, code]) => [code, name]));

export class Trace {
  readonly checks: CheckTrace[] = [];
  /** Verdict of the decision: the first code that failed, and its figures. */
  code = 0;
  value = 0;
  limit = 0;
  level = 0;

  /** Notes a check; returns a code only where the decision cannot go on. */
  record(figures: Verdict, check: number, code: number, stops: boolean): number {
    const decided = this.code === 0;
    const { value, limit, level } = figures;
    this.checks.push({ check: NAMES.get(check) ?? String(check), code, passed: code === 0, decided, value, limit, level });
    figures.value = 0;
    figures.limit = 0;
    figures.level = 0;
    if (code !== 0 && decided) {
      this.code = code;
      this.value = value;
      this.limit = limit;
      this.level = level;
    }
    return stops ? code : 0;
  }
}
