import { subscribe } from '@parcel/watcher';
import { serve } from '../serve.mjs';

await serve(async (root, onPath, onOverflow) => {
  const onEvents = (error, events) => {
    if (error) onOverflow();
    else for (const { type, path } of events) if (type === 'create') onPath(path);
  };
  // The default would start a watchman daemon where one is installed.
  await subscribe(root, onEvents, { backend: 'inotify' });
});
