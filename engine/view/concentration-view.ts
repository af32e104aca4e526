// Where the risk of a slot sits: open positions summed by underlying. Reads state, changes nothing, allocates; never called while deciding.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES } from '../command/layout.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { Client } from '../state/client-table.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';

/** Open positions of one underlying (or cash instrument without derivatives). Values in paise at the last mark, else the previous close. */
export interface UnderlyingExposure {
  readonly underlying: string;
  /** Value bought and value sold, each positive. */
  readonly long: number;
  readonly short: number;
  /** Gross value by account, largest first; at most `top` of them. */
  readonly clients: readonly { readonly account: string; readonly gross: number }[];
}

interface Sum {
  long: number;
  short: number;
  readonly clients: Map<number, number>;
}

const TICKS_PER_PAISA = 100;

/** The slot's open positions by underlying, each with its `top` largest clients. A position the table does not name is under ''. */
export function exposureByUnderlying(state: SlotState, top: number): UnderlyingExposure[] {
  assert(top >= 0, 'top is negative');
  const { positions, clients } = state;
  const sums = new Map<string, Sum>();
  for (let row = 1; row < positions.rows; row++) {
    const net = positions.isLive(row) ? positions.f64(row, Position.net) : 0;
    if (net !== 0) add(state, sums, row, net);
  }
  return [...sums].map(([underlying, { long, short, clients: byClient }]) => ({
    underlying,
    long: Math.round(long / TICKS_PER_PAISA),
    short: Math.round(short / TICKS_PER_PAISA),
    clients: [...byClient]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, top)
      .map(([client, gross]) => ({ account: clients.text(client, Client.account, ACCOUNT_BYTES), gross: Math.round(gross / TICKS_PER_PAISA) })),
  }));
}

function add(state: SlotState, sums: Map<string, Sum>, row: number, net: number): void {
  const { positions, derived } = state;
  const { parameters } = derived;
  const instrument = derived.instrumentOf(row);
  const name = parameters === undefined || instrument < 0 ? '' : underlyingOf(parameters, instrument);
  const mark = positions.f64(row, Position.mark);
  const price = mark > 0 || parameters === undefined || instrument < 0 ? mark : (parameters.previousClose[instrument] ?? 0);
  const value = Math.abs(net) * price;
  const sum = sums.get(name) ?? { long: 0, short: 0, clients: new Map<number, number>() };
  sums.set(name, sum);
  if (net > 0) sum.long += value;
  else sum.short += value;
  const client = positions.u32(row, Position.client);
  sum.clients.set(client, (sum.clients.get(client) ?? 0) + value);
}

/** Name of an instrument's underlying; a cash instrument without derivatives stands for itself. */
function underlyingOf(parameters: ParameterTable, instrument: number): string {
  const underlying = parameters.underlying[instrument] ?? -1;
  return underlying < 0 ? parameters.instrumentName(instrument) : parameters.underlyingName(underlying);
}
