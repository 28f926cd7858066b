import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '@sendit/testing/services';
import type { Place } from '../place.ts';
import type { Scenario } from '../scenario.ts';

/** Seconds after which Orthanc takes a study for stable. */
const STABLE_S = 2;

interface Orthanc {
  readonly url: string;
  /** Sends files to it by its REST interface. */
  post(files: readonly string[]): Promise<void>;
}

/** Orthanc as Debian has it, in the place's own folders. */
async function openOrthanc(place: Place, settings: Record<string, unknown> = {}): Promise<Orthanc> {
  const port = await place.port();
  const path = join(await place.folder('orthanc'), 'orthanc.json');
  const config = {
    StorageDirectory: join(place.side, 'orthanc', 'storage'),
    IndexDirectory: join(place.side, 'orthanc', 'index'),
    HttpPort: port,
    DicomPort: await place.port(),
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    StableAge: STABLE_S,
    Plugins: [],
    ...settings,
  };
  await writeFile(path, JSON.stringify(config));
  await place.serve('Orthanc', [path], port);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    async post(files) {
      for (const file of files) {
        const answer = await fetch(`${url}/instances`, { method: 'POST', body: await readFile(file) });
        if (!answer.ok) throw new Error(`Orthanc answered ${answer.status}`);
      }
    },
  };
}

/** The script of docs/senders.md: a study that is stable is written to `X.tmp`, and renamed. */
export function toLua(folder: string): string {
  return `
function OnStableStudy(studyId, tags, metadata)
  local final = '${folder}/' .. studyId
  os.execute('mkdir -p "' .. final .. '.tmp"')
  for _, instance in ipairs(ParseJson(RestApiGet('/studies/' .. studyId .. '/instances'))) do
    local file = assert(io.open(final .. '.tmp/' .. instance.ID .. '.dcm', 'wb'))
    file:write(RestApiGet('/instances/' .. instance.ID .. '/file'))
    file:close()
  end
  assert(os.rename(final .. '.tmp', final))
end
`;
}

/** What a DICOM server hands on. */
export const orthanc: readonly Scenario[] = [
  {
    name: 'orthanc-lua',
    sender: 'Orthanc',
    there: 'Lua `OnStableStudy` writes `X.tmp` and renames it',
    needs: ['Orthanc'],
    async open(place) {
      const study = await place.study();
      const script = join(place.side, 'export.lua');
      await writeFile(script, toLua(place.data));
      const server = await openOrthanc(place, { LuaScripts: [script] });
      return async () => {
        await server.post(study.files);
        return [study];
      };
    },
  },
  {
    name: 'orthanc-archive',
    sender: 'Orthanc',
    there: '`/studies/ID/archive`, unzipped into `X.tmp`, then `mv`',
    needs: ['Orthanc', 'unzip'],
    async open(place) {
      const study = await place.study();
      const server = await openOrthanc(place);
      await server.post(study.files);
      return async () => {
        const [id] = (await (await fetch(`${server.url}/studies`)).json()) as string[];
        const archive = join(place.side, 'archive.zip');
        const answer = await fetch(`${server.url}/studies/${id}/archive`);
        await writeFile(archive, Buffer.from(await answer.arrayBuffer()));
        await place.run('unzip', ['-q', archive, '-d', join(place.data, 'X.tmp')]);
        await rename(join(place.data, 'X.tmp'), join(place.data, 'X'));
        return [study];
      };
    },
  },
  {
    name: 'orthanc-storage',
    sender: 'Orthanc',
    there: '`StorageDirectory` is the watch path, `IndexDirectory` is elsewhere',
    here: { unit: 'study' },
    needs: ['Orthanc'],
    async open(place) {
      const studies = [await place.study(), await place.study()];
      const server = await openOrthanc(place, { StorageDirectory: place.data });
      return async () => {
        for (const study of studies) await server.post(study.files);
        // What Orthanc notes about a stable study may be written too.
        await waitUntil('Orthanc to have them', async () => {
          const { CountStudies } = (await (await fetch(`${server.url}/statistics`)).json()) as { CountStudies: number };
          return CountStudies === studies.length;
        });
        return studies;
      };
    },
  },
];
