// Kill switches: of the firm (this slot's part of it) and of one account. They stop what is new; open orders are cancelled by requests of
// their own, and are gone when the exchange says so.
import { EventField, EventKind } from '../event/layout.ts';
import { Client } from '../state/client-table.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { BodyReader } from './body-reader.ts';
import type { Emission } from './emission.ts';
import { readClient, refuse } from './refuse.ts';

const SCOPES = { FIRM: 1, ACCOUNT: 2 } as const;

/** Folds EngageKillSwitch (engaged 1) or ReleaseKillSwitch (0); the event counts the orders still open in its scope. */
export function setKillSwitch(out: Emission, body: unknown, engaged: 0 | 1): string {
  const { state } = out;
  const read = new BodyReader(engaged === 1 ? 'EngageKillSwitch' : 'ReleaseKillSwitch', body);
  const scope = read.choice('scope', SCOPES);
  read.text('reason', 256);
  read.text('by', 64);
  const client = scope === SCOPES.ACCOUNT ? readClient(out, read) : 0;
  if (read.error !== '') return refuse(out, read.error);
  if (client === 0) state.meta.setU8(META_ROW, Meta.firmKilled, engaged);
  else state.clients.setU8(client, Client.killed, engaged);
  const event = out.answer(engaged === 1 ? EventKind.KillSwitchEngaged : EventKind.KillSwitchReleased);
  out.account(event, client).f64(EventField.count, client === 0 ? openOrders(out) : state.clients.u32(client, Client.openOrders));
  return '';
}

function openOrders(out: Emission): number {
  const { clients } = out.state;
  let count = 0;
  for (let client = 1; client < clients.rows; client++) count += clients.u32(client, Client.openOrders);
  return count;
}
