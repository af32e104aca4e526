// A process that settles a small house's two days and dies of SIGKILL at the nth thing it makes durable: a record of the night, a call's intent or outcome, a transaction of
// the books, before the write or after it. Commits are not flushed one by one: what a killed process wrote is in the system's hands. Arguments: data directory, n (0 = never).
import { writeSync } from 'node:fs';
import { Ledger } from '../../../batch/ledger/ledger.ts';
import { NightStore } from '../../../batch/runner/index.ts';
import { FundsWorld, NEXT, PLACES, SMALL } from './funds-world.ts';

const [directory = '', killAt = '0'] = process.argv.slice(2);
let [left, instants] = [Number(killAt), 0];
const die = (): void => {
  instants += 1;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};

/** Dies before the write, and after it. */
function dying<Arguments extends unknown[], Result>(write: (...args: Arguments) => Result): (...args: Arguments) => Result {
  return function mortal(this: unknown, ...args: Arguments): Result {
    die();
    const result = write.apply(this, args);
    die();
    return result;
  };
}
NightStore.prototype.putCall = dying(NightStore.prototype.putCall);
NightStore.prototype.append = dying(NightStore.prototype.append);
Ledger.prototype.transact = dying(Ledger.prototype.transact) as Ledger['transact'];

const world = new FundsWorld(SMALL, { directory });
await world.evening();
await world.settleBreaks();
await world.morning();
await world.settleBreaks();
await world.nextDay();
await world.settleBreaks();
const open = world.breaks.all().filter(({ owner, state }) => owner === '' || state !== 'closed');
writeSync(
  1,
  JSON.stringify({
    instants,
    notDone: world.notDone(),
    reconciled: world.status('BANK-RECON', NEXT),
    places: world.balances(PLACES),
    others: Object.fromEntries(Object.entries(world.balances()).filter(([account]) => !PLACES.test(account))),
    pending: world.ledger.head.totals.pending,
    findings: world.ledger.verify().findings,
    open: open.map(({ id }) => id),
  }),
);
await world.close();
