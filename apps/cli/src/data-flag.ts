import { Flags } from '@oclif/core';

/** `--data`, for the commands that have to do with watch paths. */
export const dataFlag = {
  data: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    summary:
      'Watch this folder (repeatable): all events, processed by DicomQueue. Replaces the watch paths of the file.',
  }),
};
