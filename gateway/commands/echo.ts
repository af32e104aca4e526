// npx tarazu echo --port P [--port P2 …] [--host H]: the FIX echo acceptor that counterparties certify their side, and ours, against.
import { parseArgs } from 'node:util';
import { createEchoAcceptor } from '../fix/index.ts';

/** What --help prints. */
export const USAGE = 'usage: tarazu echo --port PORT [--port PORT …] [--host ADDRESS]\n';

/** Runs until interrupted; 2 = usage. */
export async function run(args: readonly string[]): Promise<number> {
  let values: { readonly port?: string[]; readonly host?: string };
  try {
    values = parseArgs({ args: [...args], options: { port: { type: 'string', multiple: true }, host: { type: 'string' } } }).values;
  } catch (error) {
    process.stderr.write(`tarazu echo: ${(error as Error).message}\n`);
    return 2;
  }
  const ports = (values.port ?? []).map(Number);
  if (ports.length === 0 || !ports.every((port) => Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const acceptor = createEchoAcceptor();
  try {
    for (const port of ports) {
      const actual = await acceptor.listen(port, values.host);
      process.stdout.write(`echo acceptor listening on ${values.host ?? '127.0.0.1'}:${actual}, SenderCompID ISLD, TargetCompID TW44\n`);
    }
  } catch (error) {
    process.stderr.write(`tarazu echo: ${(error as Error).message}\n`);
    await acceptor.close();
    return 1;
  }
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await acceptor.close();
  return 0;
}
