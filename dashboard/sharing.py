"""Connections go to the web process that has no page in hand, and sends no file.

All processes listen to one socket, and whoever is woken first takes what comes: of ten people's pages beside an import
and a file a sixth came to a process with a page in hand, to share its turns at Python while the other process had
nothing to do, and took half as long again (docs/benchmarks.md).
"""

import socket
import time

from gunicorn.workers.gthread import ThreadWorker

from dashboard import courtesy

# Seconds in which a process without anything in hand takes a connection, unless the machine has no time for it; and
# one that has a file only before those that have a page.
LEFT_TO_IDLE, LEFT_TO_ALL = 0.002, 0.004


class Worker(ThreadWorker):  # type: ignore[misc]
    """A web process of gunicorn, which names it by `--worker-class dashboard.sharing.Worker`."""

    def accept(self, listener: socket.socket) -> None:
        if self.cfg.workers > 1:
            if courtesy.has_pages():
                time.sleep(LEFT_TO_ALL)
            elif courtesy.has_files():
                time.sleep(LEFT_TO_IDLE)
        super().accept(listener)
