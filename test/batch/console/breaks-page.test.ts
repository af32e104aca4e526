// Trade breaks in a real browser: two persons put a trade right, one at a desk and one with a phone, and the engine has it.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readEngine } from '../../../batch/nodes/engine/engine-state.ts';
import { BreakStore } from '../../../batch/recon/break-store.ts';
import { accessibilityFaults, closePage, describeInBrowser, openPage, type PageWish, picture, type Seen, startBrowser } from '../../browser.ts';
import { ScriptedNight, TONIGHT } from '../night/scripted-night.ts';

let scripted: ScriptedNight;
let browser: Browser;
let port: number;
const tokens = { asha: '', binod: '' };

describeInBrowser('the page of trade breaks', () => {
  beforeAll(async () => {
    [scripted, browser] = await Promise.all([ScriptedNight.open(), startBrowser()]);
    tokens.asha = scripted.token('asha');
    tokens.binod = scripted.token('binod');
    port = await scripted.serve();
  });
  afterAll(async () => {
    await browser?.close();
    await scripted?.close();
  });

  const open = (who: keyof typeof tokens, more: Partial<PageWish> = {}): Promise<Seen> =>
    openPage(browser, { port, token: tokens[who], to: `/breaks/${TONIGHT}`, ...more });

  it('puts a trade right by two persons: the engine has it, and the page says so', async () => {
    const { store, runner } = scripted.night;
    const theirs = {
      exchange: 'NSE',
      tradeId: 'T77',
      side: 'B',
      client: 'C0001',
      token: 2885,
      quantity: 10,
      price: 13_560_500,
      isCancelled: false,
    } as const;
    const about = { list: 'engine', tradeId: 'T77', side: 'B', client: 'C0001', ours: undefined, theirs } as const;
    store.root.transactionSync(() => {
      new BreakStore(store.root).replace(TONIGHT, 'CM', [{ class: 'missingOurs', owner: 'oms-desk', ...about }], runner.parts.now());
    });
    const asha = await open('asha');
    const entry = ({ page }: Seen): ReturnType<Page['locator']> => page.locator('[data-entry="missingOurs.engine.T77.B.C0001"]');
    await entry(asha).locator('[data-act="correct"]').click();
    const sheet = asha.page.locator('dialog[open]');
    await sheet.getByLabel('Product').selectOption('MIS');
    await sheet.getByLabel('Reason').fill('the drop copy was down at noon');
    expect(await accessibilityFaults(asha.page)).toEqual([]);
    await sheet.getByRole('button', { name: 'Propose' }).click();
    await entry(asha).filter({ hasText: 'correct it by asha: the drop copy was down at noon' }).waitFor();
    expect(await entry(asha).locator('[data-act="approve"]').isDisabled()).toBe(true);
    const binod = await open('binod', { width: 390, height: 844 });
    await entry(binod).waitFor();
    expect(await entry(binod).textContent()).toContain('ours nothing; theirs C0001 B 10 of 2885 at 1,356.05');
    expect(await binod.page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await picture(binod.page, 'night/breaks');
    expect(await accessibilityFaults(binod.page)).toEqual([]);
    await entry(binod).locator('[data-act="approve"]').click();
    await Promise.all([asha, binod].map((seen) => entry(seen).filter({ hasText: 'taken by the engine' }).waitFor()));
    const { clients } = await readEngine(scripted.folder);
    expect(clients.get('C0001')?.positions).toEqual([{ segment: 1, token: 2885, net: 10, isIntraday: true }]);
    await Promise.all([closePage(asha), closePage(binod)]);
  });
});
