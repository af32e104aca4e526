// The desk's screens in a real browser at a real gateway: every page in light and dark, kill switches with two persons, limits with a bad line, session
// resets, alerts, a gateway that goes away and comes back, sessions that end.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessibilityFaults, closePage, describeInBrowser, openPage, type PageWish, picture, type Seen } from '../../browser.ts';
import { ConsoleHouse } from './console-house.ts';

const PAGES = [
  ['desk', '#totals dd:not(:text("–"))'],
  ['trader', '#clients tbody tr'],
  ['limits', '#limit-csv'],
  ['controls', '#kill-reason'],
  ['square-off', '#plans .empty:not([hidden])'],
  ['connections', '#sessions tbody tr'],
  ['alerts', '#alerts tbody tr'],
] as const;

let world: ConsoleHouse;
let anita = '';
let vikram = '';

describeInBrowser('the desk’s screens', () => {
  beforeAll(async () => {
    world = await ConsoleHouse.open();
    anita = await world.token('desk', 'anita');
    vikram = await world.token('desk', 'vikram');
    const { house } = world;
    await world.filled(house.future, { quantity: house.future.lot * 2 });
    await world.filled(house.share, { account: 'POOR', quantity: 3 });
    await world.order(house.future, { account: 'POOR' });
    await world.order(house.share, { account: 'FROZEN' });
    await world.stop('CASHONLY', anita);
  });
  afterAll(() => world?.close());

  const open = (token: string, to: string, more: Partial<PageWish> = {}): Promise<Seen> =>
    openPage(world.browser, { port: world.port, token, to, ...more });

  it('shows what is there on every page, in light and dark, for everybody', async () => {
    const seen = await open(anita, '/desk');
    const { page } = seen;
    for (const [name, sign] of PAGES) {
      await page.evaluate(`location.hash = "#/${name}"`);
      await page.locator(sign).first().waitFor();
      expect(await page.locator('#connection').textContent()).toBe('Live');
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
        await picture(page, `console/${name}-${colorScheme}`);
        const faults = await accessibilityFaults(page, colorScheme === 'light' ? 'everything' : 'colours');
        expect(faults, `${name} in ${colorScheme}`).toEqual([]);
      }
    }
    await closePage(seen);
  });

  it('counts rejections as they come, and ranks clients', async () => {
    const seen = await open(anita, '/desk');
    const { page } = seen;
    const margin = page.locator('#rejects tr').filter({ hasText: 'insufficient margin' });
    await margin.waitFor();
    const before = await margin.textContent();
    await world.order(world.house.future, { account: 'POOR' });
    await expect.poll(() => margin.textContent()).not.toBe(before);
    expect(await page.locator('#shortfall tbody tr').count()).toBe(2);
    expect(await page.locator('#concentration tbody tr').first().textContent()).toMatch(/₹[\d,]+\d+ %/);
    expect(await page.locator('#sessions').textContent()).toContain('logged on');
    await page.locator('#headroom tbody tr').filter({ hasText: 'NCL' }).waitFor();
    expect(await page.locator('#deliveries').textContent()).toMatch(/takes|gives|lapses|No stock derivative expires/);
    expect(await page.locator('[data-figure="clients"]').textContent()).toBe('7');
    await page.locator('#shortfall tbody tr').filter({ hasText: 'POOR' }).click();
    await page.getByRole('heading', { name: 'POOR' }).waitFor();
    await closePage(seen);
  });

  it('stops a client by one person and lets him go by two', async () => {
    const [first, second] = [await open(anita, '/controls'), await open(vikram, '/controls')];
    await first.page.locator('#kill-reason').fill('runaway algo');
    await first.page.locator('#kill-account').fill('RICH');
    await first.page.getByRole('button', { name: 'Stop this client' }).click();
    await first.page.locator('#engaged tr').filter({ hasText: 'RICH' }).filter({ hasText: 'runaway algo' }).waitFor();
    expect((await world.order(world.house.share)).accepted).toBe(false);
    await first.page.locator('#engaged tr').filter({ hasText: 'RICH' }).getByRole('button').click();
    await first.page.locator('#reason').fill('algo stopped');
    await first.page.locator('dialog').getByRole('button', { name: 'Ask for release' }).click();
    const own = first.page.locator('#releases tbody tr');
    await own.filter({ hasText: 'waits for another person' }).waitFor();
    expect(await own.getByRole('button').count()).toBe(0);
    expect((await world.order(world.house.share)).accepted).toBe(false);
    await picture(first.page, 'console/controls-release');
    await second.page.getByRole('button', { name: 'Approve' }).click();
    await second.page.locator('.notice').filter({ hasText: 'RICH may trade again' }).waitFor();
    await expect.poll(() => first.page.locator('#engaged').textContent()).not.toContain('RICH');
    expect((await world.order(world.house.share)).accepted).toBe(true);
    for (const seen of [first, second]) await closePage(seen);
  });

  it('closes a segment by one person and opens it by two', async () => {
    const [first, second] = [await open(anita, '/controls'), await open(vikram, '/controls')];
    const say = async (name: string, verb: string): Promise<void> => {
      await first.page.getByRole('button', { name, exact: true }).click();
      await first.page.locator('#reason').fill('exchange line flaps');
      await first.page.locator('dialog form').getByRole('button', { name: verb }).click();
    };
    const row = first.page.locator('#segments tr[data-key="NFO"]');
    await say('Close NFO', 'Close');
    await row.filter({ hasText: /closed.*by anita: exchange line flaps/ }).waitFor();
    expect((await world.order(world.house.future)).accepted).toBe(false);
    await say('Open NFO', 'Ask: open');
    await first.page.locator('#segment-requests tbody tr').filter({ hasText: 'waits for another person' }).waitFor();
    expect((await world.order(world.house.future)).accepted).toBe(false);
    expect(await accessibilityFaults(first.page)).toEqual([]);
    await second.page.getByRole('button', { name: 'Approve NFO' }).click();
    await row.filter({ hasText: /open.*by anita and vikram/ }).waitFor();
    expect((await world.order(world.house.future)).accepted).toBe(true);
    for (const seen of [first, second]) await closePage(seen);
  });

  it('shows who is due to be squared off, and makes a plan of it', async () => {
    const seen = await open(anita, '/square-off');
    const { page } = seen;
    // A killed client with an order at work is due.
    const account = 'SMALL';
    await world.order(world.house.share, { account, quantity: 2 });
    await world.stop(account, anita);
    await page.locator('#due tbody tr').filter({ hasText: 'kill switch' }).filter({ hasText: account }).waitFor();
    await page.getByRole('button', { name: `Square off ${account}` }).click();
    await page.locator('#reason').fill('end of the intraday products');
    await page.locator('dialog form').getByRole('button', { name: 'Square off' }).click();
    await page.locator('#plans tbody tr').filter({ hasText: account }).filter({ hasText: 'end of the intraday products' }).waitFor();
    await closePage(seen);
  });

  it('previews limits line by line, applies none with a bad one, all without', async () => {
    const seen = await open(anita, '/limits');
    const { page } = seen;
    const rows = page.locator('#preview-rows tbody tr');
    await page.locator('#limit-csv').fill('account,max_order_value_paise,max_open_orders\nRICH,500000000,40\nNOBODY,1,1\nSMALL,,3\n');
    await page.locator('#preview').click();
    await rows.first().waitFor();
    expect(await rows.allTextContents()).toEqual([
      expect.stringMatching(/^2RICH✓ good.*no limit → ₹50,00,000\.00.*no limit → 40$/),
      expect.stringMatching(/^3NOBODY✕ bad.*not known here$/),
      expect.stringMatching(/^4SMALL✓ good.*open orders 2 → 3$/),
    ]);
    expect(await page.locator('#apply').isDisabled()).toBe(true);
    await picture(page, 'console/limits-preview');
    await page.locator('#limit-csv').fill('account,max_order_value_paise,max_open_orders\nRICH,500000000,40\nSMALL,,3\n');
    await page.locator('#preview').click();
    await expect.poll(() => rows.count()).toBe(2);
    await page.locator('#apply').click();
    await page.locator('.notice').filter({ hasText: 'Limits of 2 clients are in force' }).waitFor();
    await page.locator('#limit-account').fill('SMALL');
    await page.getByRole('button', { name: 'Show' }).click();
    await page
      .locator('#in-force .facts')
      .filter({ hasText: /open orders3/ })
      .waitFor();
    await closePage(seen);
  });

  it('resets a session that is logged off, and says why it does not one that is on', async () => {
    const seen = await open(anita, '/connections', { expected: /409/ });
    const { page } = seen;
    const reset = async (name: string): Promise<void> => {
      await page.getByRole('button', { name: `Reset FIX.4.4:TARAZU->${name}` }).click();
      await page.locator('#reset-reason').fill('both stores were lost');
      await page.locator('#reset-sure').check();
      await page.locator('dialog').getByRole('button', { name: 'Reset' }).click();
    };
    await reset('OTHER');
    await page.locator('.notice').filter({ hasText: 'OTHER now expects 1 and sends 1' }).waitFor();
    await reset('OMS');
    await page.locator('dialog .fault').filter({ hasText: 'is logged on' }).waitFor();
    await page.keyboard.press('Escape');
    await closePage(seen);
  });

  it('takes note of an alert under the caller’s name', async () => {
    const seen = await open(vikram, '/alerts');
    const { page } = seen;
    await page
      .getByRole('button', { name: /^Acknowledge/ })
      .first()
      .click();
    await page.locator('#alerts td').filter({ hasText: 'noted by vikram' }).first().waitFor();
    await closePage(seen);
  });

  it('goes on by itself when the gateway comes back', async () => {
    const seen = await open(anita, '/trader/RICH', { expected: /WebSocket|Failed to load resource/ });
    const { page } = seen;
    await page.locator('#orders tbody tr').first().waitFor();
    const restarted = world.restart();
    await page
      .locator('#connection')
      .filter({ hasText: /Reconnecting · stale since \d\d:\d\d:\d\d/ })
      .waitFor();
    await picture(page, 'console/stale');
    await restarted;
    await page.locator('#connection[data-phase="live"]').waitFor();
    const { orderId } = await world.order(world.house.share, { quantity: 2 });
    await page.locator(`#orders tr[data-key="${orderId}"]`).waitFor();
    await closePage(seen);
  });

  it('asks for a token, refuses a bad one, and comes back to the page when a session ends', async () => {
    const seen = await openPage(world.browser, { port: world.port, token: '', expected: /401/, hasClock: true });
    const { page } = seen;
    await page.locator('#token').fill('not.a.token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.reason').filter({ hasText: 'did not take this token' }).waitFor();
    await picture(page, 'console/login');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.locator('#token').fill(await world.token('desk', 'anita', undefined, 4));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('#totals').waitFor();
    expect(await page.locator('#who').textContent()).toMatch(/anita · desk.*ends in \d min/);
    await page.evaluate('location.hash = "#/limits"');
    await page.clock.fastForward('04:00');
    await page.locator('.reason').filter({ hasText: 'session has ended' }).waitFor();
    await page.locator('#token').fill(anita);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('#limit-csv').waitFor();
    expect(page.url()).toMatch(/#\/limits$/);
    await closePage(seen);
  });
});
