import { describeSettings, loadSettings, toConfigurationError } from '@sendit/config';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderError, toErrorJson } from '../src/errors.ts';
import { toShownArguments } from '../src/hide-arguments.ts';

const SECRET = 'geheim';

/** URLs with a secret, most of them malformed; none names a host that answers. */
const urls = (scheme: string): fc.Arbitrary<string> => {
  const noise = fc.string({ unit: fc.constantFrom('/', '?', '#', '@', ':', '%', '&', '=', 'a', '1', '[') });
  return fc
    .tuple(fc.constantFrom(`${scheme}://`, `${scheme}:/`, `${scheme}:`, '', '//'), noise, noise, noise)
    .chain(([begin, before, after, end]) =>
      fc.constantFrom(
        `${begin}user:${before}${SECRET}${after}@127.0.0.1:1${end}`,
        `${begin}:${before}${SECRET}${after}@127.0.0.1:1${end}`,
        `${begin}user:${SECRET}${after}`,
        `${begin}127.0.0.1:1/db?password=${SECRET}${after}`,
      ),
    );
};
const isHidden = (texts: readonly unknown[]): void => {
  for (const text of texts) expect(typeof text === 'string' ? text : JSON.stringify(text)).not.toContain(SECRET);
};

test('no configuration message, table, command line or argument error holds a secret of a server URL', async () => {
  await fc.assert(
    fc.asyncProperty(urls('postgres'), urls('redis'), async (databaseUrl, redisUrl) => {
      isHidden([toShownArguments(['worker', 'start', '--database-url', databaseUrl, `--redis-url=${redisUrl}`])]);
      const loaded = await loadSettings({
        cwd: '/nonexistent',
        configFile: undefined,
        env: {},
        flags: { databaseUrl, redisUrl },
        builtInProcessors: [],
        checkFolders: false,
      });
      if (loaded.kind === 'ok') isHidden([describeSettings(loaded.settings), loaded.warnings]);
      else isHidden([renderError(toConfigurationError(loaded)), toErrorJson(toConfigurationError(loaded))]);
      // What begins so names a user, and no password.
      const isShown = (url: string): boolean => url.includes('://') && !url.startsWith('user://');
      for (const argument of [databaseUrl, redisUrl].filter(isShown)) {
        const error = Object.assign(new Error(`Unexpected argument: ${argument}\nSee more help with --help`), {
          oclif: { exit: 2 },
        });
        isHidden([renderError(error), toErrorJson(error)]);
      }
    }),
    { numRuns: 300 },
  );
});
