import type { BatchSummary, WatcherStatus } from '@sendit/api';
import { BatchDetails } from './batch-details.ts';
import { byId, el, find, setText, timeElement } from './dom.ts';
import { toBytes, toCount, toDuration } from './format.ts';

const rows = new Map<string, BatchRow>();
let isFirst = true;

/** Brings the table to the latest batches; rows keep their place in the document, so focus and open details survive. */
export function showBatches(batches: readonly BatchSummary[], limit: number): void {
  const body = find(byId('batch-table'), 'tbody');
  const ids = new Set(batches.map((batch) => batch.id));
  for (const [id, row] of rows) {
    if (ids.has(id)) continue;
    row.remove();
    rows.delete(id);
  }
  let next = body.firstElementChild;
  for (const batch of batches) {
    let row = rows.get(batch.id);
    if (row === undefined) {
      row = new BatchRow(batch);
      row.main.classList.toggle('fresh', !isFirst);
      rows.set(batch.id, row);
    } else {
      row.update(batch);
    }
    if (row.main !== next) body.insertBefore(row.main, next);
    if (row.main.nextElementSibling !== row.more) row.main.after(row.more);
    next = row.more.nextElementSibling;
  }
  isFirst = false;
  byId('batch-table').hidden = batches.length === 0;
  byId('batches-empty').hidden = batches.length > 0;
  const note = byId('batches-note');
  note.hidden = batches.length < limit;
  setText(note, `The latest ${limit}. For older ones: sendit batch list`);
}

/** Says where to drop a directory, for when there is no batch yet. */
export function showEmptyState({ roots, active }: WatcherStatus): void {
  const paths = roots.map((root) => el('li', {}, el('bdi', { class: 'path' }, root.path)));
  const where =
    roots.length === 1 ? 'Drop a directory of DICOM files here:' : 'Drop a directory of DICOM files into one of these:';
  byId('batches-empty').replaceChildren(
    el('p', { class: 'title' }, 'No batches yet'),
    ...(roots.length === 0
      ? [
          el(
            'p',
            {},
            active
              ? 'Once a watch path is configured, finished directories appear here.'
              : 'Once the watcher runs, finished directories appear here.',
          ),
        ]
      : [
          el('p', {}, where),
          el('ul', { class: 'drop' }, ...paths),
          el(
            'p',
            {},
            'Write it under a name that ends in ',
            el('code', {}, '.tmp'),
            ', then rename it. It appears here by itself.',
          ),
        ]),
  );
}

/** One batch: a row, and below it a row of details that opens. */
class BatchRow {
  readonly main: HTMLTableRowElement;
  readonly more: HTMLTableRowElement;
  readonly #toggle: HTMLButtonElement;
  readonly #details: BatchDetails;
  #isOpen = false;
  #shown = '';

  constructor(batch: BatchSummary) {
    this.#details = new BatchDetails(batch.id);
    this.#toggle = el('button', {
      type: 'button',
      class: 'toggle',
      'aria-expanded': 'false',
      'aria-controls': `more-${batch.id}`,
    });
    this.main = el('tr', { role: 'row', class: 'batch' });
    const cell = el('td', { role: 'cell', colspan: '9' }, this.#details.element);
    this.more = el('tr', { role: 'row', class: 'more', id: `more-${batch.id}` }, cell);
    this.more.hidden = true;
    this.main.addEventListener('click', (event) => this.#onClick(event));
    this.update(batch);
  }

  update(batch: BatchSummary): void {
    const shown = JSON.stringify(batch);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#showName(batch);
    const name = this.main.firstElementChild ?? el('td', { role: 'cell', class: 'name' }, this.#toggle);
    if (name.parentElement === null) this.main.append(name);
    while (name.nextElementSibling !== null) name.nextElementSibling.remove();
    this.main.append(...toCells(batch));
    this.#details.onChange(batch, this.#isOpen);
  }

  remove(): void {
    this.main.remove();
    this.more.remove();
  }

  #showName(batch: BatchSummary): void {
    const title = el('bdi', { class: 'title' }, batch.name);
    const parts: Node[] = [title];
    if (batch.generation > 1)
      parts.push(
        el(
          'span',
          { class: 'tag', title: `Arrived ${batch.generation} times under this name, each time with other content` },
          `×${batch.generation}`,
        ),
      );
    this.#toggle.replaceChildren(...parts);
  }

  #onClick(event: MouseEvent): void {
    const isButton = event.target instanceof Node && this.#toggle.contains(event.target);
    const isSelecting = document.getSelection()?.isCollapsed === false;
    if (!isButton && isSelecting) return;
    const open = !this.#isOpen;
    this.#isOpen = open;
    this.more.hidden = !open;
    this.main.classList.toggle('open', open);
    this.#toggle.setAttribute('aria-expanded', String(open));
    if (open) this.#details.load();
  }
}

function toCells(batch: BatchSummary): HTMLTableCellElement[] {
  const isRead = batch.status !== 'NEW' && batch.status !== 'QUEUE' && batch.status !== 'PROCESSING';
  return [
    el('td', { role: 'cell', class: 'root' }, el('bdi', {}, batch.root)),
    toStatusCell(batch),
    toNumberCell('Studies', batch.studies, isRead),
    toNumberCell('Series', batch.series, isRead),
    toNumberCell('Instances', batch.instances, isRead),
    toNumberCell('Findings', batch.findings, isRead, batch.findings > 0 ? ' findings' : ''),
    el('td', { role: 'cell', class: 'when', 'data-label': 'Created' }, timeElement(batch.createdAt)),
    el(
      'td',
      { role: 'cell', class: 'when', 'data-label': 'Finished' },
      batch.finishedAt === null ? '–' : timeElement(batch.finishedAt),
    ),
  ];
}

function toStatusCell({ status, progress }: BatchSummary): HTMLTableCellElement {
  const cell = el(
    'td',
    { role: 'cell', class: 'status' },
    el('span', { class: 'pill', 'data-status': status }, status),
  );
  if (status !== 'PROCESSING' || progress === null) return cell;
  const { filesDone, filesTotal, bytesDone, filesPerS, etaMs } = progress;
  const read = `${toCount(filesDone)} of ${toCount(filesTotal)} files, ${toBytes(bytesDone)}`;
  const rate = filesPerS === null ? [] : [`${toCount(Math.round(filesPerS))} files/s`];
  const left = etaMs === null || etaMs === 0 ? [] : [`${toDuration(etaMs)} to go`];
  const pace = [...rate, ...left].join(', ');
  cell.append(
    el('progress', { max: String(Math.max(filesTotal, 1)), value: String(filesDone), 'aria-label': `Read ${read}` }),
    el('span', { class: 'progress-words' }, read),
    el('span', { class: 'progress-words' }, pace),
  );
  return cell;
}

function toNumberCell(label: string, value: number, isKnown: boolean, more = ''): HTMLTableCellElement {
  const text = isKnown || value > 0 ? toCount(value) : '–';
  return el('td', { role: 'cell', class: `number${value === 0 ? ' zero' : ''}${more}`, 'data-label': label }, text);
}
