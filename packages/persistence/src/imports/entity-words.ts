import { type FindingCode, type FindingRecord, toFinding } from '@sendit/model';

/** Stated values of a study or series, by column. */
export type Words = Readonly<Record<string, string | number | null>>;

/** Columns that identify, with the keywords by which a person knows them, and what is found where two batches differ in them. */
const IDENTIFYING: Readonly<Record<string, { readonly keyword: string; readonly code: FindingCode }>> = {
  patientId: { keyword: 'PatientID', code: 'patient-differs' },
  patientName: { keyword: 'PatientName', code: 'patient-differs' },
  patientBirthDate: { keyword: 'PatientBirthDate', code: 'patient-differs' },
  patientSex: { keyword: 'PatientSex', code: 'patient-differs' },
  studyDate: { keyword: 'StudyDate', code: 'study-differs' },
  studyId: { keyword: 'StudyID', code: 'study-differs' },
  accessionNumber: { keyword: 'AccessionNumber', code: 'study-differs' },
  modality: { keyword: 'Modality', code: 'series-differs' },
  seriesNumber: { keyword: 'SeriesNumber', code: 'series-differs' },
};

/** How what a batch says stands to what was said before. */
export interface WordsBeside {
  /** Values not stated before. */
  readonly added: Words;
  /** Columns with conflicting values. */
  readonly differing: readonly string[];
}

/** Holds what a batch says against what a row says; silence differs from nothing. */
export function compareWords(known: Words, said: Words): WordsBeside {
  const entries = Object.entries(said).filter(([, value]) => value !== null);
  const added = Object.fromEntries(entries.filter(([column]) => known[column] === null));
  const differing = entries.flatMap(([column, value]) =>
    known[column] !== null && known[column] !== value ? [column] : [],
  );
  return { added, differing };
}

/** Findings for batches with conflicting identifying values; one per list of attributes. Contains no values. */
export function toWordFindings(
  all: readonly { readonly known: Words; readonly said: Words }[],
): readonly FindingRecord[] {
  const counts = new Map<string, { readonly code: FindingCode; readonly keywords: readonly string[]; count: number }>();
  for (const { known, said } of all) {
    const identifying = compareWords(known, said).differing.flatMap((column) => {
      const found = IDENTIFYING[column];
      return found === undefined || isOneName(column, known[column], said[column]) ? [] : found;
    });
    for (const code of new Set(identifying.map((one) => one.code))) {
      const keywords = identifying.flatMap((one) => (one.code === code ? one.keyword : []));
      const key = keywords.join();
      const group = counts.get(key) ?? { code, keywords, count: 0 };
      group.count += 1;
      counts.set(key, group);
    }
  }
  return [...counts.values()].map(({ code, keywords, count }) => {
    const entity = code === 'series-differs' ? 'series' : count === 1 ? 'study' : 'studies';
    const message = `${keywords.join(', ')}: other than an earlier batch has said of ${count === 1 ? 'a' : count} ${entity}; the first word is kept.`;
    return toFinding(code, null, message);
  });
}

/** Whether two words are one name: empty components at its end and the case of letters tell no persons apart (PS3.5 §6.2, PS3.4 §C.2.2.2.1). */
function isOneName(column: string, known: Words[string] | undefined, said: Words[string] | undefined): boolean {
  return column === 'patientName' && toPlainName(known) === toPlainName(said);
}

function toPlainName(name: Words[string] | undefined): string {
  const groups = String(name).normalize('NFC').toUpperCase().split('=');
  return groups
    .map((group) => group.replace(/[\^ ]+$/, ''))
    .join('=')
    .replace(/=+$/, '');
}
