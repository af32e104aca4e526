// `tarazu version`: which tarazu, on which Node. What support asks first.
import { readFileSync } from 'node:fs';

/** What --help prints. */
export const USAGE = 'usage: tarazu version\n';

/** Version of this package as package.json states it. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Prints tarazu's version and Node's. */
export async function run(_args: readonly string[]): Promise<number> {
  process.stdout.write(`tarazu ${packageVersion()} (Node ${process.version})\n`);
  return 0;
}
