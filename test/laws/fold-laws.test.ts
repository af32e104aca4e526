// Laws of the fold: the same commands give the same state and events however they are cut, repeated or interleaved.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_BYTES, EventWriter, Fold, type ParameterTable, SlotState } from '../../engine/index.ts';
import { encode, type PlainCommand } from '../oracle/commands.ts';
import { recordDay } from '../oracle/record-day.ts';

const STEPS = 200;
const day = (seed: number): ReturnType<typeof recordDay> => recordDay(seed, STEPS);
const seeds = fc.integer({ min: 1, max: 1_000_000 });

class Runner {
  readonly events = new EventWriter();
  readonly tables: ReadonlyMap<string, ParameterTable>;
  private readonly fold: Fold;
  state: SlotState;

  constructor(slot: number, tables: ReadonlyMap<string, ParameterTable>) {
    this.tables = tables;
    this.fold = new Fold((hash) => tables.get(hash));
    this.state = new SlotState(slot);
  }

  /** Folds one command; its events are appended to `events`. */
  step(command: PlainCommand): void {
    this.fold.fold(this.state, encode(command, this.state.slot), command.body, this.events);
  }

  all(commands: readonly PlainCommand[]): this {
    for (const command of commands) this.step(command);
    return this;
  }

  /** Stops, and goes on from a snapshot alone. */
  restart(): void {
    this.state = SlotState.restore(this.state.slot, this.state.snapshot());
    this.state.rebuild(this.tables.get(this.state.parametersHash));
  }

  told(): string {
    return Buffer.from(this.events.bytes.subarray(0, this.events.count * EVENT_BYTES)).toString('base64');
  }

  /** Everything a slot stores but its own counters. */
  stored(): string {
    const [, ...tables] = this.state.tables;
    return tables.map((table) => Buffer.from(table.bytes.subarray(0, table.rows * table.stride)).toString('base64')).join('|');
  }
}

describe('laws of the fold', () => {
  it('the same commands give the same hash and the same events', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { commands, tables } = day(seed);
        const [one, two] = [new Runner(7, tables).all(commands), new Runner(7, tables).all(commands)];
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
        const whole = new Runner(7, tables).all(commands);
        const cut = new Runner(7, tables);
        commands.forEach((command, index) => {
          if (cuts.includes(index)) cut.restart();
          cut.step(command);
        });
        expect(cut.state.hash()).toBe(whole.state.hash());
        expect(cut.told()).toBe(whole.told());
      }),
      { numRuns: 8 },
    );
  });

  it('a command that comes twice changes nothing the second time', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { commands, tables } = day(seed);
        const runner = new Runner(7, tables);
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
        const left = new Runner(3, one.tables);
        const right = new Runner(9, two.tables);
        const waiting = { left: [...one.commands], right: [...two.commands] };
        for (const turn of turns) {
          const runner = turn ? left : right;
          const next = (turn ? waiting.left : waiting.right).shift();
          if (next !== undefined) runner.step(next);
        }
        left.all(waiting.left);
        right.all(waiting.right);
        expect(left.state.hash()).toBe(new Runner(3, one.tables).all(one.commands).state.hash());
        expect(right.state.hash()).toBe(new Runner(9, two.tables).all(two.commands).state.hash());
      }),
      { numRuns: 4 },
    );
  });
});
