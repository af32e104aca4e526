// Our STT or stamp duty against the clearing corporation's file, client by client. The clearing corporation's number is what is owed; the difference is a
// line of its own, never spread over the others. Works on totals; where the figures come from is the caller's affair.
import { type Paise, paise } from '../units.ts';

/** One client of a reconciliation, paise. */
export interface TaxLine {
  readonly client: string;
  readonly ours: Paise;
  readonly clearing: Paise;
  /** clearing − ours. */
  readonly difference: Paise;
  readonly status: 'equal' | 'different' | 'missingAtClearing' | 'missingHere';
}

/** All clients, and the sums the three columns come to. */
export interface TaxReconciliation {
  readonly lines: readonly TaxLine[];
  readonly ours: Paise;
  readonly clearing: Paise;
  readonly difference: Paise;
}

/** Compares two columns of totals by client; lines come sorted by client. */
export function reconcileTax(ours: ReadonlyMap<string, Paise>, clearing: ReadonlyMap<string, Paise>): TaxReconciliation {
  const clients = [...new Set([...ours.keys(), ...clearing.keys()])].sort();
  const lines = clients.map((client) => line(client, ours.get(client), clearing.get(client)));
  const sum = (of: (one: TaxLine) => Paise): Paise => paise(lines.reduce((total, one) => total + of(one), 0));
  return { lines, ours: sum((one) => one.ours), clearing: sum((one) => one.clearing), difference: sum((one) => one.difference) };
}

function line(client: string, own: Paise | undefined, theirs: Paise | undefined): TaxLine {
  const [ours, clearing] = [own ?? paise(0), theirs ?? paise(0)];
  const difference = paise(clearing - ours);
  // A client whose tax is nothing may be left out of a file: no difference, no finding.
  const isMissing = difference !== 0 && (own === undefined || theirs === undefined);
  const status = isMissing ? (own === undefined ? 'missingHere' : 'missingAtClearing') : difference === 0 ? 'equal' : 'different';
  return { client, ours, clearing, difference, status };
}
