// Figures as Indian documents write them: rupees with lakh and crore grouping, payable amounts in brackets. Integers in, text out; nothing is rounded twice.

const TICKS_PER_RUPEE = 10_000;
const MINUS_TO_BRACKETS = { open: '(', close: ')' } as const;

/** 1234567 as 12,34,567. */
export function grouped(whole: number | bigint | string): string {
  const digits = String(whole);
  if (digits.length <= 3) return digits;
  return `${digits.slice(0, -3).replace(/\B(?=(\d{2})+$)/g, ',')},${digits.slice(-3)}`;
}

function fixed(magnitude: number, perRupee: number, decimals: number): string {
  return `${grouped(Math.floor(magnitude / perRupee))}.${String(magnitude % perRupee).padStart(decimals, '0')}`;
}

/** Paise as rupees: 1,23,456.70; below zero (payable) in brackets. */
export function rupees(paise: number): string {
  const text = fixed(Math.abs(paise), 100, 2);
  return paise < 0 ? `${MINUS_TO_BRACKETS.open}${text}${MINUS_TO_BRACKETS.close}` : text;
}

/** Ticks as rupees with four decimals, below zero in brackets. */
export function rupees4(ticks: number): string {
  const text = fixed(Math.abs(ticks), TICKS_PER_RUPEE, 4);
  return ticks < 0 ? `${MINUS_TO_BRACKETS.open}${text}${MINUS_TO_BRACKETS.close}` : text;
}

/** Ticks as rupees with two decimals where they suffice, else four: a price as it was traded. */
export const price = (ticks: number): string => (ticks % 100 === 0 ? rupees(ticks / 100) : rupees4(ticks));

/** A plain decimal for machines: -1234.50. */
export function plainPaise(paise: number): string {
  const magnitude = Math.abs(paise);
  return `${paise < 0 ? '-' : ''}${Math.floor(magnitude / 100)}.${String(magnitude % 100).padStart(2, '0')}`;
}

/** The same of ticks, four decimals. */
export function plainTicks(ticks: number): string {
  const magnitude = Math.abs(ticks);
  return `${ticks < 0 ? '-' : ''}${Math.floor(magnitude / TICKS_PER_RUPEE)}.${String(magnitude % TICKS_PER_RUPEE).padStart(4, '0')}`;
}

/** Ticks to paise, half away from zero. */
export function paiseOfTicks(ticks: number): number {
  const rounded = Math.floor((Math.abs(ticks) + 50) / 100);
  return ticks < 0 ? -rounded : rounded;
}

/** 20-11-2026 of 2026-11-20. */
export const dayText = (date: string): string => `${date.slice(8)}-${date.slice(5, 7)}-${date.slice(0, 4)}`;
