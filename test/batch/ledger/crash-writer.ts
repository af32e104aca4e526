// A process that books without end until it is killed, and says each acknowledged transaction on stdout. Posts receipts, charges, and withdrawals in two
// phases; after a restart it goes on by asking the books what they have, repeating the last keys on purpose.

import type { Ledger } from '../../../batch/ledger/ledger.ts';
import { openLedger } from '../../../batch/ledger/open-ledger.ts';

const DAY = 20261120;
const PER_TRANSACTION = 5;

function book(ledger: Ledger, round: number): void {
  ledger.transact((books) => {
    for (let i = 0; i < PER_TRANSACTION; i++) {
      const client = `CLIENT/C${(round + i) % 17}`;
      const head = { businessDate: DAY, narration: '', at: round };
      const key = `${round}.${i}`;
      books.post({ ...head, key: `R${key}`, kind: 'RECEIPT', transfers: [{ debit: 'USCNBA/X', credit: client, amount: 1_000 + i }] });
      books.post({
        ...head,
        key: `C${key}`,
        kind: 'CHARGES',
        transfers: [
          { debit: client, credit: 'BROKERAGE', amount: 7 },
          { debit: client, credit: 'LEVIES/GST', amount: 1 },
        ],
      });
      const transfers = [{ debit: client, credit: 'USCNBA/X', amount: 100 }];
      const pending = books.pend({ ...head, key: `W${key}`, kind: 'WITHDRAWAL', transfers, expiresAt: 1e12 });
      if (pending.status === 'done') books.settle({ ...head, key: `S${key}`, pending: pending.sequence, amounts: [60] });
    }
  });
}

const { ledger } = await openLedger(process.argv[2] ?? '');
let round = 0;
while (ledger.sequenceOf(`R${round + 1}.0`) !== undefined) round += 1;
// The last transaction again: it must change nothing.
if (round > 0) book(ledger, round);
for (;;) {
  round += 1;
  book(ledger, round);
  process.stdout.write(`${round}\n`);
}
