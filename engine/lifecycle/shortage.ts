// SettleShortage: a share settlement was paid out and units did not change hands as sold and bought; the auction settles them between others, in
// money for the client. What the client still owed is owed no more, units that never left its account are free again, and what will not come is no
// longer on its way. Money is the ledger's: it reaches cash with the morning's figures.
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { Product } from '../instrument.ts';
import { QUANTITY_MAX } from '../limits.ts';
import { FundedLot } from '../state/funded-lot-table.ts';
import type { FundedShare } from '../state/funding.ts';
import { Holding } from '../state/holding-table.ts';
import { homeOf, tellHolding } from '../state/netted-shares.ts';
import { Position } from '../state/position-table.ts';
import { BodyReader } from './body-reader.ts';
import { bookTrade, settleUnits } from './booking.ts';
import { sessionRow } from './delivery.ts';
import type { Emission } from './emission.ts';
import { findLot, lotPart, repayParts } from './funded-lots.ts';
import { changed } from './funds.ts';
import { openPosition } from './open-position.ts';
import { readClient, refuse } from './refuse.ts';

const SEGMENT_MAX = 7;
const TOKEN_MAX = 4_294_967_295;
const DATE_MIN = 19_000_101;
const DATE_MAX = 99_991_231;

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
  const boughtOn = read.has('boughtOn') ? read.integer('boughtOn', DATE_MIN, DATE_MAX) : 0;
  if (read.error === '' && boughtOn > 0 && short + returned > 0) read.fail('boughtOn', 'goes with lapsed alone');
  if (read.error !== '') return refuse(out, read.error);
  if (boughtOn > 0) return closeOutLot(out, [client, segment, token], boughtOn, lapsed);
  const session = read.has('sameDay') && read.boolean('sameDay') ? sessionRow(state, client, segment, token) : 0;
  if (read.error !== '') return refuse(out, read.error);
  const claimed = session === 0 ? 0 : state.positions.f64(session, Position.net);
  if (claimed !== 0) return settleSession(out, { client, session, claimed }, { owed: short + returned, returned, lapsed });
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

/**
 * Units of a funded lot that will not come leave it at their cost; their loan is repaid out of the client's cash, which the auction's money reaches
 * with the morning's figures.
 */
function closeOutLot(out: Emission, share: FundedShare, boughtOn: number, units: number): string {
  const { state } = out;
  const [client, segment, token] = share;
  const lot = findLot(state, share, boughtOn);
  const position = state.positions.find(client, segment, token, Product.MTF);
  const most = lot === 0 || position === 0 ? 0 : Math.min(state.fundedLots.f64(lot, FundedLot.units), state.positions.f64(position, Position.net));
  if (units > most) return refuse(out, `SettleShortage.lapsed ${units} is above the ${Math.max(0, most)} units of the lot of ${boughtOn}`);
  out.note(client);
  repayParts(state, share, position, [lotPart(state, lot, units)]);
  return changed(out, client);
}

interface SessionClaim {
  readonly client: number;
  /** Row of the position in the T+0 session, and its net: above zero what is to come, below what is owed. */
  readonly session: number;
  readonly claimed: number;
}

/**
 * On T+0's own day, before its close, nothing is on its way yet: what was not delivered, or will not come, leaves the session's position; its price
 * stays to be settled.
 */
function settleSession(
  out: Emission,
  { client, session, claimed }: SessionClaim,
  { owed, returned, lapsed }: { readonly owed: number; readonly returned: number; readonly lapsed: number },
): string {
  const { holdings, positions } = out.state;
  const [coming, owing] = [Math.max(0, claimed), Math.max(0, -claimed)];
  if (lapsed > coming) return refuse(out, `SettleShortage.lapsed ${lapsed} is above the ${coming} units to come at T+0`);
  // After the close what was free has been taken for the sale already: it comes back.
  const back = Math.max(0, owed - owing);
  if (back > returned) return refuse(out, `SettleShortage.short and returned ${owed} are above the ${owing} units owed at T+0`);
  out.note(client);
  settleUnits(out.state, session, owed - back - lapsed);
  if (back > 0) {
    const [segment, home] = [positions.u8(session, Position.segment), homeToken(out.state, session)];
    holdings.addF64(holdings.find(client, segment, home) || holdings.add(client, segment, home), Holding.free, back);
    tellHolding(out.state, client, segment, home);
  }
  return changed(out, client);
}

/** Token a T+0 position's units are held under; its own where the table in force no longer names the share. */
function homeToken(state: Emission['state'], session: number): number {
  const home = homeOf(state, state.derived.instrumentOf(session));
  return home < 0 || state.rules === undefined ? state.positions.u32(session, Position.token) : (state.rules.table.token[home] as number);
}
