import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { SlowestFirst } from './slowest-first.ts';

const config: ViteUserConfig = defineConfig({
  // Pages name the modules they share as they are served.
  resolve: { alias: { '/kit': new URL('../workers/page-kit', import.meta.url).pathname } },
  test: {
    root: new URL('..', import.meta.url).pathname,
    // Some two hundred programs are started, with threads: each is spared what the one before it stripped and compiled.
    env: {
      NODE_OPTIONS: `--import ${new URL('../workers/bin/code-cache.js', import.meta.url).href}`,
      // A process that has started a hundred gateways of 4 GiB each is refused more by the system.
      TARAZU_SHARD_MEMORY_MB: '16',
    },
    // What is waited for comes, however busy the machine is; how long it may take is nowhere what a test is about.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // One more than a small machine has cores: while two files compute, the third waits for a program, a browser or a clock.
    maxWorkers: 3,
    pool: 'forks',
    sequence: { sequencer: SlowestFirst },
    include: ['test/**/*.test.ts'],
    // A process takes one file after the other: each is spared loading engine, gateway and batch again. A test leaves nothing behind.
    isolate: false,
  },
});

export default config;
