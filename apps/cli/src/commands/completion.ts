import { Args } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { SHELLS, toCompletion } from '../completion.ts';

export default class Completion extends BaseCommand {
  static override summary = 'Print the completion of commands and flags for a shell.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> bash > /etc/bash_completion.d/sendit',
    'source <(<%= config.bin %> <%= command.id %> zsh)',
    '<%= config.bin %> <%= command.id %> fish > ~/.config/fish/completions/sendit.fish',
  ];
  static override args = {
    name: Args.string({ options: [...SHELLS], required: true, description: 'Name of the shell.' }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Completion);
    const name = SHELLS.find((known) => known === args.name) ?? 'bash';
    const commands = this.config.commands
      .filter(({ hidden }) => !hidden)
      .map(({ flags, id }) => ({
        words: id.replaceAll(':', ' '),
        flags: Object.keys(flags).filter((flag) => flags[flag]?.hidden !== true),
      }));
    this.log(toCompletion(name, commands).trimEnd());
  }
}
