// Days of the calendar as people type them at the command line.

/** yyyymmdd of a text YYYY-MM-DD; 0 when it has another form or there is no such day. */
export function calendarDay(text: string): number {
  const date = new Date(`${text}T00:00:00Z`);
  // A day that does not exist rolls over into the next month and no longer prints as it was given.
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
  return isDay ? Number(text.replaceAll('-', '')) : 0;
}
