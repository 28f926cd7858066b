import { CONFIG_FILE_VARIABLE, OVERRIDES } from './overrides.ts';
import { toSuggestion } from './suggest.ts';

/** Variables of our name space that only tests read. */
const TEST_VARIABLES = ['SENDIT_DICOM_CORPUS', 'SENDIT_REQUIRE_SERVICES'];

/** A warning for every SENDIT_ variable that means nothing, most likely misspelt. Values are not shown. */
export function findUnknownVariables(
  env: Readonly<Record<string, string | undefined>>,
  alsoKnown: readonly string[] = [],
): readonly string[] {
  const known = [CONFIG_FILE_VARIABLE, ...OVERRIDES.flatMap((override) => override.env)];
  const silent = new Set([...known, ...TEST_VARIABLES, ...alsoKnown]);
  return Object.keys(env)
    .filter((name) => name.startsWith('SENDIT_') && env[name] !== undefined && !silent.has(name))
    .sort()
    .map((name) => `The environment variable ${name} is unknown and has no effect${toSuggestion(name, known)}.`);
}
