// Times and spans as operations read them: Indian time whatever the machine's zone, spans short enough for a cell. Microseconds come in.

const MICROS = 1e6;
const IST_MILLIS = 330 * 60_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const DAY_MILLIS = 86_400_000;
const number = new Intl.NumberFormat('en-IN', { maximumFractionDigits: 2 });

/** What stands for something unknown. */
export const UNKNOWN = '–';

/** hh:mm in India; '' for never. @param {number} micros */
export function clock(micros) {
  return micros <= 0 ? '' : iso(micros).slice(11, 16);
}

/** hh:mm:ss in India. @param {number} micros */
export function clockSeconds(micros) {
  return micros <= 0 ? UNKNOWN : iso(micros).slice(11, 19);
}

/** hh:mm, and the day when it is another than `date`. @param {number} micros @param {string} date */
export function clockOn(micros, date) {
  if (micros <= 0) return '';
  const other = dateOf(micros);
  if (other === date) return clock(micros);
  return `${clock(micros)} ${other === shifted(date, 1) ? '+1' : dayName(other)}`;
}

/** YYYY-MM-DD in India. @param {number} micros */
export function dateOf(micros) {
  return iso(micros).slice(0, 10);
}

/** 12 s, 4 min 05, 2 h 05: a span of microseconds, never negative. @param {number} micros */
export function span(micros) {
  const seconds = Math.max(0, Math.round(micros / MICROS));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')}`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${String(minutes % 60).padStart(2, '0')}` : `${Math.floor(hours / 24)} days`;
}

/** Fri 20 Nov. @param {string} date */
export function dayName(date) {
  const day = new Date(`${date}T00:00:00Z`);
  return `${WEEKDAYS[day.getUTCDay()]} ${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]}`;
}

/** Fri 20 Nov 2026. @param {string} date */
export function longDay(date) {
  return `${dayName(date)} ${date.slice(0, 4)}`;
}

/** A date some days away. @param {string} date @param {number} days */
export function shifted(date, days) {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MILLIS).toISOString().slice(0, 10);
}

/** Day of the week, 0 = Monday. @param {string} date */
export function weekday(date) {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** A figure of a gate or an output. @param {unknown} value */
export function figure(value) {
  if (typeof value === 'number') return number.format(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** @param {number} micros */
function iso(micros) {
  return new Date(micros / 1000 + IST_MILLIS).toISOString();
}
