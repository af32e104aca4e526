// Positions in stock derivatives that end in shares: who will have to take or give how many if prices stay as they are. Reads state, changes nothing,
// allocates; never called while deciding.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES } from '../command/layout.ts';
import { InstrumentKind } from '../instrument.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { isInTheMoney } from '../rules/delivery.ts';
import { underlyingKind } from '../rules/underlying-kind.ts';
import { Client } from '../state/client-table.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';

/** A position that nears its delivery. */
export interface NearDelivery {
  readonly account: string;
  readonly segment: number;
  readonly token: number;
  readonly underlying: string;
  /** yyyymmdd. */
  readonly expiry: number;
  /** Days of trading to the expiry, 0 = it expires today; weekdays where the parameters say nothing of holidays. */
  readonly daysTo: number;
  /** Signed units held. */
  readonly net: number;
  /** Shares: to be taken positive, to be given negative; 0 = an option out of the money at the file's price of the stock. */
  readonly shares: number;
  /** What changes hands for them, paise: at the strike, a future at the file's price of the stock. */
  readonly value: number;
}

const TICKS_PER_PAISA = 100;

/** Positions of the slot in stock derivatives that expire within so many days of trading, in no order. */
export function nearDeliveries(state: SlotState, within: number): NearDelivery[] {
  assert(within >= 0, 'within is negative');
  const { positions, clients, derived } = state;
  const table = derived.parameters;
  if (table === undefined) return [];
  const found: NearDelivery[] = [];
  for (let row = 1; row < positions.rows; row++) {
    const net = positions.isLive(row) ? positions.f64(row, Position.net) : 0;
    const instrument = net === 0 ? -1 : derived.instrumentOf(row);
    if (instrument < 0 || !endsInShares(table, instrument)) continue;
    const expiry = table.expiry[instrument] as number;
    const daysTo = tradingDaysTo(table, expiry);
    if (daysTo > within) continue;
    const shares = sharesOf(table, instrument, net);
    const price = table.kind[instrument] === InstrumentKind.FUT ? spotOf(table, instrument) : (table.strike[instrument] as number);
    found.push({
      account: clients.text(positions.u32(row, Position.client), Client.account, ACCOUNT_BYTES),
      segment: positions.u8(row, Position.segment),
      token: positions.u32(row, Position.token),
      underlying: table.underlyingName(table.underlying[instrument] as number),
      expiry,
      daysTo,
      net,
      shares,
      value: Math.round((Math.abs(shares) * price) / TICKS_PER_PAISA),
    });
  }
  return found;
}

function endsInShares(table: ParameterTable, instrument: number): boolean {
  const underlying = table.underlying[instrument] as number;
  if (table.kind[instrument] === InstrumentKind.EQ || underlying < 0) return false;
  return underlyingKind(table.underlyingName(underlying), table.segment[instrument] as number) === 'stock';
}

const spotOf = (table: ParameterTable, instrument: number): number => table.spot[table.underlying[instrument] as number] as number;

/** A bought call and a sold put take shares, the others give them; what is out of the money lapses. */
function sharesOf(table: ParameterTable, instrument: number, net: number): number {
  const kind = table.kind[instrument] as number;
  if (kind === InstrumentKind.FUT) return net;
  const right = kind === InstrumentKind.CE ? 'CE' : 'PE';
  if (!isInTheMoney({ kind: right, strike: table.strike[instrument] as number, underlyingPrice: spotOf(table, instrument) })) return 0;
  return right === 'CE' ? net : -net;
}

/** Infinity once it is over. */
function tradingDaysTo(table: ParameterTable, expiry: number): number {
  const { tradingDays } = table.details;
  if (tradingDays !== undefined) return tradingDays[expiry] ?? Number.POSITIVE_INFINITY;
  if (expiry < table.businessDate) return Number.POSITIVE_INFINITY;
  let weekdays = 0;
  for (let day = dayOf(table.businessDate) + 1; day <= dayOf(expiry); day++) if (((day + 4) % 7) % 6 !== 0) weekdays += 1;
  return weekdays;
}

/** Days since 1970-01-01, a Thursday, of a yyyymmdd; years begin in March, so that the leap day is the last. */
function dayOf(yyyymmdd: number): number {
  const month = Math.floor(yyyymmdd / 100) % 100;
  const year = Math.floor(yyyymmdd / 10_000) - (month <= 2 ? 1 : 0);
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + (yyyymmdd % 100) - 1;
  return year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + ofYear - 719_468;
}
