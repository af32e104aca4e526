// Paths through the graph: what holds a node up, back to its causes, and the chain that decides when the run lands. Pure over the view.

/** @typedef {import('./wire.d.ts').Instance} Instance */

const isOver = (/** @type {Instance | undefined} */ instance) => instance?.status === 'done' || instance?.status === 'skipped';

/** @param {readonly Instance[]} instances @returns {Map<string, Instance>} */
export function byKey(instances) {
  return new Map(instances.map((instance) => [instance.key, instance]));
}

/**
 * Everything unfinished that a node waits for, directly or through others.
 * @param {string} key
 * @param {ReadonlyMap<string, Instance>} all
 */
export function blocking(key, all) {
  /** @type {Set<string>} */
  const found = new Set();
  const open = [key];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const other of all.get(at)?.waitsFor ?? []) {
      const instance = all.get(other);
      if (instance === undefined || isOver(instance) || found.has(other)) continue;
      found.add(other);
      open.push(other);
    }
  }
  return found;
}

/**
 * The causes among what blocks a node: those that wait for nothing unfinished themselves, those with most below first.
 * @param {string} key
 * @param {ReadonlyMap<string, Instance>} all
 */
export function rootCauses(key, all) {
  return [...blocking(key, all)].filter((other) => blocking(other, all).size === 0);
}

/**
 * Keys from the instance predicted to land last back along what it waits for longest; empty when all is done. First in time comes first.
 * @param {readonly Instance[]} instances
 */
export function criticalPath(instances) {
  const all = byKey(instances);
  /** @type {string[]} */
  const path = [];
  let at = latest(instances.filter((instance) => !isOver(instance)));
  while (at !== undefined && !path.includes(at.key)) {
    path.unshift(at.key);
    at = latest(at.waitsFor.map((key) => all.get(key)).filter((instance) => instance !== undefined));
  }
  return path;
}

/**
 * Everything of these instances that waits for a node, directly or through others; `instances` come parents first.
 * @param {string} key
 * @param {readonly Instance[]} instances
 */
export function below(key, instances) {
  const found = new Set([key]);
  for (const instance of instances) if (instance.waitsFor.some((other) => found.has(other))) found.add(instance.key);
  found.delete(key);
  return [...found];
}

/** @param {readonly Instance[]} instances @returns {Instance | undefined} */
function latest(instances) {
  /** @type {Instance | undefined} */
  let last;
  for (const instance of instances) if (last === undefined || instance.predictedAt > last.predictedAt) last = instance;
  return last;
}
