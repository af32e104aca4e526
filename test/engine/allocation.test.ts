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
  // A literal, closure, string or view costs 24 bytes or more per order and report; what is left is a double that crosses a call now and then.
  expect(answer.bytesPerCommand).toBeLessThan(24);
});
