// Accounts: OpenAccount, UpdateAccount, SetLimit.
import { ACCOUNT_BYTES } from '../command/layout.ts';
import type { EventWriter } from '../event/event-writer.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { AMOUNT_MAX } from '../limits.ts';
import { AccountKind, AccountStatus, Client, ClientFlag, RISK_GROUP_BYTES } from '../state/client-table.ts';
import { shareRow } from '../state/funding.ts';
import { Funding } from '../state/funding-table.ts';
import { BodyReader } from './body-reader.ts';
import type { Emission } from './emission.ts';
import { accountBytes, readClient, refuse } from './refuse.ts';

/** Body keys of SetLimit and the columns they set. */
const LIMITS = {
  maxOrderQuantity: Client.maxOrderQuantity,
  maxOrderValue: Client.maxOrderValue,
  maxOpenOrderValue: Client.maxOpenOrderValue,
  maxOpenOrders: Client.maxOpenOrders,
  maxNetQuantity: Client.maxNetQuantity,
  maxGrossValue: Client.maxGrossValue,
  maxTurnover: Client.maxTurnover,
  maxLoss: Client.maxLoss,
} as const;

/** Folds an OpenAccount; '' or the reason it was refused. An account that a fill had opened is taken over. */
export function openAccount(out: Emission, body: unknown): string {
  const { state } = out;
  const { clients } = state;
  const read = new BodyReader('OpenAccount', body);
  const account = read.name('account', ACCOUNT_BYTES);
  const group = read.name('riskGroup', RISK_GROUP_BYTES);
  const status = read.choice('status', AccountStatus);
  const kind = read.choice('kind', AccountKind);
  const segments = read.segments('segments');
  if (read.error !== '') return refuse(out, read.error);
  let client = clients.find(accountBytes(account), 0);
  if (client !== 0 && (clients.u32(client, Client.flags) & ClientFlag.OPENED_BY_FILL) === 0)
    return refuse(out, `OpenAccount.account ${account} is open already`);
  if (client === 0) client = clients.add(accountBytes(account), 0);
  clients.setU8(client, Client.status, status);
  clients.setU8(client, Client.kind, kind);
  clients.setU8(client, Client.segments, segments);
  clients.setU32(client, Client.flags, clients.u32(client, Client.flags) & ~ClientFlag.OPENED_BY_FILL);
  clients.clearField(client, Client.riskGroup, RISK_GROUP_BYTES);
  for (let i = 0; i < group.length; i++) clients.setU8(client, Client.riskGroup + i, group.charCodeAt(i));
  standing(out, EventKind.AccountOpened, client);
  return '';
}

/** Folds an UpdateAccount; '' or the reason it was refused. */
export function updateAccount(out: Emission, body: unknown): string {
  const { clients } = out.state;
  const read = new BodyReader('UpdateAccount', body);
  const client = readClient(out, read);
  const status = read.has('status') ? read.choice('status', AccountStatus) : clients.u8(client, Client.status);
  const segments = read.has('segments') ? read.segments('segments') : clients.u8(client, Client.segments);
  if (read.error !== '') return refuse(out, read.error);
  clients.setU8(client, Client.status, status);
  clients.setU8(client, Client.segments, segments);
  standing(out, EventKind.AccountUpdated, client);
  return '';
}

/** Folds a SetLimit: the limits it names, the others stay; '' or the reason it was refused. */
export function setLimit(out: Emission, body: unknown): string {
  const { clients } = out.state;
  const read = new BodyReader('SetLimit', body);
  const client = readClient(out, read);
  for (const key of Object.keys(LIMITS)) if (read.has(key)) read.integer(key, 0, AMOUNT_MAX);
  const isFunded = read.has('maxFunded');
  const maxFunded = isFunded ? read.integer('maxFunded', 0, AMOUNT_MAX) : 0;
  if (read.error !== '') return refuse(out, read.error);
  for (const [key, column] of Object.entries(LIMITS)) if (read.has(key)) clients.setF64(client, column, read.integer(key, 0, AMOUNT_MAX));
  if (isFunded) out.state.fundings.setF64(shareRow(out.state.fundings, client, 0, 0), Funding.limit, maxFunded);
  standing(out, EventKind.AccountUpdated, client);
  return '';
}

/** The account's standing as an event: value is its status, limit the bits of its segments. */
function standing(out: Emission, kind: number, client: number): EventWriter {
  const { clients } = out.state;
  const event = out.account(out.answer(kind), client);
  return event.f64(EventField.value, clients.u8(client, Client.status)).f64(EventField.limit, clients.u8(client, Client.segments));
}
