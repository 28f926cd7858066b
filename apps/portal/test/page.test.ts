import type { BatchQuery } from '@sendit/api';
import { SenditError, toFinding, toRatedProgress } from '@sendit/model';
import { aRoot, aStatus, describeWith } from '@sendit/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createHospital, sealedAgo } from './hospital.ts';
import { anExplanation, aPending, aProblem, aSealed, openInstallation, toPage } from './installation.ts';
import { findBarriers, launchBrowser, openPage, serve } from './open-page.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const HOSTILE = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>\u202Efdp.exe';

/** Each view with its heading; `1` is the batch whose every text is hostile. */
const VIEWS: readonly (readonly [address: string, heading: string | RegExp])[] = [
  ['#/', '1 thing needs a person'],
  ['#/board', 'Board'],
  ['#/batch/1', /Failed$/],
  ['#/queue', 'Queue and workers'],
  ['#/throughput', 'Throughput'],
  ['#/configuration', 'Configuration'],
  ['#/audit', 'Audit'],
];

/** An installation whose every text is this one. */
function createHostile(text: string) {
  const finding = { ...toFinding('unreadable', text), message: text };
  const action = { id: '1', batchId: '1', root: text, position: 1, name: text, kind: 'exec', state: 'failed' } as const;
  const audit = {
    id: '1',
    at: '2025-03-01T10:00:00.000Z',
    by: text,
    decision: 'hold',
    from: 'QUEUE',
    to: 'HELD',
  } as const;
  const uids = { seriesInstanceUid: text, modality: text, seriesNumber: null, bytes: 1_000_000 };
  const series = { ...uids, instances: 12_345_678, received: 1, expected: null, numbers: [] };
  const api = openInstallation(
    aSealed('1', {
      name: text,
      root: text,
      path: text,
      renamedTo: text,
      reason: text,
      status: 'ERROR',
      findings: 2,
      modalities: [text],
      studyDates: [text],
      findingList: [finding, { ...finding, path: `${text}2` }],
      studyList: [{ studyInstanceUid: text, studyDate: text, seriesList: [series] }],
      actionList: [
        { ...action, attempts: 1, reason: text, code: null, progress: null, startedAt: null, finishedAt: null },
      ],
      auditList: [{ ...audit, reason: text, batchId: '1', root: text, path: text }],
    }),
    aSealed('2', {
      status: 'PROCESSING',
      progress: toRatedProgress({ filesDone: 1_000_000, filesTotal: 12_000_000, bytesDone: 0, elapsedMs: 60_000 }),
    }),
  );
  api.waiting = [aPending(text, { root: text, path: text, reason: text, outcome: 'hold', stage: 'held' })];
  const rule = { rule: 'name', kind: 'veto', answer: 'no', reason: text, evidence: { file: text } };
  api.told = anExplanation({ reason: text, toFinish: [text], notes: [text], findings: [rule] });
  api.watcher = aStatus({
    roots: [
      aRoot({ name: text, path: text, problem: text, backend: text, backendReason: text, problems: [text] }),
      aRoot(),
    ],
    health: { level: 'error', problems: [aProblem({ severity: 'error', message: text, subject: text })] },
  });
  const job = { id: '1', kind: 'hand-on', state: 'failed', batchId: '1', batchStatus: 'DONE', attempts: 1 } as const;
  const at = '2025-03-01T10:00:00.000Z';
  const beat = { role: 'watcher', pid: 1, alive: true, ageMs: 1, startedAt: at, mode: 'embedded' } as const;
  return Object.assign(api, {
    listJobs: async () => toPage([{ ...job, root: text, action: text, reason: text, createdAt: at, dueAt: null }]),
    listWorkers: async () => toPage([{ ...beat, host: text, roots: [text] }]),
    readConfiguration: async () => ({
      settings: [{ path: 'stateDir', value: text, source: text }],
      watchPaths: [{ name: text, folder: text, rules: [text] }],
    }),
  });
}

describeWith(['chromium'], 'the page in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
  });

  test('says in one glance that all is well, since when, how, and what is on its way', async () => {
    const api = openInstallation(aSealed('1', { status: 'QUEUE' }), aSealed('2'));
    await using open = await openPage(browser, api);
    const { page } = open;
    await page.getByRole('heading', { name: 'All is well', exact: true }).waitFor();
    expect(await page.locator('header h1 + p').innerText()).toMatch(
      /Watcher active, started 3 h ago\s*1 watch path\s*pid 4711\s*embedded database/,
    );
    await page.getByRole('link', { name: '1 Queued' }).waitFor();
    expect(await page.title()).toBe('sendit · All is well');
    expect(await page.locator('#icon').getAttribute('href')).toBe('./icon.svg');
    expect(open.complaints).toEqual([]);
  });

  test('headline, title and icon follow the one judgement, and the watcher to inactive and back', async () => {
    const api = openInstallation();
    await using open = await openPage(browser, api);
    const { page } = open;
    await page.getByRole('heading', { name: 'All is well' }).waitFor();
    const held = aProblem({ code: 'files-missing', message: 'Two are held: `sendit batch list` says which.' });
    api.watcher = aStatus({ health: { level: 'warning', problems: [held, aProblem()] } });
    await page.getByRole('heading', { name: '2 things need a person' }).waitFor();
    expect(await page.title()).toBe('(2) sendit · 2 things need a person');
    expect(await page.locator('#icon').getAttribute('href')).toBe('./icon-attention.svg');
    const alerts = page.getByRole('region', { name: 'Needs attention' }).getByRole('listitem');
    expect(await alerts.first().innerText()).toMatch(
      /held\s+Two are held: sendit batch list says which.\s+20 min ago\s+Show/i,
    );
    await alerts.first().getByRole('link').click();
    expect(new URL(page.url()).hash).toBe('#/board?stage=held');
    expect(await page.getByRole('button', { name: 'Held' }).getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('link', { name: 'Now', exact: false }).first().click();
    api.watcher = aStatus({ active: false, pid: null, since: null, roots: [] });
    await page.getByRole('heading', { name: 'Watcher inactive' }).waitFor();
    expect(await page.locator('header h1 + p').innerText()).toContain('sendit watcher start');
    expect(await page.title()).toContain('inactive');
    expect(await page.locator('#icon').getAttribute('href')).toBe('./icon-bad.svg');
    api.watcher = aStatus();
    await page.getByRole('heading', { name: 'All is well' }).waitFor();
    expect(open.complaints).toEqual([]);
  });

  test('shows each watch path with its backend, counts and problem', async () => {
    const api = openInstallation();
    api.watcher = aStatus({
      roots: [
        aRoot({ pending: 4, skippedTests: 3, foundByRescan: 7, problems: ['Raise `fs.inotify.max_user_watches`.'] }),
        aRoot({ name: 'ct', path: '/mnt/ct', backend: 'none', problem: 'It is not mounted.' }),
      ],
    });
    await using open = await openPage(browser, api);
    const rows = open.page.getByRole('table', { name: 'Watch paths' }).getByRole('row');
    await rows.nth(2).waitFor();
    expect(await rows.nth(1).innerText()).toMatch(
      /inotify\s+Linux, ext4\s+0 a minute now\s+4\s+none waits\s+0\s+3\s+0\s+7 found by rescan\s+–\s+Trouble/i,
    );
    expect(await rows.nth(1).innerText()).toContain('Raise fs.inotify.max_user_watches.');
    expect(await rows.nth(2).innerText()).toMatch(/It is not mounted.[\s\S]*Not watched/i);
  });

  test('without batches says where to drop a directory', async () => {
    await using open = await openPage(browser, openInstallation());
    const latest = open.page.getByRole('region', { name: 'Latest arrivals' });
    expect(await latest.innerText()).toMatch(/Drop a directory[\s\S]*\/data\/incoming/);
  });

  test('a new batch goes through its stages live, while focus and what one reads stay', async () => {
    const api = openInstallation(aSealed('old'));
    await using open = await openPage(browser, api, { view: '#/board' });
    const { page } = open;
    await page.getByRole('link', { name: 'directory-old' }).focus();
    const reloads: string[] = [];
    page.on('framenavigated', (frame) => reloads.push(frame.url()));
    const fresh = { finishedAt: null, studies: 0, series: 0, instances: 0, createdAt: new Date().toISOString() };
    api.batches = [aSealed('new', { ...fresh, status: 'QUEUE' }), ...api.batches];
    const row = page.getByRole('row').filter({ hasText: 'directory-new' });
    await row.getByText('Queued').waitFor();
    api.batches[0] = aSealed('new', {
      ...fresh,
      status: 'PROCESSING',
      progress: toRatedProgress({ filesDone: 120, filesTotal: 480, bytesDone: 61_000_000, elapsedMs: 400 }),
    });
    await row.getByText('120 of 480 files, 300 files/s, 1.2 s to go').waitFor();
    expect(await row.getByRole('progressbar').getAttribute('value')).toBe('120');
    api.batches[0] = aSealed('new', { ...fresh, series: 2, instances: 480, findings: 2 });
    await row.getByText('Done').waitFor();
    expect(await row.innerText()).toMatch(/341\s+181 MB\s+2\s+2\s/);
    expect(await page.locator(':focus').innerText()).toBe('directory-old');
    expect(reloads).toEqual([]);
    expect(open.complaints).toEqual([]);
  });

  test('ERROR batches stay on the board below any number of good ones, and what is held has its stage', async () => {
    const good = Array.from({ length: 250 }, (_, at) => sealedAgo(at * 1_000, String(1_000 - at)));
    const api = openInstallation(...good, sealedAgo(400_000, '2', { status: 'ERROR' }));
    api.waiting = [aPending('held-one', { outcome: 'hold', stage: 'held' }), aPending('settling-one')];
    await using open = await openPage(browser, api, { view: '#/board?stage=failed' });
    const { page } = open;
    const names = page.getByRole('table').getByRole('link');
    await expect.poll(() => names.allInnerTexts()).toEqual(['L-2']);
    await page.getByRole('button', { name: 'Held' }).click();
    await expect.poll(() => names.allInnerTexts()).toEqual(['held-one']);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await expect
      .poll(async () => (await names.allInnerTexts()).slice(0, 3))
      .toEqual(['held-one', 'settling-one', 'L-1000']);
    expect(await page.getByRole('row').count()).toBeLessThan(60);
    await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
    await page.getByRole('searchbox').fill('L-99*');
    await expect.poll(async () => (await names.allInnerTexts()).length).toBe(10);
    expect(page.url()).not.toContain('L-99');
    expect(open.complaints).toEqual([]);
  });

  test('an opened batch stays open, and follows what happens to it', async () => {
    const api = openInstallation(aSealed('1', { status: 'PROCESSING', studyList: [], finishedAt: null }));
    await using open = await openPage(browser, api, { view: '#/board' });
    const { page } = open;
    await page.getByRole('link', { name: 'directory-1' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'directory-1 Importing' }).waitFor();
    api.batches = [
      ...Array.from({ length: 60 }, (_, at) => aSealed(String(100 + at))),
      aSealed('1', { status: 'ERROR', reason: 'Two study dates.' }),
    ];
    await page.getByText('Two study dates.').waitFor();
    await page.getByRole('heading', { level: 1, name: 'directory-1 Failed' }).waitFor();
    expect(open.complaints).toEqual([]);
  });

  test('a batch says how it came, what is in it, and what was found: the worst first, by code', async () => {
    const api = createHospital();
    await using open = await openPage(browser, api, { view: '#/batch/4710' });
    const { page } = open;
    const findings = page.getByRole('region', { name: 'Findings' });
    await findings.waitFor();
    expect((await findings.locator('code').allInnerTexts()).slice(0, 3)).toEqual([
      'not-read',
      'slice-gap',
      'private-data',
    ]);
    expect((await findings.boundingBox())?.height).toBeLessThan(400);
    await findings.getByText('21 times').click();
    await findings.getByText('series-3/IM19.dcm').waitFor();
    const series = page.getByRole('region', { name: 'Series' });
    expect(await series.innerText()).toMatch(/1 study · 3 series · 600 images[\s\S]*MR\s+119\s+35.7 MB\s+missing 57/);
    expect(await page.getByRole('region', { name: 'Its way' }).innerText()).toMatch(
      /Sealed[\s\S]*Import began\s+\+ 300 ms[\s\S]*Imported\s+\+ 1.3 s[\s\S]*Handed on\s+1 of 3/,
    );
    expect(await page.getByRole('region', { name: 'About it' }).innerText()).toMatch(
      /10 s\s+listing 5 ms, reading 4.0 s \(hashing 700 ms\), database 6.0 s/,
    );
    expect(await page.getByRole('region', { name: 'Audit' }).innerText()).toMatch(/night.operator\s+queued again/);
  });

  test('what is stuck is explained and let go within three clicks of Now, by keyboard alone, with who and why', async () => {
    const api = createHospital();
    await using open = await openPage(browser, api);
    const { page } = open;
    await page.getByRole('link', { name: '2 Held' }).press('Enter');
    await page.getByRole('link', { name: 'L-4711' }).press('Enter');
    await page.getByText('its manifest lists 12 files that are not there').waitFor();
    await page.getByRole('button', { name: 'Release…' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Release: L-4711' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(() => page.locator(':focus').innerText()).toBe('Release…');
    await page.keyboard.press('Enter');
    await dialog.getByRole('textbox', { name: 'Why' }).fill('The rest never comes.');
    await dialog.getByRole('textbox', { name: 'Who' }).fill('night.operator');
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await expect
      .poll(() => api.calls.decide)
      .toEqual([
        { ref: '/data/modality/L-4711', decision: 'release', by: 'night.operator', reason: 'The rest never comes.' },
      ]);
    expect(await dialog.getByRole('alert').innerText()).toBe('No such batch.');
    expect(open.complaints.filter((complaint) => !complaint.includes('404'))).toEqual([]);
  });

  test('where nobody sees the files it is said who does, and that is no fault', async () => {
    const api = Object.assign(createHospital(), {
      async explain() {
        throw new SenditError('Expected to be asked on the host of the watcher.', {
          code: 'refused',
          hint: 'Run it there.',
        });
      },
    });
    await using open = await openPage(browser, api, { view: '#/batch/4710' });
    const why = open.page.getByRole('region', { name: 'Why it was complete' });
    await why.getByText('Expected to be asked on the host of the watcher. Run it there.').waitFor();
    expect(await why.getByRole('button').count()).toBe(0);
  });

  test('a failed batch is queued again from its menu', async () => {
    const api = createHospital();
    await using open = await openPage(browser, api, { view: '#/batch/4705' });
    const { page } = open;
    await page.getByRole('button', { name: 'More…' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Queue again…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Queue again: L-4705' });
    await dialog.getByRole('textbox', { name: 'Who' }).fill('alice');
    await dialog.getByRole('button', { name: 'Queue again' }).click();
    await expect.poll(() => api.calls.retryBatch).toEqual(['4705 by alice']);
  });

  test('every text of every view is text, whatever it contains', async () => {
    await using open = await openPage(browser, createHostile(HOSTILE));
    const { page } = open;
    for (const [address, heading] of VIEWS) {
      await page.evaluate(`location.hash = '${address}'`);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      await page.locator('main').getByText('<img src=x onerror=').first().waitFor({ state: 'attached' });
      expect(await page.locator('main img, main script').count()).toBe(0);
      expect(await page.locator('body').innerText()).not.toContain('\u202E');
      expect(await page.title()).not.toContain('owned');
    }
    expect(open.complaints).toEqual([]);
  });

  test.each([
    [360, 'light'],
    [360, 'dark'],
    [1_000, 'light'],
    [3_840, 'dark'],
  ] as const)('%d px wide and %s, every view fits with long names, and has no barrier', async (width, colorScheme) => {
    const long = `x${'1.2.840.113619'.repeat(12)}`;
    await using open = await openPage(browser, createHostile(long), { viewport: { width, height: 900 }, colorScheme });
    const { page } = open;
    for (const [address, heading] of VIEWS) {
      await page.evaluate(`location.hash = '${address}'`);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      await page.locator('main').getByText(long).first().waitFor({ state: 'attached' });
      const wide = await page.evaluate('document.documentElement.scrollWidth');
      expect({ address, wide, barriers: await findBarriers(page) }).toEqual({ address, wide: width, barriers: [] });
    }
    expect(open.complaints).toEqual([]);
  });

  test('says when the connection is lost, claims nothing then, and recovers by itself with what was missed', async () => {
    const api = openInstallation(aSealed('1'));
    await using open = await openPage(browser, api);
    const { page } = open;
    await page.getByRole('heading', { name: 'All is well' }).waitFor();
    const port = Number(new URL(open.served.url).port);
    await open.served[Symbol.asyncDispose]();
    await page.getByText('Connection lost, trying again…').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('No answer from sendit');
    expect(await page.locator('#icon').getAttribute('href')).toBe('./icon-lost.svg');
    api.batches = [aSealed('2'), ...api.batches];
    await using _again = await serve(api, port);
    await page.getByRole('heading', { name: 'All is well' }).waitFor();
    await page.getByRole('link', { name: 'directory-2' }).waitFor();
  });

  test('a hundred thousand rows on the board are few elements, wherever it is scrolled to', async () => {
    const count = 100_000;
    const api = Object.assign(openInstallation(), {
      listBatches: async ({ cursor, limit = 50 }: BatchQuery) => {
        const from = Number(cursor ?? 0);
        const to = Math.min(count, from + limit);
        const results = Array.from({ length: to - from }, (_, at) => aSealed(String(count - from - at)));
        return { count, next: to < count ? String(to) : null, previous: null, results };
      },
    });
    await using open = await openPage(browser, api, { view: '#/board' });
    const { page } = open;
    const rows = page.getByRole('link', { name: /^directory-/ });
    const countElements = () => page.evaluate<number>("document.querySelectorAll('*').length");
    await rows.first().waitFor();
    await page.mouse.move(500, 500);
    for (let screens = 0; screens < 20; screens += 1) {
      const before = await rows.last().innerText();
      expect(await countElements()).toBeLessThan(2_500);
      await page.mouse.wheel(0, 4_000);
      await vi.waitFor(async () => expect(await rows.last().innerText()).not.toBe(before), 10_000);
    }
    expect(await page.getByText('directory-100000', { exact: true }).count()).toBe(0);
    expect(await countElements()).toBeLessThan(2_500);
    expect(open.complaints).toEqual([]);
  });

  test('is never green where the server cannot see its state, also opened fresh', async () => {
    const api = openInstallation();
    api.failure = new SenditError('The database does not answer.', { code: 'database-unavailable', hint: 'Start it.' });
    await using open = await openPage(browser, api);
    const { page } = open;
    await page.getByRole('heading', { level: 1, name: 'sendit cannot see its state' }).waitFor();
    await page.getByText('The database does not answer. Start it.').waitFor();
    api.failure = undefined;
    await page.getByRole('heading', { name: 'All is well' }).waitFor();
    expect(await page.getByText('The database does not answer.').count()).toBe(0);
  });

  test('shows health and counts to everybody on the machine, names to who opens the link with the token', async () => {
    const access = { token: 'a'.repeat(43), isHealthOpen: true };
    await using open = await openPage(browser, createHospital(), { access });
    const { page, served } = open;
    await page.getByRole('heading', { level: 1, name: '3 things need a person' }).waitFor();
    await page.getByRole('region', { name: 'Names are hidden' }).getByText('sendit portal open').waitFor();
    expect(await page.locator('body').innerText()).not.toMatch(/L-47|modality/);
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('link', { name: 'Board' }).click();
    await page.getByRole('heading', { level: 1, name: 'Names are hidden' }).waitFor();
    await page.goto(`${served.url}/?token=${access.token}#/board`);
    await page.getByRole('link', { name: 'L-4711' }).waitFor();
    expect(page.url()).not.toContain(access.token);
  });

  test('says how to come in where nothing is for everybody', async () => {
    const access = { token: 'a'.repeat(43), isHealthOpen: false };
    await using open = await openPage(browser, createHospital(), { access });
    await open.page.getByRole('heading', { level: 1, name: 'Names are hidden' }).waitFor();
    expect(await open.page.title()).toBe('sendit · Names are hidden');
    expect(await findBarriers(open.page)).toEqual([]);
  });
});
