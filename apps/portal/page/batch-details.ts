import type { ActionSummary, BatchDetail, BatchSummary, StudySummary } from '@sendit/api';
import type { FindingRecord } from '@sendit/model';
import { el, timeElement } from './dom.ts';
import { toBytes, toCount, toCountOf, toDuration, toStudyDate } from './format.ts';

/** Longer lists are cut: the page is for a look, the command line for the rest. */
const MAX_LINES = 100;

const GRADES: Readonly<Record<BatchDetail['grade'], string>> = {
  manifest: 'every file of its manifest is there',
  count: 'it has as many instances as announced',
  marker: 'the sender left a done-file',
  renamed: 'renamed into place',
  quiet: 'nothing changed for the quiet time',
  released: 'a person released it',
  incomplete: 'taken unfinished: its longest wait was over',
};

/** What is in one batch and what was found, fetched when it opens and again when the batch changes. */
export class BatchDetails {
  readonly element = el('div', { class: 'details' });
  readonly #id: string;
  #revision = '';
  #asked = 0;

  constructor(id: string) {
    this.#id = id;
  }

  /** The batch changed in the list; an open panel follows, except for mere progress. */
  onChange(batch: BatchSummary, isOpen: boolean): void {
    const revision = JSON.stringify({ ...batch, progress: null });
    const isNews = revision !== this.#revision;
    this.#revision = revision;
    if (isNews && isOpen) this.load();
  }

  /** Fetches and shows; a newer call wins over an older one that is still on its way. */
  load(): void {
    this.#asked += 1;
    const turn = this.#asked;
    if (this.element.childElementCount === 0) this.element.replaceChildren(el('p', { class: 'muted' }, 'Loading…'));
    fetchDetail(this.#id).then(
      (batch) => {
        if (turn === this.#asked) this.element.replaceChildren(...toPanel(batch));
      },
      () => {
        if (turn !== this.#asked) return;
        this.element.replaceChildren(
          el('p', { class: 'trouble' }, 'The details cannot be loaded. Close and open the row to try again.'),
        );
      },
    );
  }
}

async function fetchDetail(id: string): Promise<BatchDetail> {
  const response = await fetch(`/api/batches/${encodeURIComponent(id)}`);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return await response.json();
}

function toPanel(batch: BatchDetail): HTMLElement[] {
  const panel = [toFacts(batch)];
  if (batch.reason !== null) panel.unshift(el('p', { class: 'trouble' }, batch.reason));
  for (const study of batch.studyList.slice(0, MAX_LINES)) panel.push(...toStudy(study));
  if (batch.studyList.length > MAX_LINES) panel.push(toRest(batch.studyList.length, ['study', 'studies']));
  if (batch.actionList.length > 0) panel.push(...toActions(batch.actionList));
  if (batch.findingList.length > 0) panel.push(...toFindings(batch.findingList));
  return panel;
}

function toFacts(batch: BatchDetail): HTMLElement {
  const facts: [string, Node | string][] = [
    ['Directory', el('bdi', { class: 'path' }, batch.path)],
    ['Content', `${toCountOf(batch.files, ['file', 'files'])}, ${toBytes(batch.bytes)}`],
    ['Complete because', GRADES[batch.grade] ?? batch.grade],
  ];
  if (batch.startedAt !== null && batch.finishedAt !== null) {
    facts.push(['Import took', toTook(batch, Date.parse(batch.finishedAt) - Date.parse(batch.startedAt))]);
  } else if (batch.startedAt !== null) {
    facts.push(['Import began', timeElement(batch.startedAt)]);
  }
  if (batch.modalities.length > 0) facts.push(['Modality', batch.modalities.join(', ')]);
  if (batch.studyDates.length > 0) facts.push(['Study date', batch.studyDates.map(toStudyDate).join(', ')]);
  if (batch.duplicates > 0) facts.push(['Imported before', toCountOf(batch.duplicates, ['instance', 'instances'])]);
  if (batch.replaced > 0) facts.push(['Replaced later', toCountOf(batch.replaced, ['instance', 'instances'])]);
  if (batch.quarantined > 0) facts.push(['Quarantined', toCountOf(batch.quarantined, ['file', 'files'])]);
  if (batch.digest !== null) {
    facts.push(['Digest', el('span', { class: 'path' }, `${batch.digest} (${batch.digestAlgorithm ?? ''})`)]);
  }
  if (batch.attempts > 1) facts.push(['Attempts', toCount(batch.attempts)]);
  facts.push(['Id', el('span', { class: 'path' }, batch.id)]);
  return el(
    'dl',
    { class: 'about' },
    ...facts.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
  );
}

/** The whole, its rate, and its steps. */
function toTook({ times }: BatchDetail, elapsedMs: number): Node | string {
  const took = toDuration(elapsedMs);
  if (times === null) return took;
  const { filesPerS, listingMs, readingMs, hashingMs, databaseMs } = times;
  const rate = filesPerS === null ? '' : `, ${toCount(Math.round(filesPerS))} files per second`;
  const hashing = hashingMs === 0 ? '' : ` (hashing ${toDuration(hashingMs)})`;
  const steps = `listing ${toDuration(listingMs)}, reading ${toDuration(readingMs)}${hashing}, database ${toDuration(databaseMs)}`;
  return el('span', {}, `${took}${rate}`, el('span', { class: 'muted steps' }, steps));
}

function toStudy(study: StudySummary): HTMLElement[] {
  const date = study.studyDate === null ? 'Study' : `Study of ${toStudyDate(study.studyDate)}`;
  const shown = study.seriesList.slice(0, MAX_LINES);
  const body = shown.map((series) =>
    el(
      'tr',
      {},
      el('td', { class: 'modality' }, series.modality ?? '–'),
      el(
        'td',
        { class: 'number', 'data-label': 'Series' },
        series.seriesNumber === null ? '–' : String(series.seriesNumber),
      ),
      el('td', { class: 'number', 'data-label': 'Instances' }, toCount(series.instances)),
      el('td', { class: 'number', 'data-label': 'Size' }, toBytes(series.bytes)),
      el('td', { class: 'path' }, series.seriesInstanceUid),
    ),
  );
  const head = ['Modality', 'Series', 'Instances', 'Size', 'Series Instance UID'].map((title, at) =>
    el('th', { scope: 'col', ...(at >= 1 && at <= 3 ? { class: 'number' } : {}) }, title),
  );
  const parts: HTMLElement[] = [
    el('h3', {}, `${date} `, el('span', { class: 'path' }, study.studyInstanceUid)),
    el('table', { class: 'series' }, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body)),
  ];
  if (study.seriesList.length > MAX_LINES) parts.push(toRest(study.seriesList.length, ['series', 'series']));
  return parts;
}

const ACTION_SEVERITY = { pending: 'info', running: 'info', done: 'info', failed: 'error' } as const;

function toActions(actions: readonly ActionSummary[]): HTMLElement[] {
  const lines = actions.map(({ attempts, kind, name, reason, state }) => {
    const tries = attempts > 1 ? `, ${toCountOf(attempts, ['attempt', 'attempts'])}` : '';
    return el(
      'li',
      { 'data-severity': ACTION_SEVERITY[state] },
      el('span', { class: 'severity' }, state),
      el(
        'span',
        { class: 'finding' },
        el('span', {}, `${name}${tries}${reason === null ? '' : `: ${reason}`}`),
        el('code', {}, kind),
      ),
    );
  });
  return [
    el('h3', {}, toCountOf(actions.length, ['action', 'actions'])),
    el('ul', { class: 'finding-list' }, ...lines),
  ];
}

function toFindings(findings: readonly FindingRecord[]): HTMLElement[] {
  const lines = findings.slice(0, MAX_LINES).map((finding) => {
    const where = finding.path === null ? [] : [el('bdi', { class: 'path' }, finding.path)];
    return el(
      'li',
      { 'data-severity': finding.severity },
      el('span', { class: 'severity' }, finding.severity),
      el('span', { class: 'finding' }, el('span', {}, finding.message), el('code', {}, finding.code), ...where),
    );
  });
  const parts: HTMLElement[] = [
    el('h3', {}, toCountOf(findings.length, ['finding', 'findings'])),
    el('ul', { class: 'finding-list' }, ...lines),
  ];
  if (findings.length > MAX_LINES) parts.push(toRest(findings.length, ['finding', 'findings']));
  return parts;
}

function toRest(total: number, words: readonly [string, string]): HTMLElement {
  return el(
    'p',
    { class: 'muted' },
    `The first ${MAX_LINES} of ${toCountOf(total, words)}. All of them: sendit batch show`,
  );
}
