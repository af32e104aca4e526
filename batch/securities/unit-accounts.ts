// Where a unit of a security can lie, as a table. An account is a place, with its part behind a slash: FREE/C000123, BLOCKED/C000123@M2026224,
// CLEARING/M2026224. The same account holds every ISIN apart. Units outside the house are negative in OUTSIDE, so that every ISIN sums to zero.

/** One kind of place. */
export interface UnitPlace {
  readonly place: string;
  readonly title: string;
  /** What stands behind the slash; none = the place alone is the account. */
  readonly part: 'none' | 'client' | 'claim' | 'name';
  /** May it be below zero? What a clearing corporation is owed and what lies outside may; units that lie somewhere may not. */
  readonly signed: boolean;
  /** Does the depository hold it in a client's demat account? */
  readonly demat: boolean;
}

/** All places. */
export const UNIT_PLACES: readonly UnitPlace[] = [
  { place: 'FREE', title: "In the client's demat account, free", part: 'client', signed: false, demat: true },
  { place: 'PLEDGED', title: "In the client's demat account, pledged for margin", part: 'client', signed: false, demat: true },
  { place: 'BLOCKED', title: "In the client's demat account, blocked for a pay-in", part: 'claim', signed: false, demat: true },
  {
    place: 'CUSPA',
    title: "In the client's demat account, pledged to the unpaid securities account (CUSPA)",
    part: 'claim',
    signed: false,
    demat: true,
  },
  {
    place: 'FUNDED',
    title: "In the client's demat account, bought with funding (MTF) on the day named; the client has yet to accept the pledge",
    part: 'claim',
    signed: false,
    demat: true,
  },
  {
    place: 'CSMFA',
    title: "In the client's demat account, bought with funding and pledged to the client securities margin funding account (CSMFA)",
    part: 'claim',
    signed: false,
    demat: true,
  },
  {
    place: 'POOL',
    title: "In the broker's pool account, out of a settlement's pay-out or for a settlement's pay-in, for a client",
    part: 'claim',
    signed: false,
    demat: false,
  },
  { place: 'CLEARING', title: 'Owed by the clearing corporation in a settlement; below zero: owed to it', part: 'name', signed: true, demat: false },
  { place: 'OUTSIDE', title: 'The rest of the world', part: 'none', signed: true, demat: false },
];

const PLACES: ReadonlyMap<string, UnitPlace> = new Map(UNIT_PLACES.map((row) => [row.place, row]));
const CLIENT = '[!-.0-?A-~]{1,16}';
const NAME = '[A-Za-z0-9-]{1,24}';
const PART: Readonly<Record<UnitPlace['part'], RegExp>> = {
  none: /^$/,
  client: new RegExp(`^${CLIENT}$`),
  claim: new RegExp(`^${CLIENT}@${NAME}$`),
  name: new RegExp(`^${NAME}$`),
};
const ISIN = /^[A-Z]{2}[A-Z0-9]{9}\d$/;

/** The place of an account; undefined when there is no such account. */
export function unitPlace(account: string): UnitPlace | undefined {
  const slash = account.indexOf('/');
  const row = PLACES.get(slash < 0 ? account : account.slice(0, slash));
  if (row === undefined || (row.part === 'none') !== slash < 0) return undefined;
  return PART[row.part].test(slash < 0 ? '' : account.slice(slash + 1)) ? row : undefined;
}

/** Is the text shaped like an ISIN? Its check digit is the depository's business. */
export const isIsin = (text: string): boolean => ISIN.test(text);

/** The client of a demat account; '' for accounts that are nobody's. */
export function clientOf(account: string): string {
  if (unitPlace(account)?.demat !== true) return '';
  const part = account.slice(account.indexOf('/') + 1);
  const at = part.indexOf('@');
  return at < 0 ? part : part.slice(0, at);
}

/** Free units of a client. */
export const freeAccount = (client: string): string => `FREE/${client}`;
/** Units a client pledged for margin. */
export const pledgedAccount = (client: string): string => `PLEDGED/${client}`;
/** Units blocked for the pay-in of a settlement ("M2026224"). */
export const blockedAccount = (client: string, settlement: string): string => `BLOCKED/${client}@${settlement}`;
/** Units of a settlement that are not paid for. */
export const unpaidAccount = (client: string, settlement: string): string => `CUSPA/${client}@${settlement}`;
/** Units of a lot bought with funding on a day ("20261119") whose pledge waits for the client. */
export const fundedAccount = (client: string, lot: string): string => `FUNDED/${client}@${lot}`;
/** Units of such a lot that the client has pledged to the member's funding account. */
export const csmfaAccount = (client: string, lot: string): string => `CSMFA/${client}@${lot}`;
/** Units of a client in the broker's pool account, out of or for a settlement. */
export const poolAccount = (client: string, settlement: string): string => `POOL/${client}@${settlement}`;
/** The client of a pool account. */
export const pooledFor = (account: string): string => account.slice(account.indexOf('/') + 1, account.indexOf('@'));
/** What the clearing corporation owes (above zero) or is owed in a settlement. */
export const settlementAccount = (settlement: string): string => `CLEARING/${settlement}`;
/** The rest of the world. */
export const OUTSIDE = 'OUTSIDE';
