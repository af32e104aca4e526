// SET-UPSTREAM: client money that is in the nodal accounts at the cut-off goes to the clearing corporation, so that none stays with the firm
// overnight: as cash, as a deposit under its lien, as overnight-fund units under its pledge (MFOS). The bank pays first, then the clearing
// corporation acknowledges what it holds against the bank's payment. What withdrawals have reserved stays. (SEBI/HO/MIRSD/MIRSD-PoD-1/P/CIR/2023/84
// of 8 June 2023 and its revision of December 2023.)
import type { RootDatabase } from 'lmdb';
import type { Books } from '../../ledger/books.ts';
import { istMicros } from '../../runner/index.ts';
import { booksOf } from '../end-of-day/day-parts.ts';
import { TAKEN_BACK, takingBack } from './funds-debits.ts';
import { type FundsHouse, readFundsHouse, upstreamedAccount } from './funds-house.ts';
import { type DoneMove, isBegun, type MoneyMove, madeOf, moveMoney, type Planner } from './funds-moves.ts';
import type { FundsParts } from './funds-ports.ts';
import { takeAndTell } from './receipts-clock.ts';
import type { SettlementLeg } from './settlement-leg.ts';
import { sendAllocation } from './upstream-allocation.ts';

const FORMS = ['CASH', 'FDR', 'MFOS'] as const;
type Form = (typeof FORMS)[number];

/** Clearing corporations take cash until 19:00; what comes later goes up on the next day. */
const CUT_OFF_MINUTE = 19 * 60;
const MICROS_PER_MINUTE = 60e6;

/** How an amount is split: deposits and units in whole lots by their percentages, the rest cash. Paise. */
export function upstreamSplit(
  paise: number,
  { fdrPercent, mfosPercent, lot }: Pick<FundsHouse, 'fdrPercent' | 'mfosPercent' | 'lot'>,
): Record<Form, number> {
  const lots = (percent: number): number => Math.floor((paise * percent) / 100 / lot) * lot;
  const [fdr, mfos] = [lots(fdrPercent), lots(mfosPercent)];
  return { CASH: paise - fdr - mfos, FDR: fdr, MFOS: mfos };
}

/** Leg of SET-UPSTREAM. Outputs: what went up in each form, and what stays for withdrawals. */
export function upstreamLeg(parts: FundsParts): SettlementLeg {
  return {
    name: 'funds',
    run: async (context) => {
      const house = readFundsHouse(parts.dataDirectory);
      // What came since the last look goes up with the rest; a plan that was begun stays as it is.
      if (!isBegun(context)) await takeAndTell(parts, context);
      const done = await moveMoney(parts, context, upstreamPlanner(context.root, house));
      const placed = Object.fromEntries(FORMS.map((form) => [form, sumOf(done, `placed-${form}-`)]));
      const went = FORMS.reduce((sum, form) => sum + sumOf(done, `${form}-`), 0);
      const ledger = booksOf(context.root);
      const account = ledger.account(house.client);
      const all = FORMS.reduce((sum, form) => sum + (ledger.account(upstreamedAccount(house.upstreamTo, form))?.balance ?? 0), 0);
      const { outputs: allocation, keep } = await sendAllocation(parts, context, ledger, all);
      const late = Math.max(0, Math.ceil((context.now() - istMicros(context.date, CUT_OFF_MINUTE)) / MICROS_PER_MINUTE));
      return {
        outputs: {
          ...placed,
          upstreamed: went,
          takenBack: madeOf(done, TAKEN_BACK),
          kept: account?.balance ?? 0,
          reserved: account?.creditsPending ?? 0,
          lateMinutes: late,
          allocation,
        },
        gates: [
          {
            name: 'placed at the clearing corporation = paid by the bank (paise)',
            left: FORMS.reduce((sum, form) => sum + (placed[form] ?? 0), 0),
            right: went,
          },
        ],
        note: late === 0 ? '' : `${late} minutes after the cut-off of 19:00`,
        commit: keep,
      };
    },
  };
}

const sumOf = (done: readonly DoneMove[], prefix: string): number =>
  done.reduce((sum, { name, paise }) => sum + (name.startsWith(prefix) ? paise : 0), 0);

/**
 * What the firm takes back of its own; then the bank's payment of each form and its acknowledgement; a payment of an earlier plan that was never
 * acknowledged comes first.
 */
function upstreamPlanner(root: RootDatabase, house: FundsHouse): Planner {
  return (books: Books, done, keyOf) => {
    // Shares are of the day's whole amount, whatever part of it an earlier plan has moved.
    const went = FORMS.reduce((sum, form) => sum + sumOf(done, `${form}-`), 0);
    let left = Math.max(0, books.account(house.client)?.available ?? 0);
    const back = takingBack(root, books, house, left);
    const moves: MoneyMove[] = back === undefined ? [] : [back];
    left -= back?.paise ?? 0;
    const split = upstreamSplit(went + left, house);
    for (const form of FORMS) {
      const paid = done.filter(({ name }) => name.startsWith(`${form}-`));
      for (const { name, paise, key } of paid)
        if (!done.some((other) => other.name === `placed-${name}`)) moves.push(placing(house, form, { name: `placed-${name}`, paise, bankKey: key }));
      const paise = Math.min(left, Math.max(0, split[form] - sumOf(done, `${form}-`)));
      left -= paise;
      const name = `${form}-${paid.length + 1}`;
      if (paise > 0) moves.push(paying(house, form, name, paise), placing(house, form, { name: `placed-${name}`, paise, bankKey: keyOf(name) }));
    }
    return moves;
  };
}

function paying(house: FundsHouse, form: Form, name: string, paise: number): MoneyMove {
  const { client: from, upstreamTo: clearing } = house;
  const request = {
    CASH: { kind: 'transfer', from, to: `CC:${clearing}`, name: 'upstream' },
    FDR: { kind: 'deposit', from, lien: clearing },
    MFOS: { kind: 'transfer', from, to: 'AMC:OVERNIGHT', name: `units pledged to ${clearing}` },
  }[form];
  const posting = {
    kind: 'UPSTREAM',
    debit: upstreamedAccount(clearing, form),
    credit: from,
    narration: `client money to ${clearing} as ${form}`,
  } as const;
  return { name, at: 'bank', request, paise, posting, pending: 0 };
}

interface Placing {
  readonly name: string;
  readonly paise: number;
  /** Key of the bank's payment. */
  readonly bankKey: string;
}

function placing({ upstreamTo: clearing }: FundsHouse, form: Form, { name, paise, bankKey }: Placing): MoneyMove {
  return { name, at: 'clearing', request: { kind: 'upstream', clearing, form, bankKey }, paise, pending: 0 };
}
