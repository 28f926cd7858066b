import { resolve } from 'node:path';
import { isUnitKey } from '@sendit/model';

/** A batch as a person names it: a path may be relative to the working directory, with a slash at its end; an id, a name or the key of a unit stays. */
export function toBatchRef(text: string): string {
  return text.includes('/') && !isUnitKey(text) ? resolve(text) : text;
}
