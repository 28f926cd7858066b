import { styleText } from 'node:util';
import type { BatchSummary, HealthProblem, PendingUnit, StageCounts, WatcherStatus } from '@sendit/api';
import { printable } from '@sendit/daemon';
import { toRootLabels } from '@sendit/model';
import stringWidth from 'string-width';
import { renderBytes, renderMs } from './render-amount.ts';
import { renderTable } from './table.ts';

/** Facts for {@link renderTop}. */
export interface TopFacts {
  readonly status: WatcherStatus;
  readonly stages: StageCounts | null;
  readonly pending: readonly PendingUnit[];
  /** Newest first. */
  readonly batches: readonly BatchSummary[];
}

/** Where it is shown; without a height all of it is. */
export interface TopLayout {
  readonly width: number;
  readonly height?: number | undefined;
  readonly isColoured: boolean;
  /** Epoch ms. */
  readonly now: number;
}

type Colour = Parameters<typeof styleText>[0];
type Paint = (colour: Colour, text: string) => string;

/** The least rows that a list gets, with its title. */
const LEAST_ROWS = 4;

/** The lines of `sendit top`: the headline, what is wrong, watch paths, what waits, and what came last, as far as there is room. */
export function renderTop(facts: TopFacts, layout: TopLayout): readonly string[] {
  const { height, isColoured, now, width } = layout;
  const paint: Paint = (colour, text) => (isColoured ? styleText(colour, text, { validateStream: false }) : text);
  const head = [toHeadline(facts.status, paint), ...toFigures(facts, now), ...toDisks(facts.status)];
  const problems = toProblems(facts.status, { paint, width });
  const lists = [toWatchPaths(facts, width), toPending(facts, layout), toBatches(facts, layout)];
  if (height === undefined) return fit([...head, ...problems, ...lists.flatMap((list) => ['', ...list])], width);
  const shownProblems = problems.slice(0, Math.max(1, height - head.length - lists.length * LEAST_ROWS));
  let left = height - head.length - shownProblems.length;
  const shown = lists.flatMap((list, at) => {
    const most = Math.max(0, left - (lists.length - at - 1) * LEAST_ROWS);
    const taken = list.length === 0 ? [] : ['', ...list].slice(0, most);
    left -= taken.length;
    return taken;
  });
  return fit([...head, ...shownProblems, ...shown].slice(0, height), width);
}

/** Colours are at the begin and the end of a line: only plain ones are cut. */
function fit(lines: readonly string[], width: number): readonly string[] {
  return lines.map((line) => (line.includes('\u001B') ? line : cut(line, width)));
}

function cut(line: string, width: number): string {
  if (stringWidth(line) <= width) return line;
  let text = '';
  for (const letter of line) {
    if (stringWidth(text + letter) > width - 1) return `${text}…`;
    text += letter;
  }
  return text;
}

function toHeadline({ active, health, host, mode, pid, version }: WatcherStatus, paint: Paint): string {
  const where = [
    ...(host ? [`on ${printable(host)}`] : []),
    ...(pid === null ? [] : [`pid ${pid}`]),
    ...(version ? [`sendit ${version}`] : []),
    mode,
  ].join(', ');
  if (!active) return `${paint(['bold', 'red'], 'Watcher inactive')}  ${mode}`;
  const needing = health?.problems.filter(({ severity }) => severity !== 'info').length ?? 0;
  if (needing === 0) return `${paint(['bold', 'green'], 'All is well')}  ${where}`;
  const colour = health?.level === 'error' ? 'red' : 'yellow';
  const words = needing === 1 ? '1 thing needs a person' : `${needing} things need a person`;
  return `${paint(['bold', colour], words)}  ${where}`;
}

function toFigures({ stages, status }: TopFacts, now: number): readonly string[] {
  const { arrivals = [], backlog, queue, today, workers } = status;
  const waiting = queue === null ? 'the queue does not answer' : `${queue.waiting} waiting, ${queue.active} importing`;
  const oldest = backlog?.oldestAt ? `, oldest ${toAge(backlog.oldestAt, now)}` : '';
  const paused = backlog?.paused ? ' (paused)' : '';
  const perMinute = arrivals.reduce((sum, { minutes }) => sum + sumOf(minutes.slice(-10)), 0) / 10;
  const counted =
    stages === null ? [] : [`${stages.arriving} arriving, ${stages.settling} settling, ${stages.held} held`];
  const done = today ? [`today ${today.done} done, ${today.failed} failed`] : [];
  const alive = workers && status.mode !== 'embedded' ? [`workers ${workers.alive} alive, ${workers.dead} dead`] : [];
  return [
    `Queue${paused}: ${waiting}${oldest}`,
    [...counted, `${perMinute.toFixed(1)} sealed/min`, ...done, ...alive].join('; '),
  ];
}

function toDisks({ databaseDisk, roots }: WatcherStatus): readonly string[] {
  const labels = toRootLabels(roots);
  const known = [
    ...roots.map(({ disk, name }) => [labels.get(name) ?? name, disk] as const),
    ['database', databaseDisk] as const,
  ];
  const words = known.flatMap(([name, disk]) =>
    disk
      ? [
          `${printable(name)} ${renderBytes(disk.freeBytes)}${disk.fullAt === null ? '' : ` (full ${disk.fullAt.slice(0, 16).replace('T', ' ')})`}`,
        ]
      : [],
  );
  return words.length === 0 ? [] : [`Disk left: ${words.join(', ')}`];
}

function toProblems(
  { health }: WatcherStatus,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): readonly string[] {
  const colours: Readonly<Record<HealthProblem['severity'], Colour>> = { error: 'red', warning: 'yellow', info: 'dim' };
  return (health?.problems ?? []).map(({ code, message, severity }) => {
    const name = code.padEnd(14);
    const words = cut(printable(message).replaceAll('`', ''), width - name.length - 1);
    return `${paint(colours[severity], name)} ${words}`;
  });
}

function toWatchPaths({ status }: TopFacts, width: number): readonly string[] {
  const { arrivals = [], roots } = status;
  if (roots.length === 0) return [];
  const labels = toRootLabels(roots);
  const lastHour = new Map(arrivals.map(({ minutes, root }) => [root, sumOf(minutes)]));
  const rows = roots.map(({ backend, foundByRescan, held, name, oldest, overflows, pending, problem }) => [
    labels.get(name) ?? name,
    problem === null ? backend : 'not watched',
    String(pending),
    String(held),
    String(lastHour.get(name) ?? 0),
    `${overflows}/${foundByRescan}`,
    oldest?.reason ?? '–',
  ]);
  const head = ['WATCH PATH', 'BACKEND', 'PENDING', 'HELD', 'LAST HOUR', 'MISSED', 'OLDEST WAITS FOR'];
  return table({ head, right: [2, 3, 4, 5] }, rows, width);
}

function toPending({ pending }: TopFacts, { width }: TopLayout): readonly string[] {
  if (pending.length === 0) return [];
  const rows = pending.map(({ name, reason, stage, waitingMs }) => [
    name,
    stage,
    waitingMs === null ? '–' : renderMs(Math.round(waitingMs)),
    reason,
  ]);
  return table({ head: ['NOT SEALED', 'STAGE', 'AGE', 'REASON'], right: [2] }, rows, width);
}

function toBatches({ batches }: TopFacts, { now, width }: TopLayout): readonly string[] {
  if (batches.length === 0) return [];
  const rows = batches.map(({ createdAt, files, id, name, reason, stage }) => [
    id,
    name,
    stage,
    String(files),
    toAge(createdAt, now),
    reason ?? '',
  ]);
  return table({ head: ['BATCH', 'NAME', 'STAGE', 'FILES', 'AGE', 'REASON'], right: [0, 3, 4] }, rows, width);
}

function table(
  shape: { readonly head: readonly string[]; readonly right: readonly number[] },
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] {
  return renderTable(shape, rows, { width }).split('\n');
}

function toAge(iso: string, now: number): string {
  return renderMs(Math.max(0, Math.round((now - Date.parse(iso)) / 1_000) * 1_000));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
