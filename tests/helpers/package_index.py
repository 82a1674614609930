"""A package index on loopback (PEP 503), which writes down what was fetched from it."""

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HALF = 2


@dataclass
class Index:
    """What was fetched. Of the package that it `holds`, only half arrives."""

    shelf: Path
    url: str = ""
    holds: str = ""
    fetched: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        index = self.server.index
        name = self.path.strip("/").rsplit("/", 1)[-1]
        with contextlib.suppress(OSError):  # the other side is gone
            if name.endswith(".whl"):
                self._send_file(index, index.shelf / name)
            else:
                found = index.shelf.glob(f"{name.replace('-', '_')}-*.whl")
                self._send("".join(f'<a href="/{path.name}">{path.name}</a>' for path in found).encode(), "text/html")

    def _send_file(self, index: Index, path: Path) -> None:
        package, data = path.name.partition("-")[0], path.read_bytes()
        held = index.holds == package
        self._send(data, "application/octet-stream", len(data) // HALF if held else len(data))
        index.fetched.append(package)
        if held:
            index.released.wait(30)

    def _send(self, body: bytes, kind: str, most: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:most])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    index: Index


@contextmanager
def package_index(shelf: Path) -> Iterator[Index]:
    """Serve the wheels in a folder."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.index = index = Index(shelf, f"http://127.0.0.1:{server.server_port}/simple")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield index
    finally:
        index.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
