import { SenditError } from '@sendit/model';
import type { z } from 'zod';

/**
 * Checks what was told to an operation, reporting every problem at once, without repeating what was told.
 * @throws SenditError `bad-arguments`
 */
export function parseInput(schema: z.ZodObject, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = [...new Set(parsed.error.issues.map((issue) => toProblem(schema, issue)))];
  throw new SenditError(problems[0] ?? 'Expected other arguments.', { code: 'bad-arguments', problems });
}

function toProblem(schema: z.ZodObject, issue: z.core.$ZodIssue): string {
  const [field] = issue.path;
  const known = Object.keys(schema.shape).join(', ');
  if (issue.code === 'unrecognized_keys') return `Expected only the fields ${known}, got another one.`;
  if (field === undefined) return `Expected a JSON object with the fields ${known}.`;
  return `Expected \`${String(field)}\` to be ${issue.message}.`;
}
