// Laws of the fold: the same commands give the same state and events however they are cut, repeated or interleaved.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventKind, SlotState } from '../../engine/index.ts';
import { recordDay } from '../oracle/record-day.ts';
import { SlotRunner } from './slot-runner.ts';

const STEPS = 200;
const day = (seed: number): ReturnType<typeof recordDay> => recordDay(seed, STEPS);
const seeds = fc.integer({ min: 1, max: 1_000_000 });

describe('laws of the fold', () => {
  it('the same commands give the same hash and the same events', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { commands, tables } = day(seed);
        const [one, two] = [new SlotRunner(7, tables).all(commands), new SlotRunner(7, tables).all(commands)];
        expect(one.events.count).toBeGreaterThan(0);
        expect(two.state.hash()).toBe(one.state.hash());
        expect(two.told()).toBe(one.told());
      }),
      { numRuns: 5 },
    );
  });

  it('going on from a snapshot is going on', () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.nat(STEPS), { minLength: 1, maxLength: 4 }), (seed, cuts) => {
        const { commands, tables } = day(seed);
        const whole = new SlotRunner(7, tables).all(commands);
        const cut = new SlotRunner(7, tables);
        commands.forEach((command, index) => {
          if (cuts.includes(index)) cut.restart();
          cut.step(command);
        });
        expect(cut.state.hash()).toBe(whole.state.hash());
        expect(cut.told()).toBe(whole.told());
      }),
      // A mass cancel of all accounts before the cut, stuck orders after it.
      { numRuns: 8, examples: [[2, [180]]] },
    );
  });

  it('a command that comes twice changes nothing the second time', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { commands, tables } = day(seed);
        const runner = new SlotRunner(7, tables);
        let repeated = 0;
        for (const command of commands) {
          runner.step(command);
          // Prices and ticks carry no number: they are not repeated by anyone.
          if (command.origin.number === 0 || repeated > 25) continue;
          repeated++;
          const [before, events, sequence] = [runner.stored(), runner.events.count, runner.state.sequence];
          runner.step(command);
          expect(runner.stored()).toBe(before);
          expect(runner.events.count).toBe(events);
          expect(runner.state.sequence).toBe(sequence + 1);
        }
        expect(repeated).toBeGreaterThan(0);
      }),
      { numRuns: 4 },
    );
  });

  it('what happens in one slot is nothing to another', () => {
    fc.assert(
      fc.property(seeds, seeds, fc.array(fc.boolean(), { minLength: 2 * STEPS, maxLength: 2 * STEPS }), (a, b, turns) => {
        const [one, two] = [day(a), day(b)];
        const left = new SlotRunner(3, one.tables);
        const right = new SlotRunner(9, two.tables);
        const waiting = { left: [...one.commands], right: [...two.commands] };
        for (const turn of turns) {
          const runner = turn ? left : right;
          const next = (turn ? waiting.left : waiting.right).shift();
          if (next !== undefined) runner.step(next);
        }
        left.all(waiting.left);
        right.all(waiting.right);
        expect(left.state.hash()).toBe(new SlotRunner(3, one.tables).all(one.commands).state.hash());
        expect(right.state.hash()).toBe(new SlotRunner(9, two.tables).all(two.commands).state.hash());
      }),
      { numRuns: 4 },
    );
  });

  it('what-if and explain give the verdict that follows, and change nothing', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { commands, tables } = day(seed);
        const runner = new SlotRunner(7, tables);
        let compared = 0;
        for (const command of commands) {
          const judged = ['PlaceOrder', 'ReplaceOrder', 'CancelOrder'].includes(command.kind) ? runner.judge(command) : undefined;
          const before = runner.events.count;
          runner.step(command);
          const answer = runner.answer(before);
          if (judged === undefined || answer === undefined || answer.kind === EventKind.OrderStatusReported) continue;
          compared++;
          expect(judged.whatIf).toBe(answer.rejectCode);
          expect(judged.explained).toBe(answer.rejectCode);
        }
        expect(compared).toBeGreaterThan(STEPS / 5);
      }),
      { numRuns: 4 },
    );
  });

  it('the rows that changed, streamed, rebuild the state', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 40 }), (seed, every) => {
        const { commands, tables } = day(seed);
        const runner = new SlotRunner(7, tables);
        const copy = new SlotState(7);
        commands.forEach((command, index) => {
          runner.step(command);
          if (index % every === 0 || index === commands.length - 1) runner.streamTo(copy);
        });
        expect(copy.hash()).toBe(runner.state.hash());
      }),
      { numRuns: 6 },
    );
  });
});
