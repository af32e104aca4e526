// The card of statements as a person uses it: chosen, looked at with the PAN masked, taken as CSV.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { accessibilityFaults } from '../../browser.ts';

/** Walks it on the page of days, for a client of the data directory `folder`. */
export async function walkStatement(page: Page, folder: string): Promise<void> {
  writeFileSync(
    join(folder, 'contacts.csv'),
    `client,name,pan,address,state,email,mobile,delivery,password\nC0001,Asha Devi,ABCPD1234F,Pune,MH,,,paper,\n`,
  );
  await page.locator('#statement-kind option').first().waitFor({ state: 'attached' });
  await page.locator('#statement-client').fill('C0001');
  await page.getByRole('button', { name: 'Show' }).click();
  await page
    .locator('#statement')
    .filter({ hasText: /Statement of account · Asha Devi · client C0001 · PAN ABXXXXXX4F/ })
    .waitFor();
  expect(await page.locator('#statement tbody tr').last().textContent()).toBe('Closing balance0.00');
  expect(await accessibilityFaults(page)).toEqual([]);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
  expect(download.suggestedFilename()).toMatch(/^ledger-C0001-.*\.csv$/);
}
