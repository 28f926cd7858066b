const CLEAR_LINE = '\r\u001B[K';

/** How far a transfer is. */
export interface TransferProgress extends Disposable {
  readonly onProgress: (table: string, rows: number) => void;
}

/** Tells how far a transfer is in one line of a terminal, cleared at the end; nothing elsewhere. */
export function openTransferProgress(
  stderr: { readonly isTTY?: boolean; write(text: string): unknown } = process.stderr,
): TransferProgress {
  const write = (text: string): void => {
    if (stderr.isTTY === true) stderr.write(`${CLEAR_LINE}${text}`);
  };
  return { onProgress: (table, rows) => write(`${table}: ${rows} rows`), [Symbol.dispose]: () => write('') };
}
