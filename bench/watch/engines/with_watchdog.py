from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer

from serve import on_path, serve


class Handler(FileSystemEventHandler):
    def on_created(self, event):
        on_path(event.src_path)

    def on_moved(self, event):
        on_path(event.dest_path)


def start(root, recursive):
    observer = Observer()
    observer.schedule(Handler(), root, recursive=recursive)
    observer.start()


serve(start)
