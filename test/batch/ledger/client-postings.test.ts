// A settlement from trades to zero: what each fact books, that running a step again books nothing, and that the day closes when all of it has come in.
import { expect, it } from 'vitest';
import {
  chargesPosting,
  feePosting,
  interestPosting,
  levyRemittance,
  marginPosting,
  obligationPosting,
  penaltyPosting,
  receiptPosting,
  settlementPosting,
  taxDifferencePosting,
  withdrawalPosting,
} from '../../../batch/ledger/client-postings.ts';
import { checkPosting, type PostingRequest } from '../../../batch/ledger/posting.ts';
import { businessDate, ChargeTariff, chargeRatesOn, chargesOf, clientFee, exactOfPaise, paise } from '../../../engine/index.ts';
import { DAY, NEXT_DAY, withLedger } from './scratch-ledger.ts';

const BANK = 'USCNBA/HDFC';
const today = { businessDate: DAY, at: 1 };
const tomorrow = { businessDate: NEXT_DAY, at: 2 };
const settlement = { clearing: 'NCL', number: 'M2026222', due: NEXT_DAY };
const plan = new Map([['default', { flat: exactOfPaise(paise(20_00)) }]]);
const charges = chargesOf(
  [
    { exchange: 'NSE', segment: 'EQ', product: 'CNC', side: 'BUY', quantity: 100, price: 1_500_000_000 },
    { exchange: 'NSE', segment: 'EQ', product: 'MIS', side: 'SELL', quantity: 10, price: 250_550_000 },
  ],
  new ChargeTariff(chargeRatesOn(businessDate(DAY)), plan),
);
const dp = clientFee('dpDebit', 2, businessDate(DAY));

const requests = (...list: (PostingRequest | undefined)[]): PostingRequest[] => list.filter((one) => one !== undefined);

/** Anu buys for 1,50,000 and Bala sells for 1,49,000. */
const FIRST_NIGHT = requests(
  receiptPosting(today, BANK, { client: 'ANU', amount: 2_00_000_00, reference: 'UTR1' }),
  receiptPosting(today, BANK, { client: 'BALA', amount: 10_000_00, reference: 'UTR2' }),
  settlementPosting('TRADE', today, 'ANU', settlement, -1_50_000_00),
  settlementPosting('TRADE', today, 'BALA', settlement, 1_49_000_00),
  settlementPosting('MTM', today, 'BALA', settlement, 0),
  chargesPosting(today, 'ANU', 'CN/20112026/1', charges),
  feePosting(today, 'BALA', { amount: dp.fee, gst: dp.gst.note, about: 'demat debit, 2 ISIN' }),
  penaltyPosting(today, 'ANU', { amount: 250_00, gst: 45_00, about: 'short margin NFO' }, 'client'),
  interestPosting(today, 'ANU', { amount: 12_34, gst: 0, about: 'delayed payment' }),
  marginPosting(today, 'ANU', 20_000_00),
  taxDifferencePosting(today, 'STT', 'M2026222', 1_00),
);

it('books a settlement through to zero', async () =>
  withLedger((ledger) => {
    ledger.transact((books) => FIRST_NIGHT.map((request) => books.post(request)));
    const root = ledger.trialBalance().root;
    const again = ledger.transact((books) => FIRST_NIGHT.map((request) => books.post(request)));
    expect(again.every((outcome) => outcome.repeated)).toBe(true);
    expect(ledger.trialBalance().root).toBe(root);
    expect(ledger.account('CLIENT/ANU')?.balance).toBe(2_00_000_00 - 1_50_000_00 - charges.total.note - 295_00 - 12_34 - 20_000_00);
    expect(ledger.account('LEVIES/STT')?.balance).toBe(charges.stt.note + 1_00);
    expect(ledger.close({ date: DAY, at: 1 }).shortfall).toBeLessThan(0);

    const stt = ledger.account('LEVIES/STT')?.balance ?? 0;
    const obligation = requests(levyRemittance(tomorrow, 'STT', settlement, stt), obligationPosting(tomorrow, BANK, settlement, 1_000_00 + stt));
    ledger.transact((books) => obligation.map((request) => books.post(request)));
    const paid = ledger.transact((books) =>
      books.pend({ ...withdrawalPosting(tomorrow, BANK, { client: 'BALA', amount: 50_000_00, id: 'W1' }), expiresAt: 10 }),
    );
    ledger.transact((books) =>
      books.settle({ key: 'W1 paid', businessDate: NEXT_DAY, narration: 'UTR3', at: 3, pending: paid.status === 'done' ? paid.sequence : 0 }),
    );
    expect(ledger.account(`CLEARING/NCL-M2026222@${NEXT_DAY}`)?.balance).toBe(0);
    expect(ledger.openBreaks(NEXT_DAY)).toEqual([]);
    ledger.close({ date: NEXT_DAY, at: 4 });
    expect(ledger.verify().findings).toEqual([]);
  }));

it('makes requests the chart allows, with keys of their own, and none for nothing', () => {
  for (const request of FIRST_NIGHT) checkPosting(request);
  expect(new Set(FIRST_NIGHT.map((request) => request.key)).size).toBe(FIRST_NIGHT.length);
  expect(FIRST_NIGHT).toHaveLength(10);
  const firm = penaltyPosting(today, 'ANU', { amount: 1, gst: 0, about: "member's fault" }, 'firm');
  expect(firm?.transfers).toEqual([{ debit: 'PENALTIES', credit: 'LEVIES/PENALTY', amount: 1 }]);
  expect(receiptPosting(today, BANK, { client: undefined, amount: 5, reference: 'UTR9' }).transfers[0]?.credit).toBe('SUSPENSE');
  expect(obligationPosting(today, BANK, settlement, -5)).toMatchObject({ kind: 'PAY_OUT', transfers: [{ debit: BANK, amount: 5 }] });
});
