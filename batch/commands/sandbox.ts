// `tarazu-batch sandbox --data DIR --day DAYDIR [--seed 7] [--faults late-file,reject-3,…] [--books FILE] [--port-file FILE]`: plays the other side
// of the night on loopback until Ctrl-C. Bank and clearing corporations go on from the books in FILE. The port file, written last, says where its
// HTTP side is: whoever waits for it knows that everything is up.
import { writeFileSync } from 'node:fs';
import { resolve as absolute } from 'node:path';
import { parseArgs } from 'node:util';
import { startSandbox } from '../sandbox/sandbox.ts';

/** See the file's head. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string', default: 'data' },
      day: { type: 'string' },
      seed: { type: 'string', default: '7' },
      faults: { type: 'string', default: '' },
      trades: { type: 'string' },
      books: { type: 'string' },
      'port-file': { type: 'string' },
    },
  });
  const seed = Number(values.seed);
  if (values.day === undefined || !Number.isSafeInteger(seed) || seed < 0) {
    process.stderr.write('tarazu-batch sandbox: --day DIRECTORY (of tarazu generate day) and a whole --seed are needed\n');
    return 2;
  }
  const sandbox = await startSandbox({
    dataDirectory: absolute(values.data),
    day: values.day,
    seed,
    faults: values.faults,
    ...(values.trades === undefined ? {} : { trades: values.trades }),
    ...(values.books === undefined ? {} : { books: values.books }),
  });
  process.stdout.write(`${sandbox.offers.join('\n')}\nCtrl-C ends it\n`);
  if (values['port-file'] !== undefined) writeFileSync(values['port-file'], `${JSON.stringify({ base: sandbox.base, pid: process.pid })}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await sandbox.close();
  return 0;
}
