/** Tells how far a transfer is, in one line of a terminal; nothing elsewhere. */
export function toTransferProgress(
  stderr: { readonly isTTY?: boolean; write(text: string): unknown } = process.stderr,
): ((table: string, rows: number) => void) | undefined {
  if (stderr.isTTY !== true) return undefined;
  return (table, rows) => void stderr.write(`\r\u001B[K${table}: ${rows} rows`);
}
