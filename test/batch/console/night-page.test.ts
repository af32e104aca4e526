// The night's page in a real browser at a served night in trouble of every kind: grid, graph, timeline, queue, approvals by two persons, fix and resubmit,
// days, keys alone, a phone, the dark, a line that breaks and comes back.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessibilityFaults, closePage, describeInBrowser, openPage, type PageWish, picture, type Seen, startBrowser } from '../../browser.ts';
import { type ScriptedNight, TONIGHT, troubledNight } from '../night/scripted-night.ts';
import { issueNote, walkLoop, YESTERDAY } from './loop-walk.ts';
import { walkStatement } from './statement-walk.ts';

const EOD = `${TONIGHT}/eod/1`;
let scripted: ScriptedNight;
let browser: Browser;
let port: number;
const tokens = { asha: '', binod: '', viewer: '' };

describeInBrowser('the night’s page', () => {
  beforeAll(async () => {
    [scripted, browser] = await Promise.all([troubledNight(), startBrowser()]);
    tokens.asha = scripted.token('asha');
    tokens.binod = scripted.token('binod');
    tokens.viewer = scripted.token('viewer', 'read');
    port = await scripted.serve();
  });
  afterAll(async () => {
    await browser?.close();
    await scripted?.close();
  });

  const open = (to: string, who: keyof typeof tokens = 'asha', more: Partial<PageWish> = {}): Promise<Seen> =>
    openPage(browser, { port, token: tokens[who], to, ...more });
  const chip = (page: Page, key: string): ReturnType<Page['locator']> => page.locator(`#grid .chip[data-node="${key}"]`);
  const focused = (page: Page): Promise<unknown> =>
    page.evaluate('document.activeElement.closest("[data-node]")?.dataset.node ?? document.activeElement.id');

  it('signs in with a pasted token, and says what was wrong with a bad one', async () => {
    const seen = await openPage(browser, { port, token: '', expected: /401/ });
    const { page } = seen;
    await page.getByLabel('Token').fill('x'.repeat(43));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'does not know this token' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Token').fill(tokens.asha);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await chip(page, 'EOD-TB-CD@CD').waitFor();
    expect(await page.locator('#who').textContent()).toContain('asha');
    expect(page.url()).toMatch(/\/#\/grid\/2026-11-20$/);
    // Out of force while in use: back to the login page, and back again.
    const gone = scripted.token('asha');
    await page.evaluate('location.hash = "#/queue/2026-11-20"');
    scripted.night.feed.bump();
    await page.getByRole('alert').filter({ hasText: 'no longer in force' }).waitFor();
    tokens.asha = gone;
    await page.getByLabel('Token').fill(tokens.asha);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Queue', exact: true }).waitFor();
    await closePage(seen);
  });

  it('shows every state in the grid, with days before, cut-offs and who is needed', async () => {
    const seen = await open('/grid');
    const { page } = seen;
    await chip(page, 'EOD-TB-CD@CD').waitFor();
    const states = {
      'EOD-TB-CM@CM': 'done',
      'EOD-RECON@FO': 'running',
      'EOD-TB-CD@CD': 'retry',
      'EOD-PMR-FETCH@CM': 'failed',
      'EOD-POS-FILE@CM': 'gate',
      'EOD-COMP-REPORT': 'held',
      'EOD-READY': 'waiting',
      'SET-UPSTREAM': 'inDoubt',
    };
    for (const [key, state] of Object.entries(states)) expect([key, await chip(page, key).getAttribute('data-state')]).toEqual([key, state]);
    expect(await chip(page, 'EOD-PMR-FETCH@CM').getAttribute('aria-label')).toBe('EOD-PMR-FETCH@CM: failed');
    expect(await page.locator('[data-figure="needs"]').textContent()).toBe('3');
    expect(await page.locator('tr[data-row="EOD-PMR-FETCH"] .what').textContent()).toContain('PMR_20261120.csv:1841: column MrgnAmt');
    expect(await page.locator('tr[data-row="EOD-CN-DISPATCH"] .square[data-state="failed"]').count()).toBe(1);
    expect(await page.locator('[data-cutoff="SET-UPSTREAM"] .left').textContent()).toMatch(/^in 1\d min \d\d$/);
    expect(await page.locator('#connection').textContent()).toBe('Live');
    expect(await page.locator('.fold[data-phase="bod"]').getAttribute('aria-expanded')).toBe('false');
    await page.getByRole('button', { name: 'Needs somebody' }).click();
    expect(await page.locator('#grid tr[data-row]').count()).toBe(3);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await picture(page, 'night/grid');
    expect(await accessibilityFaults(page)).toEqual([]);
    await closePage(seen);
  });

  it('draws the graph with the deciding path, lights what blocks a node, zooms and drags', async () => {
    const seen = await open('/graph?phase=eod');
    const { page } = seen;
    const box = (key: string): ReturnType<Page['locator']> => page.locator(`.box[data-node="${key}"]`);
    await box('EOD-READY').waitFor();
    expect(await page.locator('.box').count()).toBe(48);
    expect(await box('EOD-RECON@FO').getAttribute('data-state')).toBe('running');
    expect(await page.locator('.box[data-critical]').count()).toBeGreaterThan(3);
    expect(await page.locator('.path-words').textContent()).toMatch(/^Decides the landing at \d\d:\d\d( \+1)?: EOD-.* → EOD-READY$/);
    await box('EOD-POS-UPLOAD@CD').hover();
    expect(await page.locator('.path-words').textContent()).toMatch(/EOD-POS-UPLOAD@CD is held up by .*EOD-TB-CD@CD/);
    expect(await box('EOD-TB-CD@CD').getAttribute('data-blocks')).toBe('');
    const before = await page.locator('svg.graph').getAttribute('viewBox');
    await page.mouse.wheel(0, -300);
    expect(await page.locator('svg.graph').getAttribute('viewBox')).not.toBe(before);
    await page.keyboard.press('0');
    await page.mouse.move(400, 700);
    await page.mouse.down();
    await page.mouse.move(300, 600, { steps: 3 });
    await page.mouse.up();
    expect(await page.locator('svg.graph').getAttribute('viewBox')).not.toBe(before);
    await page.keyboard.press('0');
    await page.mouse.move(5, 500);
    await picture(page, 'night/graph');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('4');
    await box('SET-UPSTREAM').waitFor();
    expect(await box('SET-UPSTREAM').getAttribute('data-state')).toBe('inDoubt');
    await closePage(seen);
  });

  it('draws the timeline against what is due', async () => {
    const seen = await open('/timeline?phase=eod');
    const { page } = seen;
    const row = (key: string): ReturnType<Page['locator']> => page.locator(`.bars li[data-node="${key}"]`);
    await row('EOD-RECON@FO').waitFor();
    expect(await row('EOD-RECON@FO').locator('.bar-words').textContent()).toMatch(/min \d\d, lands \d\d:\d\d/);
    expect(await row('EOD-TB-FO@FO').getAttribute('data-risk')).toBe('breached');
    expect(await row('EOD-READY').getAttribute('data-foreseen')).toBe('');
    const [due, now] = await Promise.all([row('EOD-RECON@FO').locator('.bar-due').boundingBox(), page.locator('.now-line').boundingBox()]);
    expect(due?.x ?? 0).toBeGreaterThan(now?.x ?? Number.POSITIVE_INFINITY);
    await picture(page, 'night/timeline');
    expect(await accessibilityFaults(page)).toEqual([]);
    await closePage(seen);
  });

  it('explains a node to the call that nobody answered, and hands out its audit pack', async () => {
    const seen = await open('/grid');
    const { page } = seen;
    await chip(page, 'SET-UPSTREAM').click();
    const sheet = page.locator('dialog[open]');
    await sheet.locator('.call').waitFor();
    expect(await sheet.locator('.call').textContent()).toMatch(/bank.*nobody knows.*SET-UPSTREAM\/upstream.*USCNBA/);
    expect(await sheet.locator('.steps').textContent()).toContain('in doubt no answer in 30 s');
    expect(await sheet.locator('[data-act]').allTextContents()).toEqual(['It was done…', 'It was refused…', 'Send again…', 'Owner…']);
    expect(await sheet.textContent()).toContain('runs by each day');
    await picture(page, 'night/node');
    expect(await accessibilityFaults(page)).toEqual([]);
    const [download] = await Promise.all([page.waitForEvent('download'), sheet.getByRole('button', { name: /Audit pack/ }).click()]);
    expect(download.suggestedFilename()).toBe(`audit-${TONIGHT}-set-1.jsonl`);
    await page.keyboard.press('Escape');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    await closePage(seen);
  });

  it('shows the loop: a line a day, what is open, notes, files and the books of the day chosen', async () => {
    issueNote(scripted, YESTERDAY, 'signed document');
    const seen = await open('/loop');
    await walkLoop(seen.page, 'signed document');
    await closePage(seen);
  });

  it('takes a gate through two persons: the proposer may not, the other does, both see it', async () => {
    const [asha, binod] = await Promise.all([open('/approvals', 'asha'), open('/approvals', 'binod')]);
    const entry = (seen: Seen): ReturnType<Page['locator']> => seen.page.locator('#proposed [data-entry="EOD-POS-FILE@CM"]');
    await Promise.all([entry(asha).waitFor(), entry(binod).waitFor()]);
    expect(await entry(asha).locator('[data-act="approve"]').isDisabled()).toBe(true);
    expect(await entry(binod).textContent()).toContain('explain by asha: four auction trades are booked tomorrow');
    await picture(binod.page, 'night/approvals');
    expect(await accessibilityFaults(binod.page)).toEqual([]);
    await entry(binod).locator('[data-act="approve"]').click();
    await binod.page.locator('.notice').filter({ hasText: 'approved by binod' }).waitFor();
    await Promise.all([entry(asha).waitFor({ state: 'detached' }), entry(binod).waitFor({ state: 'detached' })]);
    expect(scripted.night.runner.states.state(EOD, 'EOD-POS-FILE@CM')).toMatchObject({
      status: 'done',
      note: 'four auction trades are booked tomorrow',
    });
    await Promise.all([closePage(asha), closePage(binod)]);
  });

  it('fixes and resubmits from the queue: listed first, then run, and the chain goes on', async () => {
    const seen = await open('/queue', 'binod');
    const { page } = seen;
    const entry = page.locator('[data-entry="EOD-PMR-FETCH@CM"]');
    await entry.waitFor();
    expect(await page.locator('section.card > header h2').allTextContents()).toEqual(['Critical (1)', 'Operations alert (1)']);
    expect(await entry.textContent()).toMatch(/owner binod/);
    await picture(page, 'night/queue');
    expect(await accessibilityFaults(page)).toEqual([]);
    await entry.locator('[data-act="clear"]').click();
    const sheet = page.locator('dialog[open]');
    await sheet.getByLabel(/It and all below it/).check();
    expect(await sheet.locator('.keys-list').textContent()).toMatch(/^Would run again: EOD-PMR-FETCH@CM, EOD-DMF-RECONCILE@CM/);
    await picture(page, 'night/clear');
    expect(await accessibilityFaults(page)).toEqual([]);
    delete scripted.script['EOD-PMR-FETCH@CM'];
    await sheet.getByLabel('Reason').fill('the file came again, whole');
    await sheet.getByRole('button', { name: 'Run again' }).click();
    await page.locator('.notice').filter({ hasText: 'cleared: EOD-PMR-FETCH@CM' }).waitFor();
    await entry.waitFor({ state: 'detached' });
    await expect.poll(() => scripted.night.runner.states.state(EOD, 'EOD-DMF-RECONCILE@CM').status).toBe('done');
    expect(scripted.night.store.recordsOfInstance(EOD, 'EOD-PMR-FETCH@CM').find(({ kind }) => kind === 'cleared')).toMatchObject({ by: 'binod' });
    await closePage(seen);
  });

  it('moves by itself when a node ends', async () => {
    const seen = await open('/grid', 'viewer');
    const { page } = seen;
    await page.locator('#grid .chip[data-node="EOD-RECON@FO"][data-state="running"]').waitFor();
    scripted.release();
    await page.locator('#grid .chip[data-node="EOD-RECON@FO"][data-state="done"]').waitFor();
    await page.locator('#grid .chip[data-node="EOD-CHARGE-COMPUTE@FO"][data-state="done"]').waitFor();
    await chip(page, 'SET-UPSTREAM').click();
    await page.locator('dialog[open] .call').waitFor();
    expect(await page.locator('dialog[open] [data-act]').count()).toBe(0);
    await closePage(seen);
  });

  it('compares two runs, and lists a backfill before it does it', async () => {
    const seen = await open('/days');
    const { page } = seen;
    await page.locator('#diff-left option').first().waitFor({ state: 'attached' });
    await page.locator('#diff-left').selectOption('2026-11-18/eod/1');
    await page.locator('#diff-right').selectOption('2026-11-19/eod/1');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.locator('#differences tbody tr').first().waitFor();
    expect(await page.locator('#differences tbody').textContent()).toBe('EOD-CN-DISPATCHoutput sent1,8001,900');
    await page.locator('#backfill-phase').selectOption('bod');
    await page.locator('#backfill-from').fill('2026-11-11');
    await page.locator('#backfill-to').fill('2026-11-13');
    await page.getByRole('button', { name: 'List what would run' }).click();
    await page.locator('.dates li').first().waitFor();
    expect(await page.locator('.dates li').allTextContents()).toEqual(['Wed 11 Novnot run', 'Thu 12 Novnot run', 'Fri 13 Novgreen']);
    await picture(page, 'night/days');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Run 2 dates' }).click();
    await expect.poll(() => page.locator('.dates li').allTextContents()).toEqual(['Wed 11 Novgreen', 'Thu 12 Novgreen', 'Fri 13 Novgreen']);
    await closePage(seen);
  });

  it('opens a correction run for a file that came again, showing beforehand what would run', async () => {
    const seen = await open('/days');
    const { page } = seen;
    await page.getByRole('button', { name: 'List its files' }).click();
    const file = page.getByLabel(/trades-CM TradeNSE_CM_20261120.csv/);
    await file.waitFor();
    expect(await page.locator('#correct-go').isDisabled()).toBe(true);
    await file.check();
    expect(await page.locator('#correction .keys-list').textContent()).toMatch(/^Would run again \(\d+\): EOD-TB-CM@CM, EOD-RECON@CM/);
    await picture(page, 'night/correction');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Reason').fill('the exchange issued it again');
    await page.locator('#correct-go').click();
    await page
      .locator('.notice')
      .filter({ hasText: `correction run ${TONIGHT}/eod/2 is open` })
      .waitFor();
    await page.locator(`#runs tr[data-run="${TONIGHT}/eod/2"]`).waitFor();
    expect(scripted.night.store.run(`${TONIGHT}/eod/2`)).toMatchObject({ corrects: ['trades-CM'], openedBy: 'asha' });
    await closePage(seen);
  });

  it('shows a client’s statement and hands it out, the PAN masked', async () => {
    const seen = await open('/days', 'viewer');
    await walkStatement(seen.page, scripted.folder);
    await closePage(seen);
  });

  it('can be walked by keys alone', async () => {
    const seen = await open('/grid');
    const { page } = seen;
    await chip(page, 'EOD-TB-CD@CD').waitFor();
    await chip(page, 'EOD-RECON@CM').focus();
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('EOD-RECON@FO');
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toBe('EOD-CHARGE-COMPUTE@FO');
    await page.keyboard.press('Enter');
    await page.locator('dialog[open][data-node="EOD-CHARGE-COMPUTE@FO"]').waitFor();
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('EOD-CHARGE-COMPUTE@FO');
    await page.keyboard.press('g');
    await page.keyboard.press('g');
    await page.locator('.box').first().waitFor();
    await page.locator('.box-button[tabindex="0"]').focus();
    const first = await focused(page);
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).not.toBe(first);
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('[');
    await expect.poll(() => page.locator('#date').textContent()).toBe('Thu 19 Nov 2026');
    await page.keyboard.press('?');
    await page.locator('dialog[open]').filter({ hasText: 'Walk from node to node' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+T');
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    await closePage(seen);
  });

  it('fits a phone', async () => {
    const seen = await open('/grid', 'asha', { width: 390, height: 844 });
    const { page } = seen;
    await chip(page, 'EOD-TB-CD@CD').waitFor();
    for (const [to, wait] of [
      ['grid', '.chip'],
      ['queue', '[data-entry]'],
      ['timeline', '.bars li'],
      ['graph', '.box'],
      ['loop', '#loop-days td'],
      ['days', '#runs td'],
    ] as const) {
      await page.evaluate(`location.hash = "#/${to}/${TONIGHT}"`);
      await page.locator(wait).first().waitFor();
      expect([to, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([to, 390]);
      await picture(page, `night/phone-${to}`);
    }
    expect(await accessibilityFaults(page)).toEqual([]);
    await closePage(seen);
  });

  it('is readable in the dark', async () => {
    const seen = await open('/grid', 'asha', { scheme: 'dark' });
    const { page } = seen;
    for (const [to, wait] of [
      ['grid', '.chip'],
      ['graph', '.box'],
      ['timeline', '.bars li'],
    ] as const) {
      await page.evaluate(`location.hash = "#/${to}/${TONIGHT}"`);
      await page.locator(wait).first().waitFor();
      await picture(page, `night/dark-${to}`);
      expect(await accessibilityFaults(page, 'colours')).toEqual([]);
    }
    await closePage(seen);
  });

  it('says that the line is down and since when, and goes on by itself', async () => {
    const seen = await open('/queue', 'asha', { expected: /ERR_|Failed to load/ });
    const { page } = seen;
    await page.locator('#connection[data-phase="live"]').waitFor();
    await scripted.unserve();
    await page
      .locator('#connection')
      .filter({ hasText: /Reconnecting · stale since \d\d:\d\d:\d\d/ })
      .waitFor();
    scripted.night.operator.assign(`${TONIGHT}/set/1`, 'SET-UPSTREAM', 'asha', 'asha');
    await scripted.serve();
    await page.locator('#connection[data-phase="live"]').waitFor();
    await page.locator('[data-entry="SET-UPSTREAM"]').filter({ hasText: 'owner asha' }).waitFor();
    await closePage(seen);
  });
});
