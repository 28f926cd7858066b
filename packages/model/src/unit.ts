/**
 * What becomes one batch under a watch path:
 *
 * directory  a directory right below it
 * series     all files with one SeriesInstanceUID, wherever they lie
 * study      all files with one StudyInstanceUID
 */
export const UNIT_KINDS = ['directory', 'series', 'study'] as const;

/** One word of {@link UNIT_KINDS}. */
export type UnitKind = (typeof UNIT_KINDS)[number];
