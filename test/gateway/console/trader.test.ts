// The trader's screen in a real browser at a real gateway: live margin after FIX orders, the ticket and its verdict, a rejection explained to the check,
// scenarios, keys alone, a phone.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessibilityFaults, closePage, describeInBrowser, openPage, type PageWish, picture, type Seen } from '../../browser.ts';
import { execution } from '../order-messages.ts';
import { ConsoleHouse } from './console-house.ts';

const AMOUNT = /₹[\d,]+(\.\d\d)?/;
let world: ConsoleHouse;
let token = '';

describeInBrowser('the trader’s screen', () => {
  beforeAll(async () => {
    world = await ConsoleHouse.open();
    const { house } = world;
    token = await world.token('desk', 'anita');
    await world.filled(house.future, { quantity: house.future.lot * 2 });
    await world.filled(house.call, { side: 2 });
    await world.filled(house.share, { quantity: 50 });
    await world.order(house.share, { quantity: 20 });
    await world.order(house.future, { account: 'POOR' });
    await world.filled(house.share, { account: 'POOR', quantity: 3 });
  });
  afterAll(() => world?.close());

  const open = (account: string, more: Partial<PageWish> = {}): Promise<Seen> =>
    openPage(world.browser, { port: world.port, token, to: `/trader/${account}`, ...more });

  it('shows margin, positions, orders and holdings, and takes the token out of the address', async () => {
    const seen = await open('RICH');
    const { page } = seen;
    await page.getByRole('heading', { name: 'RICH' }).waitFor();
    await page.locator('#banner strong').filter({ hasText: 'free' }).waitFor();
    expect(page.url()).toMatch(/\/#\/trader\/RICH$/);
    expect(await page.locator('#connection').textContent()).toBe('Live');
    expect(await page.locator('#who').textContent()).toContain('anita · desk');
    const steps = await page.locator('.step .label').allTextContents();
    expect(steps).toEqual(expect.arrayContaining(['Cash', 'SPAN', 'Exposure', 'Free']));
    const positions = page.locator('#positions tbody tr');
    expect(await positions.count()).toBe(3);
    expect((await positions.allTextContents()).join()).toContain(world.house.future.symbol);
    expect(await positions.locator('.spark').count()).toBe(3);
    const orders = page.locator('#orders tbody tr');
    expect(await orders.count()).toBe(4);
    expect(await orders.first().textContent()).toMatch(/^\d\d:\d\d:\d\dBUY20.*accepted/);
    expect(await page.locator('[data-figure="peak"]').textContent()).toMatch(AMOUNT);
    await picture(page, 'console/trader');
    expect(await accessibilityFaults(page)).toEqual([]);
    await closePage(seen);
  });

  it('moves by itself when an order comes over FIX', async () => {
    const seen = await open('RICH');
    const { page } = seen;
    const required = page.locator('[data-figure="requirement"]');
    await page.locator('#orders tbody tr').first().waitFor();
    const [before, orders] = [await required.textContent(), await page.locator('#orders tbody tr').count()];
    const { orderId } = await world.order(world.house.future);
    await page.locator(`#orders tr[data-key="${orderId}"]`).waitFor();
    await expect.poll(() => required.textContent()).not.toBe(before);
    expect(await page.locator('#orders tbody tr').count()).toBe(orders + 1);
    expect(await required.getAttribute('data-way')).toBe('up');
    await closePage(seen);
  });

  it('places an order from the ticket, saying beforehand what it would take', async () => {
    const seen = await open('RICH');
    const { page } = seen;
    const { share } = world.house;
    await page.locator('#orders tbody tr').first().waitFor();
    await page.locator('#ticket-instrument').fill(share.symbol.toLowerCase());
    await page.locator('#ticket-instruments [role="option"]').first().waitFor();
    await page.locator('#ticket-instrument').press('Enter');
    await page.locator('#ticket-quantity').fill('7');
    await page.locator('#verdict strong').filter({ hasText: 'Would be accepted' }).waitFor();
    expect(await page.locator('#ticket .weighed').textContent()).toMatch(/Margin before.*Margin after.*Available.*Left/);
    const orders = await page.locator('#orders tbody tr').count();
    await page.getByRole('button', { name: /Place/ }).click();
    await page
      .locator('.notice')
      .filter({ hasText: `Accepted: BUY 7 ${share.symbol}` })
      .waitFor();
    await expect.poll(() => page.locator('#orders tbody tr').count()).toBe(orders + 1);
    await page.locator('#ticket-quantity').fill('100000000');
    await page.locator('#verdict[data-tone="loss"]').waitFor();
    await picture(page, 'console/ticket');
    await closePage(seen);
  });

  it('explains a rejection to the check that failed, with scenarios of the underlying', async () => {
    const seen = await open('POOR');
    const { page } = seen;
    const { future } = world.house;
    await page.locator('#orders tbody tr').filter({ hasText: future.symbol }).click();
    const sheet = page.locator('dialog[open]');
    await sheet.locator('.banner strong').filter({ hasText: 'Rejected: needs ₹' }).waitFor();
    expect(await sheet.locator('.compare').allTextContents()).toEqual([
      expect.stringMatching(/^Before₹/),
      expect.stringMatching(/^After₹/),
      expect.stringMatching(/^Available₹/),
    ]);
    const failed = sheet.locator('tr[data-tone="loss"]');
    expect(await failed.textContent()).toMatch(/fail.*Is the margin after the order covered\?₹[\d,.]+₹[\d,.]+/);
    expect(await sheet.locator('tbody .verdict').filter({ hasText: 'pass' }).count()).toBeGreaterThan(15);
    await sheet.locator('.chart-words').filter({ hasText: 'Worst of 16' }).waitFor();
    expect(await sheet.locator('svg.scenarios rect').count()).toBe(16);
    expect(await sheet.locator('svg.scenarios .before').count()).toBe(16);
    expect(await sheet.textContent()).toContain('says the same');
    await picture(page, 'console/explain');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    await closePage(seen);
  });

  it('follows the margin from the requirement to the row of a file, and says what is ahead and what it cost', async () => {
    const seen = await open('RICH');
    const { page } = seen;
    const { future } = world.house;
    await page
      .locator('#outlook .weighed')
      .filter({ hasText: /By the file in force₹[\d,.]+If the next came now₹/ })
      .waitFor();
    await page.locator('#outlook tbody tr').filter({ hasText: 'next file' }).waitFor();
    await page.locator('#charges dd').last().filter({ hasText: /^₹\d/ }).waitFor();
    expect(await page.locator('#charges summary').textContent()).toBe('By order (3)');
    await page.keyboard.press('m');
    const tree = page.locator('dialog[open] .tree');
    const branch = (text: string): ReturnType<typeof tree.locator> => tree.locator('summary').filter({ hasText: text }).first();
    expect(await branch('requirement').textContent()).toMatch(AMOUNT);
    // By keys: Enter shuts a line and opens it again.
    await branch('positions').focus();
    const isOpen = (): Promise<unknown> => page.evaluate('document.activeElement.parentElement.open');
    const before = await isOpen();
    await page.keyboard.press('Enter');
    expect(await isOpen()).toBe(before !== true);
    await page.evaluate('for (const line of document.querySelectorAll(".tree details")) line.open = true');
    const position = tree.locator(`details:has(> .below > .losses):has(> summary:has-text("x ${future.symbol}"))`).first();
    expect(await position.locator('.loss-bars rect').count()).toBe(16);
    expect(await position.textContent()).toMatch(/Worst: scenario \d+ would lose ₹.*|No scenario loses/);
    expect(await tree.textContent()).toContain('.zip');
    await picture(page, 'console/margin-tree');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await closePage(seen);
  });

  it('names the cheapest way out of a refusal, and writes the hedge into the ticket', async () => {
    const seen = await open('POOR');
    const { page } = seen;
    const { future } = world.house;
    await page.locator('#ticket-instrument').fill(future.symbol);
    await page.locator('#ticket-instruments [role="option"]').first().waitFor();
    await page.locator('#ticket-instrument').press('Enter');
    await page
      .locator('#fix')
      .filter({ hasText: /^Add ₹[\d,]+\.\d\d/ })
      .waitFor();
    const hedge = page.locator('#fix button');
    if ((await hedge.count()) > 0) {
      const [, quantity, name] = /^Buy ([\d,]+) (\S+) @/.exec((await hedge.textContent()) ?? '') ?? [];
      await hedge.click();
      await expect.poll(() => page.locator('#ticket-instrument').inputValue()).toBe(name);
      expect(await page.locator('#ticket-quantity').inputValue()).toBe(quantity?.replaceAll(',', ''));
    }
    await closePage(seen);
  });

  it('converts an intraday position, and says in words what the gateway does not allow', async () => {
    const { share } = world.house;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'mis-1' };
    const body = { account: 'RICH', exchange: 'NSE', symbol: share.symbol, side: 'BUY', quantity: 30, price: share.close, product: 'MIS' };
    const placed = await fetch(`http://127.0.0.1:${world.port}/v1/orders`, { method: 'POST', headers, body: JSON.stringify(body) });
    const { id, cl_ord_id } = ((await placed.json()) as { data: { id: string; cl_ord_id: string } }).data;
    world.oms.send('8', execution('F', 'E-mis', cl_ord_id, share, { orderId: id, status: '2', quantity: 30, last: [30, share.close] }));
    const seen = await open('RICH', { expected: /409/ });
    const { page } = seen;
    const intraday = page.locator(`#positions tr[data-key="NSE/${share.symbol}/MIS"]`);
    await intraday.getByRole('button').click();
    await page.locator('#convert-quantity').fill('10');
    await page.getByRole('button', { name: 'Convert to CNC' }).click();
    await page
      .locator('.notice')
      .filter({ hasText: `10 ${share.symbol} are CNC now` })
      .waitFor();
    await intraday.filter({ hasText: /MIS20/ }).waitFor();
    await closePage(seen);
  });

  it('draws sixteen scenarios of a position and names the worst', async () => {
    const seen = await open('RICH');
    const { page } = seen;
    await page.locator('#underlyings tbody tr').first().click();
    await page
      .locator('.chart-words')
      .filter({ hasText: /Worst of 16: scenario \d+ .* would lose ₹/ })
      .waitFor();
    await page.getByText('As a table').click();
    expect(await page.locator('dialog[open] details tbody tr').count()).toBe(16);
    await picture(page, 'console/scenarios');
    await closePage(seen);
  });

  it('can be walked by keys alone', async () => {
    const seen = await open('RICH');
    const { page } = seen;
    const focused = (): Promise<unknown> => page.evaluate('document.activeElement.id || document.activeElement.tagName');
    await page.locator('#orders tbody tr').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('poor');
    await page.locator('[role="option"]').filter({ hasText: 'POOR' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'POOR' }).waitFor();
    await page.locator('#orders tbody tr').first().waitFor();
    await page.keyboard.press('o');
    await page.keyboard.press('j');
    expect(await page.evaluate('[...document.querySelectorAll("#orders tbody tr")].indexOf(document.activeElement)')).toBe(1);
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.locator('dialog[open] .banner').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('b');
    expect(await focused()).toBe('ticket-instrument');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.locator('dialog[open]').filter({ hasText: 'Buy: go to the ticket' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.locator('#totals').waitFor();
    expect(page.url()).toMatch(/#\/desk$/);
    await page.keyboard.press('Shift+T');
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    await closePage(seen);
  });

  it('fits a phone', async () => {
    const seen = await open('RICH', { width: 390, height: 844 });
    const { page } = seen;
    await page.locator('#orders tbody tr').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(
      await page.evaluate(
        '[...document.querySelectorAll("main input, main button:not(.sorter, .tiny), .rail a")].filter((e) => e.offsetParent && e.getBoundingClientRect().height < 24).length',
      ),
    ).toBe(0);
    await picture(page, 'console/phone');
    expect(await accessibilityFaults(page)).toEqual([]);
    await closePage(seen);
  });

  it('says in words what is missing when fills outran the funds', async () => {
    const seen = await open('POOR');
    const { page } = seen;
    const { future } = world.house;
    await page.locator('#banner[data-tone="ok"]').waitFor();
    // Fills are facts: booked whatever the margin.
    world.oms.send('8', execution('F', 'E-late', 'X-late', future, { account: 'POOR', status: '2', last: [future.lot, future.close] }));
    await page
      .locator('#banner strong')
      .filter({ hasText: /^Needs ₹[\d,]+\.\d\d more$/ })
      .waitFor();
    expect(await page.locator('.step[data-step="free"]').textContent()).toMatch(/^Short−₹/);
    await picture(page, 'console/short');
    await closePage(seen);
  });

  it('lets a trader see his own accounts and no other', async () => {
    const own = await world.token('trader', 'ravi', ['RICH']);
    const seen = await openPage(world.browser, { port: world.port, token: own, expected: /404|403/ });
    const { page } = seen;
    await page.getByRole('heading', { name: 'RICH' }).waitFor();
    expect(await page.locator('.rail a').allTextContents()).toEqual(['Trader']);
    await page.evaluate('location.hash = "#/trader/POOR"');
    await page.locator('.fault').filter({ hasText: 'POOR' }).waitFor();
    await closePage(seen);
  });
});
