"""A llama.cpp grammar that cannot kill the process: every token is tested before it is accepted."""

import ctypes
import re
from typing import Any

_FIRST_LOOK = 40


class SafeGrammar:
    """One grammar in use. Not thread-safe.

    llama.cpp aborts the whole process when a grammar accepts a token that it refuses, or an id outside the vocabulary.
    """

    def __init__(self, vocab: Any, gbnf: str, root: str = "root") -> None:
        """Compile `gbnf` for a `llama_vocab` pointer. Raises ValueError when llama.cpp does not understand it."""
        import llama_cpp

        if "\0" in gbnf or not re.search(rf"^\s*{re.escape(root)}\s*::=", gbnf, re.MULTILINE):
            raise ValueError(f"the grammar has no rule {root!r}")
        self._lib = llama_cpp
        self._vocab = vocab
        self._size: int = llama_cpp.llama_vocab_n_tokens(vocab)
        self._sampler: Any = llama_cpp.llama_sampler_init_grammar(vocab, gbnf.encode(), root.encode())
        if not self._sampler:
            raise ValueError("llama.cpp does not understand this grammar")
        self._end = self._end_token()

    def allows(self, token: int) -> bool:
        """Return whether the token may come next."""
        return bool(self._allowed([token]).size)

    def accept(self, token: int) -> None:
        """Advance by a token. Raises ValueError when it may not come next; the state then stays as it was."""
        if not self.allows(token):
            raise ValueError(f"the grammar refuses token {token}")
        self._lib.llama_sampler_accept(self._sampler, token)

    def choose(self, logits: Any, n_vocab: int) -> int:
        """Return the allowed token with the highest logit; `logits` is a float pointer or a numpy array of `n_vocab`.

        Testing the whole vocabulary takes about 25 ms, so the best token and the best forty are tried first. Raises
        ValueError when the grammar allows none.
        """
        import numpy as np

        scores = logits if isinstance(logits, np.ndarray) else np.ctypeslib.as_array(logits, shape=(n_vocab,))
        best = int(np.argmax(scores))
        if self.allows(best):
            return best
        few = min(_FIRST_LOOK, n_vocab)
        for tokens in (np.argpartition(scores, -few)[-few:], np.arange(n_vocab)):
            allowed = self._allowed(tokens)
            if allowed.size:
                return int(allowed[scores[allowed].argmax()])
        raise ValueError("the grammar allows no token here")

    @property
    def finished(self) -> bool:
        """Whether nothing but the end of the generation may come next."""
        if self._end >= 0 and not self.allows(self._end):
            return False
        is_end = self._lib.llama_vocab_is_eog
        return all(is_end(self._vocab, token) for token in self._allowed(range(self._size)).tolist())

    def close(self) -> None:
        """Free the native grammar. Safe to call twice; afterwards nothing is allowed."""
        if self._sampler:
            self._lib.llama_sampler_free(self._sampler)
        self._sampler = None

    def _allowed(self, tokens: Any) -> Any:
        """Return those tokens that may come next."""
        import numpy as np

        ids = np.asarray(tokens, dtype=np.int64)
        ids = ids[(ids >= 0) & (ids < self._size)] if self._sampler else ids[:0]
        if not ids.size:
            return ids
        candidates = np.zeros(ids.size, dtype=[("id", np.int32), ("logit", np.float32), ("p", np.float32)])
        candidates["id"] = ids
        data = candidates.ctypes.data_as(ctypes.POINTER(self._lib.llama_token_data))
        array = self._lib.llama_token_data_array(data, ids.size, -1, False)
        self._lib.llama_sampler_apply(self._sampler, ctypes.byref(array))
        return ids[candidates["logit"] == 0.0]

    def _end_token(self) -> int:
        """Return a token that ends the generation, -1 when the vocabulary has none."""
        for token in (self._lib.llama_vocab_eos(self._vocab), self._lib.llama_vocab_eot(self._vocab)):
            if token >= 0 and self._lib.llama_vocab_is_eog(self._vocab, token):
                return int(token)
        return next((token for token in range(self._size) if self._lib.llama_vocab_is_eog(self._vocab, token)), -1)
