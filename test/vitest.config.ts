import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { SlowestFirst } from './slowest-first.ts';

const config: ViteUserConfig = defineConfig({
  // Pages name the modules they share as they are served.
  resolve: { alias: { '/kit': new URL('../workers/page-kit', import.meta.url).pathname } },
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    // Some two hundred programs are started: each is spared compiling what the one before it compiled.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'tarazu-compile-cache') },
    testTimeout: 60_000,
    // Hooks generate days and start whole gateways: seconds where the machine is busy.
    hookTimeout: 60_000,
    // Two cores: more workers only take turns, and what waits for an answer waits too long.
    maxWorkers: 2,
    pool: 'forks',
    sequence: { sequencer: SlowestFirst },
  },
});

export default config;
