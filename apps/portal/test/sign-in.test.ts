import type { Role } from '@sendit/model';
import { createFakePeople, describeWith, toCheapHash } from '@sendit/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { aSealed, openInstallation } from './installation.ts';
import { findBarriers, launchBrowser, openPage } from './open-page.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const PASSWORD = 'correct horse battery';
const HOSTILE = '<img src=x onerror="document.title=\'owned\'"><script>owned</script>';

describeWith(['chromium'], 'signing in', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  async function open(view = '#/batch/1') {
    const known = createFakePeople();
    const api = openInstallation(aSealed('1', { name: 'L1', status: 'ERROR' }));
    const access = { token: 'a'.repeat(43), isHealthOpen: true, people: known.people };
    const opened = await openPage(browser, api, { view, access });
    const addUser = (name: string, role: Role) =>
      known.people.addUser({ name, role, passwordHash: toCheapHash(PASSWORD), by: 'root' });
    return { ...known, addUser, api, page: opened.page, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
  }

  async function signIn(page: Page, name: string, password = PASSWORD): Promise<void> {
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  test('the view that was asked for is there after it, with nothing to do for a viewer', async () => {
    await using opened = await open();
    const { addUser, page } = opened;
    await addUser('anna', 'viewer');
    await page.getByLabel('Password').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await signIn(page, 'Anna');
    await page.getByRole('heading', { level: 1, name: 'L1' }).waitFor();
    await page.getByText('anna', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Queue again…' }).count()).toBe(0);
    const status = await page.evaluate(
      async () =>
        (
          await fetch('./api/batches/1/retry', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: '{}',
          })
        ).status,
    );
    expect(status).toBe(403);
    expect(await findBarriers(page)).toEqual([]);
  });

  test('an operator acts under the own name, until it is signed out', async () => {
    await using opened = await open();
    const { addUser, api, page, sessions } = opened;
    await addUser('anna', 'operator');
    await signIn(page, 'anna');
    await page.getByRole('button', { name: 'Queue again…' }).click();
    expect(await page.getByLabel('Who', { exact: true }).count()).toBe(0);
    await page.getByRole('dialog').getByRole('button', { name: 'Queue again' }).click();
    await expect.poll(() => api.calls.retryBatch).toEqual(['1 by anna']);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Password').waitFor();
    expect(sessions.size).toBe(0);
  });

  test('a wrong password says so and is gone from its field; five lock out', async () => {
    await using opened = await open();
    const { addUser, page } = opened;
    await addUser('anna', 'viewer');
    for (let times = 0; times < 5; times += 1) {
      await signIn(page, 'anna', `wrong ${times}`);
      await expect.poll(() => page.getByLabel('Password').inputValue()).toBe('');
      await page.getByRole('alert').getByText('got others').waitFor();
    }
    await signIn(page, 'anna');
    await page.getByRole('alert').getByText('Too many attempts').waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  test('a name is shown as text, whatever is in it', async () => {
    await using opened = await open('#/');
    const { addUser, page } = opened;
    await addUser(HOSTILE.slice(0, 64).toLowerCase(), 'viewer');
    await signIn(page, HOSTILE.slice(0, 64));
    await page.getByText('<img src=x').waitFor();
    expect(await page.title()).not.toContain('owned');
  });
});
