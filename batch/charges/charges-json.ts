// A note's charges as JSON: {"brokerage","stt","exchange","ipft","sebi","stamp","gst","total"}, each {"exact","note"}. Amounts are rupees as text, because a
// double cannot hold them.
import { CHARGE_PARTS, type ChargeAmount, exactText, type NoteCharges, paiseText } from '../../engine/index.ts';

/** One amount: exact decimals, and what the note says, with two. */
export interface AmountJson {
  readonly exact: string;
  readonly note: string;
}

const amountJson = ({ exact, note }: ChargeAmount): AmountJson => ({ exact: exactText(exact), note: paiseText(note) });

/** All parts and their total, in the order they are shown. */
export function chargesJson(charges: NoteCharges): Record<string, AmountJson> {
  return Object.fromEntries([...CHARGE_PARTS, 'total' as const].map((part) => [part, amountJson(charges[part])]));
}
