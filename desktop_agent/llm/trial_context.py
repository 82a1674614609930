"""A context that is measured: how long it takes to read and to write a token in the middle of a chat."""

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter, process_time

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.context import context_params
from desktop_agent.llm.native import library, resume_log
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.weights import Weights, open_context

CONTEXT = 2048
"""Tokens for which a context is made."""
DEPTH = 1024
"""Tokens that are in the cache when something is measured: other code computes beyond 512 of them."""
_STEM = 64
"""Tokens that are really read to get there; the rest are copies of them."""
_NARROW = 8
"""Processors compute few tokens at once differently from many, and most change between 4 and 8."""
_LIVE, _SPARE = 0, 1
_BUFFER = re.compile(r"(\S+)\s+(model|KV|RS|compute|output)\s+buffer size\s*=\s*([\d.]+) MiB")


class Sizes:
    """How large the buffers are that llama.cpp said it has made, less what is mapped from a file."""

    def __init__(self) -> None:
        self._found: dict[str, int] = {}

    def add(self, line: str) -> None:
        """Take a line of llama.cpp's log."""
        if (found := _BUFFER.search(line)) and not found[1].endswith("_Mapped"):
            self._found[found[2]] = self._found.get(found[2], 0) + round(float(found[3]) * 2**20)

    def of(self, *kinds: str) -> int:
        """Return the bytes of some kinds of buffers together."""
        return sum(self._found.get(kind, 0) for kind in kinds)


@contextmanager
def buffers() -> Iterator[Sizes]:
    """Follow which buffers are made; only in a process of its own, since there is one log for all."""
    llama, sizes = library(), Sizes()
    callback = llama.llama_log_callback(lambda _level, text, _data: sizes.add((text or b"").decode(errors="replace")))
    llama.llama_log_set(callback, ctypes.c_void_p(0))
    try:
        yield sizes
    finally:
        resume_log()


class TrialContext:
    """A context with a chat of DEPTH tokens in it. Raises UserFacingError when it cannot be made, or cannot compute."""

    def __init__(self, weights: Weights, settings: EngineSettings) -> None:
        self._llama = library()
        params = context_params(weights, CONTEXT, settings)
        params.n_ctx = CONTEXT
        with buffers() as sizes:
            self._context = open_context(weights, params)
        self.cache_bytes = sizes.of("KV", "RS")
        self.compute_bytes = sizes.of("compute", "output")
        self._memory = self._llama.llama_get_memory(self._context)
        self._ubatch = settings.ubatch
        self._words = int(self._llama.llama_vocab_n_tokens(weights.vocabulary))
        self._threads = int(params.n_threads_batch)
        self.waited = 0.0
        """The part of the last reading in which other programs had our cores."""
        self._recurrent = int(self._llama.llama_n_seq_max(self._context)) == 1
        self._depth = 0

    def __enter__(self) -> "TrialContext":
        try:
            self._deepen()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._llama.llama_free(self._context)

    def read_seconds(self, tokens: int) -> float:
        """Return how long a token takes when several are read at once."""
        start, worked = perf_counter(), process_time()
        for at in range(0, tokens, self._ubatch):
            self._decode(self._depth + at, min(self._ubatch, tokens - at))
        seconds, worked = perf_counter() - start, process_time() - worked
        self.waited = max(0.0, 1 - worked / (seconds * self._threads))
        self._cut()
        return seconds / tokens

    def write_seconds(self, tokens: int) -> float:
        """Return how long a token takes when each needs the one before it; the middle of those measured."""
        seconds = []
        for at in range(tokens):
            start = perf_counter()
            self._decode(self._depth + at, 1)
            seconds.append(perf_counter() - start)
        self._cut()
        return sorted(seconds)[len(seconds) // 2]

    def widest_exact(self, most: int) -> int:
        """Return how many tokens at once, at most `most`, give bit by bit the logits that they give one by one."""
        if self._recurrent:
            return 1
        widest = self._exact_up_to(min(_NARROW, most), 1)
        return widest if widest < _NARROW else self._exact_up_to(most, widest)

    def _exact_up_to(self, most: int, exact: int) -> int:
        """Return the widest batch between `exact`, which is known to be, and `most`."""
        alone = []
        for at in range(most):
            self._decode(self._depth + at, 1)
            alone.append(self._logits(0))
        self._cut()
        tried, inexact = most, most + 1
        while exact < inexact - 1:
            exact, inexact = (tried, inexact) if self._together(tried) == alone[:tried] else (exact, tried)
            tried = (exact + inexact) // 2
        return exact

    def _together(self, width: int) -> list[bytes]:
        self._decode(self._depth, width, all_logits=True)
        logits = [self._logits(row) for row in range(width)]
        self._cut()
        return logits

    def _logits(self, row: int) -> bytes:
        return ctypes.string_at(self._llama.llama_get_logits_ith(self._context, row), 4 * self._words)

    def _deepen(self) -> None:
        """Fill the cache: with copies of a few tokens where its cells can be copied, else by reading.

        A recurrent state stays as it is: it takes as long at every depth.
        """
        self._decode(0, _STEM)
        self._depth = _STEM
        if not self._recurrent and not self._copied():
            for at in range(_STEM, DEPTH, self._ubatch):
                self._decode(at, min(self._ubatch, DEPTH - at))
            self._depth = DEPTH

    def _copied(self) -> bool:
        """Put the same cells again and again into the sequence, at the same positions: attention sees them all."""
        llama = self._llama
        state = (ctypes.c_uint8 * llama.llama_state_seq_get_size(self._context, _LIVE))()
        size = llama.llama_state_seq_get_data(self._context, state, len(state), _LIVE)
        for _ in range(DEPTH // _STEM - 1):
            if not llama.llama_state_seq_set_data(self._context, state, size, _SPARE):
                return False
            llama.llama_memory_seq_cp(self._memory, _SPARE, _LIVE, -1, -1)
            llama.llama_memory_seq_rm(self._memory, _SPARE, -1, -1)
        return True

    def _cut(self) -> None:
        if not self._llama.llama_memory_seq_rm(self._memory, _LIVE, self._depth, -1):
            self._llama.llama_memory_clear(self._memory, False)
            self._deepen()

    def _decode(self, position: int, count: int, all_logits: bool = False) -> None:
        batch = self._llama.llama_batch_init(count, 0, 1)
        batch.n_tokens = count
        for index in range(count):
            batch.token[index] = (position + index) * 7919 % self._words
            batch.pos[index], batch.n_seq_id[index], batch.seq_id[index][0] = position + index, 1, _LIVE
            batch.logits[index] = all_logits or index == count - 1
        code = self._llama.llama_decode(self._context, batch)
        self._llama.llama_batch_free(batch)
        if code:
            raise UserFacingError(f"The model cannot compute (code {code}).", "Choose another model.")
