"""A server on loopback that does to each connection exactly what a test says."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

_TLS_HELLO = b"\x16"

Script = Callable[[socket.socket], None]


@contextlib.contextmanager
def serving(script: Script) -> Iterator[str]:
    """The server's address; every connection is read up to the end of its request's head, then given to the script."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopping = threading.Event()
    accepting = threading.Thread(target=_accept, args=(listener, script, stopping), daemon=True)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stopping.set()
        with contextlib.suppress(OSError):
            socket.create_connection(listener.getsockname(), timeout=1).close()
        listener.close()
        accepting.join()


def _accept(listener: socket.socket, script: Script, stopping: threading.Event) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        if stopping.is_set():
            connection.close()
            return
        threading.Thread(target=_serve, args=(connection, script), daemon=True).start()


def _serve(connection: socket.socket, script: Script) -> None:
    # The client goes away whenever it likes: that is what most of these tests are about.
    with connection, contextlib.suppress(OSError):
        head = b""
        while b"\r\n\r\n" not in head and not head.startswith(_TLS_HELLO) and (got := connection.recv(65536)):
            head += got
        script(connection)


def saying(status: str, body: bytes = b"", **headers: str) -> Script:
    """A script that gives one complete answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in named.items())]
    head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "Connection: close", "", ""]).encode()
    return lambda connection: connection.sendall(head + body)


def dripping(start: bytes, drop: bytes, every: float = 0.05) -> Script:
    """A script that never ends: it starts, then sends one drop after another."""
    pause = threading.Event()

    def script(connection: socket.socket) -> None:
        connection.sendall(start)
        while not pause.wait(every):
            connection.sendall(drop)

    return script
