// Calls whose outcome is unknown: never repeated before the other side was asked, whatever happens in between.
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CallFault, Counterparty } from './counterparty.ts';
import { TestNight } from './night-script.ts';

const PAY = [
  'EOD-PAY',
  '',
  { effect: 'external', idempotent: 'no (money movement)', retry: '1× then critical', compensation: 'reverse', surface: 'clearing-corp + bank' },
] as const;
let night: TestNight;
let bank: Counterparty;

function begin(): void {
  night = new TestNight([PAY, ['EOD-NEXT', 'EOD-PAY']]);
  bank = new Counterparty(join(night.directory, 'bank.txt'));
  night.body('EOD-PAY', async (context) => ({ outputs: await context.call(bank, 'pay', { paise: 1_000_000 }) }));
}
beforeEach(begin);
afterEach(() => night.close());

const asha = { by: 'asha', reason: 'statement of 16:05 shows it' };

describe('a payment', () => {
  it('that timed out after it was done is found by asking, and not paid twice', async () => {
    bank.fault = 'timeoutAfter';
    await night.run();
    expect(night.status('EOD-PAY')).toBe('inDoubt');
    await night.later(29);
    expect(bank.calls).toBe(1);
    await night.later(1);
    expect(night.status('EOD-PAY')).toBe('done');
    expect(bank.done.length).toBe(1);
  });

  it('that never arrived is sent again with the same key once the bank has said so', async () => {
    bank.fault = 'timeoutBefore';
    await night.run();
    bank.fault = 'none';
    await night.later(30);
    expect(bank.done).toEqual(['2026-11-20/eod/1/EOD-PAY/pay']);
    expect(night.status('EOD-PAY')).toBe('done');
  });

  it('that was refused stays refused; an instruction is given anew, under another key, when a person lets it run again', async () => {
    night.body('EOD-NEXT', async (context) => ({ outputs: await context.instruct(bank, 'report', { date: context.date }) }));
    await night.run();
    bank.fault = 'refused';
    night.operator.clear(night.runId, 'EOD-NEXT', 'one', asha);
    night.body('EOD-NEXT', async (context) => ({ outputs: await context.instruct(bank, 'report of noon', { date: context.date }) }));
    await night.later(1);
    expect([night.status('EOD-NEXT'), bank.calls]).toEqual(['failed', 3]);
    bank.fault = 'none';
    await night.later(1);
    expect([night.status('EOD-NEXT'), bank.calls]).toEqual(['failed', 3]);
    night.operator.retry(night.runId, 'EOD-NEXT', asha);
    await night.later(1);
    expect([night.status('EOD-NEXT'), bank.done]).toEqual([
      'done',
      ['2026-11-20/eod/1/EOD-PAY/pay', '2026-11-20/eod/1/EOD-NEXT/report', '2026-11-20/eod/1/EOD-NEXT/report of noon~2'],
    ]);
  });

  it('is left to a person when the bank cannot be asked in time', async () => {
    bank.fault = 'timeoutAfter';
    bank.isDeaf = true;
    for (let wake = await night.run(); wake > 0; ) wake = await night.later((wake - night.now) / 1e6);
    expect(night.status('EOD-PAY')).toBe('inDoubt');
    expect(bank.calls).toBe(1);
    expect(() => night.operator.retry(night.runId, 'EOD-PAY', asha)).toThrow('is in doubt');
    expect(() => night.operator.clear(night.runId, 'EOD-PAY', 'one', asha)).toThrow('is inDoubt');
    night.operator.propose(night.runId, 'EOD-PAY', 'resolve', { ...asha, outputs: { reference: 'UTR-9' } });
    night.operator.approve(night.runId, 'EOD-PAY', 'binod');
    await night.runner.advance();
    expect(night.runner.isGreen(night.runId)).toBe(true);
    expect(bank.done.length).toBe(1);
  });

  it('is sent again on the word of two persons that it never arrived', async () => {
    bank.fault = 'timeoutBefore';
    bank.isDeaf = true;
    for (let wake = await night.run(); wake > 0; ) wake = await night.later((wake - night.now) / 1e6);
    bank.fault = 'none';
    night.operator.propose(night.runId, 'EOD-PAY', 'again', { by: 'asha', reason: 'bank desk: not received' });
    await night.runner.advance();
    expect(bank.calls).toBe(1);
    night.operator.approve(night.runId, 'EOD-PAY', 'binod');
    await night.runner.advance();
    expect(bank.done.length).toBe(1);
    expect(night.status('EOD-PAY')).toBe('done');
  });

  it('that is refused is final, and says why', async () => {
    bank.fault = 'refused';
    await night.run();
    expect(night.runner.states.state(night.runId, 'EOD-PAY')).toMatchObject({ status: 'failed', error: 'account closed' });
    night.operator.retry(night.runId, 'EOD-PAY', { by: 'ops', reason: 'account opened' });
    await night.runner.advance();
    expect(bank.calls).toBe(1);
  });

  it('is not changed under its key', async () => {
    let paise = 100;
    night.body('EOD-PAY', async (context) => ({ outputs: await context.call(bank, 'pay', { paise }) }));
    bank.fault = 'timeoutBefore';
    await night.run();
    paise = 200;
    bank.fault = 'none';
    await night.later(30);
    expect(night.runner.states.state(night.runId, 'EOD-PAY').error).toContain('was begun with another request');
    expect(bank.done).toEqual([]);
  });

  it('is paid at most once under random faults, restarts and waits, and exactly once when all is well at last', async () => {
    const step = fc.oneof(
      fc.constantFrom<CallFault>('none', 'timeoutAfter', 'timeoutBefore', 'down', 'undecided').map((fault) => ({ fault })),
      fc.constantFrom({ restart: true } as const, { deaf: true } as const, { deaf: false } as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await night.close();
        begin();
        for (const each of steps) {
          if ('fault' in each) bank.fault = each.fault;
          if ('deaf' in each) bank.isDeaf = each.deaf;
          if ('restart' in each) await night.restart();
          await night.run();
          await night.later(31);
          expect(bank.done.length).toBeLessThanOrEqual(1);
        }
        bank.fault = 'none';
        bank.isDeaf = false;
        await night.run();
        if (night.status('EOD-PAY') === 'failed') night.operator.retry(night.runId, 'EOD-PAY', asha);
        await night.run();
        await night.later(31);
        expect(bank.done.length).toBe(1);
        expect(night.runner.isGreen(night.runId)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
