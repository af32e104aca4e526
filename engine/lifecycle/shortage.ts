// SettleShortage: a share settlement was paid out and units did not change hands as sold and bought; the auction settles them between others, in money for the client. What
// the client still owed is owed no more, units that never left its account are free again, and what will not come is no longer on its way. Money is the ledger's:
// it reaches cash with the morning's figures.
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { Product } from '../instrument.ts';
import { QUANTITY_MAX } from '../limits.ts';
import { Holding } from '../state/holding-table.ts';
import { tellHolding } from '../state/netted-shares.ts';
import { BodyReader } from './body-reader.ts';
import { bookTrade } from './booking.ts';
import type { Emission } from './emission.ts';
import { changed } from './funds.ts';
import { openPosition } from './open-position.ts';
import { readClient, refuse } from './refuse.ts';

const SEGMENT_MAX = 7;
const TOKEN_MAX = 4_294_967_295;

/** Folds a SettleShortage; '' or the reason it was refused: more than is on its way cannot lapse. Answers with the client's margin. */
export function settleShortage(out: Emission, body: unknown): string {
  const { state } = out;
  const read = new BodyReader('SettleShortage', body);
  const client = readClient(out, read);
  const segment = read.integer('segment', 1, SEGMENT_MAX);
  const token = read.integer('token', 1, TOKEN_MAX);
  const short = read.integer('short', 0, QUANTITY_MAX);
  const returned = read.integer('returned', 0, QUANTITY_MAX);
  const lapsed = read.integer('lapsed', 0, QUANTITY_MAX);
  read.text('reference', 64);
  if (read.error === '' && !isCashSegment(segment)) read.fail('segment', 'must be a cash segment (1 or 4)');
  if (read.error === '' && short + returned + lapsed === 0) read.fail('short', 'must be above zero, or returned, or lapsed');
  if (read.error !== '') return refuse(out, read.error);
  const { holdings } = state;
  let held = holdings.find(client, segment, token);
  const coming = held === 0 ? 0 : holdings.f64(held, Holding.t1);
  if (lapsed > coming) return refuse(out, `SettleShortage.lapsed ${lapsed} is above the ${coming} units on their way`);
  out.note(client);
  // Sold and paid for already: the short ends at no price.
  if (short > 0) bookTrade(state, openPosition(state, client, segment, token, Product.CNC), short, 0, 0);
  if (returned + lapsed > 0) {
    if (held === 0) held = holdings.add(client, segment, token);
    holdings.addF64(held, Holding.t1, -lapsed);
    holdings.addF64(held, Holding.free, returned);
    tellHolding(state, client, segment, token);
  }
  return changed(out, client);
}
