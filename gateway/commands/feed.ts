// `tarazu feed`: a server that speaks the Kite ticker's binary form over a market that walks at random, for demos, tests and whoever writes a client.
import { parseArgs } from 'node:util';
import { findDayFiles, loadRiskParameters, parameterFilesOf } from '../../workers/reference/index.ts';
import { listenAs } from '../listen-fault.ts';
import { MarketTicks } from '../market-data/market-ticks.ts';
import { SeededRandom } from '../market-data/seeded-random.ts';
import { SimulatedMarket } from '../market-data/simulated-market.ts';
import { TickerServer } from '../market-data/ticker/ticker-server.ts';

/** What --help prints. */
export const USAGE = `usage: tarazu feed --generate --day DIR [--port 9099] [--host 127.0.0.1] [--seed 7] [--interval 500] [--seconds N]
       plays the day's instruments at ws://HOST:PORT in the Kite ticker's binary form; in tarazu.json:
       "marketData": { "source": "ticker", "ticker": { "url": "ws://127.0.0.1:9099" } }
`;
const INTERVAL_MIN = 10;

/** Serves until interrupted or for --seconds; exit code 0, 2 on wrong usage. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      generate: { type: 'boolean', default: false },
      day: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '9099' },
      seed: { type: 'string', default: '7' },
      interval: { type: 'string', default: '500' },
      seconds: { type: 'string' },
    },
  });
  const [port, seed, interval, seconds] = [values.port, values.seed, values.interval, values.seconds ?? '0'].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const isSound =
    Number.isInteger(port) && port >= 0 && port <= 65_535 && Number.isInteger(seed) && seed >= 0 && interval >= INTERVAL_MIN && seconds >= 0;
  if (!values.generate || values.day === undefined || !isSound) {
    process.stderr.write(USAGE);
    return 2;
  }
  const table = await loadRiskParameters(parameterFilesOf(findDayFiles(values.day)));
  const market = new SimulatedMarket(table, new SeededRandom(seed), table.underlyings, table.instruments);
  const ticks = new MarketTicks(market);
  const server = new TickerServer((segment, token) => ticks.read(segment, token, Date.now()));
  const bound = await listenAs('--port', server.listen(values.host, port));
  process.stdout.write(`feed of ${table.instruments} instruments at ws://${values.host}:${bound}, seed ${seed}, a step each ${interval} ms\n`);
  const timer = setInterval(() => {
    market.step();
    server.publish();
  }, interval);
  await ended(seconds);
  clearInterval(timer);
  await server.close();
  return 0;
}

function ended(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    if (seconds > 0) setTimeout(resolve, seconds * 1_000);
  });
}
