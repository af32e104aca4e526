// `tarazu-batch person add NAME [--may read|act] --data DIR`: makes a person's token and shows it, once. `person remove NAME` takes it out of force,
// `person list` names everybody. While the night is served, add also prints the link that signs the person in.
import { parseArgs } from 'node:util';
import { makeDirectory } from '../../workers/index.ts';
import { nightDirectory } from '../night/night.ts';
import { servedAt } from '../night/night-client.ts';
import { People } from '../night/people.ts';

const VERBS = ['add', 'remove', 'list'];

/** See the file's head. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { data: { type: 'string', default: 'data' }, may: { type: 'string', default: 'act' }, json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [verb = '', name] = positionals;
  const { may, data, json } = values;
  if (!VERBS.includes(verb) || (verb !== 'list' && name === undefined) || (may !== 'act' && may !== 'read')) {
    process.stderr.write('tarazu-batch person: add NAME [--may read|act], remove NAME or list is needed\n');
    return 2;
  }
  makeDirectory(nightDirectory(data));
  const people = new People(nightDirectory(data));
  if (verb === 'add') {
    const token = people.add(name ?? '', may);
    process.stdout.write(json ? `${JSON.stringify({ name, may, token })}\n` : `${token}\n`);
    const serving = await servedAt(nightDirectory(data));
    if (serving !== undefined) process.stderr.write(`signs in: http://127.0.0.1:${serving.port}/#token=${token}\n`);
  } else if (verb === 'remove') people.remove(name ?? '');
  else process.stdout.write(json ? `${JSON.stringify(people.all)}\n` : people.all.map((one) => `${one.name} ${one.may}\n`).join(''));
  return 0;
}
