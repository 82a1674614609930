"""A small model with the same vocabulary that guesses what the large one will say (speculative decoding)."""

from collections.abc import Iterator
from collections.abc import Sequence as Tokens
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.context import open_chat_context
from desktop_agent.llm.drafting import Drafter, Guess, NgramSource, Source
from desktop_agent.llm.drafting_paced import PacedDrafter
from desktop_agent.llm.native import StopFlag, library
from desktop_agent.llm.sequence import Sequence, Stopped
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.states import States, common_prefix
from desktop_agent.llm.weights import Weights

_CONTEXT = 1024
_LOOKS_BACK = 256
"""Tokens that are read when more are missing: to guess the next word, more is seldom worth the wait."""

_MOST_DIFFERENCE = 128
_FIRST_COMPARED = 5
"""Of two vocabularies: how far their sizes may differ, and the first token whose text counts (as in llama.cpp)."""

_LEVELS = 10


class ModelSource:
    """Guesses what a small model would say, greedily. The level of a guess is its probability in tenths.

    It reads the end of the text only. Not thread-safe.
    """

    costly = True

    @classmethod
    def load(cls, path: Path, target: Weights, settings: EngineSettings) -> "ModelSource":
        """Raises UserFacingError when the file cannot be used, or cannot be used beside the `target`."""
        with ExitStack() as undo:
            settings = replace(settings, draft_most=0, key_type="f16", value_type="f16")  # any model can have these
            weights = Weights.load(path, settings=settings)
            undo.callback(weights.free)
            if weights.recurs or not vocabularies_agree(weights.vocabulary, target.vocabulary):
                raise UserFacingError(
                    f"{weights.name} cannot guess ahead for {target.name}: "
                    + ("it keeps a running state." if weights.recurs else "their vocabularies differ."),
                    "Choose a smaller model of the same family as the draft model, or none.",
                )
            sequence = Sequence(open_chat_context(weights, _CONTEXT, settings), States(0, whole=False))
            undo.callback(sequence.free)
            source = cls(weights, sequence, target)
            undo.pop_all()
            return source

    def __init__(self, weights: Weights, sequence: Sequence, target: Weights) -> None:
        sizes = (library().llama_vocab_n_tokens(each.vocabulary) for each in (weights, target))
        self._known = min(sizes)
        self._weights = weights
        self._sequence = sequence
        self._start = 0

    def attach(self, stop: StopFlag) -> None:
        """Let `stop` abort what is computed from now on."""
        self._sequence.attach(stop)

    def guesses(self, tokens: Tokens[int]) -> Iterator[Guess]:
        """Yield what the small model would say; it ends where the wish to stop or the end of its context comes."""
        try:
            self._catch_up(tokens)
            while True:
                guess = self._likeliest()
                yield guess
                if len(self._sequence.tokens) >= self._sequence.size:
                    return
                self._read([guess.token])
        except Stopped:
            return

    def free(self) -> None:
        """Give all memory back. Safe to call twice."""
        self._sequence.free()
        self._weights.free()

    def _catch_up(self, tokens: Tokens[int]) -> None:
        """Read what the large model read since, or only its end when that is long."""
        mine = tokens[self._start :]
        shared = common_prefix(self._sequence.tokens, mine)
        if not shared or len(mine) - shared > _LOOKS_BACK or len(mine) >= self._sequence.size:
            self._start = max(0, len(tokens) - _LOOKS_BACK)
            mine = tokens[self._start :]
        self._read(mine[self._sequence.reuse(mine) :])

    def _read(self, tokens: Tokens[int]) -> None:
        for _done in self._sequence.read(tokens):
            pass

    def _likeliest(self) -> Guess:
        import numpy as np

        logits = np.ctypeslib.as_array(self._sequence.logits(), shape=(self._known,))
        best = int(logits.argmax())
        probability = 1.0 / float(np.exp(logits - logits[best]).sum())
        return Guess(best, int(probability * _LEVELS))


def open_drafter(target: Weights, settings: EngineSettings, draft: Path | None) -> Drafter:
    """Return what guesses ahead for the `target`: what was said already, and the model in the file `draft` if any.

    Raises UserFacingError when that one cannot.
    """
    sources: list[Source] = [NgramSource()]
    if draft:
        sources.append(ModelSource.load(draft, target, settings))
    return PacedDrafter(*sources, most=settings.draft_most)


def vocabularies_agree(one: Any, other: Any) -> bool:
    """Return whether the tokens of two `llama_vocab` pointers mean the same, by llama.cpp's rules for speculation."""
    llama = library()
    sizes = [llama.llama_vocab_n_tokens(vocab) for vocab in (one, other)]
    if _traits(one) != _traits(other) or abs(sizes[0] - sizes[1]) > _MOST_DIFFERENCE:
        return False
    text = llama.llama_vocab_get_text
    return all(text(one, token) == text(other, token) for token in range(_FIRST_COMPARED, min(sizes)))


def _traits(vocab: Any) -> tuple[int, ...]:
    """Return a vocabulary's type, and its special tokens as far as it adds them."""
    llama = library()
    begins, ends = llama.llama_vocab_get_add_bos(vocab), llama.llama_vocab_get_add_eos(vocab)
    return (
        llama.llama_vocab_type(vocab),
        begins,
        ends,
        llama.llama_vocab_bos(vocab) if begins else -1,
        llama.llama_vocab_eos(vocab) if ends else -1,
    )
