// A random day as a list of commands, written with the oracle alone, for tests that fold it in other ways.
import type { ParameterTable } from '../../engine/index.ts';
import { decode, encode, type PlainCommand } from './commands.ts';
import { EngineOracle } from './engine-oracle.ts';
import { planDay, SLOT } from './random-day.ts';

/** Commands of a day and the tables they refer to. */
export interface RecordedDay {
  readonly commands: readonly PlainCommand[];
  readonly tables: ReadonlyMap<string, ParameterTable>;
}

/** The day of a seed, `steps` commands after its setup. */
export function recordDay(seed: number, steps: number): RecordedDay {
  const plan = planDay(seed);
  const oracle = new EngineOracle(plan.tables);
  const commands: PlainCommand[] = [];
  for (let i = 0; i < plan.setup.length + steps; i++) {
    const command = plan.setup[i] ?? plan.script.next(oracle.knownOrders(), oracle.knownPositions());
    commands.push(command);
    oracle.fold(decode(encode(command, SLOT), command.body));
  }
  return { commands, tables: plan.tables };
}
