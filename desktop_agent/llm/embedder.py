"""Texts to vectors with a GGUF embedding model, whatever its pooling, size and prefixes."""

import re
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from desktop_agent.errors import DesktopAgentError, UserFacingError
from desktop_agent.llm.embedding_prefixes import prefixes
from desktop_agent.llm.native import library
from desktop_agent.llm.weights import Weights, default_threads, open_context

_MOST_TOKENS = 512
"""Beyond that the beginning counts: each token takes 4 bytes for each word of the vocabulary, 290 MB with e5."""
_MOST_THREADS = 2
_PREPARATION = 1
"""Counts up whenever the same text gets another vector because of what happens here before the model sees it."""


class GgufEmbedder:
    """Turns texts into unit vectors on a thread of its own; any thread may use it.

    The texts of a list are done one at a time, and who waits is served in turn: a question never waits for more than
    the one passage that is being done. Prefixes, pooling, dimensions and length are the model's own.
    """

    @classmethod
    def load(cls, path: Path) -> "GgufEmbedder":
        """Load an embedding model. Raises UserFacingError when the file is not one."""
        worker = ThreadPoolExecutor(1, thread_name_prefix="embedder")
        try:
            encoder = worker.submit(_Encoder.load, path).result()
        except BaseException:
            worker.shutdown()
            raise
        return cls(worker, encoder)

    def __init__(self, worker: ThreadPoolExecutor, encoder: "_Encoder") -> None:
        self._worker = worker
        self._encoder = encoder
        self._closed = False
        self.id = encoder.id
        self.dimensions = encoder.dimensions

    def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> list[list[float]]:
        """Return a vector of length 1 for each text; what is longer than 512 tokens counts with its beginning."""
        return [self._worker.submit(self._encoder.encode, text, kind).result() for text in texts]

    def close(self) -> None:
        """Free the model's memory. Safe to call twice."""
        if not self._closed:
            self._closed = True
            self._worker.submit(self._encoder.free).result()
            self._worker.shutdown()


class _Encoder:
    """The model and its context, on one thread."""

    @classmethod
    def load(cls, path: Path) -> "_Encoder":
        """Return a loaded encoder. Raises UserFacingError."""
        with ExitStack() as undo:
            weights = Weights.load(path)
            undo.callback(weights.free)
            encoder = cls(weights, _context(weights))
            undo.pop_all()
            return encoder

    def __init__(self, weights: Weights, context: Any) -> None:
        self._llama = library()
        self._weights = weights
        self._context = context
        self._memory = self._llama.llama_get_memory(context)
        self._most = _most_tokens(weights)
        self._prefixes = prefixes(_known_as(weights))
        self.dimensions = int(self._llama.llama_model_n_embd_out(weights.pointer))
        # Vectors of another model or another preparation cannot be compared with these.
        version = f"v{_PREPARATION}-{self._prefixes.mark}"
        self.id = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{weights.name}-{weights.path.stat().st_size}-{version}")

    def encode(self, text: str, kind: Literal["query", "passage"]) -> list[float]:
        """Return the unit vector of a text."""
        import numpy as np

        self._run(self._tokens(unicodedata.normalize("NFKC", self._prefixes.to(text, kind))))
        vector = np.ctypeslib.as_array(self._llama.llama_get_embeddings_seq(self._context, 0), (self.dimensions,))
        length = float(np.linalg.norm(vector)) or 1.0
        return [float(value) / length for value in vector]

    def _run(self, tokens: list[int]) -> None:
        """Compute a text; a model that reads from left to right has a memory, from which the last one must go."""
        array = (self._llama.llama_token * len(tokens))(*tokens)
        batch = self._llama.llama_batch_get_one(array, len(tokens))
        if self._memory:
            self._llama.llama_memory_clear(self._memory, False)
        code = (self._llama.llama_decode if self._memory else self._llama.llama_encode)(self._context, batch)
        if code != 0:
            raise DesktopAgentError(f"llama.cpp could not compute a vector (code {code})")

    def free(self) -> None:
        """Give the memory back."""
        self._llama.llama_free(self._context)
        self._weights.free()

    def _tokens(self, text: str) -> list[int]:
        """Return the text's tokens, with those around it, cut to what the model can take at once; never none."""
        tokens = self._tokenised(text) or self._tokenised(" ") or [0]
        return [*tokens[: self._most - len(self._end)], *self._end] if len(tokens) > self._most else tokens

    def _tokenised(self, text: str) -> list[int]:
        data = text.encode(errors="replace")
        room = len(data) + 8
        tokens = (self._llama.llama_token * room)()
        count = self._llama.llama_tokenize(self._weights.vocabulary, data, len(data), tokens, room, True, False)
        return list(tokens[:count])

    @cached_property
    def _end(self) -> list[int]:
        """The token that ends every text, when the model has one."""
        one, other = self._tokenised("a"), self._tokenised("b")
        return one[-1:] if one[-1:] == other[-1:] else []


def _most_tokens(weights: Weights) -> int:
    return min(_MOST_TOKENS, weights.train_context or _MOST_TOKENS)


def _known_as(weights: Weights) -> str:
    """Return all names of the model, to tell its family from."""
    names = (weights.metadata("general.name"), weights.metadata("general.basename"), weights.path.stem)
    return " ".join((*names, weights.metadata("general.architecture")))


def _context(weights: Weights) -> Any:
    llama = library()
    params = llama.llama_context_default_params()
    params.n_ctx = params.n_batch = params.n_ubatch = _most_tokens(weights)
    params.n_threads = params.n_threads_batch = min(_MOST_THREADS, default_threads())
    params.embeddings = True
    params.no_perf = True
    context = open_context(weights, params)
    if llama.llama_pooling_type(context) in {llama.LLAMA_POOLING_TYPE_NONE, llama.LLAMA_POOLING_TYPE_RANK}:
        llama.llama_free(context)
        hint = "Choose an embedding model, such as embedder. See: desktop-agent models list"
        raise UserFacingError(f"{weights.path.name} is no model that can compare texts.", hint)
    return context
