const SUFFIX = /\.generation-\d+$/;

/**
 * The directory of a batch below the target folder. No two batches of a watch path share one: a directory whose own name ends like that of
 * a later generation gets the suffix in its first generation too.
 */
export function toTargetName(relativePath: string, generation: number): string {
  return generation === 1 && !SUFFIX.test(relativePath) ? relativePath : `${relativePath}.generation-${generation}`;
}
