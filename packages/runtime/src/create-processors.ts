import { type Settings, toConfigurationError } from '@sendit/config';
import { BUILT_IN_PROCESSORS, type Processor, toProcessor } from '@sendit/processors';

/**
 * The processors that the settings name, one for each watch path: they keep state.
 * @throws SenditError `bad-configuration` with every value that is not one
 */
export function createProcessors(settings: Pick<Settings, 'watchPaths' | 'configFile'>): readonly Processor[] {
  const made = settings.watchPaths.map(({ processor, processorKind }) =>
    toProcessor(
      processorKind.kind === 'built-in' ? BUILT_IN_PROCESSORS[processorKind.name] : processorKind.value,
      processor,
    ),
  );
  const problems = made.flatMap((one, index) =>
    one.kind === 'problem' ? [{ path: `watchPaths[${index}].processor`, message: one.message, source: '' }] : [],
  );
  if (problems.length > 0) throw toConfigurationError({ file: settings.configFile, problems });
  return made.flatMap((one) => (one.kind === 'processor' ? [one.processor] : []));
}
