import { toErrorBody } from '@sendit/api';
import { ERROR_CODES } from '@sendit/model';
import { describe, expect, test } from 'vitest';
import { describeForLog, toHttpStatus, toSenditError } from './http-error.ts';

describe('errors over HTTP', () => {
  test('every code has an error status', () => {
    for (const code of ERROR_CODES) expect(toHttpStatus(code)).toBeGreaterThanOrEqual(400);
  });

  test('the message of an unexpected error stays inside', () => {
    const error = toSenditError(new Error('duplicate key (Müller^Anna)'));
    expect(JSON.stringify(toErrorBody(error))).not.toContain('Anna');
    expect(JSON.stringify(describeForLog(new Error('duplicate key (Müller^Anna)')))).not.toContain('Anna');
  });
});
