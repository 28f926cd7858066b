import { type FindingRecord, type ImportedSeries, type ImportedStudy, toFinding } from '@sendit/model';
import { missingIds, type StandInIds } from './findings/stand-in-ids.ts';
import { type ImportAttributes, toDate, toText } from './import-tags.ts';
import { fillSeries, fillStudy, toSeries, toStudy } from './study-rows.ts';

/** A series by its key, and by its place among those of the batch. */
interface SeriesPlace {
  readonly key: string;
  readonly index: number;
}

/** The studies and series of a batch. The first file's word on each counts; what it does not say is taken from the next that does. */
export class StudyTree {
  readonly #fallback: { readonly study: string; readonly series: string };
  readonly #studies = new Map<string, ImportedStudy>();
  readonly #series = new Map<string, { readonly index: number; value: ImportedSeries }>();
  readonly #studyDates = new Set<string>();
  readonly #missing: StandInIds = { study: 0, series: 0 };

  /** `name` is the base name of the batch directory, which stands in for ids that are missing. */
  constructor(name: string) {
    this.#fallback = { study: `study_${name}`, series: `series_${name}` };
  }

  get studies(): ImportedStudy[] {
    return [...this.#studies.values()];
  }

  get series(): ImportedSeries[] {
    return [...this.#series.values()].map(({ value }) => value);
  }

  /** Takes in what one file says of its study and series. */
  add(attributes: ImportAttributes): SeriesPlace {
    return this.#addSeries(attributes, this.#addStudy(attributes));
  }

  /** The key of the series of a file that is not taken in. */
  keyOf(attributes: ImportAttributes): string {
    const study = toText(attributes.StudyInstanceUID) ?? this.#fallback.study;
    return toSeriesKey(study, toText(attributes.SeriesInstanceUID) ?? this.#fallback.series);
  }

  /** That ids were missing, and that there is more than one study. */
  toStudyFindings(): FindingRecord[] {
    const findings = missingIds(this.#missing);
    if (this.#studies.size > 1) {
      const message = `The batch has ${this.#studies.size} different StudyInstanceUIDs.`;
      findings.push(toFinding('several-studies', null, message));
    }
    return findings;
  }

  /** That there is more than one study date. */
  toDateFindings(): FindingRecord[] {
    if (this.#studyDates.size < 2) return [];
    const message = `The batch has ${this.#studyDates.size} different StudyDates.`;
    return [toFinding('several-study-dates', null, message)];
  }

  #addStudy(attributes: ImportAttributes): string {
    const uid = toText(attributes.StudyInstanceUID);
    if (uid === null) this.#missing.study += 1;
    const studyInstanceUid = uid ?? this.#fallback.study;
    const studyDate = toDate(attributes.StudyDate);
    if (studyDate !== null) this.#studyDates.add(studyDate);
    const known = this.#studies.get(studyInstanceUid);
    const kept = known === undefined ? toStudy(attributes, { studyInstanceUid }) : fillStudy(known, attributes);
    this.#studies.set(kept.studyInstanceUid, kept);
    return kept.studyInstanceUid;
  }

  #addSeries(attributes: ImportAttributes, studyInstanceUid: string): SeriesPlace {
    const uid = toText(attributes.SeriesInstanceUID);
    if (uid === null) this.#missing.series += 1;
    const seriesInstanceUid = uid ?? this.#fallback.series;
    const key = toSeriesKey(studyInstanceUid, seriesInstanceUid);
    const known = this.#series.get(key);
    if (known !== undefined) {
      known.value = fillSeries(known.value, attributes);
      return { key, index: known.index };
    }
    const index = this.#series.size;
    this.#series.set(key, { index, value: toSeries(attributes, { studyInstanceUid, seriesInstanceUid }) });
    return { key, index };
  }
}

function toSeriesKey(studyInstanceUid: string, seriesInstanceUid: string): string {
  return JSON.stringify([studyInstanceUid, seriesInstanceUid]);
}
