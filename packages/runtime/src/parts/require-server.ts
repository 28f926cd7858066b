import type { Settings } from '@sendit/config';
import { SenditError } from '@sendit/model';

/** @throws SenditError `needs-server` where only an embedded database is configured: it belongs to the watcher process alone. */
export function requireServer({ databaseUrl }: Pick<Settings, 'databaseUrl'>, who: string, hint: string): void {
  if (databaseUrl !== undefined) return;
  const message = `A separate ${who} needs a PostgreSQL database; the embedded one belongs to the watcher process alone.`;
  throw new SenditError(message, { code: 'needs-server', hint });
}
