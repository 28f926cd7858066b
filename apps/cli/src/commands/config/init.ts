import { writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { configTemplate, listConfigFiles, SCHEMA_FILE, toJsonSchema } from '@sendit/config';
import { SenditError, toErrno } from '@sendit/model';
import { BaseCommand } from '../../base-command.ts';

const FORMATS = ['ts', 'mts', 'js', 'json', 'yaml'] as const;

export default class ConfigInit extends BaseCommand {
  static override summary = 'Write a commented configuration file into this folder.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --format yaml',
  ];
  static override flags = {
    format: Flags.option({ options: FORMATS, default: 'ts' as const, summary: 'Kind of file.' })(),
    force: Flags.boolean({ summary: 'Replace a file that is there.' }),
  };

  async run(): Promise<{ file: string }> {
    const { flags } = await this.parse(ConfigInit);
    const file = resolve(flags.config ?? `sendit.config.${flags.format}`);
    const others = flags.config === undefined ? await findOthers(file) : [];
    if (others.length > 0) {
      throw new SenditError(`There is a configuration here already: ${others.join(', ')}.`, {
        code: 'refused',
        hint: 'Two in one folder make every command fail. Remove it first, or write the other one elsewhere with --config FILE.',
      });
    }
    try {
      await writeFile(file, configTemplate(flags.format), { flag: flags.force ? 'w' : 'wx' });
    } catch (error) {
      if (toErrno(error) !== 'EEXIST') throw error;
      throw new SenditError(`${file} exists already.`, {
        code: 'refused',
        hint: 'Use --force to replace it.',
        cause: error,
      });
    }
    if (flags.format === 'json' || flags.format === 'yaml') await writeSchema(dirname(file));
    this.log(`${file} is written. Next: set the watch paths in it, then \`sendit config check\`.`);
    return { file };
  }
}

/** For editors, which find it by the first line of the file; made anew, since it is of this version. */
async function writeSchema(folder: string): Promise<void> {
  await writeFile(resolve(folder, SCHEMA_FILE), `${JSON.stringify(toJsonSchema(), undefined, 2)}\n`);
}

/** Configurations beside the one that is to be written. */
async function findOthers(file: string): Promise<readonly string[]> {
  return (await listConfigFiles(dirname(file))).filter((name) => name !== basename(file));
}
