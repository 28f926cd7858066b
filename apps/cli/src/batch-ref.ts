import { resolve } from 'node:path';

/** A batch as a person names it: a path may be relative to the working directory, with a slash at its end; an id or a name stays. */
export function toBatchRef(text: string): string {
  return text.includes('/') ? resolve(text) : text;
}
