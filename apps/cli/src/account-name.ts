import { userInfo } from 'node:os';

/** The operating system's name of the account that runs this command; its number if it has no entry. */
export function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
