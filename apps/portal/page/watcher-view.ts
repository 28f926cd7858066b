import type { WatcherStatus } from '@sendit/api';
import type { Mode, QueueCounts, RootStatus } from '@sendit/model';
import type { LiveProblem } from './connection.ts';
import { byId, el, find, setText, timeElement } from './dom.ts';
import { toCount, toHeadline, toVisible } from './format.ts';

const MODES: Readonly<Record<Mode, string>> = {
  embedded: 'embedded database',
  postgres: 'PostgreSQL',
  'postgres+redis': 'PostgreSQL and Redis',
};

/** Shows the watcher itself: active or not, its queue and its watch paths. */
export function showWatcher(status: WatcherStatus): void {
  const { isWell, words } = toHeadline(status);
  byId('watcher').dataset['state'] = status.active ? 'active' : 'inactive';
  byId('watcher').dataset['health'] = isWell ? 'well' : 'ill';
  setText(byId('watcher-state'), `Watcher ${words}`);
  document.title = `${isWell ? '' : '⚠ '}sendit · ${words}`;
  showFacts(status);
  showQueue(status.queue);
  showRoots(status);
}

/** Shows that nobody answers: what was known of the watcher is not claimed any more. */
export function showNoAnswer(status: WatcherStatus | undefined, heardAt: string): void {
  byId('watcher').dataset['state'] = 'lost';
  setText(byId('watcher-state'), 'No answer from sendit');
  document.title = 'sendit · no answer';
  const facts = [el('span', {}, 'See ', el('code', {}, 'sendit watcher status'))];
  if (status !== undefined) {
    facts.unshift(el('span', {}, `Last heard at ${heardAt}, the watcher was ${status.active ? 'active' : 'inactive'}`));
  }
  byId('watcher-facts').replaceChildren(...facts);
}

/** Shows what an operator should know, the page's own trouble first; hidden when there is nothing. */
export function showProblems(live: LiveProblem | null, status: WatcherStatus | undefined): void {
  const texts = [...(status?.problems ?? [])];
  if (live !== null) texts.unshift([live.message, live.hint ?? ''].join(' ').trim());
  const list = byId('problem-list');
  const shown = Array.from(list.children, (item) => item.textContent);
  if (shown.length !== texts.length || shown.some((text, at) => text !== toVisible(texts[at] ?? ''))) {
    list.replaceChildren(...texts.map((text) => el('li', {}, text)));
  }
  byId('problems').hidden = texts.length === 0;
}

function showFacts(status: WatcherStatus): void {
  const facts: HTMLElement[] = [];
  if (status.active) {
    if (status.pid !== null) facts.push(el('span', {}, `pid ${status.pid}`));
    if (status.since !== null) facts.push(el('span', {}, 'started ', timeElement(status.since)));
  } else {
    facts.push(el('span', {}, 'Nothing that lands is picked up. Start it: ', el('code', {}, 'sendit watcher start')));
  }
  facts.push(el('span', {}, MODES[status.mode] ?? status.mode));
  if (status.queue === null) facts.push(el('span', {}, 'the queue does not answer'));
  byId('watcher-facts').replaceChildren(...facts);
}

function showQueue(queue: QueueCounts | null): void {
  const figures = byId('queue');
  figures.classList.toggle('unreachable', queue === null);
  for (const name of ['waiting', 'active', 'failed'] as const) {
    const figure = byId(`queue-${name}`);
    setText(figure, queue === null ? '–' : toCount(queue[name]));
    figure.classList.toggle('bad', name === 'failed' && queue !== null && queue.failed > 0);
  }
}

function showRoots({ roots, active }: WatcherStatus): void {
  const table = byId('roots');
  const empty = byId('roots-empty');
  table.hidden = roots.length === 0;
  empty.hidden = roots.length > 0;
  setText(
    empty,
    active
      ? 'No watch path is configured. Add one to the configuration, then restart the watcher.'
      : 'Shown while the watcher runs.',
  );
  find(table, 'tbody').replaceChildren(...roots.map(toRow));
}

function toRow(root: RootStatus): HTMLTableRowElement {
  const path = el(
    'td',
    { role: 'cell', class: 'name' },
    el('bdi', { class: 'title' }, root.name),
    ' ',
    el('bdi', { class: 'path' }, root.path),
  );
  const troubles = root.problem === null ? root.problems : [root.problem, ...root.problems];
  path.append(...troubles.map((trouble) => el('p', { class: 'trouble' }, trouble)));
  return el(
    'tr',
    { role: 'row', ...(troubles.length === 0 ? {} : { class: 'troubled' }) },
    path,
    el(
      'td',
      { role: 'cell', 'data-label': 'Backend' },
      root.backend,
      ...(root.backendReason === null ? [] : [' ', el('small', {}, root.backendReason)]),
    ),
    numberCell('Pending', root.pending),
    numberCell('Skipped tests', root.skippedTests),
    numberCell('Overflows', root.overflows),
    numberCell('Found by rescan', root.foundByRescan),
  );
}

function numberCell(label: string, value: number): HTMLTableCellElement {
  const zero = value === 0 ? ' zero' : '';
  return el('td', { role: 'cell', class: `number${zero}`, 'data-label': label }, toCount(value));
}
