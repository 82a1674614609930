"""The tokens that the model has read: one sequence in its KV cache, and the way back to what it read before."""

import ctypes
from collections.abc import Iterator
from collections.abc import Sequence as Tokens
from typing import Any

from desktop_agent.errors import DesktopAgentError
from desktop_agent.llm.batch import Batch
from desktop_agent.llm.native import StopFlag, library
from desktop_agent.llm.states import State, States, common_prefix

_DONE, _ABORTED = 0, 2
_SEQUENCE_ID = 0


class Stopped(Exception):
    """The stop flag was set while the model computed."""


class Sequence:
    """A sequence of tokens and the context with its KV cache. `tokens` is always what the cache really holds.

    `states` are those that it can go back to. `cuts` says whether the model can forget the end of what it read:
    recurrent and hybrid ones cannot, and go back to the state before instead.
    """

    def __init__(self, context: Any, states: States, *, cuts: bool = True) -> None:
        self.context = context
        self.states = states
        self.cuts = cuts
        self.tokens: list[int] = []
        self._llama = library()
        self._memory = self._llama.llama_get_memory(context)
        self._chunk = int(self._llama.llama_n_ubatch(context))
        self._batch = Batch(self._chunk)
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
        """Let the cache hold as much of the prompt's beginning as it can; return how many tokens need not be read.

        At least the last one always has to, since the cache keeps no logits.
        """
        wanted = prompt[: len(prompt) - 1]
        shared = common_prefix(self.tokens, wanted)
        here = shared if self.cuts or shared == len(self.tokens) else 0
        state, most = self.states.best(wanted)
        if state and most > here:
            self.restore(state)
            here = most
        self.cut(here)
        return len(self.tokens)

    def cut(self, length: int) -> None:
        """Forget the tokens from position `length` on, and those before it that the model cannot keep without them."""
        if length >= len(self.tokens):
            return
        if length > 0 and self.cuts and self._llama.llama_memory_seq_rm(self._memory, _SEQUENCE_ID, length, -1):
            del self.tokens[length:]
        else:
            self._go_back(self.tokens[:length])

    def read(self, tokens: Tokens[int]) -> Iterator[int]:
        """Append tokens, chunk by chunk; yield how many are read so far. The logits of the last one are then ready.

        Raises Stopped, with the cache cut back to the last whole chunk.
        """
        for start in range(0, len(tokens), self._chunk):
            if self._stop and self._stop.poll():
                raise Stopped
            chunk = tokens[start : start + self._chunk]
            self._decode(chunk, wants_logits=start + self._chunk >= len(tokens))
            yield start + len(chunk)

    def logits(self) -> Any:
        """Return a pointer to the floats of the next token, one for each token of the vocabulary."""
        return self._llama.llama_get_logits_ith(self.context, -1)

    def state(self) -> State:
        """Return a copy of what the cache holds. Raises DesktopAgentError when llama.cpp cannot write it."""
        size = self._llama.llama_state_seq_get_size(self.context, _SEQUENCE_ID)
        data = (ctypes.c_uint8 * size)()
        if self._llama.llama_state_seq_get_data(self.context, data, size, _SEQUENCE_ID) != size:
            raise DesktopAgentError("llama.cpp could not copy its KV cache")
        return State(tuple(self.tokens), data)

    def restore(self, state: State) -> None:
        """Replace what the cache holds. A state that llama.cpp refuses leaves it empty."""
        self.clear()
        if self._llama.llama_state_seq_set_data(self.context, state.data, state.size, _SEQUENCE_ID):
            self.tokens[:] = state.tokens
        else:
            self.clear()

    def clear(self) -> None:
        """Forget all tokens."""
        self._llama.llama_memory_clear(self._memory, False)
        self.tokens.clear()

    def free(self) -> None:
        """Give the memory back, that of the states too. Safe to call twice."""
        if self.context:
            self._llama.llama_free(self.context)
        self.context = None
        self.tokens.clear()
        self.states.clear()

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
        if not self.cuts or not self._llama.llama_memory_seq_rm(self._memory, _SEQUENCE_ID, len(self.tokens), -1):
            self._go_back(self.tokens)

    def _go_back(self, tokens: Tokens[int]) -> None:
        """Hold as many of these tokens as a kept state allows."""
        state, most = self.states.best(tokens)
        if state and most == len(state.tokens):
            self.restore(state)
        else:
            self.clear()
