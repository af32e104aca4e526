// The answer to a rare command that cannot be done: an event with a code, and a located sentence for whoever waits for an answer.
import { ACCOUNT_BYTES } from '../command/layout.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { RejectCode } from '../reject-code.ts';
import type { BodyReader } from './body-reader.ts';
import type { Emission } from './emission.ts';

const ACCOUNT = new Uint8Array(ACCOUNT_BYTES);

/** Emits CommandRefused; returns the reason, which the fold keeps for the API. */
export function refuse(out: Emission, reason: string, code: number = RejectCode.commandMalformed): string {
  out.answer(EventKind.CommandRefused).u16(EventField.rejectCode, code);
  return reason;
}

/** Client row of `account` in the body, or 0, with the reason noted in the reader. */
export function readClient(out: Emission, read: BodyReader): number {
  const account = read.name('account', ACCOUNT_BYTES);
  if (account === '') return 0;
  const client = out.state.clients.find(accountBytes(account), 0);
  if (client === 0) read.fail('account', `${account} is not an account of this slot`);
  return client;
}

/** Zero-padded bytes of an account; reused by the next call. */
export function accountBytes(account: string): Uint8Array {
  for (let i = 0; i < ACCOUNT_BYTES; i++) ACCOUNT[i] = i < account.length ? account.charCodeAt(i) : 0;
  return ACCOUNT;
}
