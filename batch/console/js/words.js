// States, phases and surfaces in words and marks: a mark and a word always go with a colour.

/** @typedef {import('./wire.d.ts').Instance} Instance */
/** @typedef {import('./wire.d.ts').Status} Status */
/** @typedef {{ mark: string, label: string }} StateWords */

/** @type {Readonly<Record<Status | 'held', StateWords>>} */
const STATES = {
  done: { mark: '✓', label: 'done' },
  skipped: { mark: '–', label: 'skipped' },
  running: { mark: '▶', label: 'running' },
  waiting: { mark: '·', label: 'waiting' },
  retry: { mark: '↻', label: 'will try again' },
  manual: { mark: '!', label: 'needs a person' },
  failed: { mark: '✗', label: 'failed' },
  inDoubt: { mark: '?', label: 'in doubt' },
  gate: { mark: '≠', label: 'gate open' },
  held: { mark: '‖', label: 'held' },
};

/** Order in which a node of several instances shows its gravest. @type {readonly (Status | 'held')[]} */
const GRAVITY = ['inDoubt', 'failed', 'manual', 'gate', 'retry', 'held', 'running', 'waiting', 'skipped', 'done'];

/** Phases in the order of the day. @type {readonly { id: import('./wire.d.ts').Phase, label: string }[]} */
export const PHASES = [
  { id: 'bod', label: 'Begin of day' },
  { id: 'th', label: 'Trading hours' },
  { id: 'eod', label: 'End of day' },
  { id: 'set', label: 'Settlement' },
];

/** Surfaces, gravest first. @type {readonly { id: string, label: string }[]} */
export const SURFACES = [
  { id: 'critical', label: 'Critical' },
  { id: 'ciso', label: 'CISO' },
  { id: 'ops alert', label: 'Operations alert' },
  { id: 'ops queue', label: 'Operations queue' },
  { id: 'ops console', label: 'Operations console' },
  { id: 'outside', label: 'Outside' },
];

/** What kind of effect a node has, in a sentence. @type {Readonly<Record<string, string>>} */
export const EFFECTS = {
  pure: 'Computes only: may run again freely.',
  ledger: 'Books: state and postings commit together, exactly once.',
  external: 'Calls the outside once by key; in doubt when the answer is unknown.',
  engine: 'Happens in the order path; shown here, run there.',
};

/** State as shown: a held node that has not started is held. @param {Instance} instance @returns {Status | 'held'} */
export function shownState({ status, held }) {
  return held !== '' && (status === 'waiting' || status === 'retry') ? 'held' : status;
}

/** @param {string} state @returns {StateWords} */
export function stateWords(state) {
  return STATES[/** @type {Status} */ (state)] ?? { mark: ' ', label: state };
}

/** The gravest of some states; undefined for none. @param {readonly string[]} states */
export function gravest(states) {
  return GRAVITY.find((state) => states.includes(state));
}

/** Is it over, for better or by a decision? @param {Instance} instance */
export const isOver = ({ status }) => status === 'done' || status === 'skipped';

/** Does it need somebody? @param {Instance} instance */
export function needsSomeone({ status, proposed }) {
  return status === 'failed' || status === 'manual' || status === 'inDoubt' || status === 'gate' || proposed !== null;
}

/** May start, but for two persons. @param {Instance} instance */
export const awaitsTwo = ({ waitingFor }) => waitingFor.includes('approval by two persons');

/** Lateness in a word; '' when in time. @param {Instance} instance */
export function lateWords({ risk }) {
  return risk === 'breached' ? 'late' : risk === 'atRisk' ? 'at risk' : '';
}

/** What is to be said of an instance besides its state: error, open gates, what it waits for. @param {Instance} instance */
export function remark(instance) {
  const parts = [
    instance.held === '' ? '' : `held: ${instance.held}`,
    instance.stale ? 'on a stale list' : '',
    instance.way === 'alternate' ? 'by the alternate way' : '',
    instance.error,
    instance.openGates.map(({ name, left, right }) => `${name}: ${left.toLocaleString('en-IN')} against ${right.toLocaleString('en-IN')}`).join('; '),
    instance.proposed === null ? '' : `${instance.proposed.action} proposed by ${instance.proposed.by}`,
    isOver(instance) || instance.held !== '' || instance.status === 'running' ? '' : waits(instance.waitingFor, instance.status),
    instance.note,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** @param {readonly string[]} names @param {string} status */
function waits(names, status) {
  if (names.length === 0 || names[0] === status) return '';
  return `waits for ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

/** What a class of trade break means, as `batch/recon/trade-break.ts` has it. @type {Readonly<Record<string, string>>} */
export const BREAKS = {
  missingOurs: 'the exchange has it, we do not',
  missingExchange: 'we have it, the exchange does not',
  quantity: 'quantities differ',
  price: 'prices differ',
  instrument: 'instruments differ',
  client: 'stands under another client',
  cancelledThere: 'the exchange cancelled it',
  cancelledHere: 'we cancelled it',
  twiceHere: 'our list has it twice',
};
