// The pages, as data: a new page is one entry here and one module.
import { breaksPage } from './pages/breaks.js';
import { daysPage } from './pages/days.js';
import { graphPage } from './pages/graph.js';
import { gridPage } from './pages/grid.js';
import { loopPage } from './pages/loop.js';
import { approvals, approvalsPage, queuePage } from './pages/queue.js';
import { timelinePage } from './pages/timeline.js';

/** @typedef {import('/kit/router.js').Place} Place */

/**
 * @typedef {object} Screen What a started page gives the shell.
 * @property {string} title
 * @property {() => void} end Stops what the page follows.
 */

/**
 * @typedef {object} Page
 * @property {string} id First part of the address.
 * @property {string} label
 * @property {string} key Letter after g.
 * @property {string} icon Path data on a 20 × 20 field, drawn as lines.
 * @property {{ count: (night: import('./night.js').night) => number, words: string }} [badge] A number beside the page's name.
 * @property {(root: HTMLElement, place: Place) => Screen} start
 */

/** @type {readonly Page[]} */
export const PAGES = [
  { id: 'grid', label: 'Night', key: 'n', icon: 'M3 3h5v5H3z M12 3h5v5h-5z M3 12h5v5H3z M12 12h5v5h-5z', start: gridPage },
  { id: 'graph', label: 'Graph', key: 'g', icon: 'M3 10h3 M6 8h4v4H6z M10 10h3 M13 5v10 M13 5h3 M13 15h3', start: graphPage },
  { id: 'timeline', label: 'Timeline', key: 't', icon: 'M3 5h7 M6 10h8 M10 15h7', start: timelinePage },
  {
    id: 'queue',
    label: 'Queue',
    key: 'q',
    icon: 'M4 4h12v12H4z M4 12h4l1 2h2l1-2h4',
    badge: { count: ({ view }) => view?.queue.length ?? 0, words: 'need somebody' },
    start: queuePage,
  },
  {
    id: 'approvals',
    label: 'Approvals',
    key: 'a',
    icon: 'M7 9a3 3 0 1 0 0-6a3 3 0 0 0 0 6 M2 17a5 5 0 0 1 9-3 M12 14l2 2l4-5',
    badge: { count: (night) => approvals(night.instances).length, words: 'wait for a person' },
    start: approvalsPage,
  },
  { id: 'breaks', label: 'Breaks', key: 'b', icon: 'M3 6h6 M3 14h6 M11 14h6 M11 6h6 M9 3l2 6 M9 11l2 6', start: breaksPage },
  { id: 'loop', label: 'Loop', key: 'l', icon: 'M4 10a6 6 0 0 1 11-3 M16 3v4h-4 M16 10a6 6 0 0 1-11 3 M4 17v-4h4', start: loopPage },
  { id: 'days', label: 'Days', key: 'd', icon: 'M3 5h14v12H3z M3 9h14 M7 3v3 M13 3v3', start: daysPage },
];
