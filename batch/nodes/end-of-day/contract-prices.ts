// Contracts and their prices of a day from the exchange's derivative bhavcopy, found by token (trades) or by what a position file calls them (symbol, expiry,
// strike, option).
import { type BhavcopyRow, readBhavcopy } from '../../../workers/reference/index.ts';
import { FileError } from '../../files/file-error.ts';
import type { Contract } from './derivative-positions.ts';

/** Contracts of a file, both ways. */
export interface ContractPrices {
  readonly byToken: ReadonlyMap<number, Contract>;
  readonly byName: ReadonlyMap<string, Contract>;
}

/** How a position file names a contract: expiry yyyymmdd, strike in ticks (0 for a future). */
export const contractName = (symbol: string, expiry: number, strike: number, option: string): string => `${symbol}|${expiry}|${strike}|${option}`;

/** Reads a bhavcopy. Rejects with FileError or ReferenceFileError, also when it is of another date. */
export async function readContractPrices(file: string, date: number): Promise<ContractPrices> {
  const byToken = new Map<number, Contract>();
  const byName = new Map<string, Contract>();
  await readBhavcopy(file, (row, line) => {
    if (row.tradeDate !== date) throw new FileError(file, `line ${line}, TradDt`, `${row.tradeDate} is not the date of this file (${date})`);
    const contract = contractOf(file, row, line);
    byToken.set(contract.token, contract);
    byName.set(contractName(contract.symbol, contract.expiry, contract.strike, contract.option), contract);
  });
  return { byToken, byName };
}

/** Instrument types of BSE's files under the names all others have. */
const TYPES: Readonly<Record<string, string>> = { SF: 'STF', SO: 'STO', IF: 'IDF', IO: 'IDO' };

function contractOf(file: string, row: BhavcopyRow, line: number): Contract {
  const option = row.optionType === 'CE' || row.optionType === 'PE' ? row.optionType : '';
  if (row.settlementPrice === undefined) throw new FileError(file, `line ${line}, SttlmPric`, 'is empty');
  return {
    token: row.token,
    type: TYPES[row.instrumentType] ?? row.instrumentType,
    symbol: row.symbol,
    isin: row.isin,
    expiry: row.expiry,
    actualExpiry: row.actualExpiry === 0 ? row.expiry : row.actualExpiry,
    strike: option === '' ? 0 : (row.strike ?? 0),
    option,
    lot: row.lot ?? 0,
    settlement: row.settlementPrice,
    previous: row.previousClose ?? 0,
    underlying: row.underlyingPrice ?? 0,
  };
}
