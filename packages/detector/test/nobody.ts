const NOBODY = 65_534;

/** Root reads what nobody may read: does some work as a user that may not. */
export async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

/** Within {@link asNobody}: what another process does meanwhile. */
export function asOwner(work: () => void): void {
  const before = process.geteuid?.();
  if (process.getuid?.() === 0) process.seteuid?.(0);
  try {
    work();
  } finally {
    if (before !== undefined) process.seteuid?.(before);
  }
}
