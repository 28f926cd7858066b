/** Formats in which `sendit config init` writes. */
export type TemplateFormat = 'ts' | 'mts' | 'js' | 'json' | 'yaml';

/** The JSON schema that `sendit config init` writes beside a file in JSON or YAML, for editors. */
export const SCHEMA_FILE = './sendit.schema.json';

/** A configuration file to begin with: valid, and with a word on what people change first, where the format has comments. */
export function configTemplate(format: TemplateFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify({ $schema: SCHEMA_FILE, watchPaths: [['/data', 'IN_ALL_EVENTS', 'DicomQueue']] }, undefined, 2)}\n`;
    case 'yaml':
      return YAML;
    case 'ts':
    case 'mts':
    case 'js':
      return MODULE;
  }
}

const MODULE = `import { defineConfig } from '@sendit/config';

export default defineConfig({
  // The folders to watch: [folder, events, processor]. A list works too, in place of the function.
  watchPaths: () => [
    ['/data', 'IN_ALL_EVENTS', 'DicomQueue'],

    // The long form, with a processor of your own:
    // {
    //   folder: '/incoming',
    //   name: 'incoming',
    //   events: 'IN_CREATE | IN_MOVED_TO',
    //   processor: './my-processor.ts#MyProcessor',
    //   quietMs: 5_000,
    //   unit: 'series', // what becomes a batch: 'directory', or all files of one 'series' or 'study', wherever they lie
    // },
  ],

  // Pid file, logs, socket and the embedded database are kept here. Must lie outside the watched folders.
  // stateDir: '.sendit',

  // A directory that was not renamed into place counts as complete when nothing changed in it for so long.
  // quietMs: 15_000,

  // Directories whose name begins so are logged, not imported; false for none.
  // testPrefix: 'test',

  // Servers in place of the embedded database. The variables DATABASE_URL and REDIS_URL keep passwords out of this file.
  // databaseUrl: 'postgres://sendit@localhost/sendit',
  // redisUrl: 'redis://localhost:6379',

  // The web portal.
  // portal: { enabled: true, host: '127.0.0.1', port: 7373 },
});
`;

const YAML = `# yaml-language-server: $schema=${SCHEMA_FILE}

# The folders to watch: [folder, events, processor].
watchPaths:
  - [/data, IN_ALL_EVENTS, DicomQueue]

  # The long form, with a processor of your own:
  # - folder: /incoming
  #   name: incoming
  #   events: IN_CREATE | IN_MOVED_TO
  #   processor: ./my-processor.ts#MyProcessor
  #   quietMs: 5000
  #   unit: series # what becomes a batch: directory, or all files of one series or study, wherever they lie

# Pid file, logs, socket and the embedded database are kept here. Must lie outside the watched folders.
# stateDir: .sendit

# A directory that was not renamed into place counts as complete when nothing changed in it for so long.
# quietMs: 15000

# Directories whose name begins so are logged, not imported; false for none.
# testPrefix: test

# Servers in place of the embedded database. The variables DATABASE_URL and REDIS_URL keep passwords out of this file.
# databaseUrl: postgres://sendit@localhost/sendit
# redisUrl: redis://localhost:6379

# The web portal.
# portal: { enabled: true, host: 127.0.0.1, port: 7373 }
`;
