// Clients in debit: what client money lacks because of them is put in from the firm's own account before a day closes, and goes back when it is not
// needed any more. Bank and books are compared after each step. C0001 bought for Rs 1,50,000 with Rs 1,00,000; C0002 has Rs 2,00,000. Paise.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { Graph } from '../../../batch/graph/graph.ts';
import { SETTLEMENT } from '../../../batch/graph/settlement.ts';
import { shortfallOf } from '../../../batch/ledger/account-state.ts';
import { Ledger } from '../../../batch/ledger/ledger.ts';
import { NightFiles } from '../../../batch/nodes/night-files.ts';
import { wantedForDebits, withDebitsCarried } from '../../../batch/nodes/settlement/funds-debits.ts';
import { fundsLegs } from '../../../batch/nodes/settlement/funds-legs.ts';
import { ofLegs } from '../../../batch/nodes/settlement/settlement-leg.ts';
import { NightRunner } from '../../../batch/runner/index.ts';
import { BANK, DATE, NEXT, Outside, openBooks, type Script } from './funds-world.ts';
import { InProcessPort } from './in-process-port.ts';
import { LoneNodes } from './lone-nodes.ts';

const OWN = 'OWN-BANK/HDFC';
const IN_DEBIT: Script = { obligations: ['CM M 2026223 -15000000'], clients: { C0001: 10_000_000, C0002: 20_000_000 }, own: 8_000_000 };

/** LEDGER-NIGHT with nothing in it but what comes before its close, and SET-UPSTREAM. */
class House extends LoneNodes {
  readonly outside: Outside;
  readonly ledger: Ledger;
  override readonly runner: NightRunner;

  constructor(script: Script, faults = '') {
    super();
    this.outside = new Outside(script, faults);
    this.ledger = new Ledger(this.store.root);
    openBooks(this.ledger, script);
    const files = { primary: { kind: 'directory', path: this.data } };
    writeFileSync(join(this.data, 'ports.json'), JSON.stringify({ exchange: files, clearing: files, depository: files }));
    const day = { dataDirectory: this.data, files: new NightFiles(this.data), calendar: new BusinessCalendar() };
    const port = (target: 'bank' | 'clearing'): InProcessPort => new InProcessPort(target, this.outside.books, this.outside.faults);
    const { 'SET-UPSTREAM': upstream } = fundsLegs(day, port);
    if (upstream === undefined) throw new Error('there is no SET-UPSTREAM');
    const ids = ['LEDGER-NIGHT', 'SET-UPSTREAM'];
    const rows = SETTLEMENT.filter(({ id }) => ids.includes(id)).map((row) => ({ ...row, after: '', reading: 'alone in this test' }));
    this.runner = new NightRunner({
      ...{ store: this.store, graph: new Graph(rows), calendar: day.calendar, now: () => this.now, parallel: 1 },
      bodies: new Map([
        ['LEDGER-NIGHT', withDebitsCarried({ ...day, port }, async () => ({ outputs: { closed: true } }))],
        ['SET-UPSTREAM', ofLegs(upstream)],
      ]),
    });
  }

  balance(account: string): number {
    const ours = this.ledger.account(account)?.balance ?? 0;
    expect(this.outside.books.money.bank.balance(account), `${account} at the bank`).toBe(ours);
    return ours;
  }

  get shortfall(): number {
    return shortfallOf(this.ledger.head.totals);
  }
}

let house: House | undefined;
afterEach(() => house?.end());

it.each(['', 'timeout-after-success-1', 'duplicate-answer-1'])(
  'are carried by the firm overnight, once, and no longer than they owe %s',
  async (faults) => {
    const here = new House(IN_DEBIT, faults);
    house = here;
    expect(here.shortfall).toBe(5_000_000);
    await here.night(DATE);
    const state = here.state('LEDGER-NIGHT', DATE);
    expect([state.status, state.outputs]).toEqual(['done', { closed: true, ownFunds: 5_000_000 }]);
    // SET-UPSTREAM ran beside it: what the clients had is at the clearing corporation.
    expect([here.shortfall, here.balance(OWN), here.balance(BANK)]).toEqual([0, 3_000_000, 5_000_000]);
    // C0001 pays Rs 40,000 of the Rs 50,000 it owes.
    here.outside.books.money.bank.move('NEFT-1', 'SOMEBODY', BANK, 4_000_000);
    const transfers = [{ debit: BANK, credit: 'CLIENT/C0001', amount: 4_000_000 }];
    here.ledger.transact((books) => books.post({ key: 'NEFT-1', kind: 'RECEIPT', businessDate: 20261120, at: 2, narration: '', transfers }));
    await here.night(NEXT);
    expect(here.state('SET-UPSTREAM', NEXT).error).toBe('');
    expect(here.state('SET-UPSTREAM', NEXT).outputs['funds']).toMatchObject({ takenBack: 4_000_000, upstreamed: 5_000_000 });
    expect([here.shortfall, here.balance(OWN), here.balance(BANK)]).toEqual([0, 7_000_000, 0]);
  },
);

it.each<[string, number, Partial<Script>, readonly { debit: string; credit: string; amount: number }[]]>([
  ['a house with less of its own than is needed moves nothing', 0, { own: 4_000_000 }, []],
  ['nobody in debit: nothing', 0, { obligations: [] }, []],
  [
    'money that is missing for another reason is not made good: Rs 50,000 of the Rs 70,000',
    5_000_000,
    {},
    [{ debit: 'LEVIES/STT', credit: BANK, amount: 2_000_000 }],
  ],
])('%s', (_words, wanted, script, lost) => {
  const here = new House({ ...IN_DEBIT, ...script });
  house = here;
  if (lost.length > 0)
    here.ledger.transact((books) => books.post({ key: 'lost', kind: 'REMITTANCE', businessDate: 20261119, at: 2, narration: '', transfers: lost }));
  expect(wantedForDebits(here.ledger, OWN)).toBe(wanted);
});
