/** Names of directories that a later generation, or the series and studies of a watch path, would have at the target. */
const TAKEN = /\.generation-\d+$|^(?:series|study)$/;

/**
 * The directory of a batch below the target folder. No two batches of a watch path share one: a directory whose own name ends like that of
 * a later generation, or is that of the folder of all units, gets the suffix in its first generation too.
 */
export function toTargetName(relativePath: string, generation: number): string {
  return generation === 1 && !TAKEN.test(relativePath) ? relativePath : `${relativePath}.generation-${generation}`;
}
