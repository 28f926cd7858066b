import { resolve } from 'node:path';
import { Args } from '@oclif/core';
import { checkBatch, type DirectoryCheck, openInlineHeaders } from '@sendit/importer';
import { type FindingPolicy, SenditError } from '@sendit/model';
import { BaseCommand } from '../../base-command.ts';
import { isDirectory } from '../../show-file.ts';
import { renderTable } from '../../render/table.ts';
import { loadCliSettings, type SettingsFlags } from '@sendit/runtime/settings';

/** Maximum files listed per finding code. */
const EXAMPLES = 5;

/** Output of `--json`: the examples' paths below the directory, or the message if a finding is about the whole. */
interface CheckReport extends Omit<DirectoryCheck, 'findings'> {
  readonly findings: readonly {
    readonly code: string;
    readonly severity: string;
    readonly count: number;
    readonly examples: readonly string[];
  }[];
}

export default class DicomCheck extends BaseCommand {
  static override summary = 'Say what an import of a directory would find, without a database.';
  static override description =
    'The same findings as `batch show`, as bad as `findings` of the configuration says; docs/findings.md says what each means. All of the directory is read, `limits` or not, but for what a seal ignores by default. Nothing is written. Exits with 1 where a finding is an error.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %> /data/L123456',
    '<%= config.bin %> <%= command.id %> /data/L123456 --json',
  ];
  static override args = {
    directory: Args.string({ required: true, description: 'A directory with DICOM files.' }),
  };

  async run(): Promise<CheckReport> {
    const { args, flags } = await this.parse(DicomCheck);
    const path = resolve(args.directory);
    if (!(await isDirectory(path))) throw noDirectory(path);
    await using readers = openInlineHeaders();
    const findingPolicy = await this.#readPolicy(flags, path);
    const check = await checkBatch(path, { readers, findingPolicy }, new AbortController().signal);
    const { files, studies, series, instances } = check;
    this.log(`${files} files: ${studies} studies, ${series} series, ${instances} instances.`);
    if (check.findings.length > 0) this.log(renderFindings(check));
    else this.log('No findings.');
    if (check.findings.some(({ severity }) => severity === 'error')) process.exitCode = 1;
    const findings = check.findings.map(({ examples, ...finding }) => ({
      ...finding,
      examples: examples.slice(0, EXAMPLES).map((example) => example.path ?? example.message),
    }));
    return { files, studies, series, instances, findings };
  }

  /** How the watch path that the directory lies in has its findings judged. Headers can be read without a configuration that is right. */
  async #readPolicy(flags: SettingsFlags, path: string): Promise<FindingPolicy> {
    try {
      const { settings } = await loadCliSettings(flags, 'looking');
      return settings.watchPaths.find(({ folder }) => path.startsWith(`${folder}/`))?.findings ?? settings.findings;
    } catch (error) {
      if (flags.config !== undefined || !(error instanceof SenditError)) throw error;
      this.warnOf(
        `${error.message} Findings are judged as without a configuration; \`sendit config check\` says more.`,
      );
      return {};
    }
  }
}

function renderFindings({ findings }: DirectoryCheck): string {
  return renderTable(
    { head: ['FINDING', 'SEVERITY', 'COUNT', 'FIRST FILE', 'MESSAGE'], right: [2] },
    findings.map(({ code, severity, count, examples: [first] }) => [
      code,
      severity,
      String(count),
      first?.path ?? '–',
      first?.message ?? '',
    ]),
  );
}

function noDirectory(path: string): SenditError {
  return new SenditError(`Expected a directory at ${path}, got a file.`, {
    code: 'bad-arguments',
    hint: 'Name the directory that it lies in; `sendit dicom show` takes files.',
  });
}
