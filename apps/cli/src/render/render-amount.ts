/** `850 ms`, `12.3 s`, `4 min 5 s`. */
export function renderMs(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  // Rounded first: 59,960 ms are a minute, not 60.0 s.
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `512 B`, `1.5 MB`. */
export function renderBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const most = units.length - 1;
  let power = 0;
  let amount = bytes;
  for (; power < most && Number(amount.toFixed(1)) >= 1000; power++) amount /= 1000;
  return `${power === 0 ? bytes : amount.toFixed(1)} ${units[power]}`;
}
