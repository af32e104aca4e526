// What happens to clients, as postings: pure functions from facts of the night to balanced requests with keys derived from what they are about, so that a step
// that runs again books nothing again. Amounts are paise; a signed amount is the client's: above zero the client receives.
import { CHARGE_PARTS, type ChargePart, type NoteCharges } from '../../engine/index.ts';
import { clearingAccount, clientAccount, clientLoanAccount, clientMarginAccount } from './account-chart.ts';
import type { PostingRequest, Transfer } from './posting.ts';
import type { PostingKind } from './posting-kinds.ts';

/** Day and time every posting of a run carries. */
export interface BookingDay {
  readonly businessDate: number;
  readonly at: number;
}

/** A settlement at a clearing corporation. */
export interface Settlement {
  readonly clearing: string;
  readonly number: string;
  /** Pay-in date, yyyymmdd. */
  readonly due: number;
  /** Chain of the night whose trades these are, where another's settle in it too: each books its own. */
  readonly chain?: string;
}

type Details = Pick<PostingRequest, 'narration' | 'transfers'> & Partial<Pick<PostingRequest, 'valueDate' | 'approvals'>>;

const posting = (kind: PostingKind, day: BookingDay, about: string, details: Details): PostingRequest => ({
  key: `${kind} ${day.businessDate} ${about}`,
  kind,
  businessDate: day.businessDate,
  at: day.at,
  ...details,
});

/** A signed amount between a client and another account; nothing for zero. */
function signed(client: string, other: string, amount: number): Transfer[] {
  if (amount === 0) return [];
  return [amount > 0 ? { debit: other, credit: client, amount } : { debit: client, credit: other, amount: -amount }];
}

/** A posting, unless there is nothing to book. */
const unlessEmpty = (request: PostingRequest): PostingRequest | undefined => (request.transfers.length === 0 ? undefined : request);

/** Facts between a client and a settlement: what each is called and whether its money counts from the due date. */
const SETTLED = {
  TRADE: 'trades',
  MTM: 'mark to market',
  PREMIUM: 'premium',
  AUCTION: 'auction',
} as const;

/** Net of a client's trades, mark to market, premium or auction in one settlement; undefined for zero. */
export function settlementPosting(
  kind: keyof typeof SETTLED,
  day: BookingDay,
  client: string,
  settlement: Settlement,
  amount: number,
): PostingRequest | undefined {
  const other = clearingAccount(settlement.clearing, settlement.number, settlement.due);
  const narration = `${SETTLED[kind]}, ${settlement.clearing} settlement ${settlement.number}`;
  const transfers = signed(clientAccount(client), other, amount);
  const of = settlement.chain === undefined ? '' : ` ${settlement.chain}`;
  return unlessEmpty(
    posting(kind, day, `${client} ${settlement.clearing} ${settlement.number}${of}`, { narration, transfers, valueDate: settlement.due }),
  );
}

/** Where each part of a note goes. */
const NOTE_ACCOUNTS: Readonly<Record<ChargePart, string>> = {
  brokerage: 'BROKERAGE',
  stt: 'LEVIES/STT',
  exchange: 'LEVIES/EXCHANGE',
  ipft: 'LEVIES/IPFT',
  sebi: 'LEVIES/SEBI',
  stamp: 'LEVIES/STAMP',
  gst: 'LEVIES/GST',
};
const NOTE_PARTS: readonly string[] = CHARGE_PARTS.map((part) => NOTE_ACCOUNTS[part]);

/** The charges of one contract note, as rounded on it; undefined when there are none. */
export function chargesPosting(day: BookingDay, client: string, note: string, charges: NoteCharges): PostingRequest | undefined {
  return noteChargesPosting(
    day,
    client,
    note,
    CHARGE_PARTS.map((part) => charges[part].note),
  );
}

/** The same for paise in the order of CHARGE_PARTS; owed from `due` (yyyymmdd), the pay-in of the trades they are for, or from the day itself. */
export function noteChargesPosting(
  day: BookingDay,
  client: string,
  note: string,
  charges: readonly number[],
  due: number = day.businessDate,
): PostingRequest | undefined {
  const debit = clientAccount(client);
  const transfers: Transfer[] = [];
  for (const [i, credit] of NOTE_PARTS.entries()) {
    const amount = charges[i] ?? 0;
    if (amount > 0) transfers.push({ debit, credit, amount });
    else if (amount < 0) transfers.push({ debit: credit, credit: debit, amount: -amount });
  }
  return unlessEmpty(posting('CHARGES', day, `${client} ${note}`, { narration: `charges of note ${note}`, transfers, valueDate: due }));
}

/** Cash margin held (above zero) or released (below); undefined for zero. */
export function marginPosting(day: BookingDay, client: string, held: number): PostingRequest | undefined {
  const transfers = signed(clientMarginAccount(client), clientAccount(client), held);
  return unlessEmpty(posting('MARGIN', day, client, { narration: held > 0 ? 'margin held' : 'margin released', transfers }));
}

/** What was lent to a client for funded shares (above zero) or repaid (below), counting from `due` (yyyymmdd), when the shares are paid; undefined for zero. */
export function loanPosting(day: BookingDay, client: string, lent: number, due: number): PostingRequest | undefined {
  const transfers = signed(clientAccount(client), clientLoanAccount(client), lent);
  return unlessEmpty(
    posting('MTF_LOAN', day, client, { narration: lent > 0 ? 'lent on funded shares' : 'loan on funded shares repaid', transfers, valueDate: due }),
  );
}

/** Interest on a client's loan for funded shares, with GST where it is due. */
export function fundingInterestPosting(day: BookingDay, client: string, due: Due): PostingRequest | undefined {
  const transfers = [...signed(clientAccount(client), 'MTF-INTEREST', -due.amount), ...signed(clientAccount(client), 'LEVIES/GST', -due.gst)];
  return unlessEmpty(posting('INTEREST', day, `${client} ${due.about}`, { narration: due.about, transfers }));
}

/** An amount with GST that a client owes for something: penalty, fee. */
export interface Due {
  readonly amount: number;
  readonly gst: number;
  /** What for, and once per day and client: "short margin NFO". */
  readonly about: string;
}

/** A penalty passed on to a client, or borne by the firm when it may not be passed on. */
export function penaltyPosting(day: BookingDay, client: string, due: Due, bearer: 'client' | 'firm'): PostingRequest | undefined {
  const payer = bearer === 'client' ? clientAccount(client) : 'PENALTIES';
  const transfers = [...signed(payer, 'LEVIES/PENALTY', -due.amount), ...signed(payer, 'LEVIES/GST', -due.gst)];
  return unlessEmpty(posting('PENALTY', day, `${client} ${due.about}`, { narration: due.about, transfers }));
}

/** Depository, pledge, square-off, call-and-trade fee with its GST. */
export function feePosting(day: BookingDay, client: string, due: Due): PostingRequest | undefined {
  const transfers = [...signed(clientAccount(client), 'FEES', -due.amount), ...signed(clientAccount(client), 'LEVIES/GST', -due.gst)];
  return unlessEmpty(posting('FEE', day, `${client} ${due.about}`, { narration: due.about, transfers }));
}

/** Interest on a debit (delayed payment), with GST where it is due. */
export function interestPosting(day: BookingDay, client: string, due: Due): PostingRequest | undefined {
  const transfers = [...signed(clientAccount(client), 'INTEREST', -due.amount), ...signed(clientAccount(client), 'LEVIES/GST', -due.gst)];
  return unlessEmpty(posting('INTEREST', day, `${client} ${due.about}`, { narration: due.about, transfers }));
}

/** Money that came in; the bank's reference is the key. A sender who is not a registered account of a client goes to suspense. */
export function receiptPosting(
  day: BookingDay,
  bank: string,
  receipt: { readonly client: string | undefined; readonly amount: number; readonly reference: string },
): PostingRequest {
  const credit = receipt.client === undefined ? 'SUSPENSE' : clientAccount(receipt.client);
  const transfers = [{ debit: bank, credit, amount: receipt.amount }];
  return { ...posting('RECEIPT', day, '', { narration: `receipt ${receipt.reference}`, transfers }), key: `RECEIPT ${bank} ${receipt.reference}` };
}

/** A client's withdrawal, for the first phase; the payout request's id is the key. */
export function withdrawalPosting(
  day: BookingDay,
  bank: string,
  withdrawal: { readonly client: string; readonly amount: number; readonly id: string },
): PostingRequest {
  const transfers = [{ debit: clientAccount(withdrawal.client), credit: bank, amount: withdrawal.amount }];
  return { ...posting('WITHDRAWAL', day, '', { narration: `withdrawal ${withdrawal.id}`, transfers }), key: `WITHDRAWAL ${withdrawal.id}` };
}

/** The reconciliation line: what notes collected for a tax is made what the clearing corporation asks, paise; undefined when they agree. */
export function taxDifferencePosting(
  day: BookingDay,
  tax: 'STT' | 'STAMP',
  settlement: string,
  clearingLessOurs: number,
): PostingRequest | undefined {
  const transfers = signed(`LEVIES/${tax}`, 'TAX-DIFFERENCE', clearingLessOurs);
  return unlessEmpty(
    posting('TAX_DIFFERENCE', day, `${tax} ${settlement}`, {
      narration: `${tax} of settlement ${settlement} as the clearing corporation has it`,
      transfers,
    }),
  );
}

/** Levies that the clearing corporation took with a settlement's obligation. */
export function levyRemittance(day: BookingDay, levy: string, settlement: Settlement, amount: number): PostingRequest | undefined {
  const other = clearingAccount(settlement.clearing, settlement.number, settlement.due);
  const transfers = signed(`LEVIES/${levy}`, other, -amount);
  return unlessEmpty(
    posting('REMITTANCE', day, `${levy} ${settlement.clearing} ${settlement.number}`, {
      narration: `${levy} of settlement ${settlement.number}`,
      transfers,
    }),
  );
}

/** Pay-in (above zero: the firm pays) or pay-out of a settlement's funds through a bank account; undefined for zero. */
export function obligationPosting(day: BookingDay, bank: string, settlement: Settlement, payable: number): PostingRequest | undefined {
  const other = clearingAccount(settlement.clearing, settlement.number, settlement.due);
  const kind = payable > 0 ? 'PAY_IN' : 'PAY_OUT';
  // Paying in takes from the bank what the settlement's account owes.
  const transfers = signed(bank, other, payable);
  return unlessEmpty(
    posting(kind, day, `${settlement.clearing} ${settlement.number}`, { narration: `funds of settlement ${settlement.number}`, transfers }),
  );
}
