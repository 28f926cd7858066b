import { once } from 'node:events';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { chromiumPath, describeWith, sharedPostgres, waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { Installation } from './harness.ts';

const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

async function openPage(url: string) {
  const browser = await chromium.launch({ executablePath: chromiumPath() ?? '', args: CHROMIUM_ARGS });
  const page = await browser.newPage();
  await page.goto(url);
  return { page, [Symbol.asyncDispose]: () => browser.close() };
}

async function drop(at: Installation, name: string): Promise<void> {
  const arriving = join(at.data, `${name}.tmp`);
  await mkdir(arriving);
  await writeSyntheticStudy(arriving, { series: [{ instances: 4 }] });
  await rename(arriving, join(at.data, name));
}

describeWith(['chromium'], 'the page that the daemon serves', () => {
  test('shows that the watcher is active, its watch path, and a batch that arrives while one looks', async () => {
    await using at = await Installation.open();
    await at.start();
    const { url, token } = (await at.status()).portal;
    await using opened = await openPage(`${url}/?token=${token}`);
    const { page } = opened;
    await page.getByText(at.data, { exact: false }).first().waitFor();
    expect(await page.locator('body').innerText()).toMatch(/\bactive\b/i);
    await drop(at, 'LIVE-1');
    await page.getByText('LIVE-1').first().waitFor();
    await page.getByText('DONE').first().waitFor();
    expect((await at.run('watcher', 'stop')).code).toBe(0);
    await page
      .getByText(/connection/i)
      .first()
      .waitFor();
  }, 120_000);
});

describeWith(['chromium'], 'the page of a daemon that is killed', () => {
  test('says so, connects again by itself, and shows what came meanwhile', async () => {
    await using at = await Installation.open();
    await at.start();
    const { url, token } = (await at.status()).portal;
    await using opened = await openPage(`${url}/?token=${token}`);
    const { page } = opened;
    await page.getByRole('heading', { name: 'All is well' }).waitFor();
    await at.kill();
    await page.getByRole('heading', { name: 'No answer from sendit' }).waitFor();
    await drop(at, 'MEANWHILE');
    await at.start();
    await page.getByRole('heading', { name: 'All is well' }).waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: 'MEANWHILE' }).waitFor();
    expect(await page.title()).toBe('sendit · All is well');
  }, 180_000);
});

describeWith(['chromium', 'postgres'], 'the page as a process of its own', () => {
  test('turns inactive when the watcher stops', async () => {
    await using postgres = await sharedPostgres();
    await using at = await Installation.open({ DATABASE_URL: await postgres.createDatabase() });
    await at.start();
    const portal = at.spawn('portal', 'start');
    const url = `http://127.0.0.1:${at.env['SENDIT_PORTAL_PORT']}`;
    await waitUntil('the page', async () => (await fetch(`${url}/healthz`)).ok);
    await using opened = await openPage(url);
    const { page } = opened;
    await waitUntil('active', async () => /\bactive\b/i.test(await page.locator('body').innerText()));
    await at.run('watcher', 'stop');
    await page
      .getByText(/inactive/i)
      .first()
      .waitFor();
    portal.kill('SIGTERM');
    await once(portal, 'exit');
    expect(portal.exitCode).toBe(0);
  }, 120_000);
});
