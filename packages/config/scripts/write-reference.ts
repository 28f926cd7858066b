import { writeFile } from 'node:fs/promises';
import { toReferencePage } from '../src/reference-page.ts';

await writeFile(new URL('../../../docs/configuration.md', import.meta.url), toReferencePage());
