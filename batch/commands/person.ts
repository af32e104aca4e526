// `tarazu-batch person add NAME --data DIR`: makes a person's token for the served night and shows it, once. `person list` names everybody.
import { parseArgs } from 'node:util';
import { makeDirectory } from '../../workers/index.ts';
import { nightDirectory } from '../night/night.ts';
import { People } from '../night/people.ts';

/** See the file's head. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: { data: { type: 'string', default: 'data' } }, allowPositionals: true });
  const [verb, name] = positionals;
  if (verb !== 'list' && (verb !== 'add' || name === undefined)) {
    process.stderr.write('tarazu-batch person: add NAME or list is needed\n');
    return 2;
  }
  makeDirectory(nightDirectory(values.data));
  const people = new People(nightDirectory(values.data));
  process.stdout.write(verb === 'list' ? people.names.map((known) => `${known}\n`).join('') : `${people.add(name ?? '')}\n`);
  return 0;
}
