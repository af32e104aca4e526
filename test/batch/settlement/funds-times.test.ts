// When money of a settlement moves, and what has to be there before it does: not before banks settle, pay-out at its time, the second session after
// the first, the liquidity buffer once more on the day itself.
import { afterEach, describe, expect, it } from 'vitest';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { dayGraph } from '../../../batch/graph/index.ts';
import { istMicros } from '../../../batch/runner/index.ts';
import { triggerAt } from '../../../batch/runner/readiness.ts';
import { FundsWorld, NEXT, Outside, type Script, SMALL } from './funds-world.ts';
import { InProcessPort } from './in-process-port.ts';

const calendar = new BusinessCalendar();
const instant = (micros: number): string => new Date(micros / 1000 + 330 * 60_000).toISOString().slice(0, 16).replace('T', ' ');

describe('the clock holds back', () => {
  it.each<[traded: string, payIn: string, payOut: string, why: string]>([
    ['2026-11-19', '2026-11-20 07:00', '2026-11-20 15:30', 'T+1: banks settle from seven, pay-out at half past three'],
    ['2026-11-20', '2026-11-23 07:00', '2026-11-23 15:30', 'over a weekend'],
    ['2026-08-25', '2026-08-27 07:00', '2026-08-27 15:30', 'the 26th is traded and does not settle'],
    ['2026-08-26', '2026-08-27 15:30', '2026-08-27 21:00', 'so its trades settle in the second session, out of the first one’s pay-out'],
  ])('%s: pay-in from %s, pay-out at %s (%s)', (traded, payIn, payOut) => {
    const at = (key: string): string => instant(triggerAt(dayGraph().instance(key), traded, calendar));
    expect([at('SET-PAYIN-EXECUTE@CM'), at('SET-PAYOUT-RECV@CM'), at('SET-PAYOUT-RECV@FO')]).toEqual([payIn, payOut, payOut]);
  });
});

describe('on the settlement day', () => {
  let world: FundsWorld;
  let outside: Outside;
  afterEach(() => world.end());

  function begin(script: Script): void {
    outside = new Outside(script);
    const ports = {
      bank: new InProcessPort('bank', outside.books, outside.faults),
      clearing: new InProcessPort('clearing', outside.books, outside.faults),
    };
    world = new FundsWorld(script, { port: (target) => ports[target] });
  }
  /** The firm takes money out of its own account, at the bank and in the books. */
  function spend(paise: number): void {
    outside.books.money.bank.move('rent', 'OWN-BANK/HDFC', 'LANDLORD', paise);
    const transfers = [{ debit: 'CAPITAL', credit: 'OWN-BANK/HDFC', amount: paise }];
    const head = { key: 'rent', kind: 'OPENING', businessDate: 20261120, at: 1, narration: 'rent', approvals: ['asha', 'binod'] };
    world.ledger.transact((books) => books.post({ ...head, transfers }));
  }
  /** 3,04,000.00 was the highest pay-in so far, so 4,56,000.00 are held; there are 4,60,000.00. */
  const BUFFERED: Script = { ...SMALL, house: {} };
  const withHistory = (): void => {
    const history = world.runner.parts.store.root.openDB<number, [string, string]>({ name: 'pay-in-history', encoding: 'msgpack' });
    history.putSync(['2026-11-18', 'CM'], 30_400_000);
  };

  it('pay-in that two persons let start at six waits for seven, pay-out for half past three', async () => {
    begin(SMALL);
    await world.evening();
    world.now = istMicros(NEXT, 6 * 60);
    world.start();
    await world.runner.advance();
    expect(world.status('SET-PAYIN-EXECUTE@CM')).toBe('waiting');
    world.now = istMicros(NEXT, 7 * 60);
    await world.runner.advance();
    expect([world.status('SET-PAYIN-EXECUTE@CM'), world.status('SET-PAYOUT-RECV@FO')]).toEqual(['done', 'waiting']);
    world.now = istMicros(NEXT, 15 * 60 + 30);
    await world.runner.advance();
    expect(world.outputs('SET-PAYOUT-RECV@FO')).toMatchObject({ payOut: 4_000_000, swept: 4_000_000 });
  });

  it('a buffer that was whole in the evening and is not before the pay-in stops it, with nothing moved, until two persons accept it', async () => {
    begin(BUFFERED);
    withHistory();
    await world.evening();
    expect(world.outputs('SET-PAYIN-PREP@CM')['buffer']).toEqual({ liquid: 46_000_000, highest: 30_400_000, required: 45_600_000, short: 0 });
    // A thousand rupees more than could be spared.
    spend(500_000);
    world.now = istMicros(NEXT, 9 * 60);
    const letStart = async (): Promise<void> => {
      world.start();
      await world.advance();
    };
    await letStart();
    expect(world.notDone()['SET-PAYIN-EXECUTE@CM']).toMatch(
      /^failed: liquid funds of 45500000 paise where 45600000 are held .*; nothing was moved until two persons/,
    );
    expect(outside.books.money.clearing.all['NCL-M2026223']).toMatchObject({ paidIn: 0 });
    expect(world.breaks.all()).toMatchObject([{ kind: 'buffer', owner: 'treasury', ours: 45_500_000, theirs: 45_600_000, state: 'open' }]);
    await world.settleBreaks();
    await letStart();
    expect(world.outputs('SET-PAYIN-EXECUTE@CM')).toMatchObject({ payIn: 17_503_000, buffer: { short: 100_000 } });
  });
});
