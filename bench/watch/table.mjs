const COLUMNS = [
  ['engine', (name) => name],
  ['ready ms', (_, e) => show(e.readyMs)],
  ['RSS MB', (_, e) => show(e.rssMb)],
  ['watches', (_, e) => String(e.watches)],
  ['p50 ms', (_, e) => show(e.latencyP50Ms, 2)],
  ['p99 ms', (_, e) => show(e.latencyP99Ms, 2)],
  ['p50 ms, 5,000 there', (_, e) => show(e.crowdedP50Ms, 2)],
  ['burst missed', (_, e) => showMissed(e.burst)],
  ['CPU s', (_, e) => show(e.burst.cpuS, 2)],
  ['last ms', (_, e) => show(e.burst.lastEventAfterMs, 1)],
  ['peak MB', (_, e) => show(e.burst.peakMb)],
  ['loop delay ms', (_, e) => show(e.burst.loopDelayMaxMs)],
  ['large burst missed', (_, e) => showMissed(e.largeBurst)],
  ['flat burst missed', (_, e) => showMissed(e.flatBurst)],
  ['flat CPU s', (_, e) => show(e.flatBurst?.cpuS, 2)],
  ['flat large burst missed', (_, e) => showMissed(e.flatLargeBurst)],
  ['overflow missed', (_, e) => `${e.overflow.missed} of ${e.overflow.sent}`],
  ['reported', (_, e) => (e.overflow.reported ? 'yes' : 'no')],
  ['recovered ms', (_, e) => show(e.overflow.recoveredMs)],
];

/** The results as a Markdown table, with a line for what is not installed, and for what broke. */
export function toTable(engines, { absent, failed }) {
  const rows = Object.entries(engines).map(([name, engine]) => COLUMNS.map(([, cell]) => cell(name, engine)));
  const lines = [COLUMNS.map(([title]) => title), COLUMNS.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
  if (absent.length > 0) lines.push('', `Not installed: ${absent.join(', ')}`);
  if (failed.length > 0) lines.push('', `Broke off: ${failed.join(', ')}`);
  for (const [name, { exitMs }] of Object.entries(engines)) {
    if (exitMs === undefined) continue;
    const { exit, throw: thrown, sigterm } = exitMs;
    lines.push(
      '',
      `${name} ends within ${exit} ms by exit, ${thrown} ms by throw, ${sigterm} ms by SIGTERM (the worst of three).`,
    );
  }
  return lines.join('\n');
}

function showMissed(burst) {
  return burst === undefined ? '–' : `${burst.missed} of ${burst.sent}`;
}

function show(number, digits = 0) {
  return number === null || number === undefined ? '–' : number.toFixed(digits);
}
