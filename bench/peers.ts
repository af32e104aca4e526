// Brings the software we compare with, on demand, into bench/out/peers: never into package.json, never shipped. A peer that cannot be installed is
// said to be absent and the bench goes on.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'out', 'peers');
const INSTALL_LIMIT = 180_000;

/** A peer's main module, or the reason why it is not here. */
export type Peer = { readonly module: unknown; readonly version: string } | { readonly absent: string };

/** Where peers live; createRequire from its package.json reaches them. */
export const PEERS_FOLDER: string = FOLDER;

/** Installs `name@version` if it is not there, and loads it after the modules it wants loaded `first`. `offline` never installs. */
export function loadPeer(name: string, version: string, offline: boolean, first: readonly string[] = []): Peer {
  const manifest = join(FOLDER, 'node_modules', name, 'package.json');
  if (!existsSync(manifest)) {
    if (offline) return { absent: `${name} is not installed (a run of real size installs it)` };
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, 'package.json'), '{ "private": true }\n');
    const args = ['install', `${name}@${version}`, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
    const install = spawnSync('npm', args, { cwd: FOLDER, encoding: 'utf8', timeout: INSTALL_LIMIT });
    if (install.status !== 0)
      return { absent: `npm could not install ${name}@${version} (${(install.stderr || String(install.error)).trim().split('\n').at(-1)})` };
  }
  try {
    const require = createRequire(join(FOLDER, 'package.json'));
    for (const needed of first) require(needed);
    return { module: require(name), version: (require(manifest) as { version: string }).version };
  } catch (error) {
    return { absent: `${name} does not load: ${error instanceof Error ? error.message : String(error)}` };
  }
}
