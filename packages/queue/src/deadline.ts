/** Settles as `work` does, or rejects after `ms`; `work` itself goes on and its later outcome is dropped. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether `work` settles, one way or the other, within `ms`. */
export function isSettledWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const settled = work.then(
    () => undefined,
    () => undefined,
  );
  return within(ms, settled).then(
    () => true,
    () => false,
  );
}
