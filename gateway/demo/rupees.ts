// Money and counts as people in India read them: lakh and crore grouping, a rupee sign, minus before it. For eyes only; nothing parses this.

const GROUPED = new Intl.NumberFormat('en-IN', { maximumFractionDigits: 0 });

/** Paise as whole rupees: 12345678 is "₹1,23,457". */
export function rupees(paise: number): string {
  const text = GROUPED.format(Math.abs(Math.round(paise / 100)));
  return paise < 0 ? `-₹${text}` : `₹${text}`;
}

/** Paise as a short figure for a narrow column: "₹12.3 L", "₹4.56 Cr". */
export function shortRupees(paise: number): string {
  const value = Math.abs(paise) / 100;
  const sign = paise < 0 ? '-' : '';
  if (value >= 1e7) return `${sign}₹${(value / 1e7).toFixed(2)} Cr`;
  if (value >= 1e5) return `${sign}₹${(value / 1e5).toFixed(2)} L`;
  return `${sign}₹${GROUPED.format(Math.round(value))}`;
}

/** A count with lakh grouping. */
export const counted = (value: number): string => GROUPED.format(value);

/** Ticks (1/10,000 rupee) as FIX writes a price: at least two decimals, no more than needed. */
export function priceText(ticks: number): string {
  const text = (ticks / 10_000).toFixed(4);
  return text.replace(/0{1,2}$/, '');
}
