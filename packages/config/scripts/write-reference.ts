import { writeFile } from 'node:fs/promises';
import { toReferencePage } from '../src/reference-page.ts';
import { toTypesFile } from '../src/render-types.ts';

await writeFile(new URL('../../../docs/configuration.md', import.meta.url), toReferencePage());
await writeFile(new URL('../src/config-types.ts', import.meta.url), toTypesFile());
