"""A model hub on loopback that can misbehave, and that writes down every byte it serves."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = 16 << 10
BUFFER = 32 << 10
"""What the system may hold back on the server's side: what counts as served is then nearly what arrived."""


@dataclass
class Served:
    """One request, and how many bytes of the file from `start` on went out as its answer."""

    path: str
    headers: dict[str, str]
    status: int = 0
    start: int = 0
    sent: int = 0

    @property
    def range(self) -> str:
        """The Range header, empty when the whole file was asked for."""
        return self.headers.get("range", "")

    @property
    def token(self) -> str:
        """The Authorization header."""
        return self.headers.get("authorization", "")


@dataclass
class Hub:
    """What it answers with. Lists are used up, one entry for each request; then it answers as it should."""

    data: bytes
    url: str = ""
    etag: str = ""
    token: str = ""  # what it wants to see, empty: nothing
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)  # added to every refusal
    drops: list[int] = field(default_factory=list)  # bytes sent before the connection is cut
    always: int = 0  # the status of every answer
    drops_after: int | None = None  # the same for every request
    holds_after: int | None = None  # bytes sent before it goes silent
    holds_before: bool = False  # it never answers at all
    trickles: float = 0.0  # seconds between single bytes
    rate: float = 0.0  # bytes per second
    ignores_ranges: bool = False
    shifts_ranges: int = 0  # it sends from so many bytes later than asked for, and says so
    hides_ranges: bool = False  # 206 without saying which part
    claims: int | None = None  # the size it speaks of
    redirects: str = ""  # where it sends everybody
    served: list[Served] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def ranges(self) -> list[str]:
        """The ranges that were asked for."""
        return [each.range for each in self.served]

    @property
    def sent(self) -> int:
        """How many bytes of the file went out in all."""
        return sum(each.sent for each in self.served)


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
        super().setup()

    def do_GET(self) -> None:
        hub = self.server.hub
        served = Served(self.path, {name.lower(): value for name, value in self.headers.items()})
        hub.served.append(served)
        with contextlib.suppress(OSError):  # the other side is gone
            _answer(self, hub, served)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    hub: Hub

    def handle_error(self, *_: object) -> None:
        """A client that refuses the certificate ends the connection: that is its right."""


@contextmanager
def hub_server(data: bytes, tls: ssl.SSLContext | None = None) -> Iterator[Hub]:
    """Serve `data` under every path on loopback."""
    hub = Hub(data)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.hub = hub
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    hub.url = f"https://localhost:{server.server_port}" if tls else f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        hub.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(handler: _Handler, hub: Hub, served: Served) -> None:
    if hub.holds_before:
        hub.released.wait(30)
    elif hub.redirects:
        _refuse(handler, served, 302, {"Location": hub.redirects})
    elif hub.token and served.token != f"Bearer {hub.token}":
        _refuse(handler, served, 401, {})
    elif status := hub.always or (hub.statuses.pop(0) if hub.statuses else 0):
        _refuse(handler, served, status, hub.headers)
    else:
        _serve(handler, hub, served)


def _refuse(handler: _Handler, served: Served, status: int, headers: dict[str, str]) -> None:
    served.status = status
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def _serve(handler: _Handler, hub: Hub, served: Served) -> None:
    changed = hub.etag != served.headers.get("if-range", hub.etag)
    part = bool(served.range) and not hub.ignores_ranges and not changed
    asked = int(served.range.removeprefix("bytes=").rstrip("-")) if part else 0
    served.start = asked + (hub.shifts_ranges if part else 0)
    served.status = 206 if part else 200
    body = hub.data[served.start :]
    _head(handler, hub, served, len(body))
    _send(handler, hub, served, body)


def _head(handler: _Handler, hub: Hub, served: Served, length: int) -> None:
    total = len(hub.data) if hub.claims is None else hub.claims
    handler.send_response(served.status)
    if hub.etag:
        handler.send_header("ETag", hub.etag)
    if served.status == 206 and not hub.hides_ranges:
        handler.send_header("Content-Range", f"bytes {served.start}-{served.start + length - 1}/{total}")
    handler.send_header("Content-Length", str(length if served.status == 206 else total))
    handler.end_headers()


def _send(handler: _Handler, hub: Hub, served: Served, body: bytes) -> None:
    ends = [hub.drops.pop(0) if hub.drops else None, hub.drops_after, hub.holds_after]
    limit = min((end for end in ends if end is not None), default=len(body))
    size = 1 if hub.trickles else PIECE
    for at in range(0, limit, size):
        piece = body[at : min(at + size, limit)]
        handler.wfile.write(piece)
        served.sent += len(piece)
        _pause(hub, len(piece))
    if hub.holds_after is not None:
        hub.released.wait(30)
    handler.close_connection = limit < len(body)


def _pause(hub: Hub, count: int) -> None:
    if hub.trickles:
        hub.released.wait(hub.trickles)
    elif hub.rate:
        time.sleep(count / hub.rate)
