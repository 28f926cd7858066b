import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { renderFiles, renderTree } from '../../render/render-dicom.ts';
import { listShownFiles, readShownFile, type ShownFile } from '../../show-file.ts';

/** Kinds of which there is something to show; of a file that was cut, what lies before. */
const WITH_TREE: ReadonlySet<string> = new Set(['dicom', 'dicomdir', 'truncated']);

export default class DicomShow extends BaseCommand {
  static override summary = 'Show what the header of a file says, or one line for each file of a directory.';
  static override description =
    'Holds patient data: what is printed is what is in the file. Text is decoded by its character set; pixel data is never read.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %> IM0001',
    '<%= config.bin %> <%= command.id %> /data/L123456',
    '<%= config.bin %> <%= command.id %> IM0001 --json',
  ];
  static override args = {
    path: Args.string({ required: true, description: 'A file, or a directory with files.' }),
  };
  static override flags = {
    tag: Flags.string({
      char: 't',
      multiple: true,
      summary: 'Only this attribute, by keyword (PatientID); repeatable.',
    }),
  };

  async run(): Promise<ShownFile | readonly ShownFile[]> {
    const { args, flags } = await this.parse(DicomShow);
    const { isDirectory, files } = await listShownFiles(args.path);
    const [first = args.path] = files;
    const shown = files.map((file) => pick(readShownFile(file), flags.tag));
    const [one = readShownFile(first)] = shown;
    if (isDirectory) this.log(renderFiles(shown));
    else if (flags.tag !== undefined) this.log(Object.values(one.attributes).map(String).join('\n'));
    else this.log(`${one.file}: ${one.kind}${WITH_TREE.has(one.kind) ? `\n${renderTree(one.file)}` : ''}`);
    return isDirectory ? shown : one;
  }
}

function pick(file: ShownFile, keywords: readonly string[] | undefined): ShownFile {
  if (keywords === undefined) return file;
  const attributes = Object.entries(file.attributes).filter(([keyword]) => keywords.includes(keyword));
  return { ...file, attributes: Object.fromEntries(attributes) };
}
