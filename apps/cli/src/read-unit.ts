import { realpath } from 'node:fs/promises';
import type { ServiceRole } from '@sendit/runtime/service';
import type { SettingsFlags } from '@sendit/runtime/settings';

/** The unit of one service, from the configuration that the flags name. */
export async function readUnit(
  flags: SettingsFlags & { readonly role: ServiceRole; readonly user: string; readonly 'environment-file': string },
): Promise<{ readonly name: string; readonly unit: string }> {
  const { loadCliSettings } = await import('@sendit/runtime/settings');
  const { toUnit, toUnitName } = await import('@sendit/runtime/service');
  const { settings } = await loadCliSettings(flags, 'looking');
  const { role, user } = flags;
  const command = await realpath(process.argv[1] ?? '');
  const request = { role, user, node: process.execPath, command, environmentFile: flags['environment-file'] };
  return { name: toUnitName(role), unit: toUnit(request, settings) };
}
