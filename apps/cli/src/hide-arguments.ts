import { redactUrl, redactUrlsIn } from '@sendit/model';

/**
 * This process's command line as others may see it, where it holds a server's URL: every user of the host can read it in `/proc`,
 * and a worker or a watcher in the foreground runs for long. Undefined where there is nothing to hide.
 */
export function toShownArguments(argv: readonly string[]): string | undefined {
  const shown = argv.map((argument, index) => {
    const [flag, ...value] = argument.split('=');
    if (isUrlFlag(argv[index - 1])) return redactUrl(argument);
    return isUrlFlag(flag) && value.length > 0 ? `${flag}=${redactUrl(value.join('='))}` : redactUrlsIn(argument);
  });
  return shown.every((argument, index) => argument === argv[index]) ? undefined : ['sendit', ...shown].join(' ');
}

function isUrlFlag(text: string | undefined): boolean {
  return text === '--database-url' || text === '--redis-url';
}
