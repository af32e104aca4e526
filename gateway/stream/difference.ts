// Changes between two states of a topic, and changes added up. A delta names only what changed: a value replaces the old one whole; a list that has
// keys travels as whole changed elements and the keys of those that are gone. The order within such a list is no part of the state.

/** A state of a topic: plain values that JSON and MessagePack carry alike. */
export type TopicData = Readonly<Record<string, unknown>>;
type Element = Readonly<Record<string, unknown>>;

/** How a list with keys changed. Either part may be empty. */
export interface ListChange {
  readonly changed: readonly Element[];
  readonly removed: readonly string[];
}

/** What changed, by field. */
export type Changes = Readonly<Record<string, unknown>>;

/** Key of an element, by the name of its list; lists that are not here travel whole. */
const LIST_KEYS: Readonly<Record<string, (element: Element) => string>> = {
  positions: ({ exchange, symbol, product }) => `${exchange}/${symbol}/${product}`,
  orders: ({ id }) => `${id}`,
  underlyings: ({ symbol, product }) => `${symbol}/${product}`,
  shortfalls: ({ account }) => `${account}`,
  mtm: ({ account }) => `${account}`,
  rejects: ({ code }) => `${code}`,
  stuck: ({ id }) => `${id}`,
  sessions: ({ name }) => `${name}`,
  kill_switches: ({ scope, account }) => `${scope}/${account}`,
  recent: ({ id }) => `${id}`,
};

/** What leads from `before` to `after` (which have the same fields), `silent` fields aside; undefined when nothing does. */
export function changesBetween(before: TopicData, after: TopicData, silent: readonly string[] = []): Changes | undefined {
  const changes: Record<string, unknown> = {};
  let isLoud = false;
  for (const [name, value] of Object.entries(after)) {
    const change = changeOf(name, before[name], value);
    if (change === undefined) continue;
    changes[name] = change;
    isLoud ||= !silent.includes(name);
  }
  return isLoud ? changes : undefined;
}

/** The changes of `first`, then of `second`, as one. */
export function addChanges(first: Changes, second: Changes): Changes {
  const sum: Record<string, unknown> = { ...first };
  for (const [name, change] of Object.entries(second)) {
    const earlier = sum[name];
    const keyOf = LIST_KEYS[name];
    sum[name] = keyOf !== undefined && earlier !== undefined ? addLists(keyOf, earlier as ListChange, change as ListChange) : change;
  }
  return sum;
}

/** How many values a message with these changes carries, roughly: what history is bounded by. */
export function weightOf(changes: Changes): number {
  return Object.entries(changes).reduce((sum, [name, change]) => {
    if (LIST_KEYS[name] === undefined) return sum + 1;
    const { changed, removed } = change as ListChange;
    return sum + changed.length * 12 + removed.length;
  }, 0);
}

function changeOf(name: string, before: unknown, after: unknown): unknown {
  const keyOf = LIST_KEYS[name];
  if (keyOf === undefined) return isSame(before, after) ? undefined : after;
  const known = new Map((before as readonly Element[]).map((element) => [keyOf(element), element]));
  const changed: Element[] = [];
  for (const element of after as readonly Element[]) {
    const key = keyOf(element);
    if (!isSame(known.get(key), element)) changed.push(element);
    known.delete(key);
  }
  return changed.length === 0 && known.size === 0 ? undefined : { changed, removed: [...known.keys()] };
}

function addLists(keyOf: (element: Element) => string, first: ListChange, second: ListChange): ListChange {
  const changed = new Map(first.changed.map((element) => [keyOf(element), element]));
  const removed = new Set(first.removed);
  for (const key of second.removed) {
    changed.delete(key);
    removed.add(key);
  }
  for (const element of second.changed) {
    const key = keyOf(element);
    changed.set(key, element);
    removed.delete(key);
  }
  return { changed: [...changed.values()], removed: [...removed] };
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((value, index) => isSame(value, b[index]));
  const [left, right] = [a as Element, b as Element];
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => Object.hasOwn(right, name) && isSame(left[name], right[name]));
}
