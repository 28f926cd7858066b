import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Place } from '../place.ts';
import { PAUSE_MS, QUIET_MS, type Scenario, type Send } from '../scenario.ts';

const RECEIVE = ['storescp', 'storescu'] as const;
/** Seconds without an image after which storescp takes a study for over. */
const END_OF_STUDY_S = 2;

/** DCMTK's receivers and retrievers. */
export const dcmtk: readonly Scenario[] = [
  {
    name: 'storescp-rename',
    sender: 'storescp',
    there: '`-od BESIDE -su study -xcs "mv #p WATCHED/"`, study after study',
    needs: RECEIVE,
    async open(place) {
      const port = await receive(place, await place.folder('in'), ['-xcs', `mv #p ${place.data}/`]);
      return sendOneByOne(place, port);
    },
  },
  {
    name: 'storescp-done-file',
    sender: 'storescp',
    there: '`-od WATCHED -su study -xcs "touch #p/.done"`, study after study',
    here: { marker: '.done' },
    needs: RECEIVE,
    async open(place) {
      const port = await receive(place, place.data, ['-xcs', 'touch #p/.done']);
      return sendOneByOne(place, port);
    },
  },
  {
    name: 'storescp-aborted-done-file',
    sender: 'storescp',
    there: '`-su study -xcs "touch #p/.done"`, association aborted and resumed within `-tos`',
    here: { marker: '.done' },
    needs: RECEIVE,
    async open(place) {
      const port = await receive(place, place.data, ['-xcs', 'touch #p/.done'], 2 * END_OF_STUDY_S);
      return sendInTwo(place, port);
    },
  },
  {
    name: 'storescp-interleaved',
    sender: 'storescp',
    there: '`-od WATCHED -su study`, studies interleaved',
    needs: RECEIVE,
    async open(place) {
      const port = await receive(place, place.data, []);
      return sendInterleaved(place, port);
    },
  },
  {
    name: 'storescp-flat',
    sender: 'storescp',
    there: '`-od WATCHED +uf`: all files in one folder, studies interleaved',
    here: { unit: 'study' },
    needs: RECEIVE,
    isShort: true,
    async open(place) {
      const port = await place.port();
      await place.serve('storescp', [String(port), '-od', place.data, '+uf'], port);
      return sendInterleaved(place, port);
    },
  },
  {
    name: 'storescp-flat-series',
    sender: 'storescp',
    there: '`-od WATCHED +uf`: all files in one folder, two series each',
    here: { unit: 'series' },
    needs: RECEIVE,
    async open(place) {
      const port = await place.port();
      await place.serve('storescp', [String(port), '-od', place.data, '+uf'], port);
      return sendOneByOne(place, port);
    },
  },
  {
    name: 'storescp-aborted',
    sender: 'storescp',
    there: '`-od WATCHED -su study`, association aborted and resumed within `quietMs`',
    needs: RECEIVE,
    async open(place) {
      const port = await receive(place, place.data, []);
      return sendInTwo(place, port);
    },
  },
  {
    name: 'storescp-flat-aborted',
    sender: 'storescp',
    there: '`-od WATCHED +uf`, association aborted and resumed within `quietMs`',
    here: { unit: 'study' },
    needs: RECEIVE,
    async open(place) {
      const port = await place.port();
      await place.serve('storescp', [String(port), '-od', place.data, '+uf'], port);
      return sendInTwo(place, port);
    },
  },
  {
    name: 'storescp-slow',
    sender: 'storescp',
    there: `\`-od WATCHED -su study\`, a new association for each image, ${PAUSE_MS / 1000} s apart`,
    needs: RECEIVE,
    async open(place) {
      const port = await receive(place, place.data, []);
      const study = await place.study();
      return async () => {
        for (const file of study.files) {
          await place.run('storescu', ['127.0.0.1', String(port), file]);
          await pause(PAUSE_MS);
        }
        return [study];
      };
    },
  },
  ...(['movescu', 'getscu'] as const).map(
    (tool): Scenario => ({
      name: tool,
      sender: tool,
      there: '`-od X.tmp`, then `mv X.tmp X`',
      needs: [tool, 'dcmqrscp', 'storescu'],
      async open(place) {
        const study = await place.study();
        const { archive, moving } = await openArchive(place);
        await place.run('storescu', ['-aec', 'ARCHIVE', '127.0.0.1', String(archive), ...study.files]);
        const keys = ['-k', '0008,0052=STUDY', '-k', `0020,000D=${study.studyInstanceUid}`];
        const to = tool === 'movescu' ? ['--port', String(moving), '-aem', 'SENDIT'] : [];
        return async () => {
          const output = join(place.data, 'X.tmp');
          await place.run('mkdir', [output]);
          const titles = ['-aet', 'SENDIT', '-aec', 'ARCHIVE', '-S', ...to];
          await place.run(tool, [...titles, '-od', output, ...keys, '127.0.0.1', String(archive)]);
          await rename(output, join(place.data, 'X'));
          return [study];
        };
      },
    }),
  ),
  {
    name: 'movescu-in-place',
    sender: 'movescu',
    there: '`-od X`, under the final name',
    needs: ['movescu', 'dcmqrscp', 'storescu'],
    async open(place) {
      const study = await place.study();
      const { archive, moving } = await openArchive(place);
      await place.run('storescu', ['-aec', 'ARCHIVE', '127.0.0.1', String(archive), ...study.files]);
      return async () => {
        const output = join(place.data, 'X');
        await place.run('mkdir', [output]);
        const titles = ['-aet', 'SENDIT', '-aec', 'ARCHIVE', '-S', '--port', String(moving), '-aem', 'SENDIT'];
        const keys = ['-k', '0008,0052=STUDY', '-k', `0020,000D=${study.studyInstanceUid}`];
        await place.run('movescu', [...titles, '-od', output, ...keys, '127.0.0.1', String(archive)]);
        return [study];
      };
    },
  },
];

async function receive(place: Place, folder: string, args: readonly string[], seconds = END_OF_STUDY_S) {
  const port = await place.port();
  const sorted = ['-od', folder, '-su', 'study', '-tos', String(seconds), '-xs', ...args];
  await place.serve('storescp', [String(port), ...sorted], port);
  return port;
}

/** Two studies, an association each, one after the other. */
async function sendOneByOne(place: Place, port: number): Promise<Send> {
  const studies = [await place.study(), await place.study()];
  return async () => {
    for (const study of studies) await place.run('storescu', ['127.0.0.1', String(port), ...study.files]);
    return studies;
  };
}

/** Two studies in one association, image by image. */
async function sendInterleaved(place: Place, port: number): Promise<Send> {
  const studies = [await place.study(), await place.study()] as const;
  const files = studies[0].files.flatMap((file, index) => [file, studies[1].files[index] ?? []].flat());
  return async () => {
    await place.run('storescu', ['127.0.0.1', String(port), ...files]);
    return studies;
  };
}

/** Half of a study, an abort, a pause, the rest. */
async function sendInTwo(place: Place, port: number): Promise<Send> {
  const study = await place.study();
  const half = Math.floor(study.files.length / 2);
  return async () => {
    await place.run('storescu', ['--abort', '127.0.0.1', String(port), ...study.files.slice(0, half)]);
    await pause(Math.min(PAUSE_MS, QUIET_MS / 2));
    await place.run('storescu', ['127.0.0.1', String(port), ...study.files.slice(half)]);
    return [study];
  };
}

/** dcmqrscp with an empty database: a PACS that answers C-MOVE and C-GET. */
async function openArchive(place: Place): Promise<{ archive: number; moving: number }> {
  const [archive, moving] = [await place.port(), await place.port()];
  const path = join(place.side, 'dcmqrscp.cfg');
  const lines = [
    `NetworkTCPPort = ${archive}`,
    'MaxPDUSize = 16384',
    'MaxAssociations = 16',
    'HostTable BEGIN',
    `sendit = (SENDIT, 127.0.0.1, ${moving})`,
    'HostTable END',
    'VendorTable BEGIN',
    'VendorTable END',
    'AETable BEGIN',
    `ARCHIVE ${await place.folder('archive')} RW (100, 1024mb) ANY`,
    'AETable END',
  ];
  await writeFile(path, `${lines.join('\n')}\n`);
  await place.serve('dcmqrscp', ['-c', path, String(archive)], archive);
  return { archive, moving };
}
