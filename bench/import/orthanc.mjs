// Orthanc as Debian has it, with everything as it is by default: a server of its own on free ports, in a temporary directory.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { freePort } from './free-port.mjs';

const PATIENCE_MS = 60_000;
/** Connections at the same time: more made it no faster. */
const CLIENTS = 4;

/** Whether it can be started here. */
export const isInstalled = () => spawnSync('Orthanc', ['--version'], { stdio: 'ignore' }).status === 0;

/** Milliseconds until a fresh server has taken every file of some directories, by its REST interface. */
export async function importIntoOrthanc(directory, sources) {
  mkdirSync(directory, { recursive: true });
  const port = await freePort();
  const config = {
    StorageDirectory: join(directory, 'storage'),
    IndexDirectory: join(directory, 'index'),
    HttpPort: port,
    DicomPort: await freePort(),
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    Plugins: [],
  };
  writeFileSync(join(directory, 'orthanc.json'), JSON.stringify(config));
  const server = spawn('Orthanc', [join(directory, 'orthanc.json')], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  try {
    await untilUp(port, agent);
    const paths = sources.flatMap((source) => readdirSync(source).map((name) => join(source, name)));
    const started = performance.now();
    const queue = paths[Symbol.iterator]();
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        for (const path of queue)
          await send({ agent, port, method: 'POST', path: '/instances', body: readFileSync(path) });
      }),
    );
    const ms = Math.round(performance.now() - started);
    const { CountInstances: files } = JSON.parse(await send({ agent, port, path: '/statistics' }));
    if (files !== paths.length) throw new Error(`Expected Orthanc to have ${paths.length} instances, got ${files}`);
    return { files, ms };
  } finally {
    agent.destroy();
    server.kill();
    await ended;
  }
}

async function untilUp(port, agent) {
  for (const end = performance.now() + PATIENCE_MS; ; ) {
    try {
      return await send({ agent, port, path: '/system' });
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function send({ agent, port, method = 'GET', path, body }) {
  return new Promise((resolve, reject) => {
    const asked = request({ agent, port, host: '127.0.0.1', method, path }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString());
        else reject(new Error(`Expected Orthanc to take a file, got status ${response.statusCode}`));
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
