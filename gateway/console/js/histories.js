// Short histories of streamed figures, kept in the page: what sparklines and the margin line draw. At most one point a second per figure and a
// bounded number of points; a reload begins anew.

const POINTS_MAX = 900;
const STEP_MILLIS = 1_000;

/** @typedef {{ at: number, value: number }} Point */

export class Histories {
  /** @type {Map<string, Point[]>} */
  series = new Map();

  /**
   * Adds a value; within a second of the last point it replaces that point.
   * @param {string} key
   * @param {number} value
   * @param {number} [now]
   */
  add(key, value, now = Date.now()) {
    let points = this.series.get(key);
    if (points === undefined) {
      points = [];
      this.series.set(key, points);
    }
    const last = points.at(-1);
    const before = points.at(-2);
    if (last !== undefined && now - (before?.at ?? 0) < STEP_MILLIS) Object.assign(last, { value, at: now });
    else points.push({ at: now, value });
    if (points.length > POINTS_MAX) points.splice(0, points.length - POINTS_MAX);
  }

  /** @param {string} key @returns {readonly Point[]} */
  of(key) {
    return this.series.get(key) ?? [];
  }
}
