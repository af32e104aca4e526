// Statement of holdings out of the books of units: per ISIN what is free, pledged, blocked for a pay-in, pledged as unpaid
// (CUSPA), bought with funding (CSMFA), what rests in the broker's pool account for the client, and what the market was worth at a close.
// It shows the books as they are, whatever the period asked for: units have one present.
import type { RootDatabase } from 'lmdb';
import { unitPlace } from '../../securities/unit-accounts.ts';
import { UnitPrices } from '../../securities/unit-prices.ts';
import { UnitsLedger } from '../../securities/units-ledger.ts';
import { dayText } from '../figures.ts';
import type { StatementSheet, StatementSubject } from './statement-sheet.ts';

interface Held {
  free: number;
  pledged: number;
  blocked: number;
  unpaid: number;
  /** Bought with funding, whether its pledge is accepted or not. */
  funded: number;
  /** In the broker's pool account. */
  pool: number;
}

const KINDS: Readonly<Record<string, keyof Held>> = {
  ...{ FREE: 'free', PLEDGED: 'pledged', BLOCKED: 'blocked', CUSPA: 'unpaid' },
  ...{ FUNDED: 'funded', CSMFA: 'funded', POOL: 'pool' },
};
const MICROS_PER_PAISA = 10_000n;

/** Units of a client by ISIN. */
function heldBy(ledger: UnitsLedger, client: string): Map<string, Held> {
  const found = new Map<string, Held>();
  for (const [place, kind] of Object.entries(KINDS)) {
    const isClaim = unitPlace(`${place}/${client}`) === undefined;
    for (const { account, isin, units } of ledger.balancesOf(`${place}/${client}`)) {
      // A prefix has longer codes behind it.
      if (isClaim ? !account.startsWith(`${place}/${client}@`) : account !== `${place}/${client}`) continue;
      const held = found.get(isin) ?? { free: 0, pledged: 0, blocked: 0, unpaid: 0, funded: 0, pool: 0 };
      held[kind] += units;
      found.set(isin, held);
    }
  }
  return found;
}

const sumOf = ({ free, pledged, blocked, unpaid, funded, pool }: Held): number => free + pledged + blocked + unpaid + funded + pool;

/** The sheet. Values are units times close, to the paisa, half away from zero. */
export function holdingsSheet(root: RootDatabase, { contact }: StatementSubject): StatementSheet {
  const prices = new UnitPrices(root);
  const held = [...heldBy(new UnitsLedger(root), contact.code)].sort(([a], [b]) => (a < b ? -1 : 1));
  let total = 0;
  const rows = held.map(([isin, units]) => {
    const price = prices.of(isin);
    const value = price === undefined ? undefined : worth(price.close, sumOf(units));
    total += value ?? 0;
    const { free, pledged, blocked, unpaid, funded, pool } = units;
    const counts = [free, pledged, blocked, unpaid, funded, pool, sumOf(units)].map(String);
    return {
      cells: [
        isin,
        price?.symbol ?? '',
        ...counts,
        value === undefined ? 'not known' : { paise: value },
        price === undefined ? '' : dayText(price.date),
      ],
    };
  });
  return {
    title: 'Holdings',
    columns: [
      { title: 'ISIN', width: 76 },
      { title: 'Security', width: 56 },
      { title: 'Free', width: 40, isAmount: true },
      { title: 'Pledged', width: 44, isAmount: true },
      { title: 'Blocked', width: 44, isAmount: true },
      { title: 'CUSPA', width: 42, isAmount: true },
      { title: 'CSMFA', width: 42, isAmount: true },
      { title: 'Pool', width: 36, isAmount: true },
      { title: 'Units', width: 42, isAmount: true },
      { title: 'Value (Rs)', width: 68, isAmount: true },
      { title: 'Close of', width: 52 },
    ],
    rows: rows.length === 0 ? [] : [...rows, { bold: true, cells: ['Total', '', '', '', '', '', '', '', '', { paise: total }, ''] }],
    remarks: [
      'Units are those the books have for you now, after the last pay-out; valued at the last close known here. All but the pool lie in your demat account.',
      'Blocked: for a pay-in of securities sold. CUSPA: bought and pledged to the client unpaid securities account until they are paid for.',
      'CSMFA: bought with margin trading funding and pledged, or to be pledged by you, to our client securities margin funding account.',
      'Pool: yours, in the broker’s pool account, on the way to your demat account or into the pay-in of what you sold.',
    ],
  };
}

function worth(close: number, units: number): number {
  return Number((BigInt(close) * BigInt(units) + MICROS_PER_PAISA / 2n) / MICROS_PER_PAISA);
}
