// The page of days in a row as a person walks it: a line a day, what is open tonight, then the day before with its note, taken as the document that was signed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { NoteStore } from '../../../batch/notes/note-store.ts';
import { sha256Of } from '../../../batch/ports/fetched-file.ts';
import { accessibilityFaults, picture } from '../../browser.ts';
import { type ScriptedNight, TONIGHT } from '../night/scripted-night.ts';

/** The date before TONIGHT, green in every phase. */
export const YESTERDAY = '2026-11-19';
const NUMBER = 'N/19112026/000001';

/** One note of a client, signed as far as the page can tell. */
export function issueNote({ night, folder }: ScriptedNight, date: string, document: string): void {
  const [notes, stem] = [new NoteStore(night.store.root), join(folder, 'note')];
  writeFileSync(`${stem}.pdf`, document);
  notes.allocate(date, 'EQ', 'N', ['C0001']);
  const amounts = { trades: 3, charges: 1_250, net: -4_000_000, at: 1 };
  const version = { version: 1, reason: '', content: '', pdfSha256: sha256Of(Buffer.from(document)), stem, ...amounts };
  notes.issue(date, 'EQ', [{ client: 'C0001', version }]);
}

/** Walks it; `document` is what the note of YESTERDAY says. */
export async function walkLoop(page: Page, document: string): Promise<void> {
  const day = (date: string): ReturnType<Page['locator']> => page.locator(`#loop-days tr[data-day="${date}"]`);
  await day(TONIGHT).waitFor();
  expect(await day(TONIGHT).locator('[data-phase="eod"]').getAttribute('data-health')).toBe('attention');
  expect(await day(TONIGHT).locator('[data-open]').textContent()).toBe('≠ 1 of 1 open');
  expect(await page.locator('#loop-open tbody').textContent()).toContain('EOD-POS-FILE@CM');
  expect(await day(YESTERDAY).locator('[data-health]').allTextContents()).toEqual(['✓ 32 of 32', '✓ 20 of 20', '✓ 48 of 48', '✓ 22 of 22']);
  await day(YESTERDAY).getByRole('link', { name: 'Thu 19 Nov', exact: true }).click();
  await page.locator(`#loop-notes [data-note="${NUMBER}"]`).waitFor();
  expect(await page.locator('#loop-open').count()).toBe(0);
  expect(await day(YESTERDAY).getAttribute('aria-current')).toBe('date');
  expect(await page.locator('#loop-books').textContent()).toMatch(/0 of 0 accounts are not at zero/);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: `PDF of ${NUMBER}` }).click()]);
  expect(readFileSync(await download.path(), 'latin1')).toBe(document);
  await picture(page, 'night/loop');
  expect(await accessibilityFaults(page)).toEqual([]);
}
