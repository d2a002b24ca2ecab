import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** Where distributions put Chromium; `CHROMIUM` names another. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Nothing but our own pages: no updates, no sync, no first-run calls home. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Things happen within a second; this is for a machine that does ten other things. */
const PAGE_MS = 45_000;

/** A browser that ends with its test. */
export interface OpenBrowser {
  /** A page of its own session; `faults` gathers what the browser's console complains about. */
  readonly page: (options?: PageOptions) => Promise<OpenPage>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** What a page looks like from outside. */
export interface PageOptions {
  readonly dark?: boolean;
  readonly phone?: boolean;
  /** Shares the session of this page. */
  readonly beside?: Page;
}

/** A page and what went wrong on it. */
export interface OpenPage {
  readonly page: Page;
  readonly faults: readonly string[];
}

/**
 * Starts Chromium. Where there is none the test is skipped with its reason; in a pipeline
 * (`CI=true`) it fails, because there a skip would hide that nothing was looked at.
 */
export async function openBrowser(test: TestContext): Promise<OpenBrowser | undefined> {
  const named = process.env['CHROMIUM'];
  const program = named ?? PLACES.find((place) => existsSync(place));
  if (program === undefined) {
    const reason = 'no Chromium on this machine; apt-get install chromium, or set CHROMIUM';
    if (process.env['CI'] === 'true') throw new Error(reason);
    test.skip(`SKIPPED: ${reason}`);
    return undefined;
  }
  const browser = await chromium.launch({ executablePath: program, args: FLAGS });
  return {
    page: (options = {}) => openPage(browser, options),
    [Symbol.asyncDispose]: async () => {
      await keepPictures(browser, test.name);
      await browser.close();
    },
  };
}

/** `SCREENSHOTS=folder` keeps a picture of every page as its test left it. */
async function keepPictures(browser: Browser, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined) return;
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const [at, page] of pages.entries()) {
    const file = `${name.replace(/[^a-z]+/gi, '-').slice(0, 60)}-${at}.png`;
    await page.screenshot({ path: join(folder, file) });
  }
}

async function openPage(browser: Browser, options: PageOptions): Promise<OpenPage> {
  const { dark = false, phone = false, beside } = options;
  const context: BrowserContext = await browser.newContext({
    colorScheme: dark ? 'dark' : 'light',
    viewport: phone ? { width: 390, height: 844 } : { width: 1360, height: 900 },
    ...(beside === undefined ? {} : { storageState: await beside.context().storageState() }),
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_MS);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  return { page, faults };
}
