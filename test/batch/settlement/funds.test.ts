// A small house's money over two days, against the sandbox's bank and clearing corporation over HTTP: what each node moves and books, and that three
// sides agree.
import { afterEach, describe, expect, it } from 'vitest';
import { BANK, FundsWorld, NEXT, Outside, type Script, SMALL } from './funds-world.ts';

let world: FundsWorld | undefined;
let outside: Outside | undefined;
afterEach(async () => {
  await world?.end();
  await outside?.close();
});

async function begin(script: Script = SMALL, faults = ''): Promise<{ world: FundsWorld; outside: Outside }> {
  outside = new Outside(script, faults);
  world = new FundsWorld(script);
  await outside.serve(world.directory);
  return { world, outside };
}

describe('a small settlement', () => {
  it('is paid in, paid out, upstreamed and reconciled', async () => {
    const { world: house, outside: others } = await begin();
    await house.evening();
    expect(house.notDone()).toEqual({
      'SET-PAYIN-EXECUTE@CM': 'waiting',
      'SET-PAYIN-EXECUTE@FO': 'waiting',
      'SET-PAYIN-EXECUTE@CD': 'waiting',
      'SET-PAYIN-EXECUTE@COM': 'waiting',
      'SET-PAYOUT-RECV@CM': 'waiting',
      'SET-PAYOUT-RECV@FO': 'waiting',
      'SET-PAYOUT-RECV@CD': 'waiting',
      'SET-PAYOUT-RECV@COM': 'waiting',
    });
    // No client money stays with the firm overnight: 450,000 rupees went up, a fifth as deposits, a tenth as fund units.
    expect(house.outputs('SET-UPSTREAM')).toMatchObject({ CASH: 32_000_000, FDR: 9_000_000, MFOS: 4_000_000, kept: 0 });
    expect(others.books.money.clearing.collateral).toEqual({ 'NCL-CASH': 32_000_000, 'NCL-FDR': 9_000_000, 'NCL-MFOS': 4_000_000 });

    await house.nextDay();
    expect(house.notDone()).toEqual({});
    expect(house.notDone(NEXT)).toMatchObject({ 'SET-PAYIN-PREP@CM': 'waiting' });
    expect(house.status('BANK-RECON', NEXT)).toBe('done');
    expect(house.outputs('SET-PAYIN-EXECUTE@CM')).toMatchObject({ payIn: 17_503_000, released: 17_503_000, fromBank: 0, lateMinutes: 0 });
    expect(others.books.money.clearing.all).toMatchObject({
      'NCL-M2026223': { paidIn: 15_000_000, paidOut: 0 },
      'NCL-Z2026223': { paidIn: 2_500_000, paidOut: 0 },
      'NCL-FO20261119': { paidIn: 0, paidOut: 4_000_000 },
    });
    expect(house.balances(/^(CLEARING|SETTLEMENT)\//)).toEqual({});
    expect(house.ledger.head.totals.pending).toBe(0);
    expect(house.breaks.all()).toEqual([]);
    expect(house.ledger.account(BANK)?.balance).toBe(others.books.money.bank.balance(BANK));
  });
});
