import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '@sendit/model';
import { createPortal, servePortal } from '@sendit/portal';
import { aStatus, describeWith, exited, freePort, nginxPath, openTempDir, waitUntil } from '@sendit/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PAGE_DIRECTORY } from '../src/index.ts';
import { aSealed, openInstallation } from './installation.ts';
import { launchBrowser } from './open-page.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const TOKEN = 'a'.repeat(43);

/** nginx as it comes, with the portal below `/sendit/`; `passed` is what it makes of the path. */
async function openNginx(portalPort: number, passed: string) {
  const folder = await openTempDir();
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder.path, name)};`,
  );
  const config = `daemon off; pid ${join(folder.path, 'pid')}; error_log ${join(folder.path, 'errors')}; events {}
    http { access_log off; ${temporary.join(' ')}
      server { listen 127.0.0.1:${port};
        location /sendit/ { proxy_pass http://127.0.0.1:${portalPort}${passed}; proxy_set_header Host $host; } } }`;
  await mkdir(folder.path, { recursive: true });
  await writeFile(join(folder.path, 'nginx.conf'), config);
  const child = spawn(nginxPath() ?? '', ['-e', join(folder.path, 'errors'), '-c', join(folder.path, 'nginx.conf')], {
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}/sendit`;
  await waitUntil('nginx', async () => (await fetch(`${url}/healthz`).catch(() => undefined)) !== undefined);
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await exited(child);
      await folder[Symbol.asyncDispose]();
    },
  };
}

describeWith(['chromium', 'nginx'], 'the page below a path of nginx', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
  });

  test.each([
    ['which nginx takes away', '/', ''],
    ['which nginx leaves, and basePath names', '', '/sendit'],
  ])('a path %s: signing in, every view, and live changes', async (_, passed, basePath) => {
    const api = openInstallation(aSealed('1'));
    const access = { token: TOKEN, isHealthOpen: true };
    const portal = createPortal(api, { access, logger: silentLogger, pollMs: 20, page: PAGE_DIRECTORY });
    const options = { host: '127.0.0.1', port: 0, portExplicit: true, logger: silentLogger, basePath };
    await using served = await servePortal(portal, options);
    await using nginx = await openNginx(Number(new URL(served.url).port), passed);
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('request', (asked) => {
      if (!asked.url().startsWith(`${nginx.url}/`)) complaints.push(asked.url());
    });
    await page.goto(`${nginx.url}/?token=${TOKEN}`);
    await page.getByRole('heading', { name: 'All is well' }).waitFor();
    await page.getByRole('link', { name: 'directory-1' }).waitFor();
    expect(page.url()).toBe(`${nginx.url}/`);
    for (const view of ['Board', 'Queue', 'Throughput', 'Configuration', 'Audit']) {
      await page.getByRole('link', { name: view, exact: true }).click();
      await page.getByRole('heading', { level: 1, name: new RegExp(view) }).waitFor();
    }
    await page.getByRole('link', { name: 'Now', exact: true }).click();
    // Told by the live feed through the proxy's buffers.
    api.watcher = aStatus({ active: false, pid: null, since: null, roots: [] });
    await page.getByRole('heading', { name: 'Watcher inactive' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
