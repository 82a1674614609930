"""A llama.cpp grammar that cannot kill the process: every token is tested before it is accepted."""

from typing import Any


class SafeGrammar:
    """One grammar in use. Not thread-safe. llama.cpp aborts the whole process when a grammar accepts a token it refuses."""

    def __init__(self, vocab: Any, gbnf: str, root: str = "root") -> None:
        """Compile `gbnf` for a `llama_vocab` pointer. Raises ValueError when llama.cpp does not understand it."""
        raise NotImplementedError

    def allows(self, token: int) -> bool:
        """Return whether the token may come next."""
        raise NotImplementedError

    def accept(self, token: int) -> None:
        """Advance by a token. Raises ValueError when it may not come next; the state then stays as it was."""
        raise NotImplementedError

    def choose(self, logits: Any, n_vocab: int) -> int:
        """Return the allowed token with the highest logit; `logits` is a float pointer or a numpy array of `n_vocab`."""
        raise NotImplementedError

    @property
    def finished(self) -> bool:
        """Whether nothing but the end of the generation may come next."""
        raise NotImplementedError

    def close(self) -> None:
        """Free the native grammar. Safe to call twice; afterwards nothing is allowed."""
        raise NotImplementedError
