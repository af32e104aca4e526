// `tarazu run`: the gateway until SIGINT or SIGTERM, then an orderly stop. Exit code 0 after an orderly stop.
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { makeDirectory } from '../../workers/index.ts';
import { readConfig } from '../config.ts';
import { newLogger } from '../log.ts';
import { startGateway } from '../main.ts';

/** What --help prints. */
export const USAGE = 'usage: tarazu run [--config tarazu.json]   (an example: gateway/tarazu.example.json)\n';

const EXIT_FAILURE = 70;

/** Runs the gateway of a configuration file. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { config: { type: 'string', default: 'tarazu.json' } } });
  const config = readConfig(values.config);
  const { level, file } = config.log;
  if (file !== undefined) makeDirectory(dirname(file));
  const log = newLogger(level, pino.destination(file === undefined ? { fd: 2, sync: true } : { dest: file, sync: true }));
  // A disk that refuses a session log, or a bug: nothing may be answered any more. What is on disk is whole; the next start resumes from it.
  process.on('uncaughtException', (error) => {
    log.fatal({ error }, 'stopping at once');
    process.exit(EXIT_FAILURE);
  });
  const stopped = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });
  const gateway = await startGateway(config, log);
  process.stdout.write(
    `tarazu is up: FIX ${config.fix.SocketAcceptAddress}:${gateway.fixPort}, HTTP http://${config.http.host}:${gateway.httpPort}\n`,
  );
  const signal = await stopped;
  log.info({ signal }, 'stopping');
  await gateway.stop();
  log.info('stopped');
  return 0;
}
