// Early pay-in of securities in the day: a client's free units are blocked by the depository and told to the clearing corporation before the evening,
// so that it counts them as delivered. Each is instructed once by key, and booked when, and as, it was answered; what the clearing corporation does
// not book goes back, and only what it has booked counts (NSE/INSP/57112), and goes to the engine. The evening's plan finds it ready and blocks the
// rest, or gives back what the client owes no more. Killed anywhere, running the same id again goes on where it was.
import { type BookEarlyPayInBody, ExchangeSegment } from '../../../engine/index.ts';
import { istDate, type Outputs, PermanentFault } from '../../runner/index.ts';
import { callKey, callOnce } from '../../runner/port-call.ts';
import { EarlyDeliveries, type EarlyDelivery, type EarlyDeliveryRequest } from '../../securities/early-deliveries.ts';
import { blockedAccount, freeAccount } from '../../securities/unit-accounts.ts';
import type { UnitKind, UnitMove } from '../../securities/units-ledger.ts';
import { readPledgeStatus } from '../begin-of-day/carried-checks.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';
import { deliverCredits, noteEarlyPayIn } from './funds-engine.ts';
import type { AskedScope } from './funds-once.ts';
import { isSameDay } from './securities-engine.ts';
import { dematsNow } from './securities-files.ts';
import { decidedRows, type UnitInstruction, unitPort } from './securities-instructions.ts';
import { openUnits, unitsOf } from './securities-opening.ts';

const RUN = 'units';

/** Does or goes on with a request. Throws what the counterparties throw (nothing sent, in doubt), RangeError for one that may not be asked. */
export async function deliverEarly(parts: DayParts, scope: AskedScope, asked: EarlyDeliveryRequest): Promise<EarlyDelivery> {
  const { root } = scope.store;
  const known = new EarlyDeliveries(root).get(asked.id);
  if (known !== undefined && textOf(known) !== textOf(asked)) throw new RangeError(`${asked.id} was asked for ${textOf(known)}`);
  let one = known ?? (await begin(parts, scope, asked));
  if (one.state === 'asked') one = await block(parts, scope, one);
  if (one.state === 'blocked') one = await tell(parts, scope, one);
  if (one.state === 'returning') one = await giveBack(parts, scope, one);
  await deliverCredits(parts.dataDirectory, scope.store.root);
  return one;
}

const textOf = ({ settlement, client, isin, units }: EarlyDeliveryRequest): string => `${units} ${isin} of ${client} in ${settlement}`;

/** Checks what needs no counterparty, and keeps the request. */
async function begin(parts: DayParts, scope: AskedScope, asked: EarlyDeliveryRequest): Promise<EarlyDelivery> {
  const { root } = scope.store;
  const { client, isin, units } = asked;
  if (!Number.isSafeInteger(units) || units <= 0) throw new RangeError(`${units} is not a whole number of units above zero`);
  if (isSameDay(asked.settlement)) throw new RangeError(`${asked.settlement} is T+0: its pay-in is this afternoon's own`);
  const date = istDate(scope.now());
  const listed = parts.files.of('pledge-status', date);
  if (listed === undefined) throw new RangeError(`the morning of ${date} has not taken in the depository's list of units yet`);
  const ledger = await openUnits({ root, date }, { units: listed });
  const token = (await readPledgeStatus(listed)).find((row) => row.isin === isin)?.token;
  const demat = (await dematsNow(parts, date)).get(client);
  if (demat === undefined || token === undefined) throw new RangeError(`${client} has no active demat account with ${isin} in the lists of ${date}`);
  const free = ledger.units(freeAccount(client), isin);
  if (free < units) throw new RangeError(`${client} has ${free} free units of ${isin}, ${units} are asked`);
  return put(scope, { ...asked, ...demat, date, token, state: 'asked', reason: '' });
}

/** The depository blocks them; a refusal is final. */
async function block(parts: DayParts, scope: AskedScope, one: EarlyDelivery): Promise<EarlyDelivery> {
  const refusal = await instruct(parts, scope, one, { target: 'depository', name: 'block', request: { kind: 'block', ...placeOf(one) } });
  if (refusal !== '') return put(scope, { ...one, state: 'refused', reason: `the depository did not block them: ${refusal}` });
  return book(scope, { ...one, state: 'blocked' }, 'BLOCK');
}

/** The clearing corporation books them, or the block has to go. */
async function tell(parts: DayParts, scope: AskedScope, one: EarlyDelivery): Promise<EarlyDelivery> {
  const request = { kind: 'early-pay-in', settlement: one.settlement };
  const refusal = await instruct(parts, scope, one, { target: 'clearing', name: 'early-pay-in', request });
  if (refusal !== '') return put(scope, { ...one, state: 'returning', reason: `the clearing corporation did not book them: ${refusal}` });
  const { root } = scope.store;
  const early: BookEarlyPayInBody = {
    way: 'SECURITIES',
    account: one.client,
    segment: ExchangeSegment.NSE,
    token: one.token,
    quantity: one.units,
    reference: `${one.settlement} ${one.id}`,
  };
  return put(scope, { ...one, state: 'booked' }, () => noteEarlyPayIn(root, { key: `early/units/${one.id}`, early }));
}

/** Units that are not early pay-in are the client's to sell again; what the depository keeps blocked is given back with the evening's plan. */
async function giveBack(parts: DayParts, scope: AskedScope, one: EarlyDelivery): Promise<EarlyDelivery> {
  const refusal = await instruct(parts, scope, one, { target: 'depository', name: 'unblock', request: { kind: 'unblock', ...placeOf(one) } });
  if (refusal !== '') return put(scope, { ...one, state: 'refused', reason: `${one.reason}; they stay blocked: ${refusal}` });
  return book(scope, { ...one, state: 'refused' }, 'UNBLOCK');
}

const placeOf = ({ depository, settlement }: EarlyDelivery): Outputs => ({ depository, settlement });

/** Instructs the one row; '' when it was done, else why not. Throws what callOnce throws while nobody knows. */
async function instruct(parts: DayParts, { store, now }: AskedScope, one: EarlyDelivery, instruction: UnitInstruction): Promise<string> {
  const { target, name, request } = instruction;
  const row = { client: one.client, bo: one.bo, isin: one.isin, units: one.units };
  try {
    const answer = await callOnce({ runId: RUN, instance: one.id, now, store }, unitPort(parts, target), name, { ...request, rows: [row] });
    return decidedRows(`${target}: ${one.id} ${name}`, [row], answer, 0)[0]?.refusal ?? '';
  } catch (error) {
    const refused = error instanceof PermanentFault ? store.call(callKey(RUN, one.id, name))?.refused : undefined;
    if (refused === undefined) throw error;
    return refused;
  }
}

function put(scope: AskedScope, one: EarlyDelivery, also?: () => void): EarlyDelivery {
  const { root } = scope.store;
  root.transactionSync(() => {
    new EarlyDeliveries(root).put(one);
    also?.();
  });
  return one;
}

function book(scope: AskedScope, one: EarlyDelivery, kind: Extract<UnitKind, 'BLOCK' | 'UNBLOCK'>): EarlyDelivery {
  const [free, blocked] = [freeAccount(one.client), blockedAccount(one.client, one.settlement)];
  const [from, to] = kind === 'BLOCK' ? [free, blocked] : [blocked, free];
  const move: UnitMove = { isin: one.isin, from, to, units: one.units };
  return put(scope, one, () => void unitsOf(scope.store).post([{ key: `EARLY ${kind} ${one.id}`, kind, date: one.date, moves: [move] }]));
}
