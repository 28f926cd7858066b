import { expect, test } from 'vitest';
import { judgeRefusedFolder } from './list-files.ts';

test.each([
  ['ENOENT', 'gone', 'gone'],
  ['ENOTDIR', 'gone', 'gone'],
  ['ELOOP', 'gone', 'gone'],
  ['EACCES', 'told', 'told'],
  ['EPERM', 'told', 'told'],
  ['EIO', 'wait', 'told'],
  ['ESTALE', 'wait', 'told'],
  ['EMFILE', 'wait', 'wait'],
  ['ENOMEM', 'wait', 'wait'],
])('a folder that cannot be listed for %s is %s, and %s once a person accepted the batch', (code, usual, accepted) => {
  expect(judgeRefusedFolder(code, false)).toBe(usual);
  expect(judgeRefusedFolder(code, true)).toBe(accepted);
});
