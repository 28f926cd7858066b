import { silentLogger } from '@sendit/model';
import { createPortal, type Served, servePortal } from '@sendit/portal';
import { chromiumPath, type FakeApi } from '@sendit/testing';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { PAGE_DIRECTORY } from '../src/index.ts';

const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Who may come. */
type Access = Parameters<typeof createPortal>[1]['access'];

/** A page on a served portal, with everything that went wrong in it. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  readonly served: Served;
  /** Console errors and warnings, uncaught errors, and requests to anywhere but the portal. */
  readonly complaints: string[];
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath() ?? '', args: CHROMIUM_FLAGS });
}

/** Serves the page over an API; `port` 0 takes any. */
export function serve(api: FakeApi, port = 0, access: Access = 'full'): Promise<Served> {
  const portal = createPortal(api, { access, logger: silentLogger, pollMs: 20, page: PAGE_DIRECTORY });
  return servePortal(portal, { host: '127.0.0.1', port, portExplicit: true, logger: silentLogger });
}

/** Where to look, and who may. */
export interface OpenPageOptions extends BrowserContextOptions {
  readonly view?: string;
  readonly access?: Access;
}

/** Opens a view (`#/board`) and waits until it is live. */
export async function openPage(
  browser: Browser,
  api: FakeApi,
  { view = '', access, ...options }: OpenPageOptions = {},
): Promise<OpenPage> {
  const served = await serve(api, 0, access);
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (asked) => {
    if (!asked.url().startsWith(`${served.url}/`)) complaints.push(asked.url());
  });
  await page.goto(`${served.url}/${view}`);
  await page.locator('nav').waitFor();
  if (access === undefined) await page.getByText('Live', { exact: true }).waitFor();
  return {
    page,
    served,
    complaints,
    async [Symbol.asyncDispose]() {
      await context.close();
      await served[Symbol.asyncDispose]();
    },
  };
}

/** Problems that axe finds, each as `rule: element`. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(`
    axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))
  `);
}
