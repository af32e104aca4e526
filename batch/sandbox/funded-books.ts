// Units bought with a member's funding, in a client's demat account: pledged to the member's funding account (CSMFA), or set up for it and waiting
// for the client to accept. By lot, as the member names them. Clients accept what waits once a day, unless a fault has one refuse, accept a part, or
// be late.
import type { FaultSwitches } from './faults.ts';
import { type CorporateAction, unitsAfter } from './files/morning-lists.ts';

/** One lot of one client's units of one ISIN. */
export interface FundedLine {
  readonly client: string;
  readonly isin: string;
  readonly lot: string;
  waiting: number;
  pledged: number;
  /** The client does not accept what waits, or is late with it. */
  answer: 'yes' | 'no' | 'late';
}

/** See the file's head. */
export class FundedBooks {
  /** In the order in which they came. */
  readonly lines: FundedLine[] = [];

  /** Units set up, or pledged already. */
  add(client: string, isin: string, lot: string, waiting: number, pledged = 0): void {
    const known = this.lines.find((line) => line.client === client && line.isin === isin && line.lot === lot);
    if (known === undefined) this.lines.push({ client, isin, lot, waiting, pledged, answer: 'yes' });
    else known.waiting += waiting;
  }

  /** Takes units out of a lot, those that wait first; false when it has fewer. */
  take(client: string, isin: string, lot: string, units: number): boolean {
    const line = this.lines.find((one) => one.client === client && one.isin === isin && one.lot === lot);
    if (line === undefined || line.waiting + line.pledged < units) return false;
    const waiting = Math.min(units, line.waiting);
    line.waiting -= waiting;
    line.pledged -= units - waiting;
    return true;
  }

  /** Clients answer what waits. */
  accept(faults: FaultSwitches): void {
    for (const line of this.lines) {
      if (line.waiting === 0 || line.answer === 'no') continue;
      const isFirst = line.answer === 'yes';
      line.answer = isFirst && faults.play('pledge-late') ? 'late' : isFirst && faults.play('pledge-refused') ? 'no' : 'yes';
      if (line.answer !== 'yes') continue;
      const units = isFirst && faults.play('pledge-partial') ? line.waiting >> 1 : line.waiting;
      if (units < line.waiting) line.answer = 'no';
      line.waiting -= units;
      line.pledged += units;
    }
  }

  /** All units of a client and ISIN, as some actions would make them. */
  units(client: string, isin: string, actions: readonly CorporateAction[] = []): number {
    const own = this.lines.filter((line) => line.client === client && line.isin === isin);
    const ratios = actions.filter((action) => action.isin === isin);
    return own.reduce((sum, line) => sum + unitsAfter(ratios, ratios[0]?.token ?? 0, line.waiting + line.pledged), 0);
  }

  /** A corporate action: a lot is cut as a whole. */
  adjust(action: CorporateAction): void {
    for (const line of this.lines) {
      if (line.isin !== action.isin) continue;
      const after = (units: number): number => unitsAfter([action], action.token, units);
      const whole = after(line.waiting + line.pledged);
      line.pledged = after(line.pledged);
      line.waiting = whole - line.pledged;
    }
  }
}
