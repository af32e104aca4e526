// The night's part of delayed payment: whom it charges, the booking, the rows of the register, and the gate that holds register and books together.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { paise, paiseText } from '../../../engine/index.ts';
import { clientAccount } from '../../ledger/account-chart.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Gate, NodeContext, Outputs } from '../../runner/index.ts';
import { CLIENT_MASTER, type MasterClient, readClientMaster } from '../begin-of-day/client-master.ts';
import { booksOf, type DayParts, dayNumber } from './day-parts.ts';
import { bookedForDelay, delayedPaymentPostings, delayedPayments } from './delayed-payment.ts';
import type { House } from './house.ts';
import { standAs } from './node-postings.ts';

/** What a night charged: rows of the register, outputs, and the gate between it and the books. */
export interface ChargedDelay {
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly outputs: Outputs;
  readonly gates: readonly Gate[];
}

/** Charges debits for the night. Booked at once, by keys, because the reports show what clients have after it; a second try finds it booked. */
export function chargeDelay({ dataDirectory, calendar }: DayParts, context: NodeContext, { delayedPayment }: House): ChargedDelay {
  if (delayedPayment.length === 0) return { rows: [], outputs: {}, gates: [] };
  const [ledger, { date, root }] = [booksOf(context.root), context];
  const days = { date, next: calendar.tradedAfter(date) };
  const charges = delayedPayments(ledger, chargedClients(ledger, dataDirectory), days, delayedPayment);
  const at = Math.floor(context.now() / 1000);
  standAs(ledger, { root, date, node: context.key, at }, delayedPaymentPostings(charges, { businessDate: dayNumber(date), at }, days));
  const sum = charges.reduce((total, { interest, gst }) => total + interest + gst, 0);
  const rupees = (amount: number): string => paiseText(paise(amount));
  return {
    rows: charges.map(({ client, debit, days: count, debitDays, rate, interest, gst }) => ({
      ...{ date, client, rate, days: `${count}`, debit: rupees(debit), debitDays: rupees(debitDays) },
      ...{ interest: rupees(interest), gst: rupees(gst), total: rupees(interest + gst) },
    })),
    outputs: { delayed: charges.length, delayedPaymentCharges: sum },
    gates: [{ name: 'delayed-payment charges, register = books (paise)', left: sum, right: bookedForDelay(ledger, date) }],
  };
}

/** Accounts with a ledger that are clients: the firm owes itself nothing. */
function chargedClients(ledger: Ledger, dataDirectory: string): string[] {
  const kinds = existsSync(join(dataDirectory, CLIENT_MASTER)) ? readClientMaster(dataDirectory) : new Map<string, MasterClient>();
  const prefix = clientAccount('');
  return [...ledger.accounts()].flatMap(({ id }) => {
    const client = id.startsWith(prefix) ? id.slice(prefix.length) : '';
    return client === '' || (kinds.get(client)?.kind ?? 'CLIENT') !== 'CLIENT' ? [] : [client];
  });
}
