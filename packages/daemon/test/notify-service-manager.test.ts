import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger, silentLogger } from '@sendit/model';
import { openTempDir } from '@sendit/testing';
import { expect, test } from 'vitest';
import { notifyServiceManager } from '../src/index.ts';

function openLogger(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    logger: {
      ...silentLogger,
      debug: (message) => lines.push(`DEBUG ${message}`),
      warning: (message) => lines.push(`WARNING ${message}`),
    },
  };
}

async function writeCommand(dir: string, script: string): Promise<string> {
  const command = join(dir, 'systemd-notify');
  await writeFile(command, `#!/bin/sh\n${script}\n`);
  await chmod(command, 0o755);
  return command;
}

test('without a socket nothing is run', async () => {
  const { logger, lines } = openLogger();
  expect(await notifyServiceManager('READY=1', { socket: undefined, logger, command: '/bin/false' })).toBe('skipped');
  expect(lines).toEqual([]);
});

test('the state goes out under this process’s pid, with the socket as the only secret handed on', async () => {
  await using dir = await openTempDir();
  const command = await writeCommand(dir.path, `{ echo "$NOTIFY_SOCKET $*"; env | wc -l; } > ${dir.path}/got`);
  expect(await notifyServiceManager('READY=1', { socket: '/run/notify', command })).toBe('sent');
  expect(await readFile(join(dir.path, 'got'), 'utf8')).toMatch(`/run/notify --pid=${process.pid} READY=1\n`);
});

test('a missing program is a debug line, a failing one a warning, neither an error', async () => {
  await using dir = await openTempDir();
  const { logger, lines } = openLogger();
  const missing = join(dir.path, 'missing');
  expect(await notifyServiceManager('STOPPING=1', { socket: '/run/notify', logger, command: missing })).toBe('skipped');
  const failing = await writeCommand(dir.path, 'exit 1');
  expect(await notifyServiceManager('STOPPING=1', { socket: '/run/notify', logger, command: failing })).toBe('failed');
  expect(lines).toEqual([
    expect.stringMatching(/^DEBUG .*not installed/),
    expect.stringMatching(/^WARNING .*STOPPING=1/),
  ]);
});
