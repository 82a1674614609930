"""Text to tokens and back, so that only the template can make control tokens."""

import ctypes
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from desktop_agent.llm.native import library
from desktop_agent.llm.spans import Span

_PIECE_BYTES = 32


def _unknown(_text: str) -> None:
    """Know no answer's tokens."""


class Vocabulary:
    """The tokens of one model. Reads only, so any thread may use it while the weights live."""

    def __init__(self, pointer: Any) -> None:
        self.pointer = pointer
        self._llama = library()
        self.size: int = self._llama.llama_vocab_n_tokens(pointer)
        user_defined = self._llama.LLAMA_TOKEN_ATTR_USER_DEFINED
        special = self._with(self._llama.LLAMA_TOKEN_ATTR_CONTROL | user_defined, range(self.size))
        self._special = {self.piece(token).decode(errors="replace"): token for token in special}
        self._any_special = _one_of(self._special)
        # A run of white space can be a user-defined token too (Gemma), but means nothing; one character has no parts.
        markers = self._with(user_defined, self._special.values())
        self._user_defined = _one_of(
            text for text, token in self._special.items() if token in markers and len(text) > 1
        )
        self._eats_before = self._with(self._llama.LLAMA_TOKEN_ATTR_LSTRIP, special)
        self._eats_behind = self._with(self._llama.LLAMA_TOKEN_ATTR_RSTRIP, special)

    @property
    def begin(self) -> int:
        """The token that starts a text, -1 when this vocabulary has none."""
        return int(self._llama.llama_vocab_bos(self.pointer))

    @property
    def end(self) -> int:
        """The token that ends a text, -1 when this vocabulary has none."""
        return int(self._llama.llama_vocab_eos(self.pointer))

    @property
    def adds_begin(self) -> bool:
        """Whether every prompt must start with `begin`."""
        return bool(self._llama.llama_vocab_get_add_bos(self.pointer))

    def is_end(self, token: int) -> bool:
        """Return whether the token ends an answer."""
        return bool(self._llama.llama_vocab_is_eog(self.pointer, token))

    def is_plain(self, text: str) -> bool:
        """Return whether no special token's text occurs in `text`."""
        return not self._any_special.search(text)

    def special(self, text: str) -> int | None:
        """Return the special token that is written like this, if there is one."""
        return self._special.get(text)

    def piece(self, token: int) -> bytes:
        """Return a token's bytes, perhaps a part of a character; control tokens are written out."""
        size = _PIECE_BYTES
        while True:
            buffer = ctypes.create_string_buffer(size)
            length: int = self._llama.llama_token_to_piece(self.pointer, token, buffer, size, 0, True)
            if length >= 0:
                return buffer.raw[:length]
            size = -length

    def tokenise(self, spans: Iterable[Span], decoded: Callable[[str], list[int] | None] = _unknown) -> list[int]:
        """Return the tokens of a prompt. `decoded` may know the very tokens that a decoded span was sampled as.

        Neighbouring template text and data are tokenised together, as the model saw them in training; special tokens
        are only looked for in the template's own text.
        """
        ids: list[int] = []
        run = ""
        for span in spans:
            if span.origin == "decoded":
                known = decoded(span.text)
                ids += self._plain(run) + (self._tokens(span.text) if known is None else known)
                run = ""
                continue
            for part in self._parts(span):
                if isinstance(part, str):
                    run += part
                else:
                    ids += [*self._plain(run), part]
                    run = ""
        return ids + self._plain(run)

    def _parts(self, span: Span) -> Iterator[str | int]:
        """Yield the span's text, and the special tokens in it if it may have any.

        Some vocabularies say that a special token swallows the white space beside it (Phi-3's `<|end|>`).
        """
        text = span.text
        match = self._any_special.search(text) if span.origin == "template" else None
        while match:
            token = self._special[match[0]]
            before, after = text[: match.start()], text[match.end() :]
            yield before.rstrip() if token in self._eats_before else before
            yield token
            text = after.lstrip() if token in self._eats_behind else after
            match = self._any_special.search(text)
        yield text

    def _plain(self, text: str) -> list[int]:
        """Return the tokens of text in which nothing is special.

        llama.cpp makes user-defined tokens out of any text, so those are cut in two before it sees them.
        """
        ids: list[int] = []
        begin = 0
        match = self._user_defined.search(text)
        while match:
            ids += self._tokens(text[begin : match.start() + 1])
            begin = match.start() + 1
            match = self._user_defined.search(text, begin)
        return ids + self._tokens(text[begin:])

    def _tokens(self, text: str) -> list[int]:
        """Return llama.cpp's tokens of `text`; user-defined ones are found, control tokens are not."""
        if not text:
            return []
        data = text.encode(errors="replace")
        room = len(data) + 2
        while True:
            tokens = (ctypes.c_int32 * room)()
            count: int = self._llama.llama_tokenize(self.pointer, data, len(data), tokens, room, False, False)
            if count >= 0:
                return list(tokens[:count])
            room = -count

    def _with(self, attributes: int, tokens: Iterable[int]) -> set[int]:
        """Return those tokens that have at least one of llama.cpp's attributes."""
        attributes_of = self._llama.llama_vocab_get_attr
        return {token for token in tokens if attributes_of(self.pointer, token) & attributes}


def _one_of(texts: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of the texts, the longest first; one that finds nothing if there are none."""
    escaped = [re.escape(text) for text in sorted(texts, key=len, reverse=True) if text.strip()]
    return re.compile("|".join(escaped) or r"(?!)")
