import { SenditError, silentLogger, toRatedProgress } from '@sendit/model';
import { createPortal, type Served, servePortal } from '@sendit/portal';
import { aBatch, aRoot, aStatus, chromiumPath, createFakeApi, describeWith, type FakeApi } from '@sendit/testing';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PAGE_DIRECTORY } from '../src/index.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

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

const HOSTILE = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>\u202Efdp.exe';

/** A page on a served portal, with everything that went wrong in it. */
interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  readonly served: Served;
  /** Console errors and warnings, uncaught errors, and requests to anywhere but the portal. */
  readonly complaints: string[];
}

describeWith(['chromium'], 'the page in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath() ?? '', args: CHROMIUM_FLAGS });
  });

  afterAll(async () => {
    await browser?.close();
  });

  async function openPage(api: FakeApi, options: BrowserContextOptions = {}): Promise<OpenPage> {
    const portal = createPortal(api, {
      access: 'read-only',
      logger: silentLogger,
      pollMs: 20,
      page: PAGE_DIRECTORY,
    });
    const served = await servePortal(portal, { host: '127.0.0.1', port: 0, portExplicit: false, logger: silentLogger });
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (asked) => {
      if (!asked.url().startsWith(`${served.url}/`)) complaints.push(asked.url());
    });
    await page.goto(served.url);
    await page.locator('body[data-connection="live"]').waitFor();
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

  test('says that the watcher is active, since when, how, and what is queued', async () => {
    const api = createFakeApi();
    api.watcher = aStatus({ queue: { waiting: 1234, active: 2, failed: 1 } });
    await using open = await openPage(api);
    await open.page.getByRole('heading', { name: 'Watcher active', exact: true }).waitFor();
    expect(await open.page.locator('#watcher-facts').innerText()).toMatch(
      /pid 4711\s*started 3 h ago\s*embedded database/,
    );
    expect(await open.page.locator('#queue').innerText()).toMatch(/1,234/);
    expect(open.complaints).toEqual([]);
  });

  test('follows the watcher to inactive and back without a reload', async () => {
    const api = createFakeApi();
    await using open = await openPage(api);
    await open.page.getByRole('heading', { name: 'Watcher active', exact: true }).waitFor();
    api.watcher = aStatus({ active: false, pid: null, since: null, roots: [] });
    await open.page.getByRole('heading', { name: 'Watcher inactive', exact: true }).waitFor();
    expect(await open.page.locator('#watcher-facts').innerText()).toContain('sendit watcher start');
    expect(await open.page.title()).toContain('inactive');
    api.watcher = aStatus();
    await open.page.getByRole('heading', { name: 'Watcher active', exact: true }).waitFor();
    expect(open.complaints).toEqual([]);
  });

  test('shows each watch path with its backend, counts and problem, and the problems of the installation', async () => {
    const api = createFakeApi();
    api.watcher = aStatus({
      roots: [
        aRoot({ pending: 4, skippedTests: 3, foundByRescan: 7, problems: ['Raise fs.inotify.max_user_watches.'] }),
        aRoot({ name: 'ct', path: '/mnt/ct', backend: 'none', problem: 'It is not mounted.' }),
      ],
      problems: ['The logs are in /tmp.'],
    });
    await using open = await openPage(api);
    const rows = open.page.locator('#roots tbody tr');
    await rows.nth(1).waitFor();
    expect(await rows.nth(0).innerText()).toMatch(/inotify Linux, ext4\s+4\s+3\s+0\s+7/);
    expect(await rows.nth(0).innerText()).toContain('Raise fs.inotify.max_user_watches.');
    expect(await rows.nth(1).innerText()).toContain('It is not mounted.');
    await open.page.getByText('The logs are in /tmp.').waitFor();
    expect(open.complaints).toEqual([]);
  });

  test('without batches says where to drop a directory', async () => {
    await using open = await openPage(createFakeApi());
    const empty = open.page.locator('#batches-empty');
    await empty.getByText('/data/incoming').waitFor();
    expect(await empty.innerText()).toContain('Drop a directory');
  });

  test('a new batch appears and goes through its states live, while focus stays where it was', async () => {
    const api = createFakeApi(aBatch('old'));
    await using open = await openPage(api);
    const old = open.page.getByRole('button', { name: 'directory-old' });
    await old.focus();
    const reloads: string[] = [];
    open.page.on('framenavigated', (frame) => reloads.push(frame.url()));
    const fresh = { finishedAt: null, studies: 0, series: 0, instances: 0 };
    api.batches = [aBatch('new', { ...fresh, status: 'QUEUE' }), ...api.batches];
    const row = open.page.locator('tr.batch').first();
    await row.getByText('QUEUE').waitFor();
    api.batches[0] = aBatch('new', {
      ...fresh,
      status: 'PROCESSING',
      progress: toRatedProgress({ filesDone: 120, filesTotal: 480, bytesDone: 61_000_000, elapsedMs: 400 }),
    });
    await row.getByText('120 of 480 files, 61.0 MB').waitFor();
    await row.getByText('300 files/s, 1 s to go').waitFor();
    expect(await row.getByRole('progressbar').getAttribute('value')).toBe('120');
    api.batches[0] = aBatch('new', { instances: 480, findings: 2 });
    await row.getByText('DONE').waitFor();
    expect(await row.innerText()).toMatch(/1\s+2\s+480\s+2/);
    expect(await row.getByRole('progressbar').count()).toBe(0);
    expect(await open.page.locator(':focus').innerText()).toBe('directory-old');
    expect(reloads).toEqual([]);
    expect(open.complaints).toEqual([]);
  });

  test('a row opens its series and findings from the keyboard, stays open, and closes again', async () => {
    const finding = {
      code: 'truncated',
      severity: 'warning',
      path: 'a/b.dcm',
      message: 'Ends after 3 of 4 bytes.',
    } as const;
    const api = createFakeApi(aBatch('1', { findings: 1, findingList: [finding], duplicates: 3, quarantined: 1 }));
    await using open = await openPage(api);
    const { page } = open;
    const button = page.getByRole('button', { name: 'directory-1' });
    await button.waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).hash).toBe('#batches');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('directory-1');
    await page.keyboard.press('Enter');
    const details = page.locator('#more-1 .details');
    await details.getByText('Ends after 3 of 4 bytes.').waitFor();
    expect(await button.getAttribute('aria-expanded')).toBe('true');
    expect(await details.innerText()).toMatch(/Imported before\s+3 instances\s+Quarantined\s+1 file/);
    expect(await details.locator('.series tbody tr').count()).toBe(2);
    expect(await details.locator('.series').innerText()).toMatch(/MR\s+2\s+320\s+1.0 MB/);
    expect(await details.locator('.about').innerText()).toMatch(
      /10 s, 34 files per second\s+listing 5 ms, reading 4 s \(hashing 700 ms\), database 6 s/,
    );
    api.batches = [aBatch('2'), ...api.batches];
    await page.getByRole('button', { name: 'directory-2' }).waitFor();
    expect(await details.isVisible()).toBe(true);
    await page.keyboard.press('Space');
    expect(await button.getAttribute('aria-expanded')).toBe('false');
    expect(await details.getByText('Ends after').isVisible()).toBe(false);
    expect(open.complaints).toEqual([]);
  });

  test('open details follow the batch when it changes', async () => {
    const api = createFakeApi(aBatch('1', { status: 'PROCESSING', studyList: [], finishedAt: null }));
    await using open = await openPage(api);
    await open.page.getByRole('button', { name: 'directory-1' }).click();
    await open.page.locator('.about').waitFor();
    api.batches[0] = aBatch('1', { status: 'ERROR', reason: 'Two study dates.' });
    await expect.poll(() => open.page.locator('.details .trouble').allInnerTexts()).toEqual(['Two study dates.']);
  });

  test('names from disk are text, whatever they contain', async () => {
    const api = createFakeApi(
      aBatch('1', {
        name: HOSTILE,
        root: HOSTILE,
        reason: HOSTILE,
        findings: 1,
        findingList: [{ code: 'unreadable', severity: 'error', path: HOSTILE, message: HOSTILE }],
        studyList: [
          {
            studyInstanceUid: HOSTILE,
            studyDate: HOSTILE,
            seriesList: [
              { seriesInstanceUid: HOSTILE, modality: HOSTILE, seriesNumber: null, instances: 1, bytes: 1_000_000 },
            ],
          },
        ],
      }),
    );
    api.watcher = aStatus({
      roots: [aRoot({ name: HOSTILE, path: HOSTILE, problem: HOSTILE, backend: HOSTILE })],
      problems: [HOSTILE],
    });
    await using open = await openPage(api);
    await open.page.locator('tr.batch').first().click();
    await open.page.locator('.finding-list').waitFor();
    expect(await open.page.locator('main img, main script').count()).toBe(0);
    expect(await open.page.locator('tr.batch .title').innerText()).toContain('<img src=x onerror=');
    expect(await open.page.locator('body').innerText()).not.toContain('\u202E');
    expect(await open.page.title()).toBe('sendit · active');
    expect(open.complaints).toEqual([]);
  });

  test.each(['light', 'dark'] as const)(
    'fits 375 px without scrolling sideways, also opened and with long names (%s)',
    async (colorScheme) => {
      const long = `x${'1.2.840.113619'.repeat(12)}`;
      const api = createFakeApi(
        aBatch('1', {
          name: long,
          root: long,
          reason: long,
          findings: 1,
          instances: 12_345_678,
          findingList: [{ code: 'unreadable', severity: 'error', path: long, message: long }],
          studyList: [
            {
              studyInstanceUid: long,
              studyDate: null,
              seriesList: [
                { seriesInstanceUid: long, modality: long, seriesNumber: 3, instances: 1, bytes: 1_000_000 },
              ],
            },
          ],
        }),
        aBatch('2', {
          status: 'PROCESSING',
          progress: toRatedProgress({ filesDone: 1_000_000, filesTotal: 12_000_000, bytesDone: 0, elapsedMs: 60_000 }),
        }),
      );
      api.watcher = aStatus({ roots: [aRoot({ name: long, path: `/${long}`, problem: long })], problems: [long] });
      await using open = await openPage(api, { viewport: { width: 375, height: 812 }, colorScheme });
      await open.page.locator('tr.batch .toggle').first().click();
      await open.page.locator('.finding-list').waitFor();
      expect(await open.page.evaluate('document.documentElement.scrollWidth')).toBe(375);
      expect(open.complaints).toEqual([]);
    },
  );

  test('says when the connection is lost, claims nothing then, and recovers by itself', async () => {
    const api = createFakeApi(aBatch('1'));
    await using open = await openPage(api);
    const { page } = open;
    await page.getByRole('heading', { name: 'Watcher active', exact: true }).waitFor();
    const port = Number(new URL(open.served.url).port);
    await open.served[Symbol.asyncDispose]();
    await page.getByText('Connection lost, trying again…').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('No answer from sendit');
    api.batches = [aBatch('2'), ...api.batches];
    const portal = createPortal(api, {
      access: 'read-only',
      logger: silentLogger,
      pollMs: 20,
      page: PAGE_DIRECTORY,
    });
    await using _again = await servePortal(portal, {
      host: '127.0.0.1',
      port,
      portExplicit: true,
      logger: silentLogger,
    });
    await page.getByRole('heading', { name: 'Watcher active', exact: true }).waitFor();
    await page.getByRole('button', { name: 'directory-2' }).waitFor();
    expect(await page.locator('#connection').innerText()).toBe('Live');
  });

  test('says when the installation itself cannot be asked', async () => {
    const api = createFakeApi();
    await using open = await openPage(api);
    api.failure = new SenditError('The database does not answer.', { code: 'database-unavailable', hint: 'Start it.' });
    const problems = open.page.locator('#problem-list li');
    await expect.poll(() => problems.allInnerTexts()).toEqual(['The database does not answer. Start it.']);
    api.failure = undefined;
    await expect.poll(() => problems.allInnerTexts()).toEqual([]);
    expect(await open.page.locator('#problems').isVisible()).toBe(false);
  });
});
