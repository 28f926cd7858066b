// Puts the hand-written files of the page beside its compiled modules.
import { copyFile } from 'node:fs/promises';

for (const name of ['index.html', 'style.css', 'icon.svg']) {
  await copyFile(new URL(`../page/${name}`, import.meta.url), new URL(`../dist/page/${name}`, import.meta.url));
}
