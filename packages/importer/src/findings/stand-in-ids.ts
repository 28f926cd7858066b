import { type FindingRecord, toFinding } from '@sendit/model';

/** Images whose header lacks an id, for which the name of the directory stands in. */
export interface StandInIds {
  study: number;
  series: number;
}

/** One finding for each id that is missing somewhere in the batch. */
export function missingIds({ study, series }: StandInIds): FindingRecord[] {
  const missing = [
    { count: study, keyword: 'StudyInstanceUID' },
    { count: series, keyword: 'SeriesInstanceUID' },
  ];
  return missing
    .filter(({ count }) => count > 0)
    .map(({ count, keyword }) =>
      toFinding('missing-ids', null, `${count} of the files have no ${keyword}; the name of the directory stands in.`),
    );
}
