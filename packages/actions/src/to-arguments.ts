import type { Notice } from './notice.ts';

/**
 * Fills `{path}`, `{batch}`, `{root}`, `{key}` and `{files}` into arguments; any other text in braces stays. What is filled in is one
 * argument, or part of one, whatever is in it.
 */
export function toArguments(
  args: readonly string[],
  { batch, idempotencyKey }: Notice,
  files: string | undefined,
): readonly string[] {
  const values: Readonly<Record<string, string | null | undefined>> = {
    path: batch.path,
    batch: batch.id,
    root: batch.root,
    key: idempotencyKey,
    files,
  };
  return args.map((argument) =>
    argument.replaceAll(/\{(path|batch|root|key|files)\}/g, (whole, name: string) => values[name] ?? whole),
  );
}
