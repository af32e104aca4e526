// Margin trees as lists of lines, and the cheapest fix as a sentence: how explanations of clients and of orders leave the house.
import { type CheapestFix, LENT_TOO_MUCH, type MarginNode, RejectCode } from '../../engine/index.ts';

/** One line of a margin tree written down from the top. */
export interface MarginLine {
  readonly depth: number;
  readonly label: string;
  readonly amount_paise: number;
  readonly losses_paise: readonly number[] | null;
  readonly file: string | null;
  readonly row: string | null;
  readonly rule: string | null;
}

/** The tree from its root down, `depth` counted from there. */
export function marginLines({ label, amount, losses, file, row, rule, children }: MarginNode, depth = 0): MarginLine[] {
  const own = { depth, label, amount_paise: amount, losses_paise: losses ?? null, file: file ?? null, row: row ?? null, rule: rule ?? null };
  return [own, ...children.flatMap((child) => marginLines(child, depth + 1))];
}

const rupeesOf = (paise: number): string => (paise / 100).toFixed(2);

/** Is a verdict one that a fix can be looked for? */
export const isFixable = (code: number): boolean => code === RejectCode.insufficientMargin || LENT_TOO_MUCH.has(code);

/** The sentence a refusal ends with. */
export function fixText({ add, hedge, units }: CheapestFix): string {
  if (units !== undefined) return `buy ${units} at most with funding (MTF)`;
  const money = `add Rs ${rupeesOf(add)}`;
  if (hedge === null) return money;
  return `${money}, or buy ${hedge.units} ${hedge.name} at ${(hedge.price / 10_000).toFixed(2)} first (Rs ${rupeesOf(hedge.premium)})`;
}
