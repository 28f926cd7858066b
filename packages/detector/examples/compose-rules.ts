// Rules put together by hand: a done-file, or a rename and the announced number of instances; nothing while a file is open.
import {
  all,
  any,
  count,
  deadline,
  marker,
  nameRule,
  noOpenWriter,
  type Rule,
  readable,
  rename,
} from '@sendit/detector';

/** Needs `listing.dicom` for the count, and `markers` or `counts` in `readFolder` for what the sender left. */
export const rules: readonly Rule[] = [
  nameRule,
  readable({ againMs: 10_000 }),
  noOpenWriter({ againMs: 2_000 }),
  any([marker, all([rename(), count()])]),
  deadline({ maxWaitMs: 2 * 60 * 60 * 1000, action: 'quarantine' }),
];
