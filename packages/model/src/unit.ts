/**
 * Units: what becomes one batch under a watch path.
 *
 * directory  a directory right below it
 * series     all files with one SeriesInstanceUID, wherever they lie
 * study      all files with one StudyInstanceUID
 */
export const UNIT_KINDS = ['directory', 'series', 'study'] as const;

/** One word of {@link UNIT_KINDS}. */
export type UnitKind = (typeof UNIT_KINDS)[number];

/** Whether a text is the key of a series or study, as it stands where a directory's name does: `series/1.2.3`. */
export function isUnitKey(text: string): boolean {
  return /^(?:series|study)\/[\w.-]{1,64}$/.test(text);
}
