import { no, unknown, yes } from '../answer.ts';
import type { GradeRule } from '../rule.ts';

/** Grade: the last element of every file ends where the file ends. */
export const wholeFile: GradeRule = {
  name: 'wholeFile',
  kind: 'grade',
  judge: ({ listing: { dicom } }) => {
    if (dicom === undefined) return unknown('its headers were not read');
    const { truncated, example } = dicom;
    if (truncated === 0) return yes('every file ends where its last element ends', { truncated });
    return no('a file ends before its last element does', {
      evidence: { truncated, example },
      toFinish: 'Send the truncated files again.',
    });
  },
};
