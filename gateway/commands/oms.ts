// `tarazu oms`: the simulated OMS of the demo, alone, against any gateway. Started by the demo with a channel to its parent it sends its view there;
// on its own it writes lines. With --trades it lists every trade, and ends with no order open and nothing held that was for the day only. With
// --paused nobody trades until the parent says so.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { makeDirectory } from '../../workers/index.ts';
import { Display } from '../demo/display.ts';
import { type RunningOms, runOms } from '../demo/run-oms.ts';
import { sendBytes } from '../demo/send-bytes.ts';
import { rehearsalClock, rehearsalConfig } from '../rehearsal-clock.ts';

const VIEW_MILLIS = 250;
/** What --help prints. */
export const USAGE =
  'usage: tarazu oms --port PORT --day DIR [--store DIR] [--clients 300] [--rate 100] [--seed 7] [--sender OMS] [--target TARAZU] [--seconds N] [--trades FILE] [--paused]\n       tarazu oms --port PORT --send FILE    sends the bytes of a file and shows the answers\n';

/** Runs until interrupted, told to stop by its parent, or for --seconds; exit code 0, 2 on wrong usage. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      day: { type: 'string' },
      store: { type: 'string', default: '.tarazu/oms' },
      clients: { type: 'string', default: '300' },
      rate: { type: 'string', default: '100' },
      seed: { type: 'string', default: '7' },
      sender: { type: 'string', default: 'OMS' },
      target: { type: 'string', default: 'TARAZU' },
      seconds: { type: 'string' },
      trades: { type: 'string' },
      paused: { type: 'boolean', default: false },
      send: { type: 'string' },
    },
  });
  if (values.send !== undefined && Number(values.port) > 0) {
    process.stdout.write(`${await sendBytes(Number(values.port), readFileSync(values.send))}\n`);
    return 0;
  }
  const numbers = [values.port, values.clients, values.rate, values.seed, values.seconds ?? '1'].map(Number);
  if (values.port === undefined || values.day === undefined || numbers.some((number) => !(number > 0))) {
    process.stderr.write(USAGE);
    return 2;
  }
  makeDirectory(values.store);
  const oms = await runOms({
    port: Number(values.port),
    day: values.day,
    store: values.store,
    clients: Number(values.clients),
    rate: Number(values.rate),
    seed: Number(values.seed),
    senderCompId: values.sender,
    targetCompId: values.target,
    isPaused: values.paused,
    ...(values.trades === undefined ? {} : { trades: values.trades }),
  });
  process.on('message', (message) => void obey(oms, message));
  const alone = process.send === undefined;
  const display = new Display(process.stdout, false);
  const timer = setInterval(() => {
    if (alone) display.show({ view: oms.view(), title: '', tries: [] }, performance.now());
    else if (process.connected) process.send?.({ view: oms.view(), marks: oms.marks() });
  }, VIEW_MILLIS);
  await ended(values.seconds === undefined ? 0 : Number(values.seconds));
  // A list of trades is for an evening, and an evening begins with the day's own positions closed.
  try {
    if (values.trades !== undefined) await oms.windDown();
  } finally {
    // Also when they could not be: whoever waits for this process is told by its end.
    clearInterval(timer);
    await oms.stop();
    if (process.connected) process.send?.({ view: oms.view() });
    if (process.connected) process.disconnect();
  }
  return 0;
}

/**
 * What a parent may ask in between: `{pause: true}`, `{pause: false}`, `{rehearsal: {…}}` (a day's clock for trades), `{close: ['NSE']}` (segments;
 * paused when it is done). Answers when it is so.
 */
async function obey(oms: RunningOms, message: unknown): Promise<void> {
  if (typeof message !== 'object' || message === null) return;
  if ('pause' in message) await oms.pause(message.pause === true);
  if ('rehearsal' in message) {
    const rehearsal = rehearsalConfig.parse(message.rehearsal);
    oms.listBy(rehearsalClock(rehearsal), Date.parse(rehearsal.until) * 1_000);
  }
  // What cannot be closed ends this process: whoever waits for the answer is told by that.
  if ('close' in message) {
    await oms.windDown(z.array(z.string()).parse(message.close));
    await oms.pause(true);
  }
  process.send?.({ obeyed: true });
}

function ended(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => resolve();
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    process.once('disconnect', stop);
    process.on('message', (message) => {
      if (message === 'stop') stop();
    });
    if (seconds > 0) setTimeout(stop, seconds * 1000);
  });
}
