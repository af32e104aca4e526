// Do-not-exercise instructions of clients for contracts that end today, from DATA/do-not-exercise/YYYYMMDD.csv (ClntId, FinInstrmId). An instruction
// the rules of the date do not allow is refused with its line: a position that would be exercised all the same must not look as if it were not.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isCloseToMoney, mayWaiveExercise } from '../../../engine/index.ts';
import { readCsvFile } from '../../files/csv-file.ts';
import { FileError } from '../../files/file-error.ts';
import { sha256Of } from '../../ports/fetched-file.ts';
import { compactDate } from '../../ports/file-names.ts';
import type { NodeContext } from '../../runner/index.ts';
import type { ContractPrices } from './contract-prices.ts';
import { type DayParts, dayNumber, refusing } from './day-parts.ts';
import type { Contract } from './derivative-positions.ts';

/** Key of an instruction. */
export const waiverKey = (client: string, token: number): string => `${client}|${token}`;

/** Keys of the day's instructions; none without a file. Rejects with PermanentFault, file and line. */
export async function readWaivers({ dataDirectory }: DayParts, context: NodeContext, prices: ContractPrices): Promise<ReadonlySet<string>> {
  const file = join(dataDirectory, 'do-not-exercise', `${compactDate(context.date)}.csv`);
  if (!existsSync(file)) return new Set();
  const found = new Set<string>();
  await refusing(() =>
    readCsvFile(file, ['ClntId', 'FinInstrmId'], (row) => {
      const token = Number(row.text('FinInstrmId'));
      const contract = prices.byToken.get(token);
      const why = contract === undefined ? 'is not in today’s prices' : unfit(contract, dayNumber(context.date), prices);
      if (why !== '') throw new FileError(file, `line ${row.line}, FinInstrmId`, `${row.text('FinInstrmId')} ${why}`);
      found.add(waiverKey(row.text('ClntId'), token));
    }),
  );
  context.pin('do-not-exercise', basename(file), sha256Of(readFileSync(file)));
  return found;
}

/** Why the exercise of a contract cannot be waived today; '' when it can. */
function unfit(contract: Contract, date: number, prices: ContractPrices): string {
  if (contract.option === '' || !contract.type.startsWith('ST')) return 'is no option on a single share';
  if (contract.actualExpiry !== date) return `does not end on ${date}`;
  if (!mayWaiveExercise(date)) return `ends on ${date}, when every option in the money is exercised: the facility has been withdrawn`;
  const { symbol, expiry, option, strike, underlying } = contract;
  const siblings = [...prices.byToken.values()].filter((each) => each.symbol === symbol && each.expiry === expiry && each.option === option);
  const strikes = siblings.map((each) => each.strike);
  return isCloseToMoney(strike, option, underlying, strikes) ? '' : 'is not close to the money';
}
