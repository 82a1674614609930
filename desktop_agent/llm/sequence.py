"""The tokens that the model has read: one sequence in its KV cache, and what of it can be used again."""

import ctypes
from collections.abc import Iterator
from collections.abc import Sequence as Tokens
from typing import Any

from desktop_agent.errors import DesktopAgentError
from desktop_agent.llm.native import StopFlag, library

CHUNK = 128
"""Tokens that are read at once: progress is told and a stop is certain at least this often."""

_DONE, _ABORTED = 0, 2
_SEQUENCE_ID = 0


class Stopped(Exception):
    """The stop flag was set while the model computed."""


class Sequence:
    """A sequence of tokens and the context with its KV cache. `tokens` is always what the cache really holds."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.tokens: list[int] = []
        self._llama = library()
        self._memory = self._llama.llama_get_memory(context)
        self._batch = _Batch(CHUNK)
        self._stop: StopFlag | None = None

    @property
    def size(self) -> int:
        """How many tokens the context can hold."""
        return int(self._llama.llama_n_ctx_seq(self.context))

    def attach(self, stop: StopFlag) -> None:
        """Let `stop` abort what is computed from now on."""
        self._stop = stop  # llama.cpp keeps a pointer into it
        stop.attach(self.context)

    def reuse(self, prompt: Tokens[int]) -> int:
        """Cut the cache to what it shares with `prompt`; return how many tokens of the prompt need not be read.

        At least the last one always has to, since the cache keeps no logits.
        """
        self.cut(min(common_prefix(self.tokens, prompt), len(prompt) - 1))
        return len(self.tokens)

    def cut(self, length: int) -> bool:
        """Forget all tokens from position `length` on. False when the model can only forget everything, and did."""
        if length == len(self.tokens):
            return True
        if length > 0 and self._llama.llama_memory_seq_rm(self._memory, _SEQUENCE_ID, length, -1):
            del self.tokens[length:]
            return True
        self._llama.llama_memory_clear(self._memory, False)
        self.tokens.clear()
        return length == 0

    def read(self, tokens: Tokens[int]) -> Iterator[int]:
        """Append tokens, chunk by chunk; yield how many are read so far. The logits of the last one are then ready.

        Raises Stopped, with the cache cut back to the last whole chunk.
        """
        for start in range(0, len(tokens), CHUNK):
            if self._stop and self._stop.poll():
                raise Stopped
            chunk = tokens[start : start + CHUNK]
            self._decode(chunk, wants_logits=start + CHUNK >= len(tokens))
            yield start + len(chunk)

    def logits(self) -> Any:
        """Return a pointer to the floats of the next token, one for each token of the vocabulary."""
        return self._llama.llama_get_logits_ith(self.context, -1)

    def free(self) -> None:
        """Give the cache's memory back. Safe to call twice."""
        if self.context:
            self._llama.llama_free(self.context)
        self.context = None
        self.tokens.clear()

    def _decode(self, tokens: Tokens[int], wants_logits: bool) -> None:
        self._batch.fill(tokens, len(self.tokens), _SEQUENCE_ID, wants_logits)
        code = self._llama.llama_decode(self.context, self._batch.native)
        if code == _DONE:
            self.tokens += tokens
            return
        self._restore()
        if code == _ABORTED:
            raise Stopped
        raise DesktopAgentError(f"llama_decode failed with code {code} at position {len(self.tokens)}")

    def _restore(self) -> None:
        """Take out of the cache what an unfinished decode may have left behind."""
        if not self._llama.llama_memory_seq_rm(self._memory, _SEQUENCE_ID, len(self.tokens), -1):
            self._llama.llama_memory_clear(self._memory, False)
            self.tokens.clear()


class _Batch:
    """The arguments of a decode, in memory that llama.cpp can read, used again and again."""

    def __init__(self, room: int) -> None:
        llama = library()
        self._sequence = ctypes.c_int32(0)
        pointer = ctypes.pointer(self._sequence)
        self._token = (ctypes.c_int32 * room)()
        self._position = (ctypes.c_int32 * room)()
        self._sequence_count = (ctypes.c_int32 * room)(*[1] * room)
        self._sequences = (ctypes.POINTER(ctypes.c_int32) * room)(*[pointer] * room)
        self._wants_logits = (ctypes.c_int8 * room)()
        self.native = llama.llama_batch()
        self.native.token = ctypes.cast(self._token, ctypes.POINTER(ctypes.c_int32))
        self.native.pos = ctypes.cast(self._position, ctypes.POINTER(ctypes.c_int32))
        self.native.n_seq_id = ctypes.cast(self._sequence_count, ctypes.POINTER(ctypes.c_int32))
        self.native.seq_id = ctypes.cast(self._sequences, ctypes.POINTER(ctypes.POINTER(ctypes.c_int32)))
        self.native.logits = ctypes.cast(self._wants_logits, ctypes.POINTER(ctypes.c_int8))

    def fill(self, tokens: Tokens[int], start: int, sequence: int, wants_logits: bool) -> None:
        """Set the tokens, their positions from `start` on, and whether the last one's logits are wanted."""
        count = len(tokens)
        self._token[:count] = list(tokens)
        self._position[:count] = list(range(start, start + count))
        self._wants_logits[:count] = [0] * count
        self._wants_logits[count - 1] = int(wants_logits)
        self._sequence.value = sequence
        self.native.n_tokens = count


def common_prefix(one: Tokens[int], other: Tokens[int]) -> int:
    """Return how many tokens both begin with."""
    for index, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return index
    return min(len(one), len(other))
