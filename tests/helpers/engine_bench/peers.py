"""Who is measured, what each can do, and how a child of it is run."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_agent.paths import Paths
from tests.helpers.engine_bench import builds
from tests.helpers.engine_bench.figures import OURS

ROOT = Path(__file__).parents[3]
_HERE = "tests.helpers.engine_bench"
_LIMIT_SECONDS = 3600
_LAST_LINES = 8


class PeerFailed(Exception):
    """A child ended without figures; the text says why."""


@dataclass(frozen=True)
class Peer:
    """An engine beside ours. `command` gets it where it is missing, and raises PeerMissing when that cannot be.

    Where its defaults crash, it is asked once more and from then on without repacked weights, if it `can_do_plainly`.
    """

    name: str
    tasks: frozenset[str]
    command: Callable[[], list[str]]
    can_do_plainly: bool = False

    def run(self, plan: dict[str, Any], home: Path) -> dict[str, Any]:
        """Carry out one task in a process of its own; return its figures. Raises PeerFailed."""
        return run(self.command(), plan, home)


def run(command: list[str], plan: dict[str, Any], home: Path) -> dict[str, Any]:
    """Run a child with the plan on its standard input; return the last line of its standard output."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        try:
            done = subprocess.run(
                command,
                input=json.dumps(plan),
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                cwd=home,
                env=_environment(home),
                timeout=_LIMIT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise PeerFailed(f"did not end within {_LIMIT_SECONDS} s") from None
        said.seek(0)
        last = said.read().splitlines()[-_LAST_LINES:]
    try:
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        raise PeerFailed(f"ended with status {done.returncode}: {' | '.join(last)}") from None
    return found


def _environment(home: Path) -> dict[str, str]:
    """Return the variables of a child: another home, the same models, and no keyring of the user's."""
    moved = {
        "PYTHONPATH": str(ROOT),
        "DESKTOP_AGENT_HOME": str(home),
        "DESKTOP_AGENT_MODELS": str(Paths.from_environment().models),
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    return {**os.environ, **moved}


def _ours() -> list[str]:
    return [sys.executable, "-m", f"{_HERE}.ours"]


def _llama_bench() -> list[str]:
    return [sys.executable, "-m", f"{_HERE}.llama_bench", str(builds.llama_cpp())]


def _llama_server() -> list[str]:
    return [sys.executable, "-m", f"{_HERE}.llama_server", str(builds.llama_cpp())]


def _llama_class() -> list[str]:
    return [sys.executable, "-m", f"{_HERE}.llama_class"]


def _gpt4all() -> list[str]:
    return [str(builds.gpt4all()), "-m", f"{_HERE}.gpt4all_class"]


def _node_llama_cpp() -> list[str]:
    return ["node", str(Path(__file__).with_name("node_llama_cpp.mjs")), str(builds.node_llama_cpp())]


_CHATS = frozenset({"chats", "stop", "copy"})
PEERS = {
    peer.name: peer
    for peer in (
        Peer(OURS, _CHATS | {"speed", "snapshot", "read_again"}, _ours),
        Peer("llama-bench", frozenset({"speed", "chats"}), _llama_bench),
        Peer("llama-server", _CHATS, _llama_server, can_do_plainly=True),
        Peer("llama-cpp-python", _CHATS, _llama_class, can_do_plainly=True),
        Peer("gpt4all", _CHATS, _gpt4all),
        Peer("node-llama-cpp", _CHATS, _node_llama_cpp),
    )
}
"""In the order in which each round measures them: ours first, since llama-bench repeats its numbers of tokens."""
