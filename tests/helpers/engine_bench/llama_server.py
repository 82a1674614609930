"""llama-server as a peer: one slot, a context of 4,096 tokens, its own defaults in everything else."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.helpers.engine_bench import workload as texts
from tests.helpers.engine_bench.chatting import Found, Messages, Peer, Plan, copying, serve

_LOOK_SECONDS = 0.005
_DRAFTING = ("--spec-type", "ngram-simple")


class LlamaServer:
    """The server as a child, asked over HTTP as any client asks it."""

    def __init__(self, program: Path, model: str, flags: tuple[str, ...]) -> None:
        self._program = program
        self._model = model
        self.flags = flags
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: http.client.HTTPConnection | None = None
        self._port = 0

    def load(self) -> None:
        """Start it, until it says that it is well."""
        self._port = _free_port()
        command = [str(self._program), "-m", self._model, "-c", str(texts.CONTEXT_TOKENS), "-np", "1", "--no-ui"]
        command += ["--host", "127.0.0.1", "--port", str(self._port), *self.flags]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not self._is_well():
            if self._process.poll() is not None:
                raise RuntimeError(f"llama-server ended with status {self._process.returncode}")
            time.sleep(_LOOK_SECONDS)

    def ask(self, messages: Messages, limit: int) -> Generator[str, None, None]:
        """Yield the answer's pieces."""
        question = {"messages": messages, "max_tokens": limit, "temperature": 0, "stream": True, "cache_prompt": True}
        connection = self._connection = http.client.HTTPConnection("127.0.0.1", self._port)
        with closing(connection):
            connection.request(
                "POST", "/v1/chat/completions", json.dumps(question), {"Content-Type": "application/json"}
            )
            try:
                response = connection.getresponse()
                if response.status != http.client.OK:
                    raise RuntimeError(f"llama-server answered {response.status}: {response.read(500)!r}")
                yield from filter(None, map(_piece, response))
            except (OSError, http.client.HTTPException, ValueError, AttributeError):
                if self._connection is connection:  # else it was stopped, from another thread
                    raise

    def stop(self) -> None:
        """Hang up, as a client does whose user pressed Stop."""
        connection, self._connection = self._connection, None
        if connection and connection.sock:
            connection.sock.shutdown(socket.SHUT_RDWR)

    def settle(self) -> None:
        """Wait until no slot is busy."""
        while any(slot["is_processing"] for slot in self._get("/slots")):
            time.sleep(_LOOK_SECONDS)

    def process(self) -> int:
        """Return the server's process id."""
        assert self._process
        return self._process.pid

    def close(self) -> None:
        """End the server."""
        if self._process:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _is_well(self) -> bool:
        try:
            return bool(self._get("/health") == {"status": "ok"})
        except OSError:
            return False

    def _get(self, path: str) -> Any:
        with closing(http.client.HTTPConnection("127.0.0.1", self._port)) as connection:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())


def _piece(line: bytes) -> str:
    """Return the text in a line of the event stream."""
    data = line.decode().removeprefix("data: ").strip()
    if not data.startswith("{"):
        return ""
    choices = json.loads(data)["choices"]
    return (choices[0]["delta"].get("content") or "") if choices else ""


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def copy_twice(peer: Peer, plan: Plan) -> Found:
    """Repeat a prompt without and with the server's own drafting, which is chosen when it starts."""
    assert isinstance(peer, LlamaServer)
    off = copying(peer, "copy_drafting_off")
    peer.close()
    peer.flags += _DRAFTING
    return off | copying(peer, "copy_drafting_on")


def _server(plan: Plan) -> LlamaServer:
    flags = () if plan["repack"] else ("--no-repack",)
    return LlamaServer(Path(sys.argv[1]) / "llama-server", plan["model"], flags)


if __name__ == "__main__":
    serve(_server, {"copy": copy_twice})
