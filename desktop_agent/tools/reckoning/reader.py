"""Going through the parts of an expression."""

from collections.abc import Sequence

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.reckoning.tokens import Token
from desktop_agent.tools.shown import shown

_CURRENCIES = {"usd", "eur", "gbp", "cny", "rmb", "jpy", "chf", "dollars", "euros", "yuan"}


class Reader:
    """Reads tokens from the first to the last, which is an end."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def next(self) -> Token:
        """The token that is not read yet."""
        return self._tokens[self._at]

    def after(self, count: int = 1) -> Token:
        """Return a token further on."""
        return self._tokens[min(self._at + count, len(self._tokens) - 1)]

    def skip(self, count: int = 1) -> None:
        """Go on."""
        self._at += count

    def take(self, *texts: str) -> str:
        """Return the next token's text when it is one of these, and go on; else return nothing."""
        text = self.next.text.casefold() if self.next.kind == "word" else self.next.text
        if text not in texts or self.next.kind in {"number", "end"}:
            return ""
        self._at += 1
        return text

    def expect(self, *texts: str) -> None:
        """Go on after one of these; raises UserFacingError for anything else."""
        if not self.take(*texts):
            raise self.unexpected(f"'{texts[0]}'")

    def unexpected(self, wanted: str) -> UserFacingError:
        """Return what is said of a token that does not belong there."""
        there = f"before '{shown(self.next.text, 30)}'" if self.next.text else "at the end"
        if self.next.text.casefold() in _CURRENCIES:
            return UserFacingError("Exchange rates are not known here.", "Ask the user for the rate.")
        return UserFacingError(f"In the expression {wanted} is missing {there}.")
