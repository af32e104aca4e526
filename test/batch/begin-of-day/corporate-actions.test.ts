// The exchange's list of corporate actions: shares by ratio, contracts by rows of their own; a row that could be read two ways is refused with its place.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { actionCommands, readCorporateActions } from '../../../batch/nodes/begin-of-day/corporate-actions.ts';

const folder = mkdtempSync(join(tmpdir(), 'actions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const DATE = '2026-11-20';
const HEADER = 'Sgmt,FinInstrmId,TckrSymb,ExDt,Purpose,NewUnits,OldUnits,NewFinInstrmId,Payout';

function list(...rows: string[]): string {
  const file = join(folder, 'actions.csv');
  writeFileSync(file, `${[HEADER, ...rows].join('\n')}\n`);
  return file;
}

it('a bonus of shares, and what its contracts become', async () => {
  const actions = await readCorporateActions(
    list('CM,2885,RELIANCE,2026-11-20,BONUS,3,2,,', 'FO,35001,RELIANCE,2026-11-20,BONUS,3,2,60001,', 'FO,35002,INFY,2026-11-20,DIVIDEND,1,1,,42.50'),
    DATE,
  );
  expect(actionCommands(DATE, actions).map(({ body }) => body)).toEqual([
    { segment: 1, token: 2885, newUnits: 3, oldUnits: 2, reason: 'BONUS RELIANCE 2026-11-20' },
    { segment: 2, token: 35001, newToken: 60001, newUnits: 3, oldUnits: 2, reason: 'BONUS RELIANCE 2026-11-20' },
    { segment: 2, token: 35002, newUnits: 1, oldUnits: 1, payout: 425_000, reason: 'DIVIDEND INFY 2026-11-20' },
  ]);
});

it('lists without the later columns are of shares', async () => {
  const file = join(folder, 'old.csv');
  writeFileSync(file, 'FinInstrmId,TckrSymb,ExDt,Purpose,NewUnits,OldUnits\n7,TZA,2026-11-20,SPLIT,5,1\n');
  expect(await readCorporateActions(file, DATE)).toMatchObject([{ segment: 1, token: 7, newToken: 7, numerator: 5, denominator: 1 }]);
});

it.each([
  ['CM,7,TZA,2026-11-20,RIGHTS,5,4,,', 'line 2, Purpose: RIGHTS changes no units held'],
  ['CM,7,TZA,2026-11-20,SPLIT,5,1,,3', 'line 2, Payout: is for contracts'],
  ['CM,7,TZA,2026-11-20,SPLIT,0,1,,', 'line 2, NewUnits: "0" is not a whole number from 1'],
  ['FO,7,TZA,2026-11-19,SPLIT,5,1,,', 'line 2, ExDt: is 2026-11-19'],
  ['XX,7,TZA,2026-11-20,SPLIT,5,1,,', 'line 2, Sgmt: '],
  ['FO,7,TZA,2026-11-20,MERGER,5,1,,', 'line 2, Purpose: '],
])('refuses %s', async (row, message) => {
  await expect(readCorporateActions(list(row), DATE)).rejects.toThrow(message);
});
