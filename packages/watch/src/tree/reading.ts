import { IN } from '@sendit/model';

/** Events that our own listing of a directory raises. */
export const READING = IN.IN_OPEN | IN.IN_ACCESS | IN.IN_CLOSE_NOWRITE;
