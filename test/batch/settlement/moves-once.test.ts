// Every movement of money under every fault of whoever moves it, one line each: what our side makes of it at that moment, that nothing is sent twice
// unless the other side was asked and had never had it, and that the day ends with the same money in the same hands as a day without the fault. `npm
// test` takes a line in eleven; SETTLEMENT_RUNS takes all.
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { NightFiles } from '../../../batch/nodes/night-files.ts';
import { ClientBanks } from '../../../batch/nodes/settlement/funds-client-banks.ts';
import type { AskedScope } from '../../../batch/nodes/settlement/funds-once.ts';
import type { FundsParts, MoneyTarget } from '../../../batch/nodes/settlement/funds-ports.ts';
import { takeReceipts } from '../../../batch/nodes/settlement/funds-receipts.ts';
import { sendBack } from '../../../batch/nodes/settlement/funds-suspense.ts';
import { withdraw, withdrawals } from '../../../batch/nodes/settlement/funds-withdrawals.ts';
import type { Inquiry, Outputs } from '../../../batch/runner/index.ts';
import type { FaultName } from '../../../batch/sandbox/faults.ts';
import { BANK, FundsWorld, NEXT, Outside, PLACES, type Script } from './funds-world.ts';
import { InProcessPort } from './in-process-port.ts';

const HOME = 'HDFC0000060-50100012345678';
const STRANGER = 'SBIN0001234-20012345678';
const AWAY = 'ICIC0000104-000401234567';
const OUT = 1_000_00;
const SENT_BY_STRANGER = 7_500_00;
const TRIES_MAX = 6;
const LINES = process.env['SETTLEMENT_RUNS'] === undefined ? 11 : 1;

/** 1,75,030.00 to pay in: 30,000.00 came overnight, 1,30,000.00 lie at the clearing corporation as cash, the firm has the rest. */
const SCRIPT: Script = {
  obligations: ['CM M 2026223 -15000000', 'CM Z 2026223 -2500000', 'FO - - 4000000'],
  taxes: 30_00,
  clients: { C0001: 12_000_000, C0002: 5_000_000 },
  own: 2_000_000,
  house: { fdrPercent: 20, mfosPercent: 10, lot: 1_000_000 },
};
const OVERNIGHT = 3_000_000;

/** What each movement is, and the end of its key. */
const MOVES: readonly (readonly [name: string, key: RegExp])[] = [
  ['upstream, cash', /funds-CASH-1$/],
  ['upstream, deposit under lien', /funds-FDR-1$/],
  ['upstream, fund units under pledge', /funds-MFOS-1$/],
  ['upstream, acknowledgement', /funds-placed-CASH-1$/],
  ['client bank to settlement account', /funds-transfer$/],
  ['release for pay-in', /funds-release$/],
  ['own money for a client in debit', /funds-own-funds$/],
  ['pay-in', /funds-payin-NCL-M2026223$/],
  ['pay-out', /funds-payout-/],
  ['pay-out into the client bank', /funds-sweep-/],
  ['withdrawal, brought down', /^money\/W1\/release$/],
  ['withdrawal, paid', /^money\/W1\/pay$/],
  ['third party’s money sent back', /^money\/NEFT9\/send-back$/],
];

type Found = 'in doubt' | 'answer' | 'amount' | 'refused';
/** What our side makes of each at the moment it meets it: a call in doubt, or a break of treasury by its kind. */
const FAULTS: readonly (readonly [fault: FaultName, found: Found])[] = [
  ['timeout-after-success', 'in doubt'],
  ['duplicate-answer', 'in doubt'],
  ['timeout-before', 'in doubt'],
  ['undecided', 'in doubt'],
  ['bank-down', 'in doubt'],
  ['wrong-amount', 'answer'],
  ['short-movement', 'amount'],
  ['reject', 'refused'],
];

interface Aim {
  readonly key: RegExp;
  readonly fault: FaultName;
  hit?: string;
}

/** Plays its fault at one instruction, and keeps what was sent and asked under that key. */
class AimedPort extends InProcessPort {
  readonly log: string[] = [];
  private readonly outside: Outside;
  private readonly aim: Aim | undefined;

  constructor(name: MoneyTarget, outside: Outside, aim: Aim | undefined) {
    super(name, outside.books, outside.faults);
    this.outside = outside;
    this.aim = aim;
  }

  override call(key: string, request: Outputs): Promise<Outputs> {
    const { aim } = this;
    if (aim !== undefined && aim.hit === undefined && aim.key.test(key)) {
      aim.hit = key;
      const down = this.name === 'bank' ? 'bank-down' : 'counterparty-down';
      this.outside.faults.switchOn(aim.fault === 'bank-down' ? down : `${aim.fault}-1`);
    }
    if (key === aim?.hit) this.log.push('sent');
    return super.call(key, request);
  }

  override async inquire(key: string): Promise<Inquiry> {
    const found = await super.inquire(key);
    if (key === this.aim?.hit) this.log.push(found.found);
    return found;
  }
}

let world: FundsWorld;
let outside: Outside;
afterEach(() => world.end());

interface Lived {
  readonly found: readonly string[];
  /** What was sent and asked under the key the fault met. */
  readonly log: readonly string[];
  /** Paise that reached the client that withdrew, and the third party. */
  readonly out: number;
  readonly back: number;
}

/** Two days with a receipt overnight, a withdrawal and money of a third party; the fault at one instruction, people doing their part. */
async function live(aim?: Aim): Promise<Lived> {
  outside = new Outside(SCRIPT);
  const ports = { bank: new AimedPort('bank', outside, aim), clearing: new AimedPort('clearing', outside, aim) };
  const found = new Set<string>();
  const onRecord = (_run: string, _key: string, record: { readonly kind: string; readonly call?: string }): void => {
    if (record.kind === 'inDoubt' && record.call === aim?.hit) found.add('in doubt');
  };
  world = new FundsWorld(SCRIPT, { port: (target) => ports[target], onRecord: onRecord as never });
  const { directory } = world;
  const parts: FundsParts = {
    dataDirectory: directory,
    files: new NightFiles(directory),
    calendar: new BusinessCalendar(),
    port: (target) => ports[target],
  };
  const scope: AskedScope = { store: world.runner.parts.store, now: () => world.now };
  const up = (): void => {
    for (const fault of ['bank-down', 'counterparty-down'] as const) outside.faults.switchOff(fault);
  };
  /** People ask until it is through; whoever was down comes up after the first refusal. */
  const ask = async (work: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const isThrough = await work().catch((error: Error) => {
        found.add(error.name === 'InDoubt' ? 'in doubt' : 'refused');
        up();
        return false;
      });
      if (isThrough) return;
    }
    throw new Error('never through');
  };
  const settle = async (): Promise<void> => {
    up();
    await world.settleBreaks();
  };
  await world.evening();
  await settle();
  new ClientBanks(scope.store.root).register({ client: 'C0001', account: HOME, by: 'asha' }, world.now, 24);
  new ClientBanks(scope.store.root).register({ client: 'C0002', account: AWAY, by: 'asha' }, world.now, 24);
  const { bank } = outside.books.money;
  bank.receive({ to: BANK, from: HOME, name: 'C0001', paise: OVERNIGHT, reference: 'UPI1', isUncleared: false });
  bank.receive({ to: BANK, from: STRANGER, name: 'SOMEBODY', paise: SENT_BY_STRANGER, reference: 'NEFT9', isUncleared: false });
  await takeReceipts(parts, { root: scope.store.root, now: scope.now }, BANK);
  await ask(async () => (await sendBack(parts, scope, 'NEFT9')).sent === SENT_BY_STRANGER);
  for (let day = 0; day < 3; day++) {
    await world.morning();
    await settle();
  }
  await world.nextDay();
  await settle();
  await ask(async () => {
    const all = withdrawals(scope.store.root);
    const paid = all.reduce((sum, one) => sum + one.paid, 0);
    if (paid === OUT) return true;
    const open = all.find(({ state }) => state !== 'paid' && state !== 'refused');
    const { id, amount } = open ?? { id: `W${all.length + 1}`, amount: OUT - paid };
    const made = await withdraw(parts, scope, { id, client: 'C0002', amount, account: AWAY });
    if (made.state === 'refused' && !world.breaks.all().some(({ about }) => about === aim?.hit)) found.add('refused');
    return paid + made.paid === OUT;
  });
  for (const { kind, about } of world.breaks.all()) if (about === aim?.hit) found.add(kind);
  await settle();
  // What comes down and is not paid goes up again in the evening.
  await world.advance();
  return { found: [...found].sort(), log: [...ports.bank.log, ...ports.clearing.log], out: sentTo(AWAY), back: sentTo(STRANGER) };
}

/** Paise the member's accounts sent to somebody's account. */
function sentTo(account: string): number {
  const { bank } = outside.books.money;
  const lines = Object.keys(bank.balances).flatMap((own) => bank.statement(own));
  return lines.reduce((sum, { counter, paise }) => (counter === account && paise < 0 ? sum - paise : sum), 0);
}

/** A day on which all went well: what every other is compared with. */
let quiet: object;
const endOf = (lived: Lived): object => ({ ...outside.outcome, out: lived.out, back: lived.back });

beforeAll(async () => {
  quiet = endOf(await live());
  expect(quiet).toMatchObject({ out: OUT, back: SENT_BY_STRANGER });
  await world.end();
});

/** The clearing corporation acknowledges what the bank paid or nothing: another amount is its refusal. */
const foundOf = (name: string, fault: FaultName, found: Found): Found =>
  name === 'upstream, acknowledgement' && fault === 'short-movement' ? 'refused' : found;
const TABLE = MOVES.flatMap(([name, key]) => FAULTS.map(([fault, found]) => ({ name, key, fault, found: foundOf(name, fault, found) }))).filter(
  (_, line) => line % LINES === 0,
);

describe('each movement under each fault, once', () => {
  it.each(TABLE)('$name: $fault is $found', async ({ key, fault, found }) => {
    const aim: Aim = { key, fault };
    const lived = await live(aim);
    expect(lived.found).toEqual([found]);
    // Sent again only after the other side was asked and had never had it.
    const again = lived.log.flatMap((what, i) => (what === 'sent' && i > 0 ? [lived.log[i - 1]] : []));
    expect(again.filter((before) => before !== 'nothing')).toEqual([]);
    expect(endOf(lived)).toEqual(quiet);
    expect(world.balances(PLACES)).toEqual(outside.places);
    expect([world.balances(/^(CLEARING|SUSPENSE)/), world.ledger.head.totals.pending]).toEqual([{}, 0]);
    expect(world.status('BANK-RECON', NEXT)).toBe('done');
    for (const one of world.breaks.all()) expect([one.owner === '', one.state]).toEqual([false, 'closed']);
  });
});
