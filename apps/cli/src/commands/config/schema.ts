import { toJsonSchema } from '@sendit/config';
import { BaseCommand } from '../../base-command.ts';

export default class ConfigSchema extends BaseCommand {
  static override summary = 'Print the JSON schema of a configuration file, for editors.';
  static override description =
    'A file in JSON names it as "$schema", one in YAML in its first line: # yaml-language-server: $schema=./sendit.schema.json. ' +
    'In TypeScript the types of @sendit/config say the same.';
  static override examples = ['<%= config.bin %> <%= command.id %> > sendit.schema.json'];

  async run(): Promise<void> {
    await this.parse(ConfigSchema);
    this.log(JSON.stringify(toJsonSchema(), undefined, 2));
  }
}
