const COLUMNS = [
  ['engine', (name) => name],
  ['ready ms', (_, e) => show(e.readyMs)],
  ['RSS MB', (_, e) => show(e.rssMb)],
  ['watches', (_, e) => String(e.watches)],
  ['p50 ms', (_, e) => show(e.latencyP50Ms, 2)],
  ['p99 ms', (_, e) => show(e.latencyP99Ms, 2)],
  ['burst missed', (_, e) => `${e.burst.missed} of ${e.burst.sent}`],
  ['CPU s', (_, e) => show(e.burst.cpuS, 2)],
  ['last ms', (_, e) => show(e.burst.lastEventAfterMs, 1)],
  ['peak MB', (_, e) => show(e.burst.peakMb)],
  [
    'large burst missed',
    (_, e) => (e.largeBurst === undefined ? '–' : `${e.largeBurst.missed} of ${e.largeBurst.sent}`),
  ],
  ['overflow missed', (_, e) => `${e.overflow.missed} of ${e.overflow.sent}`],
  ['reported', (_, e) => (e.overflow.reported ? 'yes' : 'no')],
  ['recovered ms', (_, e) => show(e.overflow.recoveredMs)],
];

/** The results as a Markdown table, with a line for what is not installed. */
export function toTable(engines, absent) {
  const rows = Object.entries(engines).map(([name, engine]) => COLUMNS.map(([, cell]) => cell(name, engine)));
  const lines = [COLUMNS.map(([title]) => title), COLUMNS.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
  if (absent.length > 0) lines.push('', `Not installed: ${absent.join(', ')}`);
  return lines.join('\n');
}

function show(number, digits = 0) {
  return number === null || number === undefined ? '–' : number.toFixed(digits);
}
