// `tarazu load-day`: loads a market day into the data directory of a gateway that is not running, or the next SPAN file into one that is.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, readConfig } from '../config.ts';
import { newLogger } from '../log.ts';
import { startGateway } from '../main.ts';
import { askGateway } from './gateway-client.ts';

/** What --help prints. */
export const USAGE =
  'usage: tarazu load-day --dir DIR [--config tarazu.json]   (gateway stopped)\n       tarazu load-day --span FILE [--elm FILE] [--config tarazu.json]   (gateway running: intraday swap)\n';

/** Exit code 0 when the day, or the file, is in force. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { config: { type: 'string', default: 'tarazu.json' }, dir: { type: 'string' }, span: { type: 'string' }, elm: { type: 'string' } },
  });
  if ((values.dir === undefined) === (values.span === undefined)) {
    process.stderr.write(USAGE);
    return 2;
  }
  if (values.span !== undefined) {
    // The gateway runs elsewhere: a path relative to here means nothing to it.
    const body = { file: resolve(values.span), ...(values.elm === undefined ? {} : { elm: resolve(values.elm) }) };
    const loaded = (await askGateway(values.config, '/v1/parameters', body)) as { readonly hash: string; readonly instruments: number };
    process.stdout.write(`parameters in force: ${loaded.instruments} instruments, ${loaded.hash}\n`);
    return 0;
  }
  // As the configuration's own day: the same directory is the same day, however it was named.
  return loadDay({ ...readConfig(values.config), day: resolve(values.dir ?? '') });
}

async function loadDay(config: Config): Promise<number> {
  const elsewhere = { fix: { ...config.fix, SocketAcceptPort: 0 }, http: { ...config.http, port: 0 } };
  const gateway = await startGateway({ ...config, ...elsewhere }, newLogger('warn'));
  await gateway.stop();
  const { day } = gateway;
  process.stdout.write(
    day?.wasLoaded === true ? `day ${day.businessDate} was loaded before\n` : `day ${day?.businessDate} loaded: ${day?.clients} clients\n`,
  );
  return 0;
}
