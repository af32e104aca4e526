// The hot path leaves no garbage. Measured in a process of its own, warm, as bytes of heap per folded command.
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('folds orders and reports without allocating', () => {
  const probe = new URL('./allocation-probe.ts', import.meta.url).pathname;
  const answer = JSON.parse(execFileSync(process.execPath, ['--expose-gc', probe], { encoding: 'utf8' })) as {
    bytesPerCommand: number;
    accepted: number;
  };
  expect(answer.accepted).toBeGreaterThan(10_000);
  // One boxed double in each order alone makes 8 bytes per command (an order and its report); what is seen here is 0.4, the reading of the heap itself.
  expect(answer.bytesPerCommand).toBeLessThan(6);
});
