// Every fault of bank and clearing corporation at every instruction of a settlement, one at a time: money moves once, what cannot be known stays in
// doubt, what is wrong is somebody's break and stops what follows, and once two persons have closed it the day ends as it would have.
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FundsWorld, NEXT, Outside, PLACES, type Script, SMALL } from './funds-world.ts';
import { InProcessPort } from './in-process-port.ts';

let world: FundsWorld;
let outside: Outside;
afterEach(() => world.end());

function begin(script: Script = SMALL): void {
  outside = new Outside(script);
  const ports = {
    bank: new InProcessPort('bank', outside.books, outside.faults),
    clearing: new InProcessPort('clearing', outside.books, outside.faults),
  };
  world = new FundsWorld(script, { port: (target) => ports[target] });
}

/** Bank accounts and collateral agree; nothing is reserved; nobody has to look at anything. */
function expectTied(): void {
  expect(world.balances(PLACES)).toEqual(outside.places);
  expect(world.balances(/^CLEARING/)).toEqual({});
  expect(world.ledger.head.totals.pending).toBe(0);
  expect(world.status('BANK-RECON', NEXT)).toBe('done');
}

async function days(): Promise<void> {
  await world.evening();
  await world.settleBreaks();
  await world.nextDay();
  await world.settleBreaks();
  await world.nextDay();
}

describe('the same end after', () => {
  let expected: object;
  beforeAll(async () => {
    begin();
    await days();
    expectTied();
    expected = outside.outcome;
    await world.end();
  });

  it.each([
    'timeout-after-success-3',
    'timeout-before-3',
    'server-error-3',
    'error-after-success-3',
    'cut-answer-3',
    'duplicate-answer-3',
    'undecided-3',
    'wrong-amount-2',
    'short-movement-1',
    'reject-1',
    'bank-down',
  ])('%s', async (fault) => {
    begin();
    outside.faults.switchOn(fault);
    await world.evening();
    outside.faults.switchOff('bank-down');
    await days();
    expect(outside.outcome).toEqual(expected);
    expectTied();
    // Whatever was met has an owner and was closed by two persons.
    for (const one of world.breaks.all())
      expect([one.owner === '', one.state, one.proposedBy, one.approvedBy]).toEqual([false, 'closed', 'asha', 'binod']);
    expect(world.breaks.all().map(({ kind }) => kind)).toEqual(
      { 'wrong-amount-2': ['answer', 'answer'], 'short-movement-1': ['amount'], 'reject-1': ['refused'] }[fault] ?? [],
    );
  });
});

describe('what is wrong', () => {
  it('an answer with another amount is not believed: the statement is, and the answer is a break', async () => {
    begin();
    outside.faults.switchOn('wrong-amount-1');
    await world.evening();
    const [found] = world.breaks.all();
    expect(found).toMatchObject({ kind: 'answer', owner: 'treasury', ours: 32_000_000, theirs: 32_000_300, state: 'open' });
    expect(world.outputs('SET-UPSTREAM')['CASH']).toBe(32_000_000);
    expect(world.status('BANK-RECON')).toBe('done');
  });

  it('another amount that moved is booked as it moved, and stops the instance until two persons have closed the break', async () => {
    begin();
    outside.faults.switchOn('short-movement-1');
    await world.evening();
    expect(world.notDone()['SET-UPSTREAM']).toMatch(/^failed: CASH-1: 32000000 paise asked, 31999900 answered, 31999900 on the bank's own books$/);
    expect(world.balances(/UPSTREAMED/)).toEqual({ 'UPSTREAMED/NCL-CASH': 31_999_900 });
    expect(world.ledger.head.totals.pending).toBe(17_503_000);
    world.operator.retry('2026-11-19/set/1', 'SET-UPSTREAM', { by: 'asha', reason: 'without closing the break' });
    await world.advance();
    expect(world.notDone()['SET-UPSTREAM']).toMatch(/no more money moves here until two persons have closed amount/);
    await world.settleBreaks();
    // The rupee that did not go comes after, and the clearing corporation acknowledges both payments.
    expect(world.outputs('SET-UPSTREAM')).toMatchObject({ upstreamed: 45_000_000, kept: 0 });
  });

  it('one person alone closes nothing', async () => {
    begin();
    outside.faults.switchOn('reject-1');
    await world.evening();
    const [found] = world.breaks.all();
    const id = found?.id ?? '';
    expect(() => world.breaks.approve(id, 'asha')).toThrow('nobody has proposed');
    world.breaks.propose(id, 'asha', 'account was blocked');
    expect(() => world.breaks.approve(id, 'asha')).toThrow('another person has to approve');
  });

  it('a pay-in that liquid funds do not cover moves nothing', async () => {
    begin({ ...SMALL, clients: { C0001: 1_000_000 }, own: 0 });
    await world.evening();
    world.now += 14 * 3600e6;
    world.start();
    await world.advance();
    expect(world.notDone()['SET-PAYIN-EXECUTE@CM']).toMatch(/more are needed than there are liquid funds; nothing was moved/);
    expect(outside.books.money.clearing.all['NCL-M2026223']).toMatchObject({ paidIn: 0 });
  });

  it('a client in debit is paid for by the firm’s own money, last', async () => {
    begin({ ...SMALL, clients: { C0001: 17_000_000 }, own: 2_000_000, house: {} });
    await world.evening();
    await world.nextDay();
    expect(world.outputs('SET-PAYIN-EXECUTE@CM')).toMatchObject({ payIn: 17_503_000, released: 17_000_000, ownFunds: 503_000 });
    expectTied();
  });

  it('money that came to the bank and is nobody’s here is a break of the reconciliation, and a gate', async () => {
    begin();
    await world.evening();
    outside.books.money.bank.move('', 'SOMEBODY', 'OWN-BANK/HDFC', 7_00);
    await world.nextDay();
    expect(world.status('BANK-RECON', NEXT)).toBe('gate');
    expect(world.breaks.all()).toMatchObject([{ kind: 'notOurs', owner: 'treasury', ours: 0, theirs: 700, state: 'open' }]);
    // It goes back, and two persons close it: the next look finds nothing.
    outside.books.money.bank.move('', 'OWN-BANK/HDFC', 'SOMEBODY', 7_00);
    await world.settleBreaks();
    world.operator.clear(`${NEXT}/set/1`, 'BANK-RECON', 'one', { by: 'asha', reason: 'sent back' });
    await world.advance();
    expect(world.breaks.all().map(({ state, theirs }) => [state, theirs])).toEqual([
      ['closed', 700],
      ['open', -700],
    ]);
    await world.settleBreaks();
    world.operator.clear(`${NEXT}/set/1`, 'BANK-RECON', 'one', { by: 'asha', reason: 'both closed' });
    await world.advance();
    expect(world.status('BANK-RECON', NEXT)).toBe('done');
  });
});
