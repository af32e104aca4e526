// A headless browser at a served page: pages that remember every error and every request that left the origin, and pictures of what was seen. Without a
// browser on the machine the tests skip, saying so; in CI that is a failure.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { ROOT } from './house/source-files.ts';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const ARTEFACTS = join(ROOT, 'test/artefacts');
const PATIENCE = 60_000;

const given = process.env['CHROMIUM_PATH'];
const executablePath = given ?? PLACES.find((path) => existsSync(path));

/** What a page is opened with. */
export interface PageWish {
  readonly port: number;
  /** Token for the address's fragment; '' opens the login page. */
  readonly token: string;
  /** Page to go to, as '/desk'. */
  readonly to?: string;
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  /** Faults the test provokes. */
  readonly expected?: RegExp;
  /** The page's clock can be moved on by page.clock. */
  readonly hasClock?: boolean;
}

/** One open page, and what it should not have done. */
export interface Seen {
  readonly page: Page;
  /** Errors on the page's console and thrown in it, those that a test expects aside. */
  readonly faults: string[];
  /** Requests to another origin than the page's. */
  readonly strangers: string[];
}

/** Declares tests that need a browser. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (executablePath !== undefined || process.env['CI'] === 'true') describe(name, tests);
  else {
    process.stderr.write(`SKIPPED, no Chromium found (CHROMIUM_PATH names one): ${name}\n`);
    describe.skip(name, tests);
  }
}

/** Starts the browser. */
export function startBrowser(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(`CI needs a Chromium: none of ${PLACES.join(', ')}, and CHROMIUM_PATH is not set`);
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** Opens a page in a context of its own: another person, as far as the browser goes. */
export async function openPage(browser: Browser, wish: PageWish): Promise<Seen> {
  const { port, token, to = '', width = 1_440, height = 900, scheme = 'light', expected = /(?!)/, hasClock = false } = wish;
  const origin = `http://127.0.0.1:${port}`;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, reducedMotion: 'reduce' });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  if (hasClock) await page.clock.install();
  const [faults, strangers]: [string[], string[]] = [[], []];
  page.on('console', (message) => message.type() === 'error' && !expected.test(message.text()) && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== 'blob:') strangers.push(request.url());
  });
  page.on('websocket', (socket) => new URL(socket.url()).host !== new URL(origin).host && strangers.push(socket.url()));
  await page.goto(token === '' ? `${origin}/` : `${origin}/#token=${token}${to === '' ? '' : `&to=${encodeURIComponent(to)}`}`);
  return { page, faults, strangers };
}

/** Closes a page; it must not have failed, nor asked anybody else for anything. */
export async function closePage({ page, faults, strangers }: Seen): Promise<void> {
  await page.context().close();
  expect(faults).toEqual([]);
  expect(strangers).toEqual([]);
}

/** Keeps a picture of the page as test/artefacts/NAME.png: in CI, or when TARAZU_PICTURES is set; nothing is asserted by it. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['CI'] !== 'true' && process.env['TARAZU_PICTURES'] === undefined) return;
  const path = join(ARTEFACTS, `${name}.png`);
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds serious or worse on the page as it stands, one line each; `of` only its colours, where all else was looked at in the other theme. */
export async function accessibilityFaults(page: Page, of: 'everything' | 'colours' = 'everything'): Promise<string[]> {
  // What a theme or an answer has just changed is drawn before it is looked at.
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axeSource);
  const rules = of === 'colours' ? ', runOnly: ["color-contrast"]' : '';
  const found = (await page.evaluate(`axe.run(document, { resultTypes: ["violations"]${rules} })`)) as {
    violations: { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }[];
  };
  const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary.split('\n')[1] ?? ''}`),
  );
}
