import { toActionWord } from './action-word.ts';
import type { WatchPath } from './settings.ts';

/** The rules of a watch path in words, in the order in which they are asked. */
export function toRuleWords(watchPath: WatchPath): readonly string[] {
  return [
    UNITS[watchPath.unit],
    ...toNames(watchPath),
    ...toProofs(watchPath),
    toDeadline(watchPath),
    LATE[watchPath.late],
    ...toAfter(watchPath),
  ];
}

const UNITS: Readonly<Record<WatchPath['unit'], string>> = {
  directory: 'Each directory right below the folder becomes a batch.',
  series: 'All files with one SeriesInstanceUID become a batch, wherever below the folder they lie.',
  study: 'All files with one StudyInstanceUID become a batch, wherever below the folder they lie.',
};

function toNames({ arrivingNames, ignore, testPrefix }: WatchPath): readonly string[] {
  return [
    `What is named as unfinished (.tmp and what transfer tools use${arrivingNames.length === 0 ? '' : `, and ${arrivingNames.join(', ')}`}) waits for its final name.`,
    ...(testPrefix === false ? [] : [`Directories whose name begins with ${testPrefix} are logged, not imported.`]),
    ...(ignore.length === 0 ? [] : [`Besides what is always ignored, so is ${ignore.join(', ')}.`]),
  ];
}

function toProofs({
  count,
  manifest,
  marker,
  minFiles,
  profile,
  quietMs,
  unit,
  waitForSiblings,
}: WatchPath): readonly string[] {
  const lists = [
    ...(manifest === undefined ? [] : [`every file that ${manifest} lists is there`]),
    ...(count === undefined ? [] : [`it holds as many instances as ${count} says`]),
  ];
  const mark = marker === undefined ? [] : [`the sender has left ${marker}`];
  const quiet = `nothing has changed for ${toSpan(quietMs)}${minFiles > 1 ? ` and it holds at least ${minFiles} files` : ''}`;
  const siblings =
    unit === 'series' && waitForSiblings ? ['A series that only quiet time proves waits for others of its study.'] : [];
  switch (profile) {
    case 'legacy':
      return ['It is complete when it was renamed to its name.', ...siblings];
    case 'strict':
      return [
        `It is complete when ${join(lists.length === 0 ? ['a list or a count says so'] : lists)}; nothing less.`,
        ...siblings,
      ];
    case 'safe':
      return [
        `It is complete when ${join([...lists, ...mark, 'it was renamed to its name with its files', quiet])}.`,
        ...siblings,
      ];
    default:
      return [`It is complete when the rules of ${profile} say so.`, ...siblings];
  }
}

function toDeadline({ maxWaitMs, onDeadline }: WatchPath): string {
  if (maxWaitMs === false) return 'It may wait for ever.';
  const then = { hold: 'held for a person', proceed: 'imported as it is', quarantine: 'set aside' }[onDeadline];
  return `What is not complete ${toSpan(maxWaitMs)} after its first look is ${then}.`;
}

const LATE: Readonly<Record<WatchPath['late'], string>> = {
  ignore: 'Files that come or change after the seal are counted and reported, not imported.',
  amend: 'Files that come or change after the seal are imported as the next generation.',
  whole: 'When files come or change after the seal, all of it is imported again.',
  hold: 'Files that come or change after the seal are recorded, and wait for a person.',
};

function toAfter({ actions, failedActions }: WatchPath): readonly string[] {
  const done = actions.length === 0 ? [] : [`After the import: ${actions.map(toActionWord).join(', then ')}.`];
  const failed = failedActions.map((action) => `What ends in ERROR or QUARANTINED: ${toActionWord(action)}.`);
  return [...done, ...failed];
}

function join(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', or ')}, or ${parts.at(-1)}`;
}

/** `15 s`, `6 h`. */
function toSpan(ms: number): string {
  const [size, unit] = (
    [
      [86_400_000, 'd'],
      [3_600_000, 'h'],
      [60_000, 'min'],
      [1_000, 's'],
    ] as const
  ).find(([least]) => ms >= least && ms % least === 0) ?? [1, 'ms'];
  return `${ms / size} ${unit}`;
}
