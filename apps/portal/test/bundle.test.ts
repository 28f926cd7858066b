import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createFakeApi } from '@sendit/testing';
import { PAGE_DIRECTORY } from '../src/index.ts';
import { serve } from './open-page.ts';

/** Limits of a first view. */
const MOST_BYTES = 250_000;

const html = readFileSync(join(PAGE_DIRECTORY, 'index.html'), 'utf8');

test('what the first view loads is no more than 250 kB, compressed', () => {
  const loaded = Array.from(html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g), ([, file = '']) => file);
  expect(loaded.length).toBeGreaterThan(1);
  const bytes = loaded.map((file) => gzipSync(readFileSync(join(PAGE_DIRECTORY, file))).byteLength);
  expect(bytes.reduce((all, one) => all + one, 0)).toBeLessThanOrEqual(MOST_BYTES);
});

test('what has a digest in its name is kept by the browser, the page itself is asked for again', async () => {
  await using served = await serve(createFakeApi());
  const [, asset = ''] = /src="\.\/(assets\/[^"]+)"/.exec(html) ?? [];
  const caching = async (path: string) => (await fetch(`${served.url}/${path}`)).headers.get('cache-control');
  expect(await caching(asset)).toContain('immutable');
  expect(await caching('')).toBe('no-cache');
});

test('nothing in the page is inline or from elsewhere: the policy would refuse it', () => {
  expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|https?:\/\//);
});
