import pyinotify

from serve import on_overflow, on_path, serve


class Handler(pyinotify.ProcessEvent):
    def process_IN_Q_OVERFLOW(self, event):
        on_overflow()

    def process_default(self, event):
        if event.mask & (pyinotify.IN_CREATE | pyinotify.IN_MOVED_TO):
            on_path(event.pathname)


def start(root, recursive):
    manager = pyinotify.WatchManager()
    notifier = pyinotify.ThreadedNotifier(manager, Handler())
    mask = pyinotify.IN_CREATE | pyinotify.IN_MOVED_FROM | pyinotify.IN_MOVED_TO
    manager.add_watch(root, mask, rec=recursive, auto_add=recursive)
    notifier.start()


serve(start)
