"""Texts to vectors with a small GGUF encoder."""

import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal

from desktop_agent.errors import DesktopAgentError, UserFacingError
from desktop_agent.llm.native import library
from desktop_agent.llm.weights import Weights, default_threads, open_context

_MOST_TOKENS = 512
_MOST_THREADS = 2
_PREPARATION = 1
"""Counts up whenever the same text gets another vector because of what happens here before the model sees it."""


class GgufEmbedder:
    """Turns texts into unit vectors, the multilingual-e5 way, on a thread of its own; any thread may use it."""

    @classmethod
    def load(cls, path: Path) -> "GgufEmbedder":
        """Load an encoder. Raises UserFacingError when the file is not one."""
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
        return self._worker.submit(lambda: [self._encoder.encode(f"{kind}: {text}") for text in texts]).result()

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
        self.dimensions = int(self._llama.llama_model_n_embd(weights.pointer))
        # Vectors of another model or another preparation cannot be compared with these.
        self.id = f"{weights.name}-{weights.path.stat().st_size}-v{_PREPARATION}"

    def encode(self, text: str) -> list[float]:
        """Return the unit vector of a text."""
        import numpy as np

        tokens = self._tokens(unicodedata.normalize("NFKC", text))
        array = (self._llama.llama_token * len(tokens))(*tokens)
        code = self._llama.llama_encode(self._context, self._llama.llama_batch_get_one(array, len(tokens)))
        if code != 0:
            raise DesktopAgentError(f"llama_encode failed with code {code}")
        vector = np.ctypeslib.as_array(self._llama.llama_get_embeddings_seq(self._context, 0), (self.dimensions,))
        length = float(np.linalg.norm(vector))
        return [float(value) / length for value in vector]

    def free(self) -> None:
        """Give the memory back."""
        self._llama.llama_free(self._context)
        self._weights.free()

    def _tokens(self, text: str) -> list[int]:
        """Return the text's tokens, with those around it, cut to what the model can take at once."""
        vocabulary = self._weights.vocabulary
        data = text.encode(errors="replace")
        room = len(data) + 2
        tokens = (self._llama.llama_token * room)()
        count = self._llama.llama_tokenize(vocabulary, data, len(data), tokens, room, True, False)
        cut = list(tokens[: min(count, _MOST_TOKENS)])
        if count > _MOST_TOKENS:
            cut[-1] = tokens[count - 1]
        return cut


def _context(weights: Weights) -> Any:
    llama = library()
    params = llama.llama_context_default_params()
    params.n_ctx = params.n_batch = params.n_ubatch = _MOST_TOKENS
    params.n_threads = params.n_threads_batch = min(_MOST_THREADS, default_threads())
    params.embeddings = True
    params.no_perf = True
    context = open_context(weights, params)
    if llama.llama_pooling_type(context) in {llama.LLAMA_POOLING_TYPE_NONE, llama.LLAMA_POOLING_TYPE_RANK}:
        llama.llama_free(context)
        raise UserFacingError(f"{weights.path.name} is no model that can compare texts.", "Choose another file.")
    return context
