/** `2026-11-23T04:10:05.123+01:00`: the time here, and what it is ahead of UTC. */
export function toLocalIso(time: Date): string {
  const ahead = -time.getTimezoneOffset();
  const here = new Date(time.getTime() + ahead * 60_000).toISOString().slice(0, -1);
  const pad = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${here}${ahead < 0 ? '-' : '+'}${pad(Math.abs(ahead) / 60)}:${pad(Math.abs(ahead) % 60)}`;
}
