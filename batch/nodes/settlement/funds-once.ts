// One movement of client money that a person asked for between runs (a withdrawal, money sent back): made once by key, and judged as the night's own
// moves are. An answer with another amount is laid beside the counterparty's own books and is a break of treasury; what moved there is what the
// caller books.
import { type NightStore, type Outputs, PermanentFault } from '../../runner/index.ts';
import { callKey, callOnce } from '../../runner/port-call.ts';
import { MoneyBreaks } from './funds-breaks.ts';
import { type FundsParts, type MoneyTarget, movedUnder } from './funds-ports.ts';

/** The night's store and clock; `now` in microseconds since 1970. */
export interface AskedScope {
  readonly store: NightStore;
  readonly now: () => number;
}

/** A movement that was asked for. */
export interface AskedMove {
  readonly at: MoneyTarget;
  /** Names what it belongs to, and the step of it: together its key. */
  readonly instance: string;
  readonly step: string;
  /** In words, for a break. */
  readonly about: string;
  /** Date of the break, yyyymmdd. */
  readonly date: number;
  /** Without the amount. */
  readonly request: Outputs;
  readonly paise: number;
}

const RUN = 'money';

/** Key of an asked movement. */
export const askedKey = (instance: string, step: string): string => callKey(RUN, instance, step);

/**
 * Makes it; paise that moved, 0 when it was refused. Throws what `callOnce` throws while nobody knows, and PermanentFault when more moved than was
 * asked: what to do about that is for people.
 */
export async function moveAsked(parts: FundsParts, { store, now }: AskedScope, move: AskedMove): Promise<number> {
  const { at, instance, step, about, paise } = move;
  const port = parts.port(at);
  const key = askedKey(instance, step);
  let answer: Outputs;
  try {
    answer = await callOnce({ runId: RUN, instance, now, store }, port, step, { ...move.request, paise });
  } catch (error) {
    if (error instanceof PermanentFault && store.call(key)?.refused !== undefined) return 0;
    throw error;
  }
  if (answer['paise'] === paise) return paise;
  const moved = (await movedUnder(port, at, key)) ?? 0;
  const text = `${about}: ${paise} paise asked, ${String(answer['paise'])} answered, ${moved} on the ${at}'s own books`;
  const date = `${move.date}`.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  const kind = moved === paise ? 'answer' : 'amount';
  store.transaction(() => {
    new MoneyBreaks(store.root).raise({ kind, about: key, instance: about, date, ours: paise, theirs: moved, text }, now());
  });
  if (moved > paise) throw new PermanentFault(text);
  return moved;
}
