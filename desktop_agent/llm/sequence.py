"""The tokens that the model has read: one sequence in its KV cache, and the way back to what it read before."""

import ctypes
from collections.abc import Iterator
from collections.abc import Sequence as Tokens
from time import perf_counter
from typing import Any

from desktop_agent.errors import DesktopAgentError
from desktop_agent.llm.batch import Batch
from desktop_agent.llm.context import MOST_OUTPUTS
from desktop_agent.llm.drafting import Drafter
from desktop_agent.llm.native import StopFlag, library
from desktop_agent.llm.states import State, States, common_prefix

_DONE, _ABORTED = 0, 2


class Stopped(Exception):
    """The stop flag was set while the model computed."""


class Sequence:
    """A sequence of tokens and the context with its KV cache. `tokens` is always what the cache really holds.

    `states` are those that it can go back to. `cuts` says whether the model can forget the end of what it read:
    recurrent and hybrid ones cannot, and go back to the state before instead.

    Behind `tokens` the cache may hold what `drafter` guessed to come next: until another token comes, or `settle` is
    called. Only models that can cut may have one. `output` is the token of the last batch whose logits count.
    """

    def __init__(
        self, context: Any, states: States, *, cuts: bool = True, drafter: Drafter | None = None, number: int = 0
    ) -> None:
        self.context = context
        self.number = number
        self.states = states
        self.cuts = cuts
        self.drafter = drafter
        self.output = -1
        self._ahead: list[int] = []
        self.tokens: list[int] = []
        self._llama = library()
        self._memory = self._llama.llama_get_memory(context)
        self._chunk = int(self._llama.llama_n_ubatch(context))
        self._most_ahead = min(MOST_OUTPUTS, self._chunk) - 1
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
        if self.drafter:
            self.drafter.attach(stop)

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
        self.settle()
        if length > 0 and self.cuts and self._llama.llama_memory_seq_rm(self._memory, self.number, length, -1):
            del self.tokens[length:]
        else:
            self._go_back(self.tokens[:length])

    def read(self, tokens: Tokens[int]) -> Iterator[int]:
        """Append tokens, chunk by chunk; yield how many are read so far. The logits of the last one are then ready.

        Raises Stopped, with the cache cut back to the last whole chunk.
        """
        self.settle()
        for start in range(0, len(tokens), self._chunk):
            self.check_stop()
            chunk = tokens[start : start + self._chunk]
            self._decode(chunk, outputs=int(start + self._chunk >= len(tokens)))
            yield start + len(chunk)

    def append(self, token: int, most: int) -> bool:
        """Append one token of an answer, and behind it at most `most` guesses; the logits of the token are then ready.

        Returns whether it had been guessed, so that nothing had to be computed. Raises Stopped.
        """
        self.check_stop()
        if self._ahead[:1] == [token]:
            self.tokens.append(self._ahead.pop(0))
            self.output += 1
            return True
        self.settle()
        began = perf_counter()
        guesses = self._draft(token, most)
        self._decode([token, *guesses], outputs=1 + len(guesses), ahead=len(guesses))
        self._ahead = guesses
        self.output = 0
        if self.drafter:
            self._llama.llama_synchronize(self.context)
            self.drafter.observe(len(guesses), perf_counter() - began)
        return False

    def settle(self) -> None:
        """Forget what was guessed and has not come."""
        if self._ahead:
            self._ahead = []
            self._restore()

    def check_stop(self) -> None:
        """Raise Stopped if that is wanted."""
        if self._stop and self._stop.poll():
            raise Stopped

    def logits(self) -> Any:
        """Return a pointer to the floats of the next token, one for each token of the vocabulary."""
        return self._llama.llama_get_logits_ith(self.context, self.output)

    def state(self) -> State:
        """Return a copy of what the cache holds. Raises DesktopAgentError when llama.cpp cannot write it."""
        self.settle()
        size = self._llama.llama_state_seq_get_size(self.context, self.number)
        data = (ctypes.c_uint8 * size)()
        if self._llama.llama_state_seq_get_data(self.context, data, size, self.number) != size:
            raise DesktopAgentError("llama.cpp could not copy its KV cache")
        return State(tuple(self.tokens), data)

    def restore(self, state: State) -> None:
        """Replace what the cache holds. A state that llama.cpp refuses leaves it empty."""
        self.clear()
        if self._llama.llama_state_seq_set_data(self.context, state.data, state.size, self.number):
            self.tokens[:] = state.tokens
        else:
            self.clear()

    def clear(self) -> None:
        """Forget all tokens."""
        if self.number:
            self._llama.llama_memory_seq_rm(self._memory, self.number, -1, -1)
        else:
            self._llama.llama_memory_clear(self._memory, False)
        self.tokens.clear()
        self._ahead = []

    def branch(self, number: int) -> "Sequence":
        """Return a copy with a number of its own, from 1 on; both share the memory of what they have in common.

        It ends with `clear`, and never frees the context.
        """
        self.settle()
        branch = Sequence(self.context, States(0, whole=False), number=number)
        branch.clear()
        self._llama.llama_memory_seq_cp(self._memory, self.number, number, -1, -1)
        branch.tokens[:] = self.tokens
        branch.output = self.output
        return branch

    def free(self) -> None:
        """Give the memory back, that of the states and of the drafter too. Safe to call twice."""
        if self.drafter:
            self.drafter.free()
        if self.context:
            self._llama.llama_free(self.context)
        self.context = None
        self.tokens.clear()
        self.states.clear()

    def _draft(self, token: int, most: int) -> list[int]:
        """Return guesses at what follows `token`, as many as fit the context."""
        room = min(most, self._most_ahead, self.size - len(self.tokens) - 1)
        return self.drafter.draft([*self.tokens, token], room) if self.drafter and room > 0 else []

    def _decode(self, tokens: Tokens[int], outputs: int, ahead: int = 0) -> None:
        """Compute tokens; the last `ahead` of them are guesses. The last `outputs` get logits."""
        self._batch.fill(tokens, len(self.tokens), self.number, outputs)
        try:
            compute(self.context, self._batch)
        except BaseException:
            self._restore()
            raise
        self.tokens += tokens[: len(tokens) - ahead]
        self.output = -1

    def _restore(self) -> None:
        """Take out of the cache what an unfinished decode may have left behind."""
        if not self.cuts or not self._llama.llama_memory_seq_rm(self._memory, self.number, len(self.tokens), -1):
            self._go_back(self.tokens)

    def _go_back(self, tokens: Tokens[int]) -> None:
        """Hold as many of these tokens as a kept state allows."""
        state, most = self.states.best(tokens)
        if state and most == len(state.tokens):
            self.restore(state)
        else:
            self.clear()


def compute(context: Any, batch: Batch) -> None:
    """Run the model over a batch. Raises Stopped; the cache may then hold a part of it."""
    code = library().llama_decode(context, batch.native)
    if code == _ABORTED:
        raise Stopped
    if code != _DONE:
        raise DesktopAgentError(f"llama_decode failed with code {code}")
