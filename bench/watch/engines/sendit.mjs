import { openWatchSource } from '@sendit/watch';
import { serve } from '../serve.mjs';

const IN_CREATE = 0x100;
const IN_MOVED_FROM = 0x40;
const IN_MOVED_TO = 0x80;
const IN_Q_OVERFLOW = 0x4000;

await serve(async (root, onPath, onOverflow, isFlat) => {
  const source = await openWatchSource({
    path: root,
    mask: IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO,
    recursive: !isFlat,
  });
  void source.run(({ mask, pathname }) => {
    if (mask & IN_Q_OVERFLOW) onOverflow();
    else if (mask & (IN_CREATE | IN_MOVED_TO)) onPath(pathname);
  });
});
