// `npm run demo`: drops synthetic studies into a watched folder the way a sender would: a `.tmp` directory, files one after another,
// then the rename. Nothing in them is real. `npm run demo -- --help` says what can be chosen.
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeSyntheticStudy } from '@sendit/testing/synthetic';

const KINDS = [
  {
    name: 'CT',
    series: [
      { modality: 'CT', instances: 3, description: 'Scout' },
      { modality: 'CT', instances: 60, rows: 128, description: 'Axial' },
    ],
  },
  { name: 'MR', series: ['T1', 'T2', 'FLAIR'].map((description) => ({ modality: 'MR', instances: 24, description })) },
  { name: 'OT', series: [{ modality: 'OT', instances: 2, description: 'Capture' }] },
];
const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(root, 'data') },
    studies: { type: 'string', default: '3' },
    delay: { type: 'string', default: '20' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help === true) {
  process.stdout.write(`Usage: npm run demo -- [--data DIR] [--studies N] [--delay MS]

  --data DIR    the watched folder (default: ./data)
  --studies N   how many studies to drop (default: 3)
  --delay MS    pause between two files (default: 20)
`);
} else {
  await drop(resolve(values.data), toCount('studies', values.studies), toCount('delay', values.delay));
}

function toCount(name, text) {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 0) return count;
  process.stderr.write(`Error: expected --${name} to be a whole number, got "${text}".\n`);
  process.exit(2);
}

async function drop(data, studies, fileDelayMs) {
  if (!existsSync(data)) {
    process.stderr.write(
      `Error: there is no folder ${data}.\nRun \`npm start\` in another terminal first: it makes and watches it.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const abort = new AbortController();
  process.once('SIGINT', () =>
    abort.abort(new Error('stopped: the unfinished .tmp directory is left as an aborted transfer would leave it')),
  );
  const run = new Date().toISOString().replaceAll(/[-:T]|\..*/g, '');
  for (let index = 0; index < studies; index += 1) {
    const kind = KINDS[index % KINDS.length];
    const name = `DEMO-${run}-${index + 1}-${kind.name}`;
    const arriving = join(data, `${name}.tmp`);
    let files = 0;
    const show = (text) =>
      process.stdout.write(`${process.stdout.isTTY ? '\r\u001b[K' : ''}${text}${process.stdout.isTTY ? '' : '\n'}`);
    try {
      await writeSyntheticStudy(arriving, {
        seed: name,
        series: kind.series,
        fileDelayMs,
        signal: abort.signal,
        onFile: () => {
          files += 1;
          if (process.stdout.isTTY) show(`${name}.tmp: ${files} files`);
        },
      });
    } catch (error) {
      if (!abort.signal.aborted) throw error;
      process.stderr.write(`\n${error.message}\n`);
      process.exitCode = 130;
      return;
    }
    await rename(arriving, join(data, name));
    show(`${name}: ${files} files sent and renamed`);
    if (process.stdout.isTTY) process.stdout.write('\n');
  }
  process.stdout.write('See them: npx sendit batch list\n');
}
