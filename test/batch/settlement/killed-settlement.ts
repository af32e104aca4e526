// A process that settles a small house's two days and dies of SIGKILL at the nth thing it makes durable: a record of the night, a call's intent or
// outcome, a transaction of the books, before the write or after it; or that stands still at each of them, says so with a dot and waits for a byte,
// so that what a kill there would leave can be copied. Commits are not flushed one by one: what a killed process wrote is in the system's hands.
// Arguments: data directory, n (0 = never) or `pause`.
import { readSync, writeSync } from 'node:fs';
import { Ledger } from '../../../batch/ledger/ledger.ts';
import { NightStore } from '../../../batch/runner/index.ts';
import { settleAll } from './funds-ending.ts';
import { FundsWorld, WITH_SAME_DAY } from './funds-world.ts';

const [STDIN, STDOUT] = [0, 1];
const [directory = '', killAt = '0'] = process.argv.slice(2);
let left = Number(killAt);
const byte = Buffer.alloc(1);
const standStill = (): void => {
  writeSync(STDOUT, '.');
  readSync(STDIN, byte);
};
const die = (): void => {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};
const instant = killAt === 'pause' ? standStill : die;

/** Dies or stands still before the write, and after it. */
function dying<Arguments extends unknown[], Result>(write: (...args: Arguments) => Result): (...args: Arguments) => Result {
  return function mortal(this: unknown, ...args: Arguments): Result {
    instant();
    const result = write.apply(this, args);
    instant();
    return result;
  };
}
NightStore.prototype.putCall = dying(NightStore.prototype.putCall);
NightStore.prototype.append = dying(NightStore.prototype.append);
Ledger.prototype.transact = dying(Ledger.prototype.transact) as Ledger['transact'];

const world = new FundsWorld(WITH_SAME_DAY, { directory });
await settleAll(world);
await world.close();
