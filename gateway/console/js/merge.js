// A snapshot and the deltas after it become the topic's present state. Pure: the page's tests run it without a browser.
//
// A delta names only what changed. A value replaces the old one whole; a list that has keys travels as whole changed elements and the keys of those
// that are gone. Elements keep their place and new ones go to the end: whoever shows a list sorts it.

/** @typedef {Record<string, unknown>} State */
/** @typedef {{ changed: readonly State[], removed: readonly string[] }} ListChange */

/** What identifies an element, by the name of its list; other lists travel whole. @type {Record<string, (element: State) => string>} */
const KEYS = {
  positions: positionKey,
  orders: ({ id }) => String(id),
  underlyings: ({ symbol, product }) => `${symbol}/${product}`,
  shortfalls: ({ account }) => String(account),
  mtm: ({ account }) => String(account),
  rejects: ({ code }) => String(code),
  stuck: ({ id }) => String(id),
  sessions: ({ name }) => String(name),
  kill_switches: ({ scope, account }) => `${scope}/${account}`,
  recent: ({ id }) => String(id),
};

/**
 * Identity of a position among those of one client.
 * @param {State} position
 */
export function positionKey({ exchange, symbol, product }) {
  return `${exchange}/${symbol}/${product}`;
}

/**
 * The state after a delta; the state before is left as it was.
 * @param {State} state
 * @param {State} changes
 * @returns {State}
 */
export function merge(state, changes) {
  const next = { ...state };
  for (const [name, value] of Object.entries(changes)) {
    const key = KEYS[name];
    const before = next[name];
    next[name] = key !== undefined && Array.isArray(before) ? mergeList(key, before, /** @type {ListChange} */ (value)) : value;
  }
  return next;
}

/**
 * @param {(element: State) => string} keyOf
 * @param {State[]} before
 * @param {ListChange} change
 */
function mergeList(keyOf, before, { changed, removed }) {
  const elements = new Map(before.map((element) => [keyOf(element), element]));
  for (const key of removed) elements.delete(key);
  for (const element of changed) elements.set(keyOf(element), element);
  return [...elements.values()];
}
