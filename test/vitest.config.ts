import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { SlowestFirst } from './slowest-first.ts';

/** Files that only call functions: they start no program or thread, touch no environment, and need no process of their own. */
const PURE = ['engine', 'oracle', 'laws', 'golden', 'workers/reference'].map((folder) => `test/${folder}/**/*.test.ts`);

const config: ViteUserConfig = defineConfig({
  // Pages name the modules they share as they are served.
  resolve: { alias: { '/kit': new URL('../workers/page-kit', import.meta.url).pathname } },
  test: {
    root: new URL('..', import.meta.url).pathname,
    // Some two hundred programs are started, with threads: each is spared what the one before it stripped and compiled.
    env: { NODE_OPTIONS: `--import ${new URL('../workers/bin/code-cache.js', import.meta.url).href}` },
    testTimeout: 60_000,
    // Hooks generate days and start whole gateways: seconds where the machine is busy.
    hookTimeout: 60_000,
    // One more than a small machine has cores: while two files compute, the third waits for a program, a browser or a clock.
    maxWorkers: 3,
    pool: 'forks',
    sequence: { sequencer: SlowestFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: PURE } },
      // One process for many files: each is spared loading the engine again.
      { extends: true, test: { name: 'together', include: PURE, isolate: false } },
    ],
  },
});

export default config;
