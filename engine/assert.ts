// Assertions that stay on in production. Messages are constants (a template literal costs 100 ns a call, measured),
// and the throw is out of line so that callers stay small enough to be inlined.

/** A rule of the program itself was broken: a bug, never bad input. Bad input gets a RejectCode or a located error. */
export class AssertionFailure extends Error {
  override readonly name = 'AssertionFailure';
}

function fail(message: string): never {
  throw new AssertionFailure(message);
}

/** Throws AssertionFailure with the constant `message` unless `condition` holds. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) fail(message);
}

/** Marks a branch the types say cannot be reached. */
export function unreachable(_value: never, message: string): never {
  return fail(message);
}
