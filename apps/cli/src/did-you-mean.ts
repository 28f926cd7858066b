import { Config } from '@oclif/core';
import { toSuggestion } from '@sendit/config';

/** Used part of oclif's list of commands. */
export interface Commands {
  readonly ids: readonly string[];
  readonly flagsOf: (id: string) => readonly string[];
}

/** oclif's words for `sendit batch lst` and for `--stat`. */
const NO_COMMAND = /^command (\S+) not found$/;
const NO_FLAG = /^Nonexistent flags?: (--?[\w-]+)/;

/** oclif's own message where it knows no such command or flag, with the nearest one that there is; undefined for other messages. */
export function toAdvice(message: string, argv: readonly string[], { flagsOf, ids }: Commands): string | undefined {
  const [, given] = NO_COMMAND.exec(message) ?? [];
  if (given !== undefined) {
    const known = [...new Set(ids.flatMap((id) => [id, id.split(':')[0] ?? id]))].map((id) => id.replaceAll(':', ' '));
    // oclif takes for the command what may be its argument.
    const words = given.replaceAll(':', ' ');
    return `There is no command \`sendit ${words}\`${toSuggestion(words, known)}; \`sendit --help\` lists them.`;
  }
  const [, flag] = NO_FLAG.exec(message) ?? [];
  if (flag === undefined) return undefined;
  const id = ids.filter((one) => argv.join(':').startsWith(one)).sort((one, other) => other.length - one.length)[0];
  if (id === undefined) return undefined;
  const suggestion = toSuggestion(flag.replace(/^-+/, ''), flagsOf(id)).replace('mean ', 'mean --');
  return `\`sendit ${id.replaceAll(':', ' ')}\` has no flag ${flag}${suggestion}; \`sendit ${id.replaceAll(':', ' ')} --help\` lists them.`;
}

/** The commands that there are, as oclif knows them. */
export async function readCommands(entry: string): Promise<Commands> {
  const config = await Config.load(entry);
  return {
    ids: config.commandIDs,
    flagsOf: (id) => Object.keys(config.findCommand(id)?.flags ?? {}),
  };
}
