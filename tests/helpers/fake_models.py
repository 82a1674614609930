"""Small stand-ins for what models are made of: wheels with data, GGUF files, a model hub on loopback."""

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from desktop_agent.models.catalogue import Catalogue, ModelEntry, Source

MIB = 1 << 20


def entry(data: bytes, *sources: Source, name: str = "toy") -> ModelEntry:
    """Return a catalogue entry for a file with these bytes."""
    return ModelEntry(
        name=name,
        title="Toy model",
        role="chat",
        file=f"{name}.gguf",
        architecture="llama",
        parameters="1M",
        quantisation="F32",
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        licence="MIT",
        context=64,
        sources=sources,
    )


def catalogue(data: bytes, *sources: Source) -> Catalogue:
    """Return a catalogue with that one entry."""
    return Catalogue([entry(data, *sources)])


def wheel(folder: Path, name: str, member: str, data: bytes) -> Path:
    """Write a wheel of version 1.0 that carries `data`, as pip accepts it."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def gguf_file(path: Path, *, architecture: str = "llama", weights: int = 256, **metadata: str | int) -> Path:
    """Write a small whole GGUF with one tensor of float32 and a vocabulary of three tokens."""
    import gguf
    import numpy as np

    writer = gguf.GGUFWriter(path, architecture)
    writer.add_context_length(64)
    writer.add_token_list(["a", "b", "ü"])
    writer.add_token_types([1, 1, 1])
    for key, value in metadata.items():
        add = writer.add_string if isinstance(value, str) else writer.add_uint32
        add(key.replace("__", "."), value)
    if weights:
        writer.add_tensor("token_embd.weight", np.arange(weights, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@dataclass
class Hub:
    """What the loopback hub answers with, and which ranges it was asked for."""

    data: bytes
    status: int = 0  # 0: answer as asked
    ignores_ranges: bool = False
    drops_after: int | None = None  # bytes sent before the connection is cut
    holds_after: int | None = None  # bytes sent before it goes silent
    url: str = ""
    ranges: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def hub(data: bytes) -> Iterator[Hub]:
    """Serve `data` under every path on loopback."""
    state = Hub(data)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _answer(self, state)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(handler: BaseHTTPRequestHandler, state: Hub) -> None:
    asked = handler.headers.get("Range", "bytes=0-")
    state.ranges.append(asked)
    state.paths.append(handler.path)
    start = 0 if state.ignores_ranges else int(asked.removeprefix("bytes=").rstrip("-"))
    handler.send_response(state.status or (206 if start else 200))
    handler.send_header("Content-Length", str(len(state.data) - start))
    handler.end_headers()
    if state.status:
        return
    body = state.data[start:]
    limit = min((n for n in (state.drops_after, state.holds_after) if n is not None), default=len(body))
    handler.wfile.write(body[:limit])
    handler.wfile.flush()
    if state.holds_after is not None:
        state.released.wait(30)
