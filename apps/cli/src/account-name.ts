import { userInfo } from 'node:os';

/** Who runs this command, as the operating system knows it; an account without an entry in its list is told by its number. */
export function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
