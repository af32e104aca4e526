// The share that a command of the desk is about, by token or by symbol. A symbol nobody knows is refused here by name: the engine would only say that
// there is nothing.
import { refusal } from '../http/http-error.ts';
import type { InstrumentResolver } from './instrument-resolver.ts';
import { tokenOf } from './order-answer.ts';

/** Token in an exchange segment; a token is taken as given. Throws a refusal (404) for a symbol that the parameters in force do not name. */
export function shareToken(
  { symbols }: Pick<InstrumentResolver, 'symbols'>,
  segment: number,
  { symbol = '', token }: { readonly symbol?: string | undefined; readonly token?: number | undefined },
): number {
  const found = token ?? tokenOf(symbols, segment, symbol);
  if (found === 0) throw refusal('TZ-NOT-FOUND', `the instrument ${symbol} is not known here`);
  return found;
}
