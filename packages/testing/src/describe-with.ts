import { describe, test } from 'vitest';
import { SERVICES, type ServiceName } from './services.ts';

/**
 * Like vitest's `describe`, for suites that need real services. Where one is not installed the suite is skipped and its name
 * says why; under `SENDIT_REQUIRE_SERVICES=1` that is a failure instead.
 */
export function describeWith(services: readonly ServiceName[], name: string, suite: () => void): void {
  const missing = services.filter((service) => SERVICES[service].find() === undefined);
  if (missing.length === 0) {
    describe(name, suite);
    return;
  }
  const why = `${name} (needs ${missing.join(' and ')}: not installed)`;
  if (process.env['SENDIT_REQUIRE_SERVICES'] === '1') {
    test(why, () => {
      throw new Error(`SENDIT_REQUIRE_SERVICES=1, but ${missing.join(' and ')} is not installed`);
    });
    return;
  }
  describe.skip(why, suite);
}
