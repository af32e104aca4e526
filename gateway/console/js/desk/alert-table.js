// Alerts as a table; the last column takes note of one.
import { h } from '/kit/dom.js';
import { count, spaced, timeOfDay } from '../format.js';
import { LiveTable } from '../live-table.js';
import { session } from '../session.js';

/** @typedef {import('../wire.d.ts').Alert} Alert */

const MARKS = { info: '○ info', warning: '◆ warning', critical: '▲ critical' };
const TONES = { info: undefined, warning: 'warn', critical: 'loss' };

/** @param {(alert: Alert) => void} acknowledge */
export function alertTable(acknowledge) {
  /** @type {import('../live-table.js').TableTerms<Alert>} */
  const terms = {
    caption: 'Alerts',
    empty: 'No alert today.',
    key: (row) => String(row.id),
    rowTone: (row) => (row.cleared_at === null && row.acknowledged_by === null ? TONES[row.severity] : undefined),
    columns: [
      { label: 'Severity', text: (row) => MARKS[row.severity], tone: (row) => (row.cleared_at === null ? TONES[row.severity] : 'mute') },
      { label: 'Last seen', text: (row) => timeOfDay(row.last_seen), value: (row) => row.last_seen },
      { label: 'About', text: (row) => row.subject, sortText: (row) => row.subject },
      { label: 'In words', text: (row) => row.text, drop: 'late', wraps: true },
      { label: 'Seen', text: (row) => `${count(row.count)}×`, value: (row) => row.count, isNumber: true, flashes: true, drop: 'late' },
      { label: 'State', draw: (cell, row) => drawState(cell, row, acknowledge) },
    ],
  };
  return new LiveTable(terms);
}

/** @param {HTMLElement} cell @param {Alert} row @param {(alert: Alert) => void} acknowledge */
function drawState(cell, row, acknowledge) {
  const wants = row.acknowledged_by === null && session.may('alerts:write');
  const words =
    `${row.cleared_at === null ? '' : `over ${timeOfDay(row.cleared_at)}`}${row.acknowledged_by === null ? '' : ` noted by ${row.acknowledged_by}`}`.trim();
  const mark = `${wants}|${words}`;
  if (cell.dataset.mark === mark) return;
  cell.dataset.mark = mark;
  const button = h(
    'button',
    { type: 'button', class: 'tiny', 'aria-label': `Acknowledge ${spaced(row.kind)} of ${row.subject}`, onclick: () => acknowledge(row) },
    'Acknowledge',
  );
  cell.replaceChildren(words === '' ? '' : `${words} `, ...(wants ? [button] : []));
}
