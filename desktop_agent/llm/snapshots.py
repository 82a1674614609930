"""The KV state of a prompt's stable head, kept on disk: a new chat need not read it again.

A head is the program's own words (instructions, examples, tools) and nothing that the user said. A file's name stands
for all that its content depends on, so that one made under other conditions is never found; what is damaged is thrown
away. Both cost no more than reading the head once more, so neither is worth a word to the user.
"""

import ctypes
import hashlib
import json
import logging
import os
from collections.abc import Sequence as Tokens
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from desktop_agent import durable
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.states import State

_MAGIC = b"DA-HEAD1"
_DIGEST_BYTES = 32
_SUFFIX = ".kv"
_DEFAULT_ROOM = 1 << 30
"""Bytes; a head of 1,500 tokens takes 43 MB with a 1.5B model, 86 MB with a 7B."""

_log = logging.getLogger(__name__)


class Snapshots:
    """The snapshots in `folder`, at most `room` bytes; those that were not used for the longest time go first.

    Files are written on a thread of their own: the answer does not wait for the disk.
    """

    def __init__(self, folder: Path, room: int = _DEFAULT_ROOM) -> None:
        self._folder = folder
        self._room = room
        self._writer: ThreadPoolExecutor | None = None

    def load(self, name: str, tokens: Tokens[int]) -> State | None:
        """Return the state of these tokens that was saved under `name`; None when there is none that is whole."""
        path = self._path(name)
        try:
            content = bytearray(path.read_bytes())
            data = memoryview(content)[len(_MAGIC) + _DIGEST_BYTES :]
            if content[: -len(data)] != _MAGIC + hashlib.sha256(data).digest():
                raise ValueError("the file is damaged")
            os.utime(path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            self._drop(path, error)
            return None
        return State(tuple(tokens), (ctypes.c_uint8 * len(data)).from_buffer(data))

    def has(self, name: str) -> bool:
        """Return whether something was saved under `name`."""
        try:
            return self._path(name).stat().st_size > 0
        except OSError:
            return False

    def save(self, name: str, state: State) -> None:
        """Write a state in the background, whole or not at all."""
        self._writer = self._writer or ThreadPoolExecutor(1, thread_name_prefix="snapshot")
        self._writer.submit(self._write, self._path(name), state)

    def close(self) -> None:
        """Wait for what is being written. Safe to call twice."""
        if self._writer:
            self._writer.shutdown()
        self._writer = None

    def _write(self, path: Path, state: State) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            durable.write(path, b"".join((_MAGIC, hashlib.sha256(state.data).digest(), state.data)))
            self._make_room()
        except OSError as error:
            _log.info("No snapshot of the prompt's head could be kept: %s", error)

    def _make_room(self) -> None:
        for left in self._folder.glob(f"*{_SUFFIX}.new"):  # by a process that died while it wrote
            left.unlink()
        files = sorted(self._folder.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime)
        size = sum(path.stat().st_size for path in files)
        while files and size > self._room:
            oldest = files.pop(0)
            size -= oldest.stat().st_size
            oldest.unlink()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{_SUFFIX}"

    @staticmethod
    def _drop(path: Path, error: Exception) -> None:
        _log.info("A snapshot of the prompt's head cannot be used: %s", error)
        with suppress(OSError):
            path.unlink()


def snapshot_name(identity: str, settings: EngineSettings, tokens: Tokens[int]) -> str:
    """Return the name for the state of `tokens`: another one for each model file, layout of the cache and version."""
    import llama_cpp

    layout = [settings.key_type, settings.value_type, settings.flash_attention, settings.repack, settings.gpu_layers]
    conditions = json.dumps([identity, llama_cpp.__version__, layout, list(tokens)])
    return hashlib.sha256(conditions.encode()).hexdigest()
