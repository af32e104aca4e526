// Calls to the outside, made once by key: the intent is stored, then the call made, then its outcome stored. A call that was begun and has no
// outcome is never repeated blindly: the counterparty is asked for the key first. Time-outs end as InDoubt, which the runner turns into a state.

import type { NightStore } from './night-store.ts';
import { type CallPort, type Inquiry, PermanentFault, TransientFault, UnansweredCall } from './node-body.ts';
import type { Outputs } from './record.ts';

/** Whose call it is. */
export interface Caller {
  readonly runId: string;
  readonly instance: string;
  readonly now: () => number;
  readonly store: NightStore;
}

/** Nobody knows whether the call took effect; `key` names it. */
export class InDoubt extends Error {
  override readonly name = 'InDoubt';
  readonly key: string;

  constructor(key: string, message: string) {
    super(message);
    this.key = key;
  }
}

/** Key of a call: never random, so that every try of the same thing carries the same one. */
export const callKey = (runId: string, instance: string, name: string): string => `${runId}/${instance}/${name}`;

/** Does it once. Throws TransientFault (nothing was sent), PermanentFault (refused, or the same key with another request), InDoubt. */
export async function callOnce(caller: Caller, port: CallPort, name: string, request: Outputs): Promise<Outputs> {
  const { store, runId, instance, now } = caller;
  const key = callKey(runId, instance, name);
  const known = store.call(key);
  if (known === undefined) {
    store.putCall({ key, runId, instance, port: port.name, request, at: now() });
    return send(caller, port, key, request);
  }
  if (JSON.stringify(known.request) !== JSON.stringify(request))
    throw new PermanentFault(`${key}: was begun with another request; a changed instruction needs a key (and a reversal) of its own`);
  if (known.answer !== undefined) return known.answer;
  if (known.refused !== undefined) throw new PermanentFault(known.refused);
  if (known.mayResend === true) {
    store.putCall({ ...known, mayResend: false });
    return send(caller, port, key, request);
  }
  return inquire(caller, port, key, request);
}

/**
 * As callOnce; but what was refused before `since` (when a person last let the node run again) is made anew under the next key: a refusal took no effect and
 * stands for good under its own.
 */
export function callAnew(caller: Caller, since: number, port: CallPort, name: string, request: Outputs): Promise<Outputs> {
  return callOnce(caller, port, askedNow(caller, since, name), request);
}

/** Was what callAnew makes under `name` answered before `since`, so that a person who let the node run again has seen the answer? */
export function isAnsweredBefore(caller: Caller, since: number, name: string): boolean {
  const { answer, answeredAt = 0 } = caller.store.call(callKey(caller.runId, caller.instance, askedNow(caller, since, name))) ?? {};
  return answer !== undefined && answeredAt <= since;
}

/** The name under which it is asked now: the first whose refusal is not over. */
function askedNow({ store, runId, instance }: Caller, since: number, name: string): string {
  const isOver = (asked: string): boolean => {
    const { refused, answeredAt = 0 } = store.call(callKey(runId, instance, asked)) ?? {};
    return refused !== undefined && answeredAt <= since;
  };
  let asked = name;
  for (let next = 2; isOver(asked); next++) asked = `${name}~${next}`;
  return asked;
}

async function send(caller: Caller, port: CallPort, key: string, request: Outputs): Promise<Outputs> {
  try {
    const answer = await port.call(key, request);
    settle(caller, key, { answer });
    return answer;
  } catch (error) {
    if (error instanceof PermanentFault) settle(caller, key, { refused: error.message });
    if (error instanceof UnansweredCall) throw new InDoubt(key, error.message);
    throw error;
  }
}

/** What became of a call begun earlier, by this process or one before it. */
async function inquire(caller: Caller, port: CallPort, key: string, request: Outputs): Promise<Outputs> {
  const inquiry = await ask(port, key);
  switch (inquiry.found) {
    case 'done':
      settle(caller, key, { answer: inquiry.answer });
      return inquiry.answer;
    case 'refused':
      settle(caller, key, { refused: inquiry.reason });
      throw new PermanentFault(inquiry.reason);
    case 'pending':
      throw new InDoubt(key, `${port.name} has it and has not decided`);
    case 'nothing':
      return send(caller, port, key, request);
  }
}

/** Whoever cannot even be asked leaves the call in doubt. */
async function ask(port: CallPort, key: string): Promise<Inquiry> {
  try {
    return await port.inquire(key);
  } catch (error) {
    if (error instanceof TransientFault) throw new InDoubt(key, `${port.name} cannot be asked: ${error.message}`);
    throw error;
  }
}

function settle({ store, now }: Caller, key: string, outcome: { answer: Outputs } | { refused: string }): void {
  const call = store.call(key);
  if (call !== undefined) store.putCall({ ...call, ...outcome, answeredAt: now() });
}
