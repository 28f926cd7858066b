const UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
] as const;

/** A time span in its largest unit: `3 hours`. */
export function toSpan(ms: number): string {
  const [size, unit] = UNITS.find(([least]) => ms >= least * 2) ?? [1_000, 'second'];
  const number = Math.floor(ms / size);
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}
