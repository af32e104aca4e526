// Reading what the evening before left at clearing corporation and depository: obligations, positions, units with pledges, DDPI, transmissions. Rows come back
// typed; the checks of the fetching nodes are these readers with their sums.
import { BusinessCalendar } from '../../calendar/business-calendar.ts';
import type { FileRole } from '../fetch-file.ts';
import { readList } from './list-check.ts';

type Check = FileRole['check'];
const calendar = new BusinessCalendar();

/** Units of one client in one security, by the depository. */
export interface DepositoryUnits {
  readonly account: string;
  readonly isin: string;
  readonly token: number;
  readonly free: number;
  readonly pledged: number;
  readonly t1: number;
  /** Pledged to the member's funding account (CSMFA), or waiting for the client to accept that; absent: none. */
  readonly funded?: number;
}

/** MtfQty may be missing: nobody has bought with funding. Rejects with FileError. */
export async function readPledgeStatus(file: string): Promise<DepositoryUnits[]> {
  const found: DepositoryUnits[] = [];
  await readList(
    file,
    ['ClntId', 'ISIN', 'FinInstrmId', 'FreeQty', 'PldgdQty', 'T1Qty'],
    (row) => `${row.needed('ClntId')} ${row.needed('ISIN')}`,
    (row) => {
      found.push({
        account: row.text('ClntId'),
        isin: row.text('ISIN'),
        token: row.units('FinInstrmId', 1),
        free: row.units('FreeQty'),
        pledged: row.units('PldgdQty'),
        t1: row.units('T1Qty'),
        ...(row.text('MtfQty') === '' ? {} : { funded: row.units('MtfQty') }),
      });
    },
  );
  return found;
}

/** Units of the depository's list. */
export const pledgeCheck: Check = async (file) => {
  const rows = await readPledgeStatus(file);
  const sum = (of: (row: DepositoryUnits) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return {
    rows: rows.length,
    free: sum(({ free }) => free),
    pledged: sum(({ pledged }) => pledged),
    t1: sum(({ t1 }) => t1),
    funded: sum(({ funded = 0 }) => funded),
  };
};

/** Pending obligations of the trading day before. */
export const obligationsCheck: Check = async (file, date) => {
  const day = calendar.tradedBefore(date);
  let [bought, sold] = [0, 0];
  const rows = await readList(
    file,
    ['Sgmt', 'FinInstrmId', 'SctiesSttlmTxId', 'ClntId', 'RptgDt', 'CmltvBuyVol', 'CmltvSellVol'],
    (row) => `${row.needed('SctiesSttlmTxId')} ${row.needed('ClntId')} ${row.needed('FinInstrmId')}`,
    (row) => {
      if (row.date('RptgDt') !== day) row.fail('RptgDt', `is ${row.text('RptgDt')}, not ${day}`);
      bought += row.units('CmltvBuyVol');
      sold += row.units('CmltvSellVol');
    },
  );
  return { rows, bought, sold };
};

/** Signed units of one client in one contract, by the clearing corporation. */
export interface ClearedPosition {
  readonly account: string;
  /** Symbol, expiry, strike and type: the file has no token. */
  readonly contract: string;
  readonly net: number;
}

/** Name under which a contract is compared across files. `strike` in rupees as text, `expiry` YYYY-MM-DD. */
export const contractName = (symbol: string, expiry: string, strike: string, type: string): string =>
  `${symbol} ${expiry}${type === '' ? '' : ` ${Number(strike)} ${type}`}`;

/** Rejects with FileError. */
export async function readPositions(file: string): Promise<ClearedPosition[]> {
  const found: ClearedPosition[] = [];
  await readList(
    file,
    ['ClntId', 'TckrSymb', 'XpryDt', 'StrkPric', 'OptnTp', 'PstExrcAssgndLngQty', 'PstExrcAssgndShrtQty'],
    (row) => `${row.needed('ClntId')} ${row.needed('TckrSymb')} ${row.date('XpryDt')} ${row.text('StrkPric')} ${row.text('OptnTp')}`,
    (row) => {
      found.push({
        account: row.text('ClntId'),
        contract: contractName(row.text('TckrSymb'), row.text('XpryDt'), row.text('StrkPric'), row.text('OptnTp')),
        net: row.units('PstExrcAssgndLngQty') - row.units('PstExrcAssgndShrtQty'),
      });
    },
  );
  return found;
}

/** Open positions of the day before. */
export const positionsCheck: Check = async (file) => {
  const rows = await readPositions(file);
  return { rows: rows.length, units: rows.reduce((sum, { net }) => sum + Math.abs(net), 0) };
};

/** DDPI by client. */
export const ddpiCheck: Check = async (file) => {
  let active = 0;
  const rows = await readList(
    file,
    ['ClntId', 'Sts'],
    (row) => row.needed('ClntId'),
    (row) => {
      if (row.oneOf('Sts', ['ACTIVE', 'PENDING', 'REVOKED', 'REJECTED']) === 'ACTIVE') active += 1;
    },
  );
  return { rows, active };
};

/** Accounts under transmission: their owner has died, nothing may be traded on them. Rejects with FileError. */
export async function readTransmissions(file: string): Promise<string[]> {
  const accounts: string[] = [];
  await readList(
    file,
    ['ClntId', 'Sts'],
    (row) => row.needed('ClntId'),
    (row) => {
      if (row.oneOf('Sts', ['INITIATED', 'COMPLETED', 'REJECTED']) !== 'REJECTED') accounts.push(row.text('ClntId'));
    },
  );
  return accounts;
}

/** Transmissions of the night. */
export const transmissionsCheck: Check = async (file) => ({ rows: (await readTransmissions(file)).length });
