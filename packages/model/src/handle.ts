/** Something that is open. `close()` and `await using` do the same, and may be repeated. */
export interface Handle extends AsyncDisposable {
  close(): Promise<void>;
}

/** The two ways to close something, for objects that are composed by spreading. */
export function toHandle(close: () => Promise<void>): Handle {
  return { close, [Symbol.asyncDispose]: close };
}
