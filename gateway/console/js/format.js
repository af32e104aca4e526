// Figures and times as an Indian desk writes them. Amounts come in as paise, prices as rupees, times as microseconds or milliseconds as named.

const PAISE_PER_RUPEE = 100;
const LAKH = 100_000;
const CRORE = 100 * LAKH;
const MINUS = '−';
const whole = new Intl.NumberFormat('en-IN', { maximumFractionDigits: 0 });
const two = new Intl.NumberFormat('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const upToFour = new Intl.NumberFormat('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 4 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

/** What stands for a figure that is not known. */
export const UNKNOWN = '–';

/**
 * ₹12,34,567.89, always with paise.
 * @param {number | null | undefined} paise
 */
export function rupees(paise) {
  if (paise === null || paise === undefined || Number.isNaN(paise)) return UNKNOWN;
  return `${paise < 0 ? MINUS : ''}₹${two.format(Math.abs(paise) / PAISE_PER_RUPEE)}`;
}

/**
 * Whole rupees, rounded away from nothing: for tables where paise are noise.
 * @param {number | null | undefined} paise
 */
export function wholeRupees(paise) {
  if (paise === null || paise === undefined || Number.isNaN(paise)) return UNKNOWN;
  const amount = Math.round(Math.abs(paise) / PAISE_PER_RUPEE);
  return `${paise < 0 && amount > 0 ? MINUS : ''}₹${whole.format(amount)}`;
}

/**
 * ₹1.68 Cr, ₹9.4 L, ₹12,340: for charts and headlines.
 * @param {number | null | undefined} paise
 */
export function shortRupees(paise) {
  if (paise === null || paise === undefined || Number.isNaN(paise)) return UNKNOWN;
  const amount = Math.abs(paise) / PAISE_PER_RUPEE;
  const sign = paise < 0 ? MINUS : '';
  if (amount >= CRORE) return `${sign}₹${(amount / CRORE).toFixed(amount >= 100 * CRORE ? 0 : 2)} Cr`;
  if (amount >= LAKH) return `${sign}₹${(amount / LAKH).toFixed(2)} L`;
  return `${sign}₹${whole.format(Math.round(amount))}`;
}

/**
 * With a sign in front of gains too.
 * @param {number | null | undefined} paise
 */
export function gain(paise) {
  const text = wholeRupees(paise);
  return (paise ?? 0) > 0 && text !== '₹0' ? `+${text}` : text;
}

/**
 * A price in rupees.
 * @param {number | null | undefined} value
 */
export function price(value) {
  return value === null || value === undefined || value === 0 || Number.isNaN(value) ? UNKNOWN : upToFour.format(value);
}

/**
 * A count or quantity.
 * @param {number | null | undefined} value
 */
export function count(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return UNKNOWN;
  return value < 0 ? `${MINUS}${whole.format(-value)}` : whole.format(value);
}

/**
 * A share in 0 … 1 as per cent.
 * @param {number} share
 */
export function percent(share) {
  if (!Number.isFinite(share)) return UNKNOWN;
  const value = share * 100;
  return `${value >= 10 || value === 0 ? whole.format(value) : value.toFixed(1)} %`;
}

/**
 * hh:mm:ss of milliseconds since the epoch, local time.
 * @param {number | null | undefined} millis
 */
export function timeOfDay(millis) {
  return millis === null || millis === undefined || millis <= 0 ? UNKNOWN : clock.format(new Date(millis));
}

/**
 * How long something took or is old: 4 s, 12 min, 3 h 05.
 * @param {number | null | undefined} seconds
 */
export function age(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return UNKNOWN;
  if (seconds < 1) return 'under 1 s';
  if (seconds < 90) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${String(minutes % 60).padStart(2, '0')}` : `${Math.floor(hours / 24)} days`;
}

/**
 * 20 Nov 2026 of yyyymmdd.
 * @param {number | null | undefined} yyyymmdd
 */
export function businessDate(yyyymmdd) {
  if (!yyyymmdd) return 'no business day';
  const [year, month, day] = [Math.floor(yyyymmdd / 10_000), Math.floor(yyyymmdd / 100) % 100, yyyymmdd % 100];
  const name = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][month - 1] ?? '?';
  return `${day} ${name} ${year}`;
}

/**
 * insufficientMargin → "insufficient margin".
 * @param {string} name
 */
export function spaced(name) {
  return name
    .replace(/_/g, ' ')
    .replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();
}
