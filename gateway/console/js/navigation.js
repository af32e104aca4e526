// The pages, as data: a new page is one entry here and one module. `scope` decides who sees it; the first entry a caller may see is his start page.
import { alertsPage, waiting } from './pages/alerts.js';
import { connectionsPage } from './pages/connections.js';
import { controlsPage } from './pages/controls.js';
import { deskPage } from './pages/desk.js';
import { limitsPage } from './pages/limits.js';
import { squareOffPage } from './pages/square-off.js';
import { traderPage } from './pages/trader.js';
import { session } from './session.js';

/** @typedef {import('/kit/router.js').Place} Place */

/**
 * @typedef {object} Screen What a started page gives the shell.
 * @property {string} title
 * @property {() => void} end Stops what the page follows.
 */

/** @typedef {{ topic: string, count: (state: Record<string, unknown>) => number, words: string }} Badge A number beside the page's name. */

/**
 * @typedef {object} Page
 * @property {string} id First part of the address.
 * @property {string} label
 * @property {string} key Letter after g.
 * @property {string} icon Path data on a 20 × 20 field, drawn as lines.
 * @property {readonly string[]} scopes Any of these lets the caller in.
 * @property {boolean} isForAll Needs a token for all accounts.
 * @property {Badge} [badge]
 * @property {(root: HTMLElement, place: Place) => Screen} start
 */

/** @type {readonly Page[]} */
export const PAGES = [
  {
    id: 'desk',
    label: 'Desk',
    key: 'd',
    icon: 'M3 16V9 M8 16V4 M13 16v-5 M18 16V7',
    scopes: ['house:read'],
    isForAll: true,
    start: deskPage,
  },
  {
    id: 'trader',
    label: 'Trader',
    key: 't',
    icon: 'M10 3v14 M6 17h8 M3 6h14 M3 6l-1.5 5a2 2 0 0 0 4 0z M17 6l-1.5 5a2 2 0 0 0 4 0z',
    scopes: ['margin:read'],
    isForAll: false,
    start: traderPage,
  },
  {
    id: 'limits',
    label: 'Limits',
    key: 'l',
    icon: 'M3 6h9 M15 6h2 M3 14h2 M8 14h9 M13.5 4v4 M6.5 12v4',
    scopes: ['house:read'],
    isForAll: true,
    start: limitsPage,
  },
  {
    id: 'controls',
    label: 'Controls',
    key: 'k',
    icon: 'M10 2.5v7 M6 5a6.5 6.5 0 1 0 8 0',
    scopes: ['house:read'],
    isForAll: true,
    start: controlsPage,
  },
  {
    id: 'square-off',
    label: 'Square-off',
    key: 'q',
    icon: 'M4 4h12v12H4z M7 10h6 M13 10l-3-3 M13 10l-3 3',
    scopes: ['house:read'],
    isForAll: true,
    start: squareOffPage,
  },
  {
    id: 'connections',
    label: 'Connections',
    key: 'c',
    icon: 'M4 10h4 M12 10h4 M8 7v6 M12 7v6 M2 10h2 M16 10h2',
    scopes: ['house:read'],
    isForAll: true,
    start: connectionsPage,
  },
  {
    id: 'alerts',
    label: 'Alerts',
    key: 'a',
    icon: 'M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13z M8.5 18h3',
    scopes: ['house:read'],
    isForAll: true,
    badge: {
      topic: 'alerts',
      count: ({ recent }) => waiting(/** @type {import('./wire.d.ts').Alert[]} */ (recent ?? [])),
      words: 'not acknowledged',
    },
    start: alertsPage,
  },
];

/** The pages this caller may open. */
export function openPages() {
  return PAGES.filter(({ scopes, isForAll }) => scopes.some((scope) => session.may(scope)) && (!isForAll || session.me?.accounts === 'all'));
}
