// `node scripts/portal-screenshots.mjs [DIRECTORY]`: pictures of every view of the portal, taken from a watcher of its own that has
// something of everything in it: synthetic studies, and the real ones of SENDIT_DICOM_CORPUS/studies where that is set (such
// pictures are not for the repository). Needs `npm run build` and Chromium.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromiumPath } from '@sendit/testing';
import { writeSyntheticStudy } from '@sendit/testing/synthetic';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = resolve(process.argv[2] ?? join(root, 'docs/portal'));
const cli = join(root, 'apps/cli/bin/run.js');
/** A short path, since it is in the pictures; it must not be there yet. */
const home = join(tmpdir(), 'hospital');
const modality = join(home, 'modality');
const research = join(home, 'research');
const outside = join(home, 'outside');
const env = { ...process.env, HOME: home };
const run = promisify(execFile);
/** Where the portal is, and what opens it. */
let portal;

const VIEWS = {
  now: '#/',
  board: '#/board',
  queue: '#/queue',
  throughput: '#/throughput',
  configuration: '#/configuration',
  audit: '#/audit',
};
const SIZES = { desk: { width: 1280, height: 860 }, phone: { width: 390, height: 780 } };
const MR = ['T1', 'T2', 'FLAIR'].map((description) => ({ modality: 'MR', instances: 24, description }));
const CT = [{ modality: 'CT', instances: 60, description: 'Axial' }];

await mkdir(out, { recursive: true });
await mkdir(home);
await Promise.all([modality, research, outside].map((folder) => mkdir(folder)));
await writeFile(join(home, 'sendit.config.json'), JSON.stringify(toConfig(), null, 2));
const watcher = spawn(process.execPath, [cli, 'watcher', 'start', '--foreground'], {
  cwd: home,
  env,
  stdio: ['ignore', 'ignore', 'inherit'],
});
try {
  portal = await until('the portal', async () => {
    const told = JSON.parse(await sendit('watcher', 'status', '--json')).portal;
    return typeof told?.url === 'string' && told;
  });
  await fill();
  await takeAll();
} finally {
  if (watcher.exitCode === null && watcher.kill('SIGTERM')) await new Promise((done) => watcher.once('exit', done));
  await rm(home, { recursive: true, force: true });
}

function toConfig() {
  const watched = { events: 'IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE', processor: 'DicomQueue' };
  return {
    watchPaths: [
      {
        ...watched,
        name: 'modality',
        folder: modality,
        quietMs: 3_000,
        actions: [{ name: 'to-archive', kind: 'exec', command: ['/bin/true'] }],
      },
      {
        ...watched,
        name: 'research',
        folder: research,
        quietMs: 3_000,
        oneStudyDate: true,
        actions: [{ name: 'notify-registry', kind: 'exec', command: ['/bin/false'], attempts: 1 }],
      },
      { ...watched, name: 'outside', folder: outside, profile: 'strict', manifest: 'SHA256SUMS', maxWaitMs: 12_000 },
    ],
  };
}

/** What a day brings, the good and the bad. */
async function fill() {
  const names = [];
  for (let at = 0; at < 9; at += 1)
    names.push(await drop(modality, `L-${4701 + at}`, { series: at % 3 === 0 ? CT : MR }));
  for (const study of await realStudies()) {
    const name = `REAL-${study.at + 1}`;
    await cp(study.path, join(modality, `${name}.tmp`), { recursive: true });
    await rename(join(modality, `${name}.tmp`), join(modality, name));
    names.push(name);
  }
  await drop(modality, 'L-4710', { series: [...MR, ...CT] }, async (directory, { files }) => {
    for (const gone of [files[30], files[31], files[100]]) await rm(gone);
    await writeFile(join(directory, 'protocol.doc'), 'not DICOM');
  });
  await drop(research, 'S-17', {}, async (directory) => {
    await writeSyntheticStudy(directory, { seed: 'other', studyDate: '20240215', layout: 'by-series' });
  });
  await drop(research, 'S-18', {});
  await settled(names.length + 3);
  await writeSyntheticStudy(join(modality, 'L-4702'), { seed: 'late', layout: 'by-series' });
  await dropHalf();
  await until('the failed action', async () => (await status()).actions?.failed === 1);
  await sendit('batch', 'acknowledge', 'S-18', '--reason', 'The registry is down until Monday.');
  await writeSyntheticStudy(join(modality, 'L-4712.tmp'), {
    seed: 'arriving',
    series: [{ modality: 'CT', instances: 31 }],
  });
  await until('what is held', async () => (await status()).roots.some(({ held }) => held > 0));
  await until('what is late', async () => (await status()).health?.problems.some(({ code }) => code === 'late-files'));
}

/** Its list names files that never come. */
async function dropHalf() {
  const arriving = join(outside, 'L-4711.tmp');
  const { files } = await writeSyntheticStudy(arriving, { seed: 'half', series: [{ modality: 'CT', instances: 48 }] });
  const lines = await Promise.all(files.map(async (file) => toLine(basename(file), await readFile(file))));
  const missing = Array.from({ length: 12 }, (_, at) => toLine(`IM-0001-00${49 + at}.dcm`, String(at)));
  await writeFile(join(arriving, 'SHA256SUMS'), [...lines, ...missing].join(''));
  await rename(arriving, join(outside, 'L-4711'));
}

function toLine(name, bytes) {
  return `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`;
}

async function drop(folder, name, options, change = async () => undefined) {
  const arriving = join(folder, `${name}.tmp`);
  const study = await writeSyntheticStudy(arriving, {
    seed: name,
    patient: { name: `SYNTHETIC^${name}`, id: name },
    ...options,
  });
  await change(arriving, study);
  await rename(arriving, join(folder, name));
  return name;
}

async function realStudies() {
  const corpus = process.env.SENDIT_DICOM_CORPUS;
  if (corpus === undefined) return [];
  const names = (await readdir(join(corpus, 'studies'))).toSorted().slice(0, 6);
  return names.map((name, at) => ({ at, path: join(corpus, 'studies', name) }));
}

async function settled(count) {
  await until('the imports', async () => {
    const { results } = await ask('api/batches?limit=100');
    return results.length >= count && results.every(({ finishedAt }) => finishedAt !== null);
  });
}

async function takeAll() {
  const { url } = portal;
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  const { results } = await ask('api/batches?limit=100');
  const rich = results.find(({ name }) => name === 'L-4710');
  const views = { ...VIEWS, batch: `#/batch/${rich.id}` };
  for (const colorScheme of ['light', 'dark']) {
    const page = await enter(browser, { viewport: SIZES.desk, colorScheme });
    for (const [name, view] of Object.entries(views)) await take(page, `${url}/${view}`, `${name}-${colorScheme}`);
    await page.getByRole('link', { name: 'Board' }).first().click();
    await page.getByRole('button', { name: 'Held' }).click();
    await page.getByRole('link', { name: 'L-4711', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'L-4711' }).waitFor();
    await shoot(page, `waiting-${colorScheme}`);
    await page.close();
  }
  const phone = await enter(browser, { viewport: SIZES.phone, colorScheme: 'light' });
  for (const name of ['now', 'board', 'batch']) await take(phone, `${url}/${views[name]}`, `${name}-phone`);
  await browser.close();
}

/** Names are for who opens the link with the token. */
async function enter(browser, options) {
  const page = await browser.newPage({ ...options, reducedMotion: 'reduce' });
  await page.goto(`${portal.url}/?token=${portal.token}`);
  return page;
}

async function take(page, address, name) {
  await page.goto('about:blank');
  await page.goto(address);
  await page.getByText('Live', { exact: true }).waitFor();
  await shoot(page, name);
}

async function shoot(page, name) {
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.getByText('Loading…').first().waitFor({ state: 'hidden' });
  await sleep(1_500);
  await page.screenshot({ path: join(out, `${name}.png`) });
  process.stdout.write(`${name}.png\n`);
}

function status() {
  return ask('api/watcher');
}

async function ask(route) {
  const headers = { authorization: `Bearer ${portal.token}` };
  return (await fetch(`${portal.url}/${route}`, { headers })).json();
}

async function sendit(...args) {
  const { stdout } = await run(process.execPath, [cli, ...args], { cwd: home, env, maxBuffer: 2 ** 26 }).catch(
    (error) => {
      if (typeof error.stdout === 'string' && error.stdout !== '') return error;
      throw error;
    },
  );
  return stdout;
}

async function until(what, look, tries = 120) {
  for (let at = 0; at < tries && watcher.exitCode === null; at += 1) {
    const answer = await look().catch(() => undefined);
    if (answer !== undefined && answer !== false) return answer;
    await sleep(500);
  }
  throw new Error(`Expected ${what} within ${tries / 2} s.`);
}
