import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OVERRIDES } from '@sendit/config';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

const deploy = join(import.meta.dirname, '..', 'deploy');
const commands = join(import.meta.dirname, '..', 'apps', 'cli', 'src', 'commands');

/** Fails for a command that does not exist. */
async function expectCommand(words: readonly string[]): Promise<void> {
  const [topic = '', name = ''] = words;
  expect(await readdir(join(commands, topic))).toContain(`${name}.ts`);
}

/** Names that mean something to sendit, or to what is beside it. */
const KNOWN_VARIABLES = new Set([...OVERRIDES.flatMap(({ env }) => env), 'NODE_ENV']);

describe('the image', () => {
  test('runs as a fixed user that is not root, with a health check that is well as long as it runs', async () => {
    const dockerfile = await readFile(join(deploy, 'docker', 'Dockerfile'), 'utf8');
    expect(dockerfile).toMatch(/^USER 10001:10001$/m);
    expect(dockerfile).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK .*\n.*sendit watcher status .*test \$\? -ne 1/m);
    const [, command = '[]'] = /^CMD (\[.*\])$/m.exec(dockerfile) ?? [];
    await expectCommand(JSON.parse(command) as string[]);
    const [, set = ''] = /^ENV (.*)$/m.exec(dockerfile) ?? [];
    for (const word of set.split(' ')) expect(KNOWN_VARIABLES).toContain(word.split('=')[0]);
  });
});

interface ComposeService {
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
}

test('compose runs commands that exist, with variables that mean something, read-only and without capabilities', async () => {
  const text = await readFile(join(deploy, 'docker', 'compose.yaml'), 'utf8');
  const { services } = parse(text, { merge: true }) as { readonly services: Readonly<Record<string, ComposeService>> };
  const own = Object.entries(services).filter(([, { image }]) => image === 'sendit');
  expect(own.map(([name]) => name)).toEqual(['watcher', 'worker', 'portal']);
  for (const [, { cap_drop: dropped, command, environment, read_only: isReadOnly }] of own) {
    await expectCommand(command);
    expect(KNOWN_VARIABLES).toEqual(new Set([...KNOWN_VARIABLES, ...Object.keys(environment)]));
    expect({ dropped, isReadOnly }).toEqual({ dropped: ['ALL'], isReadOnly: true });
  }
});

interface Workload {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas: number;
    readonly selector: { readonly matchLabels: object };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
    readonly template: { readonly metadata: { readonly labels: object }; readonly spec: PodSpec };
  };
}

interface PodSpec {
  readonly securityContext: object;
  readonly volumes: readonly { readonly name: string }[];
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly securityContext: object;
    readonly volumeMounts: readonly { readonly name: string }[];
  }[];
}

test('Kubernetes gets one watcher, workloads that select their own pods, volumes that exist, and no root', async () => {
  const text = await readFile(join(deploy, 'kubernetes', 'sendit.yaml'), 'utf8');
  // Anchors end with their document, and not every client knows merge keys.
  expect(text).not.toMatch(/[&*]\w+$|<<:/m);
  const documents = parseAllDocuments(text);
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  const objects = documents.map((document) => document.toJS() as Workload);
  const workloads = objects.filter(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment');
  expect(workloads.map(({ metadata, spec }) => [metadata.name, spec.replicas])).toEqual([
    ['sendit-watcher', 1],
    ['sendit-worker', 2],
  ]);
  for (const { spec } of workloads) {
    const { containers, securityContext, volumes } = spec.template.spec;
    expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
    expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    const there = [...volumes, ...(spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata)].map(
      ({ name }) => name,
    );
    for (const container of containers) {
      await expectCommand(container.args);
      expect(container.securityContext).toMatchObject({
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(there).toEqual(expect.arrayContaining(container.volumeMounts.map(({ name }) => name)));
    }
  }
});
