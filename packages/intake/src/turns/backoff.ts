/** How long to wait after so many failures in a row: 1 s, doubled up to 30 s. */
export function toBackoffMs(failures: number): number {
  return Math.min(1_000 * 2 ** Math.max(0, failures - 1), 30_000);
}
