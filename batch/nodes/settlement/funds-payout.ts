// Money of SET-PAYOUT-PREP and SET-PAYOUT-RECV: what each settlement is to bring, by its number; then each is received once into the settlement
// account and swept into the client bank account. A pay-out that is short is booked as what came; the rest stays open under its settlement number and
// somebody owns it.
import type { Books } from '../../ledger/books.ts';
import { readFundsHouse, settlementAccount } from './funds-house.ts';
import { type DoneMove, type MoneyMove, madeOf, moveMoney } from './funds-moves.ts';
import { accountOf, fundsObligations, keepDueTimes } from './funds-obligations.ts';
import { type Instruction, instructionsOf } from './funds-payin.ts';
import type { FundsParts } from './funds-ports.ts';
import { legOutputs, type SettlementLeg } from './settlement-leg.ts';

/** Leg of SET-PAYOUT-PREP. Outputs: what is expected by settlement number. */
export function payOutPrepLeg(parts: FundsParts): SettlementLeg {
  return {
    name: 'funds',
    run: async (context) => {
      const expected = fundsObligations(parts, context).filter(({ net }) => net > 0);
      return {
        outputs: {
          instructions: expected.map(({ net, ...rest }) => ({ ...rest, paise: net })),
          payOut: expected.reduce((sum, { net }) => sum + net, 0),
        },
        commit: () => keepDueTimes(context.root, expected),
      };
    },
  };
}

/** Leg of SET-PAYOUT-RECV. Outputs: what came by settlement, what was swept into the client bank. */
export function payOutReceiveLeg(parts: FundsParts): SettlementLeg {
  return {
    name: 'funds',
    run: async (context) => {
      const { client } = readFundsHouse(parts.dataDirectory);
      const expected = instructionsOf(legOutputs(context, context.key.replace('RECV', 'PREP'), 'funds'));
      const done = await moveMoney(parts, context, (_books: Books, made) => payOutMoves(client, expected, made));
      const received = expected.map(({ clearing, number }) => ({ clearing, number, paise: madeOf(done, `payout-${clearing}-${number}`) }));
      const sum = received.reduce((total, { paise }) => total + paise, 0);
      const swept = done.reduce((total, { name, paise }) => total + (name.startsWith('sweep-') ? paise : 0), 0);
      return {
        outputs: { received, payOut: sum, swept },
        gates: [
          { name: 'received = expected (paise)', left: sum, right: expected.reduce((total, { paise }) => total + paise, 0) },
          { name: 'in the client bank = received (paise)', left: swept, right: sum },
        ],
      };
    },
  };
}

/** Receives what has not come, and sweeps what has. */
function payOutMoves(client: string, expected: readonly Instruction[], made: readonly DoneMove[]): MoneyMove[] {
  const moves: MoneyMove[] = [];
  const arrived = new Map<string, number>();
  for (const one of expected) {
    const name = `payout-${one.clearing}-${one.number}`;
    const paise = one.paise - madeOf(made, name);
    arrived.set(one.clearing, (arrived.get(one.clearing) ?? 0) + one.paise);
    if (paise > 0) moves.push(receiving(one, name, paise));
  }
  for (const [clearing, sum] of arrived) {
    const paise = sum - madeOf(made, `sweep-${clearing}`);
    const from = settlementAccount(clearing);
    if (paise <= 0) continue;
    moves.push({
      name: `sweep-${clearing}`,
      at: 'bank',
      request: { kind: 'transfer', from, to: client, name: 'pay-out' },
      paise,
      posting: { kind: 'PAY_OUT', debit: client, credit: from, narration: `pay-out of ${clearing} into the client bank` },
      pending: 0,
    });
  }
  return moves;
}

function receiving(one: Instruction, name: string, paise: number): MoneyMove {
  return {
    name,
    at: 'clearing',
    request: { kind: 'payout', clearing: one.clearing, settlement: one.number },
    paise,
    posting: {
      kind: 'PAY_OUT',
      debit: settlementAccount(one.clearing),
      credit: accountOf(one),
      narration: `pay-out of settlement ${one.number}`,
    },
    pending: 0,
  };
}
