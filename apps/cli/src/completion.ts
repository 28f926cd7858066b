/** Shells that there is a completion for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A command as completions need it. */
export interface Completed {
  /** Its words: `batch list`. */
  readonly words: string;
  /** Without the dashes. */
  readonly flags: readonly string[];
}

/** The script that a shell reads once, to complete commands and flags; it starts no process. */
export function toCompletion(name: (typeof SHELLS)[number], commands: readonly Completed[]): string {
  if (name === 'fish') return toFish(commands);
  const bash = toBash(commands);
  return name === 'bash' ? bash : `autoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

/** Maps the words typed so far to their completions: next words of commands, or flags of one. */
function toChoices(commands: readonly Completed[]): ReadonlyMap<string, ReadonlySet<string>> {
  const choices = new Map<string, Set<string>>();
  for (const { flags, words } of commands) {
    const parts = words.split(' ');
    for (const [at, part] of parts.entries()) {
      const before = parts.slice(0, at).join(' ');
      choices.set(before, (choices.get(before) ?? new Set()).add(part));
    }
    const own = choices.get(words) ?? new Set();
    for (const flag of [...flags, 'help']) own.add(`--${flag}`);
    choices.set(words, own);
  }
  return choices;
}

function toBash(commands: readonly Completed[]): string {
  const cases = [...toChoices(commands)].map(([words, next]) => `    '${words}') next='${[...next].join(' ')}' ;;`);
  return `_sendit() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words='' next='' at
  for ((at = 1; at < COMP_CWORD && at < 3; at++)); do
    case "\${COMP_WORDS[at]}" in
      [a-z]*) words="\${words:+$words }\${COMP_WORDS[at]}" ;;
    esac
  done
  _sendit_next "$words"
  [ -n "$next" ] || _sendit_next "\${words%% *}"
  COMPREPLY=($(compgen -W "$next" -- "$current"))
}
_sendit_next() {
  case "$1" in
${cases.join('\n')}
  esac
}
complete -o default -F _sendit sendit
`;
}

function toFish(commands: readonly Completed[]): string {
  const lines = [...toChoices(commands)].flatMap(([words, next]) => {
    const typed = words === '' ? '__fish_use_subcommand' : words.split(' ').map(toSeen).join('; and ');
    return [...next].map((one) =>
      one.startsWith('--')
        ? `complete -c sendit -n '${typed}' -l ${one.slice(2)}`
        : `complete -c sendit -f -n '${typed}' -a ${one}`,
    );
  });
  return `${lines.join('\n')}\n`;
}

function toSeen(word: string): string {
  return `__fish_seen_subcommand_from ${word}`;
}
