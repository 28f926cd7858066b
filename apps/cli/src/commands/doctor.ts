import { toConfigurationError } from '@sendit/config';
import type { Diagnosis, DiagnosisState } from '@sendit/runtime/doctor';
import { BaseCommand } from '../base-command.ts';
import { renderDiagnoses } from '../render/render-diagnoses.ts';
import { startFlags } from '../start-flags.ts';

/** As printed. */
interface DoctorReport {
  readonly level: DiagnosisState;
  readonly diagnoses: readonly Diagnosis[];
}

const LEVELS: readonly DiagnosisState[] = ['ok', 'info', 'warning', 'error'];

export default class Doctor extends BaseCommand {
  static override summary = 'Look at everything that sendit stands on, and say what to mend.';
  static override description =
    'Node and kernel limits, each watch path with its file system and mount options, the state directory and its disk, database, queue, clocks, ' +
    'the configuration, and what a running watcher says. Leaves nothing behind. Run it as the user that the watcher runs as. ' +
    'Exit code 0: well; 2: the configuration is wrong; 3: a warning or an error stands.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    'sudo -u sendit <%= config.bin %> <%= command.id %> --config /etc/sendit/sendit.config.yaml --json',
  ];
  static override flags = startFlags;

  async run(): Promise<DoctorReport> {
    const { flags } = await this.parse(Doctor);
    const { loadAskedSettings } = await import('@sendit/runtime/settings');
    const result = await loadAskedSettings(flags, { cwd: process.cwd(), env: process.env });
    if (result.kind === 'invalid') throw toConfigurationError(result);
    for (const warning of result.warnings) this.warnOf(warning);
    const { examine } = await import('@sendit/runtime/doctor');
    const diagnoses = await examine(result.settings);
    const level = LEVELS[Math.max(...diagnoses.map(({ state }) => LEVELS.indexOf(state)))] ?? 'ok';
    process.exitCode = level === 'warning' || level === 'error' ? 3 : 0;
    this.log(renderDiagnoses(diagnoses));
    return { level, diagnoses };
  }
}
