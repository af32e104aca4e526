// A price of a file in rupees as integer ticks of 1/10,000 rupee. Digits are read one by one: no floating point stands between file and book.

const PRICE = /^(\d{1,9})(?:\.(\d{1,8}))?$/;
const DECIMALS = 4;

/** Ticks; undefined when the text is no plain decimal, or has more than four decimals that are not zero. */
export function parsePriceTicks(text: string): number | undefined {
  const [, rupees, fraction = ''] = PRICE.exec(text) ?? [];
  if (rupees === undefined || /[^0]/.test(fraction.slice(DECIMALS))) return undefined;
  return Number(rupees) * 10_000 + Number(fraction.slice(0, DECIMALS).padEnd(DECIMALS, '0'));
}
