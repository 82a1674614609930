"""Opens one model file as the program would, within limits of memory and time, and says what is wrong with it."""

import json
import math
import os
import sys
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.context import context_params
from desktop_agent.llm.native import library
from desktop_agent.llm.preflight import ANOTHER_FILE
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.spans import Span
from desktop_agent.llm.vocabulary import Vocabulary
from desktop_agent.llm.weights import Weights, open_context

_CONTEXT, _UBATCH, _MOST_TOKENS = 256, 32, 16
_SETTINGS = replace(EngineSettings(), ubatch=_UBATCH, gpu_layers=0)
_TEXT = "Hello! 你好, 1 + 1 = 2."
_LONGEST = 500
"""Characters of a sentence: the engine's own words quote names from the file."""


def main() -> int:
    """Return 0 when the file held, 1 after a line of JSON with sentence and hint."""
    path, memory, seconds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    library()
    limit(memory, seconds)
    try:
        try_out(path)
    except UserFacingError as error:
        print(json.dumps([_plain(error.message), _plain(error.hint)]))
        return 1
    except MemoryError:
        print(json.dumps([f"{path.name} takes more memory than a model of its size should.", ANOTHER_FILE]))
        return 1
    return 0


def limit(memory: int, seconds: int) -> None:
    """Let the system end this process when it takes more private memory or processor time; it writes no files."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock alone ends it
        return
    cores = os.cpu_count() or 1
    for kind, most in (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_CPU, seconds * cores),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS knows some of them by name only
            resource.setrlimit(kind, (most, most))


def try_out(path: Path) -> None:
    """Load the vocabulary, then everything; compute a few tokens. Raises UserFacingError."""
    _try_vocabulary(path)
    with ExitStack() as undo:
        weights = Weights.load(path, settings=_SETTINGS)
        undo.callback(weights.free)
        tokens = _tokens(weights)
        context = open_context(weights, context_params(weights, _CONTEXT, _SETTINGS))
        undo.callback(library().llama_free, context)
        _compute(weights, context, tokens)


def _try_vocabulary(path: Path) -> None:
    """Read the vocabulary before any tensor is touched; what llama.cpp itself refuses here, the load will name."""
    llama = library()
    params = llama.llama_model_default_params()
    params.vocab_only = True
    if pointer := llama.llama_model_load_from_file(os.fsencode(path), params):
        Weights(path, pointer).free()


def _tokens(weights: Weights) -> list[int]:
    """Return the tokens of a text, having looked at all that the program asks a vocabulary. Raises UserFacingError."""
    vocabulary = Vocabulary(weights.vocabulary)
    tokens = vocabulary.tokenise([Span(_TEXT, "template")])[:_MOST_TOKENS]
    ends = [token for token in (vocabulary.begin, vocabulary.end) if token >= 0]
    if not tokens or max([*tokens, *ends]) >= vocabulary.size or not all(_is_text(vocabulary, token) for token in ends):
        raise UserFacingError(f"The vocabulary of {weights.path.name} is damaged.", ANOTHER_FILE)
    return tokens


def _is_text(vocabulary: Vocabulary, token: int) -> bool:
    try:
        return bool(vocabulary.piece(token).decode())
    except UnicodeDecodeError:
        return False


def _compute(weights: Weights, context: Any, tokens: list[int]) -> None:
    """Read the tokens, then one more, as an answer does. Raises UserFacingError unless numbers come out."""
    llama, name = library(), weights.path.name
    chats, size = bool(llama.llama_get_memory(context)), llama.llama_vocab_n_tokens(weights.vocabulary)
    for batch in (tokens, tokens[:1]) if chats else (tokens,):
        array = (llama.llama_token * len(batch))(*batch)
        run = llama.llama_decode if chats else llama.llama_encode
        if run(context, llama.llama_batch_get_one(array, len(batch))) != 0:
            raise UserFacingError(f"{name} cannot be computed with by this version.", ANOTHER_FILE)
        if chats and not _is_finite(llama.llama_get_logits_ith(context, -1), size):
            message = f"The weights of {name} are damaged: no numbers come out when it computes."
            raise UserFacingError(message, ANOTHER_FILE)


def _is_finite(logits: Any, count: int) -> bool:
    return bool(logits) and all(map(math.isfinite, logits[:count]))


def _plain(text: str) -> str:
    return "".join(filter(str.isprintable, text))[:_LONGEST]


if __name__ == "__main__":
    sys.exit(main())
