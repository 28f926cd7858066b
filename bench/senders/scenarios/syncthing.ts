import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '@sendit/testing/services';
import { readdir } from 'node:fs/promises';
import type { Place } from '../place.ts';
import type { Scenario } from '../scenario.ts';

interface Device {
  readonly home: string;
  readonly id: string;
  readonly port: number;
  readonly folder: string;
}

async function generate(place: Place, name: string, folder: string): Promise<Device> {
  const home = await place.folder(`syncthing-${name}`);
  await place.run('syncthing', ['generate', '--no-default-folder', '--home', home], { env: { HOME: home } });
  const id = (await place.run('syncthing', ['--device-id', '--home', home], { env: { HOME: home } })).trim();
  return { home, id, port: await place.port(), folder };
}

/** One device of two: no discovery, no relays, the other's address given. */
async function configure(place: Place, own: Device, other: Device): Promise<void> {
  const path = join(own.home, 'config.xml');
  const gui = await place.port();
  const key = /<apikey>(.*?)<\/apikey>/.exec(await readFile(path, 'utf8'))?.[1] ?? '';
  const device = ({ id, port }: Device): string =>
    `<device id="${id}" name="${id.slice(0, 5)}"><address>tcp://127.0.0.1:${port}</address></device>`;
  const shared = [own, other].map(({ id }) => `<device id="${id}"/>`).join('');
  const options = [
    `<listenAddress>tcp://127.0.0.1:${own.port}</listenAddress>`,
    ...['globalAnnounceEnabled', 'localAnnounceEnabled', 'relaysEnabled', 'natEnabled', 'crashReportingEnabled'].map(
      (name) => `<${name}>false</${name}>`,
    ),
    '<reconnectionIntervalS>1</reconnectionIntervalS><urAccepted>-1</urAccepted><autoUpgradeIntervalH>0</autoUpgradeIntervalH>',
  ].join('');
  await writeFile(
    path,
    `<configuration version="36"><folder id="landing" path="${own.folder}" type="sendreceive" rescanIntervalS="3600" fsWatcherEnabled="true" fsWatcherDelayS="1">${shared}</folder>${device(own)}${device(other)}<gui enabled="true"><address>127.0.0.1:${gui}</address><apikey>${key}</apikey></gui><options>${options}</options></configuration>`,
  );
  await place.serve('syncthing', ['serve', '--no-browser', '--no-restart', '--home', own.home], own.port, {
    HOME: own.home,
    STNOUPGRADE: '1',
  });
}

/** A folder that is the same on two hosts. */
export const syncthing: readonly Scenario[] = [
  {
    name: 'syncthing',
    sender: 'Syncthing',
    there: 'the watch path is a synced folder; a study is copied into it on the other host',
    needs: ['syncthing'],
    async open(place) {
      const study = await place.study({ series: [{ instances: 6, rows: 256 }] });
      const sender = await generate(place, 'sender', await place.folder('outbox'));
      const receiver = await generate(place, 'receiver', place.data);
      await configure(place, sender, receiver);
      await configure(place, receiver, sender);
      return async () => {
        await cp(study.folder, join(sender.folder, 'X'), { recursive: true });
        await waitUntil(
          'Syncthing to bring the study',
          async () =>
            (await readdir(join(place.data, 'X'))).filter((name) => name.endsWith('.dcm')).length ===
            study.files.length,
          80_000,
        );
        return [study];
      };
    },
  },
];
