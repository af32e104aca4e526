// Where a failure shows up: the queue or alert that the plan names for a node, as a typed value. The first place named is the one that owns the
// failure; the rest of the phrase is kept as text for the person who reads it.

/** Who must look at a failure. */
export type Surface = 'ops console' | 'ops queue' | 'ops alert' | 'critical' | 'ciso' | 'outside';

/** A node's failure surface: its kind, and the plan's words. */
export interface FailureSurface {
  readonly kind: Surface;
  readonly words: string;
}

/** First words of the plan's phrases; longer ones first. */
const STARTS: readonly (readonly [string, Surface])[] = [
  ['ops alert (critical)', 'critical'],
  ['ops bridge', 'critical'],
  ['CISO alert', 'ciso'],
  ['ops alert', 'ops alert'],
  ['ops queue', 'ops queue'],
  ['ops console', 'ops console'],
  ['back-office', 'ops queue'],
  ['RMS', 'ops alert'],
  ['surveillance', 'ops queue'],
  ['clearing-corp + bank', 'critical'],
  ['clearing-corp reject file', 'ops queue'],
  ['clearing corp DMF reject', 'ops queue'],
  ['KRA reject file', 'ops queue'],
  ['CERSAI reject', 'ops queue'],
  ['SEBI portal', 'critical'],
  ['OMS', 'outside'],
  ['client UI', 'outside'],
  ['exchange', 'outside'],
  ['n/a', 'outside'],
];

/** The surface a phrase of the plan stands for. Throws RangeError, naming the phrase, when none of its places is known. */
export function parseFailureSurface(words: string): FailureSurface {
  const start = STARTS.find(([text]) => words.startsWith(text));
  if (start === undefined) throw new RangeError(`failure surface "${words}" names nobody this release knows`);
  return { kind: start[1], words };
}
