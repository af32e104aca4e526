// What a client has: SetHoldings, CreditFunds, GrantAdhoc, ImportPosition. Each answers with MarginChanged.

import { isCashSegment } from '../checks/is-cash-segment.ts';
import { EventKind } from '../event/layout.ts';
import { Product } from '../instrument.ts';
import { AMOUNT_MAX, ORDER_VALUE_MAX, PRICE_MAX, QUANTITY_MAX } from '../limits.ts';
import { Client } from '../state/client-table.ts';
import { earlyFunds } from '../state/early-pay-in.ts';
import { ownInLots } from '../state/funding.ts';
import { Holding } from '../state/holding-table.ts';
import { tellHolding } from '../state/netted-shares.ts';
import { BodyReader } from './body-reader.ts';
import { setPosition } from './booking.ts';
import type { Emission } from './emission.ts';
import { openPosition } from './open-position.ts';
import { readClient, refuse } from './refuse.ts';

const SEGMENT_MAX = 7;
const TOKEN_MAX = 4_294_967_295;

/** Folds a CreditFunds; '' or the reason it was refused. Facts of the ledger: the result may be below zero. */
export function creditFunds(out: Emission, body: unknown): string {
  const { clients } = out.state;
  const read = new BodyReader('CreditFunds', body);
  const client = readClient(out, read);
  const amount = read.integer('amount', -AMOUNT_MAX, AMOUNT_MAX);
  read.text('reference', 128);
  if (read.error !== '') return refuse(out, read.error);
  out.note(client);
  clients.addF64(client, Client.cash, amount);
  return changed(out, client);
}

/** Folds a GrantAdhoc: lapses at CloseDay; '' or the reason it was refused. */
export function grantAdhoc(out: Emission, body: unknown): string {
  const { clients } = out.state;
  const read = new BodyReader('GrantAdhoc', body);
  const client = readClient(out, read);
  const amount = read.integer('amount', -AMOUNT_MAX, AMOUNT_MAX);
  read.text('reason', 256);
  if (read.error === '' && grantedTo(out, client) + amount < 0) read.fail('amount', 'would take the adhoc limit below zero');
  if (read.error !== '') return refuse(out, read.error);
  out.note(client);
  clients.addF64(client, Client.adhoc, amount);
  return changed(out, client);
}

/** Paise of the cell that were granted. */
const grantedTo = ({ state }: Emission, client: number): number =>
  state.clients.f64(client, Client.adhoc) - earlyFunds(state, client) - ownInLots(state, client);

/** Folds a SetHoldings; '' or the reason it was refused. */
export function setHoldings(out: Emission, body: unknown): string {
  const { holdings } = out.state;
  const read = new BodyReader('SetHoldings', body);
  const client = readClient(out, read);
  const segment = read.integer('segment', 1, SEGMENT_MAX);
  const token = read.integer('token', 1, TOKEN_MAX);
  const free = read.integer('free', 0, QUANTITY_MAX);
  const pledged = read.integer('pledged', 0, QUANTITY_MAX);
  const t1 = read.integer('t1', 0, QUANTITY_MAX);
  if (read.error === '' && !isCashSegment(segment)) read.fail('segment', 'must be a cash segment (1 or 4)');
  if (read.error !== '') return refuse(out, read.error);
  out.note(client);
  const row = holdings.find(client, segment, token) || holdings.add(client, segment, token);
  holdings.setF64(row, Holding.free, free);
  holdings.setF64(row, Holding.pledged, pledged);
  holdings.setF64(row, Holding.t1, t1);
  tellHolding(out.state, client, segment, token);
  return changed(out, client);
}

/** Folds an ImportPosition: sets the position, replacing what was there; '' or the reason it was refused. */
export function importPosition(out: Emission, body: unknown): string {
  const read = new BodyReader('ImportPosition', body);
  const client = readClient(out, read);
  const segment = read.integer('segment', 1, SEGMENT_MAX);
  const token = read.integer('token', 1, TOKEN_MAX);
  const product = read.integer('product', Product.CNC, Product.BO);
  const quantity = read.integer('quantity', -QUANTITY_MAX, QUANTITY_MAX);
  const price = read.integer('price', 0, PRICE_MAX);
  if (read.error === '' && Math.abs(quantity) * price > ORDER_VALUE_MAX) read.fail('quantity', 'times price is above the largest value kept');
  if (read.error === '' && isCashSegment(segment) && product > Product.MIS) read.fail('product', 'must be 1 (CNC) or 2 (MIS) in a cash segment');
  if (read.error !== '') return refuse(out, read.error);
  out.note(client);
  setPosition(out.state, openPosition(out.state, client, segment, token, isCashSegment(segment) ? product : 0), quantity, price);
  return changed(out, client);
}

/** Answers with the client's margin; the requirement before was noted. */
export function changed(out: Emission, client: number): string {
  out.margin(out.account(out.answer(EventKind.MarginChanged), client), client);
  return '';
}
